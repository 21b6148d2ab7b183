/* draw_png: a draw list as a PNG file, by the painter that also paints the window. */
#include "debugger/gui/draw_png.h"

#include "debugger/gui/draw_sdl.h"
#include "debugger/gui/sdl.h"
#include "emu/base/bug.h"

#define PIXELS 20 /* of a glyph: cells are 12 by 24 */

bool draw_png(FILE *to, const struct draw_list *list, enum palette palette, const char **why)
{
    struct painter *painter = painter_create(PIXELS, why);
    if (painter == NULL)
        return false;
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, list->width, list->height, 32, SDL_PIXELFORMAT_RGB888);
    bug_unless(surface != NULL);
    SDL_FillRect(surface, NULL, palette_color(palette, INK_PAPER));
    painter_draw(painter, surface, palette, list, NULL);
    bool fine = painter_write(surface, to, false);
    if (!fine)
        *why = "the picture could not be written";
    SDL_FreeSurface(surface);
    painter_free(painter);
    return fine;
}
