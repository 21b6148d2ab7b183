/* keys: every key of the window and every button, from one table. */
#include "debugger/gui/keys.h"

#include <SDL.h>
#include <stddef.h>
#include <string.h>

const struct key keys[] = {
#define GROUP(title) {title, 0, 0, NULL, "", ""},
#define KEY(chord, symbol, modifiers, action, button, help)                                        \
    {chord, symbol, modifiers, action, button, help},
#include "debugger/gui/keys.def"
#undef KEY
#undef GROUP
};

const unsigned keys_count = sizeof keys / sizeof *keys;

const struct key *keys_pressed(int32_t symbol, unsigned modifiers)
{
    static const int32_t same[][2] = {
        {SDLK_EQUALS, SDLK_PLUS}, {SDLK_KP_PLUS, SDLK_PLUS},    {SDLK_KP_MINUS, SDLK_MINUS},
        {SDLK_KP_0, SDLK_0},      {SDLK_KP_ENTER, SDLK_RETURN},
    };
    for (unsigned i = 0; i < sizeof same / sizeof *same; i++)
        if (same[i][0] == symbol)
            symbol = same[i][1];
    /* On many keyboards + is Shift and another key. */
    if (symbol == SDLK_PLUS)
        modifiers &= ~(unsigned)KEY_SHIFT;
    for (unsigned i = 0; i < keys_count; i++)
        if (keys[i].symbol != 0 && keys[i].symbol == symbol && keys[i].modifiers == modifiers)
            return &keys[i];
    return NULL;
}

const struct key *keys_typed(const char *text)
{
    for (unsigned i = 0; i < keys_count; i++)
        if (keys[i].action != NULL && keys[i].symbol == 0 && strcmp(keys[i].chord, text) == 0)
            return &keys[i];
    return NULL;
}
