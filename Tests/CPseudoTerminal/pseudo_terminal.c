#define _GNU_SOURCE
#include "pseudo_terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

int ctx_pty_open(unsigned short columns, unsigned short rows, int *slave) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    char name[128];
    if (master < 0) return -1;
    if (grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, name, sizeof name) != 0) return -1;
    *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave < 0) return -1;
    ctx_pty_resize(*slave, columns, rows);
    return master;
}

pid_t ctx_pty_spawn(int slave, int log, const char *path, char *const arguments[], char *const variables[]) {
    pid_t child = fork();
    if (child != 0) return child;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    dup2(slave, 0);
    dup2(slave, 1);
    dup2(slave, 2);
    dup2(log, 3);
    if (log == 3) fcntl(3, F_SETFD, 0);
    execve(path, arguments, variables);
    _exit(127);
}

void ctx_pty_resize(int slave, unsigned short columns, unsigned short rows) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    ioctl(slave, TIOCSWINSZ, &size);
}

void ctx_pty_modes(int slave, unsigned char modes[CTX_PTY_MODES_SIZE]) {
    struct termios now;
    memset(modes, 0, CTX_PTY_MODES_SIZE);
    if (tcgetattr(slave, &now) != 0) return;
    tcflag_t flags[4] = {now.c_iflag, now.c_oflag, now.c_cflag, now.c_lflag};
    memcpy(modes, flags, sizeof flags);
    memcpy(modes + sizeof flags, now.c_cc, sizeof now.c_cc);
}

int ctx_pty_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int ctx_pty_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}
