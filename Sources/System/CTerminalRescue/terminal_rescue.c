#include "terminal_rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int fatal_signals[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGQUIT};
enum { FATAL_COUNT = sizeof fatal_signals / sizeof fatal_signals[0] };

static struct sigaction previous[FATAL_COUNT];
static int installed[FATAL_COUNT];
static char leave_bytes[1024];
static size_t leave_length;
static struct termios saved_modes;
static int terminal_fd = -1;
static volatile sig_atomic_t armed;
static volatile sig_atomic_t paused_now;
static void *volatile last_fault;
static volatile sig_atomic_t same_faults;
enum { MOST_SAME_FAULTS = 64 };
static int exit_hook_installed;
static char alternate_stack[64 * 1024];

void ctx_rescue_restore(void) {
    if (!armed || paused_now) return;
    armed = 0;
    size_t done = 0;
    while (done < leave_length) {
        ssize_t count = write(terminal_fd, leave_bytes + done, leave_length - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += (size_t)count;
    }
    tcsetattr(terminal_fd, TCSANOW, &saved_modes);
}

static int has_handler(const struct sigaction *action) {
    if (action->sa_flags & SA_SIGINFO) return action->sa_sigaction != NULL;
    return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

static int is_ours(const struct sigaction *action);

static void fatal_handler(int number, siginfo_t *info, void *context) {
    int saved_errno = errno;
    int index = 0;
    while (index < FATAL_COUNT && fatal_signals[index] != number) index++;
    if (index == FATAL_COUNT) return;

    // A reader of mapped files repairs the page of a SIGBUS in a handler of its
    // own, which comes first. It has given up when it takes the signal's
    // handling away from here, or when the same fault comes back and back.
    if (number == SIGBUS && has_handler(&previous[index]) && info->si_code > 0) {
        same_faults = info->si_addr == last_fault ? same_faults + 1 : 0;
        last_fault = info->si_addr;
        if (same_faults < MOST_SAME_FAULTS) {
            if (previous[index].sa_flags & SA_SIGINFO) {
                previous[index].sa_sigaction(number, info, context);
            } else {
                previous[index].sa_handler(number);
            }
            struct sigaction current;
            sigaction(number, NULL, &current);
            if (!is_ours(&current)) ctx_rescue_restore();
            errno = saved_errno;
            return;
        }
    }

    ctx_rescue_restore();
    // The signal is blocked here, so the raised one is delivered on return, to
    // whoever handled it before: the default action or a crash reporter.
    sigaction(number, &previous[index], NULL);
    raise(number);
    errno = saved_errno;
}

static int is_ours(const struct sigaction *action) {
    return (action->sa_flags & SA_SIGINFO) && action->sa_sigaction == fatal_handler;
}

int ctx_rescue_arm(int fd, const struct termios *modes, const char *leave, size_t length) {
    if (length > sizeof leave_bytes) return -1;
    ctx_rescue_disarm();
    memcpy(leave_bytes, leave, length);
    leave_length = length;
    saved_modes = *modes;
    terminal_fd = fd;
    last_fault = NULL;
    paused_now = 0;

    // A stack overflow leaves no stack to handle itself on.
    stack_t current;
    if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
        stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack, .ss_flags = 0};
        sigaltstack(&stack, NULL);
    }
    if (!exit_hook_installed) {
        exit_hook_installed = 1;
        atexit(ctx_rescue_restore);
    }
    armed = 1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = fatal_handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < FATAL_COUNT; index++) {
        // Still there below a handler that was hooked later: a second time would make a ring of the two.
        if (installed[index]) continue;
        installed[index] = 1;
        sigaction(fatal_signals[index], &action, &previous[index]);
    }
    return 0;
}

void ctx_rescue_disarm(void) {
    if (terminal_fd < 0) return;
    armed = 0;
    terminal_fd = -1;
    for (int index = 0; index < FATAL_COUNT; index++) {
        // Whoever hooked the signal later chains to this handler and keeps it.
        struct sigaction current;
        if (sigaction(fatal_signals[index], NULL, &current) == 0 && is_ours(&current)) {
            sigaction(fatal_signals[index], &previous[index], NULL);
            installed[index] = 0;
        }
    }
}

void ctx_rescue_pause(int paused) {
    paused_now = paused;
}
