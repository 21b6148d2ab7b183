/* Unit tests of devices/vga_text: registers that remember, the picture, the retrace. */
#include "device_rig.h"

#include "devices/vga_text.h"

struct vga_rig {
    struct rig rig; /* first */
    struct vga_text vga;
};

enum { HZ = 33000000 };

static struct rig *make(void)
{
    struct vga_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    ck_assert(vga_text_init(&r->vga, &r->rig.clock, HZ));
    vga_text_map(&r->vga, &r->rig.memory, &r->rig.ports);
    vga_text_add_state(&r->vga, &r->rig.map);
    return &r->rig;
}

static void free_rig(struct rig *rig)
{
    vga_text_free(&((struct vga_rig *)rig)->vga);
    free(rig);
}

static void poke(struct rig *rig, unsigned cell, uint8_t character, uint8_t attribute)
{
    bus_write(&rig->memory, 0, VGA_TEXT_BASE + 2 * cell, 2, (uint32_t)(attribute << 8 | character));
}

static void crtc(struct rig *rig, uint8_t index, uint8_t value)
{
    rig_out(rig, 0x3d4, index);
    rig_out(rig, 0x3d5, value);
}

static void crtc_word(struct rig *rig, uint8_t high, uint16_t value)
{
    crtc(rig, high, (uint8_t)(value >> 8));
    crtc(rig, high + 1, (uint8_t)value);
}

START_TEST(registers_read_back)
{
    struct rig *rig = make();
    static const struct {
        uint16_t index;
        uint8_t count;
    } groups[] = {{0x3d4, 25}, {0x3c4, 5}, {0x3ce, 9}};
    for (unsigned g = 0; g < 3; g++) {
        for (uint8_t i = 0; i < groups[g].count; i++)
            bus_write(&rig->ports, 0, groups[g].index, 2, (uint32_t)((i * 37 + g) << 8 | i));
        for (uint8_t i = 0; i < groups[g].count; i++) {
            rig_out(rig, groups[g].index, i);
            ck_assert_uint_eq(rig_in(rig, groups[g].index), i);
            ck_assert_uint_eq(rig_in(rig, groups[g].index + 1), (uint8_t)(i * 37 + g));
        }
    }
    rig_out(rig, 0x3c2, 0x63);
    ck_assert_uint_eq(rig_in(rig, 0x3cc), 0x63);
    free_rig(rig);
}
END_TEST

START_TEST(attribute_flip_flop)
{
    struct rig *rig = make();
    rig_in(rig, 0x3da);
    rig_out(rig, 0x3c0, 0x11);
    rig_out(rig, 0x3c0, 0x2a);
    rig_out(rig, 0x3c0, 0x12); /* an index again */
    rig_in(rig, 0x3da);        /* and again */
    rig_out(rig, 0x3c0, 0x31);
    ck_assert_uint_eq(rig_in(rig, 0x3c0), 0x31);
    ck_assert_uint_eq(rig_in(rig, 0x3c1), 0x2a);
    free_rig(rig);
}
END_TEST

START_TEST(palette_counts_itself_on)
{
    struct rig *rig = make();
    rig_out(rig, 0x3c8, 255);
    for (unsigned i = 0; i < 6; i++)
        rig_out(rig, 0x3c9, (uint8_t)(0xc0 + i)); /* six bits each */
    rig_out(rig, 0x3c7, 255);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(rig_in(rig, 0x3c9), i);
    rig_out(rig, 0x3c7, 7); /* light grey, as every BIOS sets it */
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(rig_in(rig, 0x3c9), 0x2a);
    free_rig(rig);
}
END_TEST

START_TEST(the_picture_follows_memory_and_start)
{
    struct rig *rig = make();
    struct vga_rig *r = (struct vga_rig *)rig;
    struct vga_text_picture picture;
    char text[VGA_TEXT_ROW_BYTES];
    static const char hello[] = "Hello  \x81 \xdb";
    for (unsigned i = 0; i < strlen(hello); i++)
        poke(rig, 80 * 3 + i, (uint8_t)hello[i], 0x1f);
    crtc_word(rig, 0x0e, 80 * 3 + 5);
    vga_text_picture(&r->vga, &picture);
    ck_assert_uint_eq(vga_text_row(&picture, 3, text), strlen(text));
    ck_assert_str_eq(text, "Hello  \xc3\xbc \xe2\x96\x88");
    ck_assert_uint_eq(picture.attribute[3][0], 0x1f);
    ck_assert_uint_eq(vga_text_row(&picture, 4, text), 0);
    ck_assert(picture.cursor_shown);
    ck_assert_uint_eq(picture.cursor_row, 3);
    ck_assert_uint_eq(picture.cursor_column, 5);

    crtc_word(rig, 0x0c, 80 * 2); /* scrolled by two rows */
    vga_text_picture(&r->vga, &picture);
    vga_text_row(&picture, 1, text);
    ck_assert_str_eq(text, "Hello  \xc3\xbc \xe2\x96\x88");
    ck_assert_uint_eq(picture.cursor_row, 1);
    crtc(rig, 0x0a, 0x20); /* the cursor off */
    vga_text_picture(&r->vga, &picture);
    ck_assert(!picture.cursor_shown);
    free_rig(rig);
}
END_TEST

START_TEST(full_rows_fit)
{
    struct rig *rig = make();
    struct vga_text_picture picture;
    char text[VGA_TEXT_ROW_BYTES];
    for (unsigned i = 0; i < 80; i++)
        poke(rig, i, 0xdb, 7);
    vga_text_picture(&((struct vga_rig *)rig)->vga, &picture);
    ck_assert_uint_eq(vga_text_row(&picture, 0, text), 240);
    free_rig(rig);
}
END_TEST

START_TEST(retrace_comes_seventy_times_a_second)
{
    struct rig *rig = make();
    unsigned retraces = 0, blank = 0;
    bool before = false;
    for (unsigned i = 0; i < 100000; i++) {
        rig_pass(rig, HZ / 100000);
        uint8_t status = rig_in(rig, 0x3da);
        retraces += (status & 8) && !before;
        before = (status & 8) != 0;
        blank += status & 1;
        ck_assert(!(status & 8) || (status & 1));
    }
    ck_assert_uint_eq(retraces, 70);
    /* 1 - (400 / 449) * (720 / 900) of the time nothing is drawn */
    ck_assert_uint_ge(blank, 28000);
    ck_assert_uint_le(blank, 29500);
    free_rig(rig);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct vga_text_picture picture;
    char text[VGA_TEXT_ROW_BYTES];
    poke(rig, random % 16384, random >> 16 & 0xff, random >> 24);
    vga_text_picture(&((struct vga_rig *)rig)->vga, &picture);
    for (unsigned row = 0; row < VGA_TEXT_ROWS; row++)
        ck_assert_uint_lt(vga_text_row(&picture, row, text), VGA_TEXT_ROW_BYTES);
    ck_assert_uint_lt(picture.cursor_row, VGA_TEXT_ROWS);
    ck_assert_uint_lt(picture.cursor_column, VGA_TEXT_COLUMNS);
}

static const uint16_t ports[] = {0x3c0, 0x3d0, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = ports,
    .span = 16,
    .longest = HZ,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 5, 2000);
    rig_corrupt(&subject, 13);
}
END_TEST

RIG_MAIN("vga_text", registers_read_back, attribute_flip_flop, palette_counts_itself_on,
         the_picture_follows_memory_and_start, full_rows_fit, retrace_comes_seventy_times_a_second,
         survives_bashing_and_moves)
