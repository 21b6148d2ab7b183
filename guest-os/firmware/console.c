/* The terminal on COM1 as a picture of the screen, for a machine without a display.
 *
 * It follows what is written, by movements relative to where the terminal stands: plain text stays
 * plain text, and whatever was on the terminal before power-on is left alone.
 */
#include "guest-os/firmware/bios.h"

#define CELLS 2000 /* 80x25 */
#define PLAIN 0x07 /* light grey on black */

/* Unicode of the characters 00-1F and 7F-FF of the PC's character generator (code page 437). */
static ROM u16 low_glyphs[] = {
    0x0020, 0x263A, 0x263B, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022, 0x25D8, 0x25CB, 0x25D9,
    0x2642, 0x2640, 0x266A, 0x266B, 0x263C, 0x25BA, 0x25C4, 0x2195, 0x203C, 0x00B6, 0x00A7,
    0x25AC, 0x21A8, 0x2191, 0x2193, 0x2192, 0x2190, 0x221F, 0x2194, 0x25B2, 0x25BC,
};
static ROM u16 high_glyphs[] = {
    0x2302, 0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8,
    0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB,
    0x00F9, 0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3,
    0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB,
    0x00BB, 0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551,
    0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E,
    0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568, 0x2564, 0x2565,
    0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590,
    0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9,
    0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7,
    0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};

/* ECMA-48: CSI number final. */
static void control(u8 number, u8 final)
{
    serial_write(0x1B);
    serial_write('[');
    if (number >= 100)
        serial_write('0' + number / 100);
    if (number >= 10)
        serial_write('0' + number / 10 % 10);
    serial_write('0' + number % 10);
    serial_write(final);
}

void console_return(void)
{
    serial_write('\r');
    BDA->own.terminal_column = 0;
}

void console_move(u8 row, u8 column)
{
    u8 at = BDA->own.terminal_row;
    if (row > at && BDA->own.terminal_column)
        console_return();
    for (; at < row; at++)
        serial_write('\n');
    if (row < at)
        control(at - row, 'A'); /* CUU */
    BDA->own.terminal_row = row;
    if (column == BDA->own.terminal_column)
        return;
    if (column == 0)
        console_return();
    else if (column + 1 == BDA->own.terminal_column)
        serial_write('\b');
    else
        control(column + 1, 'G'); /* CHA */
    BDA->own.terminal_column = column;
}

static void write_utf8(u16 code)
{
    if (code < 0x80) {
        serial_write(code);
        return;
    }
    if (code < 0x800) {
        serial_write(0xC0 | code >> 6);
    } else {
        serial_write(0xE0 | code >> 12);
        serial_write(0x80 | (code >> 6 & 0x3F));
    }
    serial_write(0x80 | (code & 0x3F));
}

/* ECMA-48 SGR, and 90-107 for bright colours. A text attribute counts colours blue, green, red;
 * SGR counts red, green, blue. */
static u8 sgr(u8 colour, u8 base)
{
    return base + (colour & 8 ? 60 : 0) + ((colour & 1) << 2 | (colour & 2) | (colour >> 2 & 1));
}

static void colour_set(u8 attribute)
{
    u8 colour = attribute ^ PLAIN;
    if (colour == BDA->own.terminal_colour)
        return;
    BDA->own.terminal_colour = colour;
    control(0, 'm');
    if (colour) {
        control(sgr(attribute & 15, 30), 'm');
        control(sgr(attribute >> 4, 40), 'm');
    }
}

void console_put(u8 row, u8 column, u8 character, u8 attribute)
{
    console_move(row, column);
    colour_set(attribute);
    write_utf8(character < ' '     ? low_glyphs[character]
               : character >= 0x7F ? high_glyphs[character - 0x7F]
                                   : character);
    BDA->own.terminal_column++;
    BDA->own.terminal_used = 1;
}

void console_fill(u8 row, u8 column, u8 character, u8 attribute, u16 count)
{
    if (character == ' ' && row == 0 && column == 0 && count >= CELLS) {
        console_clear(attribute);
        return;
    }
    for (; count && row < 25; count--) {
        console_put(row, column, character, attribute);
        if (++column == 80) {
            column = 0;
            row++;
        }
    }
}

void console_scroll(u8 lines)
{
    console_move(24 + lines, BDA->own.terminal_column);
    BDA->own.terminal_row = 24;
}

void console_clear(u8 attribute)
{
    console_move(0, 0);
    if (BDA->own.terminal_used || attribute != PLAIN) {
        colour_set(attribute);
        control(0, 'J'); /* ED: from here to the end */
    }
    BDA->own.terminal_used = 0;
}
