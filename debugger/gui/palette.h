/* palette: how every ink looks, on a light ground for projectors and on a dark one.
 *
 * The hues are those of Okabe and Ito, which the colour-blind can tell apart, made darker or
 * lighter until every ink that text is set in has a contrast of at least 4.5:1 (WCAG 2.1, 1.4.3)
 * with every ink that text is set on. */
#ifndef DEBUGGER_GUI_PALETTE_H
#define DEBUGGER_GUI_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

#include "debugger/gui/draw.h"

enum palette { PALETTE_LIGHT, PALETTE_DARK, PALETTES };

/* 0xRRGGBB. INK_NONE is never drawn. */
uint32_t palette_color(enum palette palette, enum draw_ink ink);

/* "light" or "dark"; false = no such palette. */
bool palette_named(const char *name, enum palette *palette);

/* May text be set in this ink? On this ink? */
bool palette_is_text(enum draw_ink ink);
bool palette_is_ground(enum draw_ink ink);

/* Contrast of two colours as WCAG 2.1 defines it, 1 to 21. */
double palette_contrast(uint32_t a, uint32_t b);

#endif
