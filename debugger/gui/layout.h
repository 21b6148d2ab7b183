/* layout: where each pane is, from one string.
 *
 *   layout = pane | tabs | row | column
 *   pane   = name                    of panes.def
 *   tabs   = t(pane,pane,...)        one of them is seen, the others are names on its title line
 *   row    = h(N layout,N layout...) side by side; N is each one's share of the width
 *   column = v(N layout,N layout...) one above the other */
#ifndef DEBUGGER_GUI_LAYOUT_H
#define DEBUGGER_GUI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "debugger/gui/draw.h"

#define LAYOUT_NODES 64u
#define LAYOUT_PARTS 16u
#define LAYOUT_DEPTH 8u

enum layout_kind { LAYOUT_PANE, LAYOUT_TABS, LAYOUT_ROW, LAYOUT_COLUMN };

struct layout_node {
    enum layout_kind kind;
    unsigned pane; /* its number */
    unsigned share;
    unsigned part[LAYOUT_PARTS]; /* nodes */
    unsigned parts;
    unsigned seen; /* of tabs: which part */
    struct box box;
};

struct layout {
    struct layout_node node[LAYOUT_NODES]; /* 0 is the whole */
    unsigned nodes;
};

/* `number` knows the names of panes, -1 = none. False: `why` says what is wrong. */
bool layout_read(struct layout *layout, const char *text, int (*number)(const char *name),
                 char *why, size_t room);

/* Places everything inside `box`, on whole cells but for the last part of each row and column. */
void layout_place(struct layout *layout, struct box box, int cell_w, int cell_h);

/* The node that shows the pane now; NULL = another tab hides it, or it is nowhere. */
const struct layout_node *layout_seen(const struct layout *layout, unsigned pane);

/* Brings a pane's tab to the front. False = it is nowhere. */
bool layout_show(struct layout *layout, unsigned pane);

/* Calls `each` for what is seen: the pane, or the tabs' front pane. */
void layout_each(const struct layout *layout,
                 void (*each)(void *context, const struct layout_node *node, unsigned pane),
                 void *context);

#endif
