/* vga_text: the part of a VGA that shows 80x25 characters: text memory and registers that remember.
 *
 *   B8000h-BFFFFh  memory: pairs of character and attribute
 *   3C0 3C1 attribute controller   3C2 miscellaneous, status 0   3C4 3C5 sequencer   3C6-3C9
 * palette DAC 3CA 3CC feature, miscellaneous (read)   3CE 3CF graphics   3D4 3D5 CRTC   3DA status
 * 1
 *
 * Contract. Every register reads back what was written, under the same index. The cursor is CRTC
 * 0Ah, 0Bh, 0Eh, 0Fh; the first character shown is CRTC 0Ch, 0Dh. Registers after reset are those
 * of mode 3 as a video BIOS sets them; text memory keeps its bytes (zeros at power-on). Status 1:
 * bit 3 in vertical retrace, bit 0 while nothing is drawn, from guest time at 70.09 frames a
 * second; reading it resets the attribute flip-flop. The picture is a pure function of state and
 * memory.
 *
 * Known inaccuracies. No graphics modes, no fonts, no planes: memory is plain bytes in every mode.
 * CRTC protection (11h bit 7) does not keep 0-7 from being written. A bright background is never
 * blinking.
 *
 * Source: IBM Personal System/2 Hardware Interface Technical Reference, "Video subsystem". */
#ifndef DEVICES_VGA_TEXT_H
#define DEVICES_VGA_TEXT_H

#include "devices/device.h"

#define VGA_TEXT_BASE    0xb8000u
#define VGA_TEXT_SIZE    0x8000u
#define VGA_TEXT_COLUMNS 80u
#define VGA_TEXT_ROWS    25u

struct vga_text_state {
    uint8_t crtc[32], sequencer[8], graphics[16], attribute[32];
    uint8_t palette[256][3];
    uint8_t crtc_index, sequencer_index, graphics_index, attribute_index;
    uint8_t attribute_data; /* flip-flop: the next write of 3C0h is data */
    uint8_t miscellaneous, feature;
    uint8_t dac_mask, dac_read, dac_write, dac_part; /* part: 0 red, 1 green, 2 blue */
    uint8_t dac_reading;                             /* 3C7h was written last */
    uint8_t reserved[4];
};

struct vga_text {
    struct vga_text_state s;
    struct memory memory;
    struct clock *clock;
    uint32_t hz;
};

/* A screen as text: Unicode code points, what the characters of code page 437 look like. */
struct vga_text_picture {
    uint16_t character[VGA_TEXT_ROWS][VGA_TEXT_COLUMNS];
    uint8_t attribute[VGA_TEXT_ROWS][VGA_TEXT_COLUMNS];
    bool cursor_shown;
    uint8_t cursor_row, cursor_column; /* inside the picture when shown */
};

/* False when the host has no memory for it. */
bool vga_text_init(struct vga_text *vga, struct clock *clock, uint32_t hz);
void vga_text_free(struct vga_text *vga);
void vga_text_reset(struct vga_text *vga);
void vga_text_map(struct vga_text *vga, struct bus *memory, struct bus *ports);
void vga_text_add_state(struct vga_text *vga, struct state_map *map);

void vga_text_picture(const struct vga_text *vga, struct vga_text_picture *picture);

/* One row as UTF-8 with NUL, without trailing blanks. Answers its length. */
#define VGA_TEXT_ROW_BYTES (VGA_TEXT_COLUMNS * 3 + 1)
unsigned vga_text_row(const struct vga_text_picture *picture, unsigned row,
                      char text[VGA_TEXT_ROW_BYTES]);

#endif
