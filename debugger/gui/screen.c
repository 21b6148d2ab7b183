/* screen: the pixels of the window on the display. */
#include "debugger/gui/screen.h"

#include <string.h>

SDL_Window *screen_open(struct screen *screen, int width, int height, uint32_t flags)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    bool plain = strcmp(driver, "x11") == 0 || strcmp(driver, "dummy") == 0;
    if (plain)
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    *screen = (struct screen){0};
    screen->window =
        SDL_CreateWindow("Trapscope", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, width,
                         height, flags | (plain ? 0 : SDL_WINDOW_ALLOW_HIGHDPI));
    /* Without a renderer of its own kind the display gets units for pixels: less sharp. */
    if (screen->window != NULL && !plain)
        screen->renderer = SDL_CreateRenderer(screen->window, -1, SDL_RENDERER_ACCELERATED);
    return screen->window;
}

static void drop_texture(struct screen *screen)
{
    if (screen->texture != NULL)
        SDL_DestroyTexture(screen->texture);
    SDL_FreeSurface(screen->surface);
    screen->texture = NULL;
    screen->surface = NULL;
}

void screen_close(struct screen *screen)
{
    if (screen->renderer != NULL) {
        drop_texture(screen);
        SDL_DestroyRenderer(screen->renderer);
    }
    if (screen->window != NULL)
        SDL_DestroyWindow(screen->window);
}

/* Of the window's size in pixels. */
static void make_texture(struct screen *screen)
{
    int w = 0, h = 0;
    SDL_GetRendererOutputSize(screen->renderer, &w, &h);
    if (screen->surface != NULL && screen->surface->w == w && screen->surface->h == h)
        return;
    drop_texture(screen);
    screen->texture = SDL_CreateTexture(screen->renderer, SDL_PIXELFORMAT_RGB888,
                                        SDL_TEXTUREACCESS_STREAMING, w, h);
    if (screen->texture != NULL)
        screen->surface = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_RGB888);
}

SDL_Surface *screen_surface(struct screen *screen)
{
    struct pixels *size = &screen->size;
    if (screen->renderer != NULL)
        make_texture(screen);
    else
        screen->surface = SDL_GetWindowSurface(screen->window);
    SDL_GetWindowSize(screen->window, &size->units_w, &size->units_h);
    size->w = screen->surface != NULL ? screen->surface->w : size->units_w;
    size->h = screen->surface != NULL ? screen->surface->h : size->units_h;
    return screen->surface;
}

void screen_show(struct screen *screen, const SDL_Rect *parts, int count)
{
    const SDL_Surface *surface = screen->surface;
    if (screen->renderer == NULL) {
        SDL_UpdateWindowSurfaceRects(screen->window, parts, count);
        return;
    }
    for (int i = 0; i < count; i++) {
        SDL_Rect all = {0, 0, surface->w, surface->h}, part;
        if (SDL_IntersectRect(&parts[i], &all, &part))
            SDL_UpdateTexture(screen->texture, &part,
                              (const char *)surface->pixels + (ptrdiff_t)part.y * surface->pitch +
                                  4 * part.x,
                              surface->pitch);
    }
    SDL_RenderCopy(screen->renderer, screen->texture, NULL, NULL);
    SDL_RenderPresent(screen->renderer);
}
