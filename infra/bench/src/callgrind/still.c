/* Time, chance and the outside world for a function that is counted: the same in every run. Loaded before the C library
 * (LD_PRELOAD), for functions of one thread.
 *
 * Time: the clock moves by a microsecond each time it is read, so no time limit passes because callgrind is slow. Who waits
 * for a while and for nothing else is let wait ten times as long, and then the clock has moved by what was asked for. The
 * day is STILL_SINCE, in seconds since 1970.
 *
 * Chance: what is drawn from the kernel's randomness is a fixed sequence (splitmix64): the order of hash maps and the ids of
 * requests.
 *
 * The world: what sockets and waits answered is written to STILL_RECORD, or read from STILL_REPLAY in place of a world, up
 * to STILL_UNTIL bytes; then the process ends. A process that asks in another order than it did on the tape, or sends more
 * or less, ends with 86.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Far from zero, so that earlier moments exist. */
static const int64_t BOOTED = 1000000;

/* Descriptors that are watched over; more than a function ever has. */
enum { MOST = 1024 };

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

/* ------------------------------------------------------------------ the tape */

/* One answer: to what, the result or else the error, and how many bytes follow. */
struct answer {
    int32_t to;
    int32_t error;
    int64_t result;
    int64_t length;
};

enum { WAIT = 1, CONNECT, READ, WRITE, OPTION, NAME };

static enum { NEITHER, RECORDS, REPLAYS } mode;
static char *tape;
static size_t at, until;
static int tape_file;
static char is_socket[MOST];
static uint64_t tokens[MOST];
static char is_watched[MOST];

static void end(int status) {
    syscall(SYS_exit_group, status);
}

__attribute__((constructor)) static void open_tape(void) {
    const char *record = getenv("STILL_RECORD"), *replay = getenv("STILL_REPLAY"), *said = getenv("STILL_UNTIL");
    if (record) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        /* Out of the way of the descriptors that the function gets. */
        tape_file = fcntl(file, F_DUPFD_CLOEXEC, MOST);
        syscall(SYS_close, file);
        if (tape_file < 0) end(87);
        mode = RECORDS;
    } else if (replay && said) {
        until = (size_t)atoll(said);
        tape = malloc(until + 1);
        int file = (int)syscall(SYS_openat, AT_FDCWD, replay, O_RDONLY | O_CLOEXEC);
        for (size_t got = 0; got < until;) {
            ssize_t more = syscall(SYS_read, file, tape + got, until - got);
            if (more <= 0) end(87);
            got += (size_t)more;
        }
        syscall(SYS_close, file);
        mode = REPLAYS;
    }
}

static void keep(const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t written = syscall(SYS_write, tape_file, (const char *)bytes + done, length - done);
        if (written <= 0) end(87);
        done += (size_t)written;
    }
}

/* Writes an answer down. */
static int64_t noted(int to, int64_t result, const void *bytes, size_t length) {
    struct answer answer = {.to = to, .error = result < 0 ? errno : 0, .result = result, .length = (int64_t)length};
    int error = errno;
    keep(&answer, sizeof answer);
    keep(bytes, length);
    errno = error;
    return result;
}

/* The next answer of the tape, and its bytes. */
static int64_t heard(int to, const void **bytes, size_t *length) {
    struct answer answer;
    if (at >= until) end(0);
    if (at + sizeof answer > until) end(86);
    memcpy(&answer, tape + at, sizeof answer);
    at += sizeof answer;
    if (answer.to != to || at + (size_t)answer.length > until) end(86);
    *bytes = tape + at;
    *length = (size_t)answer.length;
    at += (size_t)answer.length;
    if (answer.result < 0) errno = answer.error;
    return answer.result;
}

/* An answer of which nothing but the result counts. */
static int64_t heard_result(int to) {
    const void *bytes;
    size_t length;
    return heard(to, &bytes, &length);
}

/* An answer that fills a buffer. */
static int64_t heard_into(int to, void *into, size_t most) {
    const void *bytes;
    size_t length;
    int64_t result = heard(to, &bytes, &length);
    if (length > most) end(86);
    memcpy(into, bytes, length);
    return result;
}

/* An answer to what was sent, which must be as long as it was. */
static ssize_t heard_sent(size_t length) {
    size_t was;
    int64_t result = heard_into(WRITE, &was, sizeof was);
    if (was != length) end(86);
    return (ssize_t)result;
}

static int is_of_the_world(int fd) {
    return mode != NEITHER && fd >= 0 && fd < MOST && is_socket[fd];
}

/* ----------------------------------------------------------- what is answered */

int socket(int domain, int type, int protocol) {
    int fd = (int)syscall(SYS_socket, domain, type, protocol);
    if (fd >= 0 && fd < MOST) is_socket[fd] = domain == AF_INET || domain == AF_INET6;
    return fd;
}

int close(int fd) {
    if (fd >= 0 && fd < MOST) is_socket[fd] = is_watched[fd] = 0;
    return (int)syscall(SYS_close, fd);
}

int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event) {
    if (fd >= 0 && fd < MOST) {
        is_watched[fd] = what != EPOLL_CTL_DEL;
        if (event) tokens[fd] = event->data.u64;
    }
    return (int)syscall(SYS_epoll_ctl, epoll, what, fd, event);
}

struct happened {
    int32_t fd;
    uint32_t events;
};

/* Whose token it is. */
static int32_t watched(uint64_t token) {
    for (int32_t fd = 0; fd < MOST; fd++)
        if (is_watched[fd] && tokens[fd] == token) return fd;
    return -1;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
    struct happened happened[MOST];
    int ready;
    if (mode == REPLAYS) {
        ready = (int)heard_into(WAIT, happened, sizeof happened);
        for (int i = 0; i < ready && i < most; i++) {
            events[i].events = happened[i].events;
            events[i].data.u64 = tokens[happened[i].fd];
        }
    } else {
        int patience = timeout > 0 && timeout < INT32_MAX / 10 ? timeout * 10 : timeout;
        /* Whatever is on its way comes together, not in the order in which the kernel gets done. */
        struct timespec moment = {.tv_nsec = 3000000};
        if (mode == RECORDS && timeout != 0) syscall(SYS_nanosleep, &moment, NULL);
        ready = (int)syscall(SYS_epoll_pwait, epoll, events, most < MOST ? most : MOST, patience, NULL, 8);
        if (mode == RECORDS) {
            for (int i = 0; i < ready; i++) {
                happened[i].events = events[i].events;
                happened[i].fd = watched(events[i].data.u64);
                if (happened[i].fd < 0) end(86);
            }
            noted(WAIT, ready, happened, ready > 0 ? (size_t)ready * sizeof *happened : 0);
        }
    }
    if (ready == 0 && timeout > 0) passed += (int64_t)timeout * 1000;
    return ready;
}

int connect(int fd, const struct sockaddr *to, socklen_t length) {
    if (!is_of_the_world(fd)) return (int)syscall(SYS_connect, fd, to, length);
    if (mode == REPLAYS) return (int)heard_result(CONNECT);
    return (int)noted(CONNECT, syscall(SYS_connect, fd, to, length), NULL, 0);
}

static ssize_t receive(int fd, void *into, size_t length, int flags) {
    if (mode == REPLAYS) return (ssize_t)heard_into(READ, into, length);
    ssize_t got = syscall(SYS_recvfrom, fd, into, length, flags, NULL, NULL);
    return (ssize_t)noted(READ, got, into, got > 0 ? (size_t)got : 0);
}

ssize_t recv(int fd, void *into, size_t length, int flags) {
    if (!is_of_the_world(fd)) return syscall(SYS_recvfrom, fd, into, length, flags, NULL, NULL);
    return receive(fd, into, length, flags);
}

ssize_t read(int fd, void *into, size_t length) {
    if (!is_of_the_world(fd)) return syscall(SYS_read, fd, into, length);
    return receive(fd, into, length, 0);
}

ssize_t readv(int fd, const struct iovec *into, int count) {
    if (!is_of_the_world(fd)) return syscall(SYS_readv, fd, into, count);
    /* The first that has room: less than there is may always be read. */
    for (int i = 0; i < count; i++)
        if (into[i].iov_len > 0) return receive(fd, into[i].iov_base, into[i].iov_len, 0);
    return 0;
}

ssize_t send(int fd, const void *from, size_t length, int flags) {
    if (!is_of_the_world(fd)) return syscall(SYS_sendto, fd, from, length, flags, NULL, 0);
    if (mode == REPLAYS) return heard_sent(length);
    return (ssize_t)noted(WRITE, syscall(SYS_sendto, fd, from, length, flags, NULL, 0), &length, sizeof length);
}

ssize_t write(int fd, const void *from, size_t length) {
    if (!is_of_the_world(fd)) return syscall(SYS_write, fd, from, length);
    return send(fd, from, length, MSG_NOSIGNAL);
}

ssize_t writev(int fd, const struct iovec *from, int count) {
    if (!is_of_the_world(fd)) return syscall(SYS_writev, fd, from, count);
    size_t length = 0;
    for (int i = 0; i < count; i++) length += from[i].iov_len;
    if (mode == REPLAYS) return heard_sent(length);
    return (ssize_t)noted(WRITE, syscall(SYS_writev, fd, from, count), &length, sizeof length);
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    if (!is_of_the_world(fd)) return (int)syscall(SYS_getsockopt, fd, level, name, value, length);
    if (mode == REPLAYS) return (int)heard_into(OPTION, value, *length);
    int result = (int)syscall(SYS_getsockopt, fd, level, name, value, length);
    return (int)noted(OPTION, result, value, *length);
}

static int name_of(long which, int fd, struct sockaddr *name, socklen_t *length) {
    if (!is_of_the_world(fd)) return (int)syscall(which, fd, name, length);
    if (mode == REPLAYS) {
        const void *bytes;
        size_t known;
        int result = (int)heard(NAME, &bytes, &known);
        memcpy(name, bytes, known < *length ? known : *length);
        *length = (socklen_t)known;
        return result;
    }
    socklen_t most = *length;
    int result = (int)syscall(which, fd, name, length);
    return (int)noted(NAME, result, name, result < 0 ? 0 : *length < most ? *length : most);
}

int getpeername(int fd, struct sockaddr *name, socklen_t *length) {
    return name_of(SYS_getpeername, fd, name, length);
}

int getsockname(int fd, struct sockaddr *name, socklen_t *length) {
    return name_of(SYS_getsockname, fd, name, length);
}
