/* timebar: the timeline at the bottom of the window: all landmarks from power-on to now, drawn one
 * by one or, when there are more than pixels, by how dense they are. */
#ifndef DEBUGGER_GUI_TIMEBAR_H
#define DEBUGGER_GUI_TIMEBAR_H

#include "debugger/gui/layout.h"
#include "debugger/gui/landmarks.h"
#include "debugger/gui/view.h"

struct timebar {
    bool all;       /* the whole run is seen, whatever comes */
    ticks from, to; /* what is seen, from < to */
};

/* Closer or farther by a factor, the tick under `x` (or the present, x < 0) staying where it is. */
void timebar_zoom(struct timebar *bar, const struct view *view, struct box box, int x,
                  double factor);

/* The present is brought into sight. */
void timebar_follow(struct timebar *bar, const struct view *view);

/* Where the lanes are, inside the box of the whole: the box that the following ask for. */
struct box timebar_inside(struct box box, struct draw_metrics metrics);

/* What is at a pixel, in words. */
void timebar_hint(const struct timebar *bar, const struct landmarks *landmarks,
                  const struct session *session, struct box inside, int x, char *to, size_t room);

/* The tick at a pixel. */
ticks timebar_tick(const struct timebar *bar, struct box box, int x);

/* A line, or two with a newline between, that goes to what is at a pixel: a tick, or a micro-step
 * that is drawn there. */
void timebar_line(const struct timebar *bar, const struct view *view, struct box box, int x,
                  char *to, size_t room);

/* `hint` stands in place of the legend when it is not "". */
void timebar_draw(const struct timebar *bar, const struct landmarks *landmarks,
                  const struct session *session, const struct view *view, const char *hint,
                  struct draw_list *list, struct box box);

#endif
