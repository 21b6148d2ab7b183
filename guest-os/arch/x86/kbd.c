/*
 * The keyboard behind the 8042 controller: scan code set 1, US layout, as the controller
 * translates it. IBM PS/2 technical reference, keyboard controller.
 */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/console.h"
#include "kernel/defs.h"

enum {
    DATA = 0x60,
    STATUS = 0x64,
    COMMAND = 0x64,
    STATUS_FULL = 0x01, /* there is something to read */
    STATUS_BUSY = 0x02, /* the controller has not taken the last write */
    WRITE_MODE = 0x60,
    ENABLE_KEYBOARD = 0xae,
    MODE_INTERRUPT = 0x01,
    MODE_SYSTEM = 0x04,
    MODE_NO_MOUSE = 0x20,
    MODE_TRANSLATE = 0x40,
    PATIENCE = 10000,

    RELEASED = 0x80,
    PREFIX = 0xe0, /* the next code is of a key that the first PC did not have */
    LEFT_SHIFT = 0x2a,
    RIGHT_SHIFT = 0x36,
    CONTROL = 0x1d,
    CAPS_LOCK = 0x3a,
};

static const char plain[0x3a] =
    "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[0x3a] =
    "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool prefix, shift, control, caps;

/* Keys after PREFIX. */
static int special(uint8_t code)
{
    switch (code) {
    case 0x1c: return '\n';
    case 0x35: return '/';
    case 0x47: return KEY_HOME;
    case 0x48: return KEY_UP;
    case 0x4b: return KEY_LEFT;
    case 0x4d: return KEY_RIGHT;
    case 0x4f: return KEY_END;
    case 0x50: return KEY_DOWN;
    case 0x53: return KEY_DELETE;
    default: return 0;
    }
}

static int character(uint8_t code)
{
    int c;

    if (code >= sizeof plain)
        return 0;
    c = shift ? shifted[code] : plain[code];
    if (caps && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
        c ^= 'a' ^ 'A';
    return control && c >= '@' ? c & 0x1f : c;
}

static void key(uint8_t code)
{
    bool pressed = !(code & RELEASED);
    bool was_prefix = prefix;
    int c;

    prefix = code == PREFIX;
    if (prefix)
        return;
    code &= (uint8_t)~RELEASED;
    if (code == CONTROL)
        control = pressed;
    else if (!was_prefix && (code == LEFT_SHIFT || code == RIGHT_SHIFT))
        shift = pressed;
    else if (!was_prefix && code == CAPS_LOCK)
        caps ^= pressed;
    else if (pressed && (c = was_prefix ? special(code) : character(code)) != 0)
        console_input(c);
}

void kbd_interrupt(void)
{
    while (inb(STATUS) & STATUS_FULL)
        key(inb(DATA));
}

/* Give the controller a command or a command's data, when it is ready to take it. */
static void controller_write(uint16_t port, uint8_t value)
{
    for (int i = 0; i < PATIENCE && inb(STATUS) & STATUS_BUSY; i++)
        ;
    outb(port, value);
}

void kbd_init(void)
{
    if (inb(STATUS) == 0xff)
        return;
    controller_write(COMMAND, ENABLE_KEYBOARD);
    controller_write(COMMAND, WRITE_MODE);
    controller_write(DATA, MODE_INTERRUPT | MODE_SYSTEM | MODE_NO_MOUSE | MODE_TRANSLATE);
    while (inb(STATUS) & STATUS_FULL)
        inb(DATA);
    pic_enable(IRQ_KBD);
}
