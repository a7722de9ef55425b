#ifndef CTXBROWSE_PSEUDO_TERMINAL_H
#define CTXBROWSE_PSEUDO_TERMINAL_H

#include <sys/types.h>

// Pseudo-terminals for tests. In C because the functions are hidden from Swift
// and because nothing but C may run between fork and exec.

enum { CTX_PTY_MODES_SIZE = 64 };

// Opens a pair; returns the master, or -1 with errno set.
int ctx_pty_open(unsigned short columns, unsigned short rows, int *slave);

// Runs a program as leader of a new session on the slave, with `log` as its
// descriptor 3. Returns the process, or -1.
pid_t ctx_pty_spawn(int slave, int log, const char *path, char *const arguments[], char *const variables[]);

void ctx_pty_resize(int slave, unsigned short columns, unsigned short rows);

// Writes the tty's modes as comparable bytes.
void ctx_pty_modes(int slave, unsigned char modes[CTX_PTY_MODES_SIZE]);

// A pipe neither end of which a child inherits; 0 or -1.
int ctx_pty_pipe(int ends[2]);

// The next connection of a listening socket, which no child inherits either; -1 with errno set.
int ctx_pty_accept(int listener);

#endif
