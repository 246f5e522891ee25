/* Time and chance for a function under callgrind: both the same in every run. Loaded before the C library (LD_PRELOAD).
 *
 * The clock moves by a microsecond each time it is read, so no time limit passes because callgrind is slow. Who waits for
 * a while and for nothing else is let wait ten times as long, and then the clock has moved by what was asked for. The day is
 * STILL_SINCE, in seconds since 1970. What is drawn from the kernel's randomness is a fixed sequence (splitmix64): the
 * order of hash maps and the ids of requests.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Far from zero, so that earlier moments exist. */
static const int64_t BOOTED = 1000000;

/* Since the start, in microseconds. */
static int64_t passed;

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int64_t since;
    if (since == 0) {
        const char *said = getenv("STILL_SINCE");
        since = said ? atoll(said) : BOOTED;
    }
    passed += 1;
    at->tv_sec = (clock == CLOCK_REALTIME ? since : BOOTED) + passed / 1000000;
    at->tv_nsec = passed % 1000000 * 1000;
    return 0;
}

ssize_t getrandom(void *into, size_t length, unsigned int flags) {
    static uint64_t state;
    (void)flags;
    for (size_t done = 0; done < length; done += sizeof(uint64_t)) {
        uint64_t drawn = state += 0x9e3779b97f4a7c15;
        drawn = (drawn ^ drawn >> 30) * 0xbf58476d1ce4e5b9;
        drawn = (drawn ^ drawn >> 27) * 0x94d049bb133111eb;
        drawn ^= drawn >> 31;
        size_t rest = length - done;
        memcpy((char *)into + done, &drawn, rest < sizeof drawn ? rest : sizeof drawn);
    }
    return (ssize_t)length;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
    int patience = timeout > 0 && timeout < INT32_MAX / 10 ? timeout * 10 : timeout;
    int ready = (int)syscall(SYS_epoll_pwait, epoll, events, most, patience, NULL, 8);
    if (ready == 0 && timeout > 0) passed += (int64_t)timeout * 1000;
    return ready;
}
