/*
 * The screen: 80 x 25 characters in memory at B8000, each a code and an attribute byte.
 * IBM VGA technical reference: the CRT controller's cursor location registers 0E and 0F.
 */
#include "arch/x86/board.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum {
    COLUMNS = 80,
    ROWS = 25,
    CRTC_INDEX = 0x3d4,
    CRTC_DATA = 0x3d5,
    CURSOR_HIGH = 0x0e,
    CURSOR_LOW = 0x0f,
    BLANK = 0x0720, /* a space, light grey on black */
};

static uint16_t *const cells = (uint16_t *)(KERNBASE + 0xb8000);
static unsigned position;

static void show_cursor(void)
{
    outb(CRTC_INDEX, CURSOR_HIGH);
    outb(CRTC_DATA, (uint8_t)(position >> 8));
    outb(CRTC_INDEX, CURSOR_LOW);
    outb(CRTC_DATA, (uint8_t)position);
}

static void blank(unsigned from, unsigned to)
{
    while (from < to)
        cells[from++] = BLANK;
}

void vga_init(void)
{
    blank(0, ROWS * COLUMNS);
    show_cursor();
}

static void scroll(void)
{
    memmove(cells, cells + COLUMNS, (ROWS - 1) * COLUMNS * sizeof *cells);
    blank((ROWS - 1) * COLUMNS, ROWS * COLUMNS);
    position -= COLUMNS;
}

void vga_putc(int c)
{
    switch (c) {
    case '\n': position += COLUMNS - position % COLUMNS; break;
    case '\r': position -= position % COLUMNS; break;
    case '\b': position -= position > 0; break;
    case '\t': position = (position | 7) + 1; break;
    default:
        if (c >= ' ')
            cells[position++] = (uint16_t)((BLANK & 0xff00) | (c & 0xff));
        break;
    }
    if (position >= ROWS * COLUMNS)
        scroll();
    show_cursor();
}
