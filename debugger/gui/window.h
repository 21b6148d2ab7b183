/* window: the debugger as a window: a session, its panes, its timeline.
 *
 * Whatever happens in it is a line: a command of the debugger, done by session_do, or one of the
 * window's own (verbs.def), which change what is seen and never the session. Keys, buttons, clicks
 * and the command pane all queue such lines. */
#ifndef DEBUGGER_GUI_WINDOW_H
#define DEBUGGER_GUI_WINDOW_H

#include <stdbool.h>

#include "debugger/gui/palette.h"
#include "debugger/session.h"

struct window_config {
    int width, height; /* 0 = 1280 x 720 */
    double scale;      /* 0 = 1: 106 by 30 characters */
    enum palette palette;
    const char *layout; /* NULL = the usual one */
    bool full_screen;
    bool unseen; /* for pictures: no display is needed */
};

struct window;

/* The session's replies and the guest's words go to the window from now on. NULL: *why is a
 * sentence for the user. */
struct window *window_open(struct session *session, const struct window_config *config,
                           const char **why);

/* The session is where the user shall begin. */
void window_begin(struct window *window);

/* Does a line as if it had been typed into the command pane. False = it failed, and said why there.
 */
bool window_do(struct window *window, const char *line);

/* Until the user closes it. False = the session is over (`quit`). */
bool window_run(struct window *window);

/* Is this session's window open? */
bool window_has(const struct session *session);

/* The session speaks where it spoke before. */
void window_close(struct window *window);

#endif
