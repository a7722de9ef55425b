#ifndef CTXBROWSE_CNCURSES_SHIM_H
#define CTXBROWSE_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

// Swift 6 rejects mutable C globals, so each one used has a reader here.
static inline WINDOW *ctx_curses_screen(void) { return stdscr; }

// cur_term is such a global; setupterm allocates it anew for every look-up.
static inline void ctx_curses_forget_terminal(void) {
    if (cur_term != NULL) del_curterm(cur_term);
}

static inline int ctx_curses_colors(void) { return COLORS; }

// Attribute macros contain casts, which Swift does not import.
static const attr_t ctx_curses_bold = A_BOLD;
static const attr_t ctx_curses_dim = A_DIM;
static const attr_t ctx_curses_italic = A_ITALIC;
static const attr_t ctx_curses_underline = A_UNDERLINE;
static const attr_t ctx_curses_reverse = A_REVERSE;

// tigetstr reports "not a string capability" as the pointer -1.
static inline const char *ctx_curses_capability(const char *name) {
    const char *value = tigetstr((NCURSES_CONST char *)name);
    return value == (const char *)-1 ? NULL : value;
}

// wchar.h shows wcwidth only to X/Open sources. It is what curses itself measures by.
int wcwidth(wchar_t character);
static inline int ctx_curses_columns(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

#endif
