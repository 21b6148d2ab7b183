/* screen: the pixels of the window on the display.
 *
 * X11, and the display that nobody sees, take them as they are. Elsewhere the desktop may have
 * several pixels for one of its units: there they go through a texture that is as large as the
 * window in pixels, so that text is as sharp as the display. */
#ifndef DEBUGGER_GUI_SCREEN_H
#define DEBUGGER_GUI_SCREEN_H

#include "debugger/gui/pixels.h"
#include "debugger/gui/sdl.h"

struct screen {
    SDL_Window *window;
    SDL_Renderer *renderer; /* NULL = the window's own surface */
    SDL_Texture *texture;
    SDL_Surface *surface;
    struct pixels size;
};

/* NULL: the display opens no window. The hints and flags are SDL's. */
SDL_Window *screen_open(struct screen *screen, int width, int height, uint32_t flags);
void screen_close(struct screen *screen);

/* Where to draw, and `size` is right; NULL = the display has none at present. Another one than
 * before when the window has another size: then everything is to be drawn. */
SDL_Surface *screen_surface(struct screen *screen);

/* These parts have been drawn. */
void screen_show(struct screen *screen, const SDL_Rect *parts, int count);

#endif
