/* Sets TCP_NODELAY on each socket that a program connects: what a program would do itself whose library does not let it.
 * cc -shared -fPIC -o nodelay.so nodelay.c -ldl; LD_PRELOAD=./nodelay.so PROGRAM */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
    int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return real(socket, address, length);
}
