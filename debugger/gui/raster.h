/* raster: pixels of boxes, lines and coverage, in whole numbers, so that they are the same on every
 * host. */
#ifndef DEBUGGER_GUI_RASTER_H
#define DEBUGGER_GUI_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct raster_box {
    int x, y, w, h;
};

struct raster {
    uint32_t *pixel;
    size_t pitch; /* pixels from one line to the next */
    struct raster_box clip;
};

struct raster_box raster_common(struct raster_box a, struct raster_box b);

/* alpha: 0..256. */
void raster_fill(struct raster *raster, struct raster_box box, uint32_t color, unsigned alpha);
/* Diagonal strokes, every `period` pixels. */
void raster_hatch(struct raster *raster, struct raster_box box, uint32_t color, unsigned alpha,
                  int period);
/* `coverage` has a byte for each pixel, lines `pitch` bytes apart. */
void raster_coverage(struct raster *raster, int x, int y, int w, int h, const uint8_t *coverage,
                     size_t pitch, uint32_t color, unsigned alpha);
/* `width` pixels wide; `dash` pixels on and as many off, 0 = unbroken. */
void raster_line(struct raster *raster, int x1, int y1, int x2, int y2, int width, int dash,
                 uint32_t color, unsigned alpha);
/* An arrow's head with its point at x2 y2. */
void raster_head(struct raster *raster, int x1, int y1, int x2, int y2, int size, uint32_t color,
                 unsigned alpha);

#endif
