/* draw_file: the pixels of a surface as a file: PNG, or PPM. */
#include <SDL.h>
#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool save_ppm(FILE *file, const struct SDL_Surface *surface, const uint8_t *bytes)
{
    size_t count = (size_t)surface->w * (size_t)surface->h;
    fprintf(file, "P6\n%d %d\n255\n", surface->w, surface->h);
    return fwrite(bytes, 3, count, file) == count;
}

static bool save_png(FILE *file, const struct SDL_Surface *surface, const uint8_t *bytes)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)surface->w,
                       .height = (png_uint_32)surface->h,
                       .format = PNG_FORMAT_RGB};
    return png_image_write_to_stdio(&image, file, 0, bytes, 0, NULL) != 0;
}

bool painter_save(const struct SDL_Surface *surface, const char *path, const char **why)
{
    size_t length = strlen(path);
    bool ppm = length > 4 && strcmp(path + length - 4, ".ppm") == 0;
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        *why = strerror(errno);
        return false;
    }
    uint8_t *bytes = bytes_of(surface);
    errno = 0;
    bool saved = ppm ? save_ppm(file, surface, bytes) : save_png(file, surface, bytes);
    free(bytes);
    saved &= fclose(file) == 0;
    if (!saved)
        *why = errno != 0 ? strerror(errno) : "the picture cannot be written";
    return saved;
}
