/* vga_text: the part of a VGA that shows 80x25 characters: text memory and registers that remember.
 */
#include "devices/vga_text.h"

#include <string.h>

enum crtc {
    CURSOR_START = 0x0a,
    CURSOR_END = 0x0b,
    START_HIGH = 0x0c,
    START_LOW = 0x0d,
    CURSOR_HIGH = 0x0e,
    CURSOR_LOW = 0x0f,
    ROW_OFFSET = 0x13,
    CURSOR_OFF = 0x20 /* in CURSOR_START */
};

/* Offsets of the ports from 3C0h. */
enum port {
    ATTRIBUTE = 0x0,
    ATTRIBUTE_READ = 0x1,
    MISCELLANEOUS = 0x2,
    SEQUENCER_INDEX = 0x4,
    SEQUENCER = 0x5,
    DAC_MASK = 0x6,
    DAC_READ_INDEX = 0x7,
    DAC_WRITE_INDEX = 0x8,
    DAC = 0x9,
    FEATURE_READ = 0xa,
    MISCELLANEOUS_READ = 0xc,
    GRAPHICS_INDEX = 0xe,
    GRAPHICS = 0xf,
    CRTC_INDEX = 0x14,
    CRTC = 0x15,
    STATUS = 0x1a
};

#define CELLS (VGA_TEXT_SIZE / 2)

/* Mode 3 with 9-dot characters: 28.322 MHz, 900 dots a line of which 720 are shown, 449 lines of
 * which 400 are shown; retrace as CRTC 10h and 11h say. */
#define DOT_HZ        28322000u
#define LINE_DOTS     900u
#define SHOWN_DOTS    720u
#define LINES         449u
#define SHOWN_LINES   400u
#define RETRACE_FIRST 412u
#define RETRACE_END   414u

static uint8_t status_1(const struct vga_text *vga)
{
    uint64_t dot = clock_convert(vga->clock->s.now, vga->hz, DOT_HZ) % (LINE_DOTS * LINES);
    unsigned line = (unsigned)(dot / LINE_DOTS), column = (unsigned)(dot % LINE_DOTS);
    bool blank = line >= SHOWN_LINES || column >= SHOWN_DOTS;
    bool retrace = line >= RETRACE_FIRST && line < RETRACE_END;
    return (uint8_t)((retrace ? 8 : 0) | (blank ? 1 : 0));
}

static uint8_t peek(const void *device, unsigned port)
{
    const struct vga_text *vga = device;
    const struct vga_text_state *s = &vga->s;
    switch (port) {
    case ATTRIBUTE: return s->attribute_index;
    case ATTRIBUTE_READ: return s->attribute[s->attribute_index & 31];
    case MISCELLANEOUS: return 0x10; /* input status 0: a monitor is there */
    case SEQUENCER_INDEX: return s->sequencer_index;
    case SEQUENCER: return s->sequencer[s->sequencer_index & 7];
    case DAC_MASK: return s->dac_mask;
    case DAC_READ_INDEX: return s->dac_reading ? 3 : 0;
    case DAC_WRITE_INDEX: return s->dac_write;
    case DAC: return s->palette[s->dac_read][s->dac_part];
    case FEATURE_READ: return s->feature;
    case MISCELLANEOUS_READ: return s->miscellaneous;
    case GRAPHICS_INDEX: return s->graphics_index;
    case GRAPHICS: return s->graphics[s->graphics_index & 15];
    case CRTC_INDEX: return s->crtc_index;
    case CRTC: return s->crtc[s->crtc_index & 31];
    case STATUS: return status_1(vga);
    default: return 0xff;
    }
}

/* Three accesses of the data port make a colour; then the next one's turn comes. */
static void next_dac_part(struct vga_text_state *s, uint8_t *index)
{
    if (++s->dac_part == 3) {
        s->dac_part = 0;
        ++*index;
    }
}

static uint8_t in(void *device, unsigned port)
{
    struct vga_text *vga = device;
    uint8_t value = peek(vga, port);
    if (port == STATUS)
        vga->s.attribute_data = 0;
    else if (port == DAC)
        next_dac_part(&vga->s, &vga->s.dac_read);
    return value;
}

static void write_attribute(struct vga_text_state *s, uint8_t value)
{
    if (s->attribute_data)
        s->attribute[s->attribute_index & 31] = value;
    else
        s->attribute_index = value & 0x3f;
    s->attribute_data ^= 1;
}

static void out(void *device, unsigned port, uint8_t value)
{
    struct vga_text *vga = device;
    struct vga_text_state *s = &vga->s;
    switch (port) {
    case ATTRIBUTE: write_attribute(s, value); break;
    case MISCELLANEOUS: s->miscellaneous = value; break;
    case SEQUENCER_INDEX: s->sequencer_index = value; break;
    case SEQUENCER: s->sequencer[s->sequencer_index & 7] = value; break;
    case DAC_MASK: s->dac_mask = value; break;
    case DAC_READ_INDEX:
        s->dac_read = value;
        s->dac_part = 0;
        s->dac_reading = 1;
        break;
    case DAC_WRITE_INDEX:
        s->dac_write = value;
        s->dac_part = 0;
        s->dac_reading = 0;
        break;
    case DAC:
        s->palette[s->dac_write][s->dac_part] = value & 63;
        next_dac_part(s, &s->dac_write);
        break;
    case GRAPHICS_INDEX: s->graphics_index = value; break;
    case GRAPHICS: s->graphics[s->graphics_index & 15] = value; break;
    case CRTC_INDEX: s->crtc_index = value; break;
    case CRTC: s->crtc[s->crtc_index & 31] = value; break;
    case STATUS: s->feature = value; break;
    default: break;
    }
}

static bool low_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    *value = device_in(device, offset, size, in);
    return true;
}

static bool low_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who;
    device_out(device, offset, size, value, out);
    return true;
}

static bool low_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    *value = device_peek(device, offset, size, peek);
    return true;
}

static bool crtc_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    return low_in(device, who, CRTC_INDEX + offset, size, value);
}

static bool crtc_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    return low_out(device, who, CRTC_INDEX + offset, size, value);
}

static bool crtc_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    return low_look(device, CRTC_INDEX + offset, size, value);
}

static bool status_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    return low_in(device, who, STATUS + offset, size, value);
}

static bool status_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    return low_out(device, who, STATUS + offset, size, value);
}

static bool status_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    return low_look(device, STATUS + offset, size, value);
}

static const struct bus_ops low_ops = {.read = low_in, .write = low_out, .peek = low_look};
static const struct bus_ops crtc_ops = {.read = crtc_in, .write = crtc_out, .peek = crtc_look};
static const struct bus_ops status_ops = {
    .read = status_in, .write = status_out, .peek = status_look};

static bool valid(const void *bytes)
{
    const struct vga_text_state *s = bytes;
    return s->attribute_index <= 0x3f && s->attribute_data <= 1 && s->dac_part <= 2 &&
           s->dac_reading <= 1;
}

bool vga_text_init(struct vga_text *vga, struct clock *clock, uint32_t hz)
{
    memset(vga, 0, sizeof *vga);
    vga->clock = clock;
    vga->hz = hz;
    vga_text_reset(vga);
    return memory_init(&vga->memory, "vga text", VGA_TEXT_SIZE);
}

void vga_text_free(struct vga_text *vga)
{
    memory_free(&vga->memory);
}

/* The values of mode 3 (Technical Reference, "Video modes", register tables). */
void vga_text_reset(struct vga_text *vga)
{
    static const uint8_t crtc[] = {0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00,
                                   0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x00, 0x00, 0x9c, 0x8e,
                                   0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff};
    static const uint8_t sequencer[] = {0x03, 0x00, 0x03, 0x00, 0x02};
    static const uint8_t graphics[] = {0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff};
    static const uint8_t attribute[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14,
                                        0x07, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d,
                                        0x3e, 0x3f, 0x0c, 0x00, 0x0f, 0x08, 0x00};
    struct vga_text_state *s = &vga->s;
    memset(s, 0, sizeof *s);
    memcpy(s->crtc, crtc, sizeof crtc);
    memcpy(s->sequencer, sequencer, sizeof sequencer);
    memcpy(s->graphics, graphics, sizeof graphics);
    memcpy(s->attribute, attribute, sizeof attribute);
    s->miscellaneous = 0x67;
    s->dac_mask = 0xff;
    s->attribute_index = 0x20; /* the palette belongs to the screen */
    /* The 64 colours of the EGA: bits 5..3 are the weak halves of red, green and blue. */
    for (unsigned i = 0; i < 64; i++)
        for (unsigned part = 0; part < 3; part++)
            s->palette[i][part] =
                (uint8_t)((i >> (2 - part) & 1) * 0x2a + (i >> (5 - part) & 1) * 0x15);
}

void vga_text_map(struct vga_text *vga, struct bus *memory, struct bus *ports)
{
    bus_add_memory(memory, "vga text", VGA_TEXT_BASE, VGA_TEXT_SIZE, &vga->memory, 0, false);
    bus_add_device(ports, "vga", 0x3c0, 16, &low_ops, vga);
    bus_add_device(ports, "vga crtc", 0x3d4, 2, &crtc_ops, vga);
    bus_add_device(ports, "vga status", 0x3da, 1, &status_ops, vga);
}

void vga_text_add_state(struct vga_text *vga, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "vga_text",
                       .version = 1,
                       .size = sizeof vga->s,
                       .bytes = &vga->s,
                       .valid = valid,
                   });
}

static unsigned word(const struct vga_text *vga, enum crtc high, enum crtc low)
{
    return (unsigned)vga->s.crtc[high] << 8 | vga->s.crtc[low];
}

static uint16_t unicode(uint8_t character)
{
    /* clang-format off */
    static const uint16_t low[32] = {
        0x0020, 0x263a, 0x263b, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022,
        0x25d8, 0x25cb, 0x25d9, 0x2642, 0x2640, 0x266a, 0x266b, 0x263c,
        0x25ba, 0x25c4, 0x2195, 0x203c, 0x00b6, 0x00a7, 0x25ac, 0x21a8,
        0x2191, 0x2193, 0x2192, 0x2190, 0x221f, 0x2194, 0x25b2, 0x25bc,
    };
    static const uint16_t high[129] = {
        0x2302,
        0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7,
        0x00ea, 0x00eb, 0x00e8, 0x00ef, 0x00ee, 0x00ec, 0x00c4, 0x00c5,
        0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
        0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192,
        0x00e1, 0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa, 0x00ba,
        0x00bf, 0x2310, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
        0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556,
        0x2555, 0x2563, 0x2551, 0x2557, 0x255d, 0x255c, 0x255b, 0x2510,
        0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f,
        0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567,
        0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256b,
        0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
        0x03b1, 0x00df, 0x0393, 0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4,
        0x03a6, 0x0398, 0x03a9, 0x03b4, 0x221e, 0x03c6, 0x03b5, 0x2229,
        0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248,
        0x00b0, 0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0,
    };
    /* clang-format on */
    if (character < 32)
        return low[character];
    return character < 127 ? character : high[character - 127];
}

void vga_text_picture(const struct vga_text *vga, struct vga_text_picture *picture)
{
    unsigned start = word(vga, START_HIGH, START_LOW), stride = vga->s.crtc[ROW_OFFSET] * 2u;
    for (unsigned row = 0; row < VGA_TEXT_ROWS; row++)
        for (unsigned column = 0; column < VGA_TEXT_COLUMNS; column++) {
            unsigned cell = (start + row * stride + column) % CELLS;
            picture->character[row][column] = unicode(vga->memory.bytes[2 * cell]);
            picture->attribute[row][column] = vga->memory.bytes[2 * cell + 1];
        }

    unsigned place = (word(vga, CURSOR_HIGH, CURSOR_LOW) - start) % CELLS;
    unsigned row = stride != 0 ? place / stride : 0, column = stride != 0 ? place % stride : place;
    uint8_t first_line = vga->s.crtc[CURSOR_START], last_line = vga->s.crtc[CURSOR_END];
    picture->cursor_shown = !(first_line & CURSOR_OFF) && (first_line & 31) <= (last_line & 31) &&
                            row < VGA_TEXT_ROWS && column < VGA_TEXT_COLUMNS;
    picture->cursor_row = picture->cursor_shown ? (uint8_t)row : 0;
    picture->cursor_column = picture->cursor_shown ? (uint8_t)column : 0;
}

static unsigned put_utf8(char *to, uint16_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    to[0] = (char)(0xe0 | c >> 12);
    to[1] = (char)(0x80 | (c >> 6 & 63));
    to[2] = (char)(0x80 | (c & 63));
    return 3;
}

unsigned vga_text_row(const struct vga_text_picture *picture, unsigned row,
                      char text[VGA_TEXT_ROW_BYTES])
{
    unsigned columns = VGA_TEXT_COLUMNS, length = 0;
    while (columns > 0 && (picture->character[row][columns - 1] == 0x20 ||
                           picture->character[row][columns - 1] == 0xa0))
        columns--;
    for (unsigned column = 0; column < columns; column++)
        length += put_utf8(text + length, picture->character[row][column]);
    text[length] = '\0';
    return length;
}
