/* draw_svg: a draw list as SVG 1.1, with real text, a title and a description.
 *
 * Nothing of the guest can leave the text that it is in: everything is escaped. */
#ifndef DEBUGGER_GUI_DRAW_SVG_H
#define DEBUGGER_GUI_DRAW_SVG_H

#include <stdio.h>

#include "debugger/gui/palette.h"

#define SVG_FONT "'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace"

struct svg_words {
    const char *title;       /* what the picture is, in a few words */
    const char *description; /* the same picture for those who cannot see it */
    const char *id;          /* of the root, and before its other names: unique in a page */
};

/* A whole document with its XML declaration. Write errors are left for the caller to find. */
void draw_svg(FILE *to, const struct draw_list *list, enum palette palette,
              const struct svg_words *words);
/* The <svg> element alone, to stand in a page of HTML. */
void draw_svg_element(FILE *to, const struct draw_list *list, enum palette palette,
                      const struct svg_words *words);

/* Its parts: the heads of arrows and the hatches that the list uses (of all inks when list is
 * NULL), and the items, each on a line of its own. */
void draw_svg_definitions(FILE *to, const struct draw_list *list, enum palette palette,
                          const char *id);
void draw_svg_items(FILE *to, const struct draw_list *list, enum palette palette, const char *id);

/* Text for element content and attribute values of XML and HTML: &, <, >, ", ' become references;
 * what XML 1.0 does not allow becomes U+FFFD. */
void draw_svg_escape(FILE *to, const char *text);

#endif
