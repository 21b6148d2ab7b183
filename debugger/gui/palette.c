/* palette: how every ink looks, on a light ground for projectors and on a dark one. */
#include "debugger/gui/palette.h"

#include <math.h>
#include <string.h>

static const char *const names[PALETTES] = {[PALETTE_LIGHT] = "light", [PALETTE_DARK] = "dark"};

static const uint32_t colors[PALETTES][INKS] = {
    [PALETTE_LIGHT] =
        {
            [INK_PAPER] = 0xffffff,
            [INK_PANEL] = 0xf5f5f2,
            [INK_EDGE] = 0x8a8a84,
            [INK_TEXT] = 0x111417,
            [INK_DIM] = 0x575752,
            [INK_TITLE] = 0x003f66,
            [INK_FOCUS] = 0xd55e00,
            [INK_USER] = 0x0067a3,
            [INK_KERNEL] = 0xa34400,
            [INK_CPU] = 0x8c3a6c,
            [INK_STUB] = 0x006b4f,
            [INK_SAVE] = 0x755200,
            [INK_CHANGED] = 0xa34400,
            [INK_GOOD] = 0x006b4f,
            [INK_BAD] = 0xb3001e,
            [INK_MARK] = 0xfff0b3,
            [INK_HIDDEN] = 0xe6e6e2,
        },
    [PALETTE_DARK] =
        {
            [INK_PAPER] = 0x111417,
            [INK_PANEL] = 0x1b2025,
            [INK_EDGE] = 0x7d858c,
            [INK_TEXT] = 0xf2f2ee,
            [INK_DIM] = 0xb4bac0,
            [INK_TITLE] = 0xf0e442,
            [INK_FOCUS] = 0xe69f00,
            [INK_USER] = 0x62bdf0,
            [INK_KERNEL] = 0xff9a4d,
            [INK_CPU] = 0xe39cc6,
            [INK_STUB] = 0x2fcb9e,
            [INK_SAVE] = 0xeab030,
            [INK_CHANGED] = 0xff9a4d,
            [INK_GOOD] = 0x2fcb9e,
            [INK_BAD] = 0xff8a80,
            [INK_MARK] = 0x3d3a14,
            [INK_HIDDEN] = 0x3a4046,
        },
};

uint32_t palette_color(enum palette palette, enum draw_ink ink)
{
    return colors[palette][ink];
}

bool palette_named(const char *name, enum palette *palette)
{
    for (unsigned i = 0; i < PALETTES; i++)
        if (strcmp(name, names[i]) == 0) {
            *palette = (enum palette)i;
            return true;
        }
    return false;
}

bool palette_is_ground(enum draw_ink ink)
{
    return ink == INK_PAPER || ink == INK_PANEL || ink == INK_MARK || ink == INK_HIDDEN;
}

bool palette_is_text(enum draw_ink ink)
{
    return ink != INK_NONE && ink != INK_EDGE && ink != INK_FOCUS && !palette_is_ground(ink);
}

/* --- contrast --------------------------------------------------------------------------------- */

static double linear(uint32_t channel)
{
    double c = (channel & 0xff) / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t color)
{
    return 0.2126 * linear(color >> 16) + 0.7152 * linear(color >> 8) + 0.0722 * linear(color);
}

double palette_contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a), y = luminance(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}
