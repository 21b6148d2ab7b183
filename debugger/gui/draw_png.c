/* draw_png: a draw list as a PNG file, by the painter that also paints the window. */
#include "debugger/gui/draw_png.h"

#include <SDL.h>
#include <png.h>
#include <stdlib.h>

#include "debugger/gui/draw_sdl.h"
#include "emu/base/bug.h"

#define PIXELS 20 /* of a glyph: cells are 12 by 24 */

/* Rows of red, green, blue from pixels of 0xRRGGBB. */
static png_bytep bytes_of(const SDL_Surface *surface)
{
    png_bytep bytes = bug_alloc((size_t)surface->w * (size_t)surface->h, 3), to = bytes;
    for (int y = 0; y < surface->h; y++) {
        const uint32_t *pixel = (const void *)((const char *)surface->pixels + y * surface->pitch);
        for (int x = 0; x < surface->w; x++) {
            *to++ = (png_byte)(pixel[x] >> 16);
            *to++ = (png_byte)(pixel[x] >> 8);
            *to++ = (png_byte)pixel[x];
        }
    }
    return bytes;
}

static bool write_surface(FILE *to, const SDL_Surface *surface)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)surface->w,
                       .height = (png_uint_32)surface->h,
                       .format = PNG_FORMAT_RGB};
    png_bytep bytes = bytes_of(surface);
    bool fine = png_image_write_to_stdio(&image, to, 0, bytes, 0, NULL) != 0;
    png_image_free(&image);
    free(bytes);
    return fine;
}

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
    bool fine = write_surface(to, surface);
    if (!fine)
        *why = "the picture could not be written";
    SDL_FreeSurface(surface);
    painter_free(painter);
    return fine;
}
