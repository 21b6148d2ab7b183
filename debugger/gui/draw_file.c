/* draw_file: the pixels of a surface as a file: PNG, or PPM. */
#include <SDL.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>

#include "debugger/gui/draw_sdl.h"
#include "emu/base/bug.h"

/* Red, green, blue: three bytes a pixel, whatever the host's byte order. */
static uint8_t *bytes_of(const struct SDL_Surface *surface)
{
    size_t w = (size_t)surface->w, h = (size_t)surface->h;
    uint8_t *bytes = bug_alloc(w * h + 1, 3), *to = bytes;
    for (size_t y = 0; y < h; y++) {
        const uint32_t *line = (const uint32_t *)surface->pixels + y * (size_t)surface->pitch / 4;
        for (size_t x = 0; x < w; x++) {
            *to++ = (uint8_t)(line[x] >> 16);
            *to++ = (uint8_t)(line[x] >> 8);
            *to++ = (uint8_t)line[x];
        }
    }
    return bytes;
}

static bool write_ppm(FILE *file, const struct SDL_Surface *surface, const uint8_t *bytes)
{
    size_t count = (size_t)surface->w * (size_t)surface->h;
    fprintf(file, "P6\n%d %d\n255\n", surface->w, surface->h);
    return fwrite(bytes, 3, count, file) == count;
}

static bool write_png(FILE *file, const struct SDL_Surface *surface, const uint8_t *bytes)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)surface->w,
                       .height = (png_uint_32)surface->h,
                       .format = PNG_FORMAT_RGB};
    bool written = png_image_write_to_stdio(&image, file, 0, bytes, 0, NULL) != 0;
    png_image_free(&image);
    return written;
}

bool painter_write(const struct SDL_Surface *surface, FILE *to, bool ppm)
{
    uint8_t *bytes = bytes_of(surface);
    bool written = ppm ? write_ppm(to, surface, bytes) : write_png(to, surface, bytes);
    free(bytes);
    return written;
}
