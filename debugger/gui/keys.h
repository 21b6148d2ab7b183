/* keys: every key of the window and every button, from one table. */
#ifndef DEBUGGER_GUI_KEYS_H
#define DEBUGGER_GUI_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum { KEY_CTRL = 1, KEY_SHIFT = 2, KEY_ALT = 4 };

struct key {
    const char *chord; /* a heading's title when `action` is NULL */
    int32_t symbol;
    unsigned modifiers;
    const char *action, *button, *help;
};

extern const struct key keys[];
extern const unsigned keys_count;

/* NULL = the key does nothing. */
const struct key *keys_pressed(int32_t symbol, unsigned modifiers);
const struct key *keys_typed(const char *text);

#endif
