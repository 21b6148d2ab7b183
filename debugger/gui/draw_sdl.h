/* draw_sdl: draw lists as pixels in a surface: of a window, of a picture file, of a test.
 *
 * The same list gives the same pixels everywhere: glyphs come as coverage from the font and are
 * blended here, in whole numbers. Runs of text are kept as they were set. */
#ifndef DEBUGGER_GUI_DRAW_SDL_H
#define DEBUGGER_GUI_DRAW_SDL_H

#include <stdbool.h>
#include <stdio.h>

#include "debugger/gui/draw.h"
#include "debugger/gui/palette.h"

struct SDL_Surface;

#define PAINTER_SMALLEST 6u
#define PAINTER_LARGEST  400u

struct painter_box {
    int x, y, w, h;
};

struct painter;

/* Glyphs are `pixels` high, from DejaVu Sans Mono. NULL: *why is a sentence for the user. */
struct painter *painter_create(unsigned pixels, const char **why);
void painter_free(struct painter *painter);

/* Another size. False = the font cannot be had, *why says why; the old size stays. */
bool painter_resize(struct painter *painter, unsigned pixels, const char **why);
unsigned painter_pixels(const struct painter *painter);
struct draw_metrics painter_metrics(const struct painter *painter);

/* Draws what lies inside `clip` (NULL = everything). The surface has 32 bits a pixel, 0xRRGGBB. */
void painter_draw(struct painter *painter, struct SDL_Surface *surface, enum palette palette,
                  const struct draw_list *list, const struct painter_box *clip);

/* The pixels as a PNG file or, with `ppm`, as they are (netpbm's P6). False = not written whole. */
bool painter_write(const struct SDL_Surface *surface, FILE *to, bool ppm);

/* The files that the pixels come from, for whoever compares pictures: regular and bold. */
const char *painter_font_file(bool bold);

#endif
