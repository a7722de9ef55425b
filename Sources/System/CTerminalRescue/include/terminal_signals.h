#ifndef CTXBROWSE_TERMINAL_SIGNALS_H
#define CTXBROWSE_TERMINAL_SIGNALS_H

#include <sys/types.h>

// Turns signals into bytes on a pipe, so that they are events among others.
//
// Written in C for the same reason as terminal_rescue: handlers must be
// async-signal-safe.

// Installs handlers for SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGTERM and SIGINT
// and returns the descriptor to poll, or -1 with errno set. A signal the
// program was started with as ignored (nohup) stays ignored.
//
// A second SIGTERM, SIGHUP or SIGINT that arrives before the first was taken
// restores the terminal and ends the program at once: a loop that is stuck
// must not keep it alive.
int ctx_signals_open(void);

// The next signal number, or 0 when none is waiting; CTX_SIGNALS_WOKEN is no signal.
enum { CTX_SIGNALS_WOKEN = 255 };
int ctx_signals_take(void);

// Makes the descriptor readable although no signal came.
void ctx_signals_wake(void);

// Stops the process group as Ctrl-Z does and returns when it goes on.
void ctx_signals_stop_here(void);

// While another program has the terminal: Ctrl-C and Ctrl-\ are meant for it
// and do nothing here, and Ctrl-Z stops this process together with it. Also
// remembers which process group has the terminal.
void ctx_signals_lend(int fd);

// SIGTERM and SIGHUP are passed on to this process, the one that has the
// terminal; 0 for none.
void ctx_signals_lent_to(pid_t process);

// Stops the process group, which that process has left alone by stopping
// itself, and returns when it goes on; at once where nobody would wake it.
void ctx_signals_stop_along(void);

// Ends `ctx_signals_lend`; the terminal belongs to the same process group as before.
void ctx_signals_take_back(int fd);

// Puts the earlier handlers back and closes the pipe.
void ctx_signals_close(void);

#endif
