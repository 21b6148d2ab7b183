/* pixels: a window is as large as the desktop says, in units of which each may be several pixels;
 * pictures are made of pixels, and the mouse comes in units. */
#ifndef DEBUGGER_GUI_PIXELS_H
#define DEBUGGER_GUI_PIXELS_H

struct pixels {
    int units_w, units_h; /* the window's size as the desktop says it */
    int w, h;             /* of its picture */
};

/* The first pixel of the unit at x y, which may lie outside of the window. */
int pixels_x(const struct pixels *pixels, int x);
int pixels_y(const struct pixels *pixels, int y);

#endif
