/* window_parts: what the files of the window share. */
#ifndef DEBUGGER_GUI_WINDOW_PARTS_H
#define DEBUGGER_GUI_WINDOW_PARTS_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "debugger/gui/draw_sdl.h"
#include "debugger/gui/landmarks.h"
#include "debugger/gui/pane.h"
#include "debugger/gui/screen.h"
#include "debugger/gui/sdl.h"
#include "debugger/gui/timebar.h"
#include "debugger/gui/window.h"

#define WINDOW_LINES   64u
#define WINDOW_LINE    512u
#define WINDOW_HISTORY 200u
#define WINDOW_PANES   24u

/* What is painted apart: the same picture is not painted again. */
enum region {
    REGION_HEADER,
    REGION_TIMEBAR,
    REGION_BUTTONS,
    REGION_OVERLAY, /* the list of keys */
    REGION_PANES,   /* and as many more as there are panes */
    REGIONS = REGION_PANES + WINDOW_PANES,
};

struct region_picture {
    struct draw_list list;
    struct box box;
    bool used;
    uint64_t hash; /* of what is on the screen; 0 = nothing */
};

struct window {
    struct session *session;
    struct screen screen;
    struct painter *painter;
    struct window_config config;
    enum palette palette;
    double scale;
    bool full_screen;

    struct layout layout;
    struct pane_state state[WINDOW_PANES];
    unsigned focus;
    int zoomed; /* -1 = none */
    bool show_keys;
    int keys_scroll;

    struct region_picture picture[REGIONS];
    bool stale;     /* everything has to be painted */
    char hint[120]; /* what the mouse is over */

    struct view view;
    bool gather; /* the view is of another moment */
    uint64_t parts;
    struct landmarks landmarks;
    bool behind; /* there is more to catch up with */
    struct timebar bar;
    struct transcript console, commands;
    FILE *console_file, *command_file;
    struct output out_before;
    FILE *console_before;
    void (*slice_before)(void *context), (*pulse_before)(void *context);
    void *slice_context_before;
    volatile sig_atomic_t *interrupted_before;

    char line[WINDOW_LINES][WINDOW_LINE]; /* waiting */
    unsigned first, lines;
    char *history[WINDOW_HISTORY]; /* of the command pane */
    unsigned histories, recalled;

    bool playing;
    unsigned beat; /* milliseconds */
    uint64_t next_beat;
    bool quiz, answered;
    bool running; /* inside a command */
    uint64_t last_frame, last_slice, last_pulse, run_from, arrived;
    volatile sig_atomic_t interrupted;
    bool closing; /* the user wants out */
    bool over;    /* so does the session */
    bool failed;  /* some line did */
    bool dragging;
    bool chord; /* the last key went with Ctrl or Alt: it types nothing */
};

/* --- window.c */
void window_queue(struct window *window, const char *line);
/* The timeline knows all that has happened; may take its time. */
void window_catch_up(struct window *window);
/* Gathers the present, when what is gathered is of another moment. */
void window_look(struct window *window);
/* The next stop shows another part, or another moment. */
void window_look_again(struct window *window);
uint64_t window_now(void); /* milliseconds */

/* --- window_frame.c */
/* Composes what has changed and paints it. */
void window_frame(struct window *window);
/* Places everything anew: another size, scale or layout. */
void window_place(struct window *window);
/* The clickable item at a point; NULL = none. */
const char *window_hit(const struct window *window, int x, int y, const char **title);
/* The pane at a point, -1 = none. */
int window_pane_at(const struct window *window, int x, int y);

/* --- window_events.c */
/* Takes what has happened; waits for it up to so many milliseconds, for ever if there are less than
 * 0. */
void window_events(struct window *window, int wait);

/* --- window_verbs.c */
/* True = the line was one of the window's own. */
bool window_verb(struct window *window, const char *line);
void window_focus(struct window *window, unsigned pane);

#define VERB(name, function, argument, help)                                                       \
    void function(struct window *window, const char *argument_text);
#include "debugger/gui/verbs.def"
#undef VERB

#endif
