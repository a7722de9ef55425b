#ifndef CTXBROWSE_TERMINAL_RESCUE_H
#define CTXBROWSE_TERMINAL_RESCUE_H

#include <stddef.h>
#include <termios.h>

// Gives the terminal back when the program dies of a trap, an abort or a bad
// memory access, or ends through exit() with the screen still taken.
//
// Written in C because a signal handler may call nothing that allocates or
// takes a lock, which Swift cannot promise.

// Keeps what restoring takes and installs the handlers. `leave` holds the
// bytes that leave full-screen mode; it and `modes` are copied. Returns 0, or
// -1 when `leave` is too long to keep.
int ctx_rescue_arm(int fd, const struct termios *modes, const char *leave, size_t length);

// Takes the handlers out again; the terminal is then the caller's own concern.
void ctx_rescue_disarm(void);

// Restores the terminal now, once per arming. Async-signal-safe.
void ctx_rescue_restore(void);

// Pauses and resumes restoring while the terminal belongs to another program.
void ctx_rescue_pause(int paused);

#endif
