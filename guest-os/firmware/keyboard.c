/* INT 09h and INT 16h: set 1 scan codes become keys in the buffer at 40:1E, for programs. */
#include "guest-os/firmware/bios.h"

/* 40:17. Bits 0-3 are held keys, 4-6 toggles. */
#define RIGHT_SHIFT 0x01
#define LEFT_SHIFT  0x02
#define CTRL        0x04
#define ALT         0x08
#define NUM_LOCK    0x20
#define CAPS_LOCK   0x40
/* 40:96 */
#define PREFIX_E1    0x01
#define PREFIX_E0    0x02
#define KEYBOARD_101 0x10

#define RELEASED    0x80
#define LAST_TYPED  0x39
#define SCAN_F1     0x3B
#define SCAN_F10    0x44
#define SCAN_HOME   0x47
#define SCAN_DELETE 0x53
#define SCAN_F11    0x57
#define SCAN_F12    0x58

/* US keyboard: what scan codes 00-39 type, 0 = nothing. */
static ROM char plain_keys[LAST_TYPED + 1] =
    "\0\0331234567890-=\b\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static ROM char shifted_keys[LAST_TYPED + 1] =
    "\0\033!@#$%^&*()_+\b\0QWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
/* The keypad with Num Lock, 47-53. */
static ROM char keypad_keys[] = "789-456+1230.";

static u16 ring_next(u16 at)
{
    at += 2;
    return at >= BDA->keyboard_end ? BDA->keyboard_start : at;
}

static bool buffer_put(u16 key)
{
    u16 at = BDA->keyboard_tail, next = ring_next(at);
    if (next == BDA->keyboard_head)
        return false;
    far_write16(BDA_ADDRESS >> 4, at, key);
    BDA->keyboard_tail = next;
    return true;
}

static bool buffer_peek(u16 *key)
{
    if (BDA->keyboard_head == BDA->keyboard_tail)
        return false;
    *key = far_read16(BDA_ADDRESS >> 4, BDA->keyboard_head);
    return true;
}

/* Empties the controller, then turns on its translation to set 1 and IRQ1 (8042 command byte bits 6
 * and 0) and the keyboard's clock. */
void keyboard_init(void)
{
    BDA->keyboard_head = BDA->keyboard_tail = KEYBOARD_BUFFER;
    BDA->keyboard_start = KEYBOARD_BUFFER;
    BDA->keyboard_end = KEYBOARD_BUFFER + sizeof BDA->keyboard_buffer;
    BDA->extended_keys = KEYBOARD_101;
    u8 status = inb(KBC_COMMAND);
    if (status == 0xFF)
        return;
    for (u32 tries = 16; tries && (status & 1); tries--) {
        inb(KBC_DATA);
        status = inb(KBC_COMMAND);
    }
    outb(KBC_COMMAND, 0x60);
    outb(KBC_DATA, 0x45); /* translate, system flag, IRQ1 */
    outb(KBC_COMMAND, 0xAE);
}

static u8 ctrl_code(u8 plain)
{
    if (plain >= 'a' && plain <= 'z')
        return plain & 0x1F;
    switch (plain) {
    case '[':
    case ']':
    case '\\': return plain & 0x1F;
    case '6': return 0x1E;
    case '-': return 0x1F;
    case '\b': return 0x7F;
    case '\r': return '\n';
    case '\033': return '\033';
    case ' ': return ' ';
    default: return 0;
    }
}

static u16 typed_key(u8 scan, u8 flags)
{
    u8 plain = plain_keys[scan];
    bool shift = flags & (LEFT_SHIFT | RIGHT_SHIFT);
    if (flags & ALT)
        return plain ? (scan >= 0x02 && scan <= 0x0D ? scan + 0x76 : scan) << 8 : 0;
    if (flags & CTRL) {
        u8 code = ctrl_code(plain);
        if (code)
            return scan << 8 | code;
        return plain == '2' ? 0x0300 : 0; /* Ctrl-@ */
    }
    if (scan == 0x0F && shift)
        return 0x0F00; /* back tab */
    if ((flags & CAPS_LOCK) && plain >= 'a' && plain <= 'z')
        shift = !shift;
    u8 code = shift ? shifted_keys[scan] : plain_keys[scan];
    return code ? scan << 8 | code : 0;
}

/* F1 and F11 alone, with Shift, Ctrl and Alt, as on the AT's and the 101-key keyboard. */
static u16 function_key(u8 scan, u8 flags)
{
    static ROM u8 f1[] = {0x3B, 0x54, 0x5E, 0x68}, f11[] = {0x85, 0x87, 0x89, 0x8B};
    unsigned held = flags & ALT ? 3 : flags & CTRL ? 2 : flags & (LEFT_SHIFT | RIGHT_SHIFT) ? 1 : 0;
    u8 code = scan >= SCAN_F11 ? f11[held] + scan - SCAN_F11 : f1[held] + scan - SCAN_F1;
    return code << 8;
}

static u16 keypad_key(u8 scan, u8 flags, bool extended)
{
    static ROM u8 with_ctrl[] = {0x77, 0x8D, 0x84, 0x8E, 0x73, 0x8F, 0x74,
                                 0x90, 0x75, 0x91, 0x76, 0x92, 0x93};
    u8 i = scan - SCAN_HOME, digit = keypad_keys[i];
    u8 low = extended ? 0xE0 : 0;
    if (flags & ALT)
        return extended ? (scan + 0x50) << 8 : 0;
    if (flags & CTRL)
        return with_ctrl[i] << 8 | low;
    bool numbers = !(flags & NUM_LOCK) != !(flags & (LEFT_SHIFT | RIGHT_SHIFT));
    if (!extended && (numbers || digit == '-' || digit == '+'))
        return scan << 8 | digit;
    return scan << 8 | low;
}

static u16 key_of(u8 scan, u8 flags, bool extended)
{
    if (extended && scan == 0x1C)
        return 0xE00D;
    if (extended && scan == 0x35)
        return 0xE02F;
    if (scan <= LAST_TYPED)
        return extended ? 0 : typed_key(scan, flags);
    if ((scan >= SCAN_F1 && scan <= SCAN_F10) || scan == SCAN_F11 || scan == SCAN_F12)
        return function_key(scan, flags);
    if (scan >= SCAN_HOME && scan <= SCAN_DELETE)
        return keypad_key(scan, flags, extended);
    return 0;
}

static u8 held_flag(u8 scan)
{
    switch (scan) {
    case 0x2A: return LEFT_SHIFT;
    case 0x36: return RIGHT_SHIFT;
    case 0x1D: return CTRL;
    case 0x38: return ALT;
    default: return 0;
    }
}

static u8 toggle_flag(u8 scan)
{
    switch (scan) {
    case 0x3A: return CAPS_LOCK;
    case 0x45: return NUM_LOCK;
    default: return 0;
    }
}

static void scan_code(u8 byte)
{
    u8 prefix = BDA->extended_keys & (PREFIX_E0 | PREFIX_E1), scan = byte & ~RELEASED;
    if (byte == 0xE0 || byte == 0xE1) {
        BDA->extended_keys |= byte == 0xE0 ? PREFIX_E0 : PREFIX_E1;
        return;
    }
    if (prefix & PREFIX_E1) { /* Pause: E1 1D 45 E1 9D C5 */
        if (scan == 0x45)
            BDA->extended_keys &= ~PREFIX_E1;
        return;
    }
    BDA->extended_keys &= ~PREFIX_E0;
    bool extended = prefix & PREFIX_E0;
    u8 held = held_flag(scan), toggle = extended ? 0 : toggle_flag(scan);
    if (held && extended && (held & (LEFT_SHIFT | RIGHT_SHIFT)))
        return; /* E0 2A and E0 36 are padding around the grey keys */
    if (byte & RELEASED) {
        BDA->shift_flags &= ~held;
        BDA->shift_keys &= ~toggle;
        return;
    }
    BDA->shift_flags |= held;
    if (toggle && !(BDA->shift_keys & toggle)) {
        BDA->shift_flags ^= toggle;
        BDA->shift_keys |= toggle;
    }
    if (held || toggle)
        return;
    u8 flags = BDA->shift_flags;
    if (scan == SCAN_DELETE && (flags & (CTRL | ALT)) == (CTRL | ALT)) {
        BDA->reset_flag = 0x1234;
        power_on();
    }
    u16 key = key_of(scan, flags, extended);
    if (key)
        buffer_put(key);
}

void int09_keyboard(struct frame *f)
{
    (void)f;
    if (inb(KBC_COMMAND) & 1)
        scan_code(inb(KBC_DATA));
    outb(PIC1_COMMAND, PIC_EOI);
}

/* A byte from a terminal, with the scan code of the key that would have typed it. */
static u16 key_of_character(u8 c)
{
    if (c == '\n')
        c = '\r';
    if (c == 0x7F)
        c = '\b';
    for (u8 scan = 1; scan <= LAST_TYPED; scan++)
        if (plain_keys[scan] == c || shifted_keys[scan] == c)
            return scan << 8 | c;
    for (u8 scan = 1; scan <= LAST_TYPED && c < ' '; scan++)
        if (ctrl_code(plain_keys[scan]) == c)
            return scan << 8 | c;
    return c;
}

/* The bytes of one key follow each other at the speed of the line. */
static bool serial_read_soon(u8 *byte)
{
    for (unsigned tries = 1000; tries; tries--)
        if (serial_read(byte))
            return true;
    return false;
}

/* What follows ESC in a terminal's cursor keys (ECMA-48): "[A", or "[3~". */
static u16 key_of_escape(void)
{
    static ROM u8 letters[] = {0x48, 0x50, 0x4D, 0x4B, 0, 0x4F, 0, 0x47}; /* A to H */
    static ROM u8 numbers[] = {0x47, 0x52, 0x53, 0x4F, 0x49, 0x51};       /* 1 to 6 */
    u8 byte, tilde;
    if (!serial_read_soon(&byte))
        return 0x011B;
    if ((byte == '[' || byte == 'O') && serial_read_soon(&byte)) {
        if (byte >= 'A' && byte <= 'H')
            return letters[byte - 'A'] << 8 | 0xE0;
        if (byte >= '1' && byte <= '6' && serial_read_soon(&tilde))
            return numbers[byte - '1'] << 8 | 0xE0;
    }
    return 0;
}

/* Looks for a key without waiting; on a serial console what comes from COM1 is one. */
static bool key_ready(u16 *key)
{
    u8 byte;
    video_show_cursor();
    if (buffer_peek(key))
        return true;
    if (!BDA->own.serial_console || !serial_read(&byte))
        return false;
    u16 typed = byte == 0x1B ? key_of_escape() : key_of_character(byte);
    if (typed)
        buffer_put(typed);
    return buffer_peek(key);
}

/* The old calls do not know the keys only a 101-key keyboard has: they see their older twins. */
static u16 old_key(u16 key)
{
    if (key >> 8 == 0xE0)
        return (u8)key == '\r' ? 0x1C0D : 0x352F;
    return (u8)key == 0xE0 ? key & 0xFF00 : key;
}

void int16_keyboard(struct frame *f)
{
    u16 key = 0;
    switch (f->ax.h) {
    case 0x00: /* wait for a key -> AH scan code, AL character */
    case 0x10: {
        while (!key_ready(&key))
            wait_for_interrupt();
        BDA->keyboard_head = ring_next(BDA->keyboard_head);
        f->ax.x = f->ax.h == 0x00 ? old_key(key) : key;
        break;
    }
    case 0x01: /* -> ZF=1 no key; else AX as above, the key stays */
    case 0x11: {
        bool ready = key_ready(&key);
        frame_set_flag(f, FLAG_ZERO, !ready);
        if (ready)
            f->ax.x = f->ax.h == 0x01 ? old_key(key) : key;
        break;
    }
    case 0x02: /* -> AL 40:17 */ f->ax.l = BDA->shift_flags; break;
    case 0x12: /* -> AL 40:17, AH 40:18 */
        f->ax.l = BDA->shift_flags;
        f->ax.h = BDA->shift_keys;
        break;
    case 0x05: /* CX key into the buffer -> AL 0, or 1 when full */
        f->ax.l = !buffer_put(f->cx.x);
        break;
    default: break;
    }
}
