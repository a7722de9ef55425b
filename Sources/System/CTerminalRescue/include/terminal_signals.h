#ifndef CTXBROWSE_TERMINAL_SIGNALS_H
#define CTXBROWSE_TERMINAL_SIGNALS_H

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

// Puts the earlier handlers back and closes the pipe.
void ctx_signals_close(void);

#endif
