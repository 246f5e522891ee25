/* Says what it is told to (argv[2]) to 127.0.0.1:argv[1], in the way of a runtime: without blocking, by epoll. Prints what it
 * hears, what time it is and what chance gives. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

static int epoll;

static void wait_for(uint32_t what) {
    struct epoll_event event = {0};
    while (!(event.events & what))
        if (epoll_wait(epoll, &event, 1, 60000) < 0) exit(3);
}

int main(int count, char **words) {
    if (count != 3) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1]))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    epoll = epoll_create1(0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) return 4;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u64 = 7};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    wait_for(EPOLLOUT);
    int problem = 0;
    socklen_t length = sizeof problem;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &length);
    if (problem) return 5;
    if (send(fd, words[2], strlen(words[2]), MSG_NOSIGNAL) < 0) return 6;
    wait_for(EPOLLIN);
    char heard[64] = {0};
    if (recv(fd, heard, sizeof heard - 1, 0) < 0) return 7;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    unsigned long drawn;
    if (getrandom(&drawn, sizeof drawn, 0) < 0) return 8;
    printf("%s at %ld.%09ld, drew %lu\n", heard, (long)at.tv_sec, at.tv_nsec, drawn);
    return 0;
}
