/* sdl: SDL 2 and SDL_ttf, loaded when somebody wants to draw. */
#include "debugger/gui/sdl.h"

#include <dlfcn.h>
#include <string.h>

#define CALLED(name) #name,
static const char *const names[] = {
#include "debugger/gui/sdl.def"
};
#undef CALLED

struct sdl sdl;

_Static_assert(sizeof sdl == sizeof(void *) * (sizeof names / sizeof names[0]),
               "one pointer for each name");

static bool find_functions(void)
{
    /* It brings libSDL2 with it, whose functions are found through it, too. */
    void *library = dlopen("libSDL2_ttf-2.0.so.0", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *function = dlsym(library, names[i]);
        if (function == NULL)
            return false;
        memcpy((char *)&sdl + i * sizeof function, &function, sizeof function);
    }
    return true;
}

bool sdl_load(const char **why)
{
    static bool loaded;
    loaded = loaded || find_functions();
    if (!loaded)
        *why = "SDL2 is not there: install libsdl2-2.0-0 and libsdl2-ttf-2.0-0";
    return loaded;
}
