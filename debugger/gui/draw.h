/* draw: what a picture is made of: a flat list of boxes, lines and runs of text, in roles of a
 * palette. Views fill it; SDL, the SVG writer and tests draw it.
 *
 * Coordinates are pixels from the top left corner of the whole picture. Text is set in one
 * monospaced font: a character of size 1 fills a cell of metrics.cell_w by metrics.cell_h pixels,
 * of size 2 twice that. Items are drawn in the order in which they were added. Colours are never
 * named: an ink says what something means, and a palette (palette.h) says how that looks. */
#ifndef DEBUGGER_GUI_DRAW_H
#define DEBUGGER_GUI_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum draw_ink {
    INK_NONE,    /* nothing is drawn */
    INK_PAPER,   /* the background */
    INK_PANEL,   /* background of a pane */
    INK_EDGE,    /* frames and separators */
    INK_TEXT,    /* what is said */
    INK_DIM,     /* what is said by the way */
    INK_TITLE,   /* names of panes, headings */
    INK_FOCUS,   /* the pane and the thing that the keyboard acts on */
    INK_USER,    /* user mode and what is the program's */
    INK_KERNEL,  /* kernel mode and what is the kernel's */
    INK_CPU,     /* done by the processor: pushed, read, checked by hardware */
    INK_STUB,    /* done by the vector's stub */
    INK_SAVE,    /* done by the code that saves the registers */
    INK_CHANGED, /* differs from the last moment */
    INK_GOOD,    /* a check that passed */
    INK_BAD,     /* a check that failed */
    INK_MARK,    /* background of the present line, slot or word */
    INK_HIDDEN,  /* a value that quiz mode covers */
    INKS
};

enum draw_fill { FILL_SOLID, FILL_HATCH }; /* the second cue beside colour */

enum draw_kind {
    DRAW_BOX,  /* x y w h: `ink` inside, `edge` around (1 pixel, 2 when bold) */
    DRAW_LINE, /* from x y to x+w y+h; arrow: a head at its end */
    DRAW_TEXT, /* one run at x y, clipped to w when w > 0 */
    DRAW_CLIP, /* until the matching DRAW_UNCLIP nothing is drawn outside x y w h */
    DRAW_UNCLIP,
    DRAW_HIT, /* invisible: a click inside x y w h does `action`; `title` is its tooltip */
};

struct draw_item {
    uint8_t kind; /* enum draw_kind */
    uint8_t ink;  /* enum draw_ink */
    uint8_t edge; /* enum draw_ink, of a box */
    uint8_t fill; /* enum draw_fill, of a box */
    uint8_t size; /* of text: 1, 2, 3 */
    bool bold, arrow, dashed, underline;
    int32_t x, y, w, h;
    uint32_t text;   /* DRAW_TEXT: offset in the list's strings; DRAW_HIT: its title */
    uint32_t action; /* DRAW_HIT: offset of the lines for the window; 0 = none */
    float shown;     /* 0..1 for what is just appearing; 1 = fully there */
};

/* A part of a picture, pixels. */
struct box {
    int x, y, w, h;
};

struct draw_metrics {
    int cell_w, cell_h; /* of a character of size 1, pixels */
};

struct draw_list {
    struct draw_metrics metrics;
    int width, height; /* of the whole picture */
    struct draw_item *item;
    size_t used, room;
    char *strings; /* NUL-terminated UTF-8; offset 0 is "" */
    size_t strings_used, strings_room;
    float shown;    /* given to what is added from now on */
    unsigned clips; /* open ones */
};

void draw_init(struct draw_list *list);
void draw_free(struct draw_list *list);
/* Empties it for a picture of this size. */
void draw_begin(struct draw_list *list, struct draw_metrics metrics, int width, int height);

/* Each answers the item, for further fields; the pointer is good until the next is added. */
struct draw_item *draw_box(struct draw_list *list, int x, int y, int w, int h, enum draw_ink ink,
                           enum draw_ink edge);
struct draw_item *draw_line(struct draw_list *list, int x1, int y1, int x2, int y2,
                            enum draw_ink ink);
struct draw_item *draw_arrow(struct draw_list *list, int x1, int y1, int x2, int y2,
                             enum draw_ink ink);
/* Control characters and bytes that are not UTF-8 become U+FFFD: guest text is safe to draw. */
struct draw_item *draw_text(struct draw_list *list, int x, int y, enum draw_ink ink,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same in at most `w` pixels: a text that has no room ends in an ellipsis. */
struct draw_item *draw_text_in(struct draw_list *list, int x, int y, int w, enum draw_ink ink,
                               const char *text);
void draw_clip(struct draw_list *list, int x, int y, int w, int h);
void draw_unclip(struct draw_list *list);
/* `action` is a line for the window (window.h): "goto 1234", "pane trapframe"; or several, one
 * below the other. */
void draw_hit(struct draw_list *list, int x, int y, int w, int h, const char *action,
              const char *title);

/* Width in cells of a run: its code points (every one of ours is one cell wide). */
int draw_cells(const char *text);

#endif
