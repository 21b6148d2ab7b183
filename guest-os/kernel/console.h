/* Keys that have no character; a keyboard driver passes them to console_input(). */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

enum {
    KEY_FIRST = 0x100,
    KEY_UP = KEY_FIRST,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_DELETE,
};

#endif
