#define _GNU_SOURCE
#include "terminal_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "terminal_rescue.h"

static const int told_signals[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGTERM, SIGINT};
enum { TOLD_COUNT = sizeof told_signals / sizeof told_signals[0] };

static struct sigaction previous[TOLD_COUNT];
static int pipe_ends[2] = {-1, -1};
/* The signal that ends the program and that nobody has taken yet; 0 for none. */
static atomic_int waiting_end;

static const int lent_signals[] = {SIGINT, SIGQUIT, SIGTSTP};
enum { LENT_COUNT = sizeof lent_signals / sizeof lent_signals[0] };
static struct sigaction before_lending[LENT_COUNT];
static int is_lent;
static pid_t group_before = -1;
static atomic_int lent_to;

static int ends_program(int number) {
    return number == SIGHUP || number == SIGTERM || number == SIGINT;
}

static void put(unsigned char byte) {
    // A full pipe drops the byte: the reader then has thousands of them to act on anyway.
    ssize_t ignored = write(pipe_ends[1], &byte, 1);
    (void)ignored;
}

static void tell(int number) {
    int saved_errno = errno;
    if (ends_program(number)) {
        // First this, then a look at who has the terminal: one that is just
        // being given it looks the other way round.
        int before = atomic_exchange(&waiting_end, number);
        pid_t guest = atomic_load(&lent_to);
        if (guest > 0) kill(guest, number);
        if (before) {
            ctx_rescue_restore();
            signal(number, SIG_DFL);
            raise(number);
            return;
        }
    }
    put((unsigned char)number);
    errno = saved_errno;
}

static void install(int index) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = tell;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(told_signals[index], &action, NULL);
}

int ctx_signals_open(void) {
    if (pipe_ends[0] >= 0) return pipe_ends[0];
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    atomic_store(&waiting_end, 0);
    for (int index = 0; index < TOLD_COUNT; index++) {
        sigaction(told_signals[index], NULL, &previous[index]);
        int ignored = !(previous[index].sa_flags & SA_SIGINFO) && previous[index].sa_handler == SIG_IGN;
        if (!ignored || told_signals[index] == SIGWINCH) install(index);
    }
    return pipe_ends[0];
}

int ctx_signals_take(void) {
    unsigned char byte;
    if (pipe_ends[0] < 0 || read(pipe_ends[0], &byte, 1) != 1) return 0;
    if (ends_program(byte)) atomic_store(&waiting_end, 0);
    return byte;
}

void ctx_signals_wake(void) {
    if (pipe_ends[1] >= 0) put(CTX_SIGNALS_WOKEN);
}

static void stop_group(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    // The rest of the group stops first, this process deaf to that signal.
    // Then it raises its own, which is delivered before raise returns: a signal
    // to the whole process might reach another thread a little later.
    action.sa_handler = SIG_IGN;
    sigaction(SIGTSTP, &action, NULL);
    kill(0, SIGTSTP);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    raise(SIGTSTP);
}

void ctx_signals_stop_here(void) {
    struct sigaction ours;
    sigaction(SIGTSTP, NULL, &ours);
    // Started without job control: nobody would wake the program again.
    if (ours.sa_handler != tell) return;
    stop_group();
    sigaction(SIGTSTP, &ours, NULL);
}

void ctx_signals_lend(int fd) {
    struct sigaction action;
    if (is_lent) return;
    is_lent = 1;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < LENT_COUNT; index++) {
        sigaction(lent_signals[index], NULL, &before_lending[index]);
        int stops = lent_signals[index] == SIGTSTP;
        if (stops && before_lending[index].sa_handler != tell) continue;
        action.sa_handler = stops ? SIG_DFL : SIG_IGN;
        sigaction(lent_signals[index], &action, NULL);
    }
    group_before = tcgetpgrp(fd);
}

void ctx_signals_lent_to(pid_t process) {
    atomic_store(&lent_to, process);
    int number = atomic_load(&waiting_end);
    if (process <= 0 || !number) return;
    kill(process, number);
    // What was typed is for whoever has the terminal: a later signal is the first that ends this program.
    if (number == SIGINT) atomic_compare_exchange_strong(&waiting_end, &number, 0);
}

void ctx_signals_stop_along(void) {
    struct sigaction now;
    sigaction(SIGTSTP, NULL, &now);
    if (is_lent && now.sa_handler == SIG_DFL && before_lending[LENT_COUNT - 1].sa_handler == tell) stop_group();
}

void ctx_signals_take_back(int fd) {
    if (!is_lent) return;
    is_lent = 0;
    atomic_store(&lent_to, 0);
    if (group_before == getpgrp() && tcgetpgrp(fd) != group_before) {
        // A shell that was killed may have left the terminal to a group that is no more.
        struct sigaction action, previously;
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_IGN;
        sigemptyset(&action.sa_mask);
        sigaction(SIGTTOU, &action, &previously);
        tcsetpgrp(fd, group_before);
        sigaction(SIGTTOU, &previously, NULL);
    }
    for (int index = 0; index < LENT_COUNT; index++) sigaction(lent_signals[index], &before_lending[index], NULL);
}

void ctx_signals_close(void) {
    if (pipe_ends[0] < 0) return;
    for (int index = 0; index < TOLD_COUNT; index++) sigaction(told_signals[index], &previous[index], NULL);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    pipe_ends[0] = pipe_ends[1] = -1;
}
