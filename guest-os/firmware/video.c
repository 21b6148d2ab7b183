/* INT 10h: the 80x25 colour text screen at B800:0000, with the cursor in the CRT controller. */
#include "guest-os/firmware/bios.h"

#define SCREEN            0xB800
#define CRTC              0x3D4
#define COLUMNS           80
#define ROWS              25
#define PAGE_BYTES        4096
#define PAGES             8
#define WHITE             0x07
#define BLANKS(attribute) (((attribute) << 8 | ' ') * 0x10001u)
#define TEXT_MODE         3

static void crtc_write(u8 index, u8 value)
{
    outw(CRTC, index | value << 8);
}

static u16 page_offset(u8 page)
{
    return (page & 7) * PAGE_BYTES;
}

static u16 cell_offset(u8 page, u8 row, u8 column)
{
    return page_offset(page) + (row * COLUMNS + column) * 2;
}

/* VGA CRTC 0Eh/0Fh: cursor location as a cell number from the start of the memory. */
static void cursor_show(void)
{
    u8 page = BDA->video_page;
    u16 at = BDA->cursor[page];
    u16 cell = cell_offset(page, at >> 8, (u8)at) / 2;
    crtc_write(0x0E, cell >> 8);
    crtc_write(0x0F, (u8)cell);
}

static void cursor_set(u8 page, u8 row, u8 column)
{
    BDA->cursor[page & 7] = row << 8 | column;
    if ((page & 7) == BDA->video_page)
        cursor_show();
}

static void cursor_set_shape(u16 shape)
{
    BDA->cursor_shape = shape;
    crtc_write(0x0A, shape >> 8);
    crtc_write(0x0B, (u8)shape);
}

/* Text mode 3. The sequencer and graphics registers make B8000 character/attribute memory on a full
 * VGA (IBM VGA reference: odd/even planes 0 and 1); a text-only adapter ignores them. */
void video_set_mode(void)
{
    outb(0x3C2, 0x67); /* the CRT controller at 3D4 */
    outw(0x3C4, 0x0302);
    outw(0x3C4, 0x0204);
    outw(0x3CE, 0x1005);
    outw(0x3CE, 0x0E06);
    BDA->video_mode = TEXT_MODE;
    BDA->video_columns = COLUMNS;
    BDA->video_page_size = PAGE_BYTES;
    BDA->video_page_start = 0;
    BDA->video_page = 0;
    BDA->crtc_port = CRTC;
    BDA->video_mode_register = 0x29;
    BDA->video_last_row = ROWS - 1;
    BDA->character_height = 16;
    for (unsigned page = 0; page < PAGES; page++)
        BDA->cursor[page] = 0;
    far_fill32(SCREEN, 0, BLANKS(WHITE), PAGES * PAGE_BYTES / 4);
    crtc_write(0x0C, 0);
    crtc_write(0x0D, 0);
    cursor_set_shape(0x0D0E);
    cursor_show();
}

/* Copies `cells` cells within the screen, upwards or downwards as the ranges need it. */
static void cells_move(u16 to, u16 from, u16 cells)
{
    u32 di = to, si = from, cx = cells;
    u16 segment = SCREEN;
    if (to > from) {
        di += cells * 2 - 2;
        si += cells * 2 - 2;
    }
    __asm__ volatile("cmpw %w1, %w0; jbe 1f; std; 1:"
                     "movw %3, %%es; movw %3, %%ds; rep movsw; cld;"
                     "movw %%ss, %3; movw %3, %%ds; movw %3, %%es"
                     : "+D"(di), "+S"(si), "+c"(cx), "+a"(segment)
                     :
                     : "memory", "cc");
}

static void cells_blank(u16 at, u8 attribute, u16 cells)
{
    for (; cells; cells--, at += 2)
        far_write16(SCREEN, at, attribute << 8 | ' ');
}

struct window {
    u8 top, left, bottom, right;
};

/* Scrolls by `lines` (0 = clears the window); new lines get blanks of `attribute`. */
static void window_scroll(struct window w, u8 lines, u8 attribute, bool up)
{
    if (w.bottom >= ROWS)
        w.bottom = ROWS - 1;
    if (w.right >= COLUMNS)
        w.right = COLUMNS - 1;
    if (w.top > w.bottom || w.left > w.right)
        return;
    u8 height = w.bottom - w.top + 1, width = w.right - w.left + 1, page = BDA->video_page;
    if (lines == 0 || lines > height)
        lines = height;
    for (u8 i = 0; i < height; i++) {
        u8 row = up ? w.top + i : w.bottom - i;
        u16 to = cell_offset(page, row, w.left);
        if (i < height - lines)
            cells_move(to, cell_offset(page, up ? row + lines : row - lines, w.left), width);
        else
            cells_blank(to, attribute, width);
    }
}

/* Whether the terminal on COM1 shows this page. */
static bool mirrored(u8 page)
{
    return BDA->own.serial_console && page == BDA->video_page;
}

void video_show_cursor(void)
{
    u16 at = BDA->cursor[BDA->video_page];
    if (mirrored(BDA->video_page))
        console_move(at >> 8, (u8)at);
}

static void cell_write(u8 page, u8 row, u8 column, u8 character, int attribute)
{
    u16 cell = cell_offset(page, row, column);
    far_write8(SCREEN, cell, character);
    if (attribute >= 0)
        far_write8(SCREEN, cell + 1, attribute);
    if (mirrored(page))
        console_put(row, column, character, far_read8(SCREEN, cell + 1));
}

/* The page moves up by a line whose attribute is that of the last one. */
static void page_scroll(u8 page)
{
    u8 shown = BDA->video_page, last = far_read8(SCREEN, cell_offset(page, ROWS - 1, 0) + 1);
    if (mirrored(page))
        console_scroll(1);
    BDA->video_page = page;
    window_scroll((struct window){0, 0, ROWS - 1, COLUMNS - 1}, 1, last, true);
    BDA->video_page = shown;
}

/* Bell, backspace, return and line feed act; the rest is shown. Attribute -1 keeps the cell's. */
static void teletype(u8 page, u8 character, int attribute)
{
    u16 at = BDA->cursor[page];
    u8 row = at >> 8, column = (u8)at;
    switch (character) {
    case '\a':
        if (mirrored(page))
            serial_write('\a');
        return;
    case '\b':
        if (column)
            column--;
        break;
    case '\r':
        column = 0;
        if (mirrored(page))
            console_return();
        break;
    case '\n': row++; break;
    default: cell_write(page, row, column++, character, attribute);
    }
    if (column >= COLUMNS) {
        column = 0;
        row++;
    }
    if (row >= ROWS) {
        page_scroll(page);
        row = ROWS - 1;
    }
    cursor_set(page, row, column);
    if (character < ' ')
        video_show_cursor();
}

void video_put(u8 character)
{
    teletype(BDA->video_page, character, -1);
}

void video_print(rom_string text)
{
    while (*text)
        video_put(*text++);
}

void video_print_hex(u32 value, unsigned digits)
{
    while (digits--) {
        u8 digit = value >> (digits * 4) & 15;
        video_put(digit < 10 ? '0' + digit : 'A' - 10 + digit);
    }
}

/* AH=09h/0Ah: AL character, BL attribute (09h), CX count, at the cursor, which stays. */
static void write_cells(struct frame *f, bool with_attribute)
{
    u8 page = f->bx.h & 7;
    u16 at = BDA->cursor[page];
    u16 first = cell_offset(page, at >> 8, (u8)at), cell = first;
    u16 end = cell_offset(page, ROWS, 0);
    for (u16 left = f->cx.x; left && cell < end; left--, cell += 2) {
        far_write8(SCREEN, cell, f->ax.l);
        if (with_attribute)
            far_write8(SCREEN, cell + 1, f->bx.l);
    }
    if (mirrored(page))
        console_fill(at >> 8, (u8)at, f->ax.l, far_read8(SCREEN, first + 1), f->cx.x);
}

/* AH=13h: AL bit 0 moves the cursor, bit 1 attributes in the string; BH page, BL attribute, CX
 * length, DH/DL row and column, ES:BP string. */
static void write_string(struct frame *f)
{
    u8 page = f->bx.h & 7;
    u16 before = BDA->cursor[page], at = f->bp.x;
    cursor_set(page, f->dx.h, f->dx.l);
    for (u16 left = f->cx.x; left; left--) {
        u8 character = far_read8(f->es, at++);
        u8 attribute = f->ax.l & 2 ? far_read8(f->es, at++) : f->bx.l;
        teletype(page, character, attribute);
    }
    if (!(f->ax.l & 1))
        cursor_set(page, before >> 8, (u8)before);
}

/* AH=06h/07h: AL lines (0 = clear), BH attribute, CH/CL top left, DH/DL bottom right. A terminal
 * follows only when it is the whole screen. */
static void scroll(struct frame *f)
{
    struct window w = {f->cx.h, f->cx.l, f->dx.h, f->dx.l};
    bool up = f->ax.h == 0x06;
    window_scroll(w, f->ax.l, f->bx.h, up);
    bool whole = !w.top && !w.left && w.bottom >= ROWS - 1 && w.right >= COLUMNS - 1;
    if (!whole || !mirrored(BDA->video_page))
        return;
    if (f->ax.l == 0 || f->ax.l >= ROWS)
        console_clear(f->bx.h);
    else if (up)
        console_scroll(f->ax.l);
}

static void set_page(u8 page)
{
    BDA->video_page = page & 7;
    BDA->video_page_start = page_offset(page);
    crtc_write(0x0C, page_offset(page) / 2 >> 8);
    crtc_write(0x0D, (u8)(page_offset(page) / 2));
    cursor_show();
}

void int10_video(struct frame *f)
{
    switch (f->ax.h) {
    case 0x00: /* set mode AL; every mode is the one text mode this screen has */
        video_set_mode();
        if (BDA->own.serial_console)
            console_clear(WHITE);
        f->ax.l = 0x30;
        break;
    case 0x01: /* cursor shape CH-CL */ cursor_set_shape(f->cx.x); break;
    case 0x02: /* BH page, DH row, DL column */ cursor_set(f->bx.h, f->dx.h, f->dx.l); break;
    case 0x03: /* BH page -> DX position, CX shape */
        f->dx.x = BDA->cursor[f->bx.h & 7];
        f->cx.x = BDA->cursor_shape;
        break;
    case 0x05: /* show page AL */ set_page(f->ax.l); break;
    case 0x06:
    case 0x07: scroll(f); break;
    case 0x08: { /* BH page -> AL character, AH attribute at the cursor */
        u16 at = BDA->cursor[f->bx.h & 7];
        f->ax.x = far_read16(SCREEN, cell_offset(f->bx.h, at >> 8, (u8)at));
        break;
    }
    case 0x09: write_cells(f, true); break;
    case 0x0A: write_cells(f, false); break;
    case 0x0E: /* teletype AL */ video_put(f->ax.l); break;
    case 0x0F: /* -> AL mode, AH columns, BH page */
        f->ax.l = BDA->video_mode;
        f->ax.h = BDA->video_columns;
        f->bx.h = BDA->video_page;
        break;
    case 0x13: write_string(f); break;
    case 0x1A: /* AL=00h -> AL=1Ah, BL=08h: a VGA with a colour screen */
        if (f->ax.l == 0) {
            f->ax.l = 0x1A;
            f->bx.x = 0x0008;
        }
        break;
    default: break;
    }
}
