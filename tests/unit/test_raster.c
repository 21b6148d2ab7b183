/* Unit tests of debugger/gui/raster: which pixels a box, a line and an arrow's head have, and that
 * none of them ever touches one outside of the clip. */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/raster.h"

#define WIDTH  40
#define HEIGHT 30
#define PAPER  0x123456u
#define INK    0xfedcbau

static uint32_t pixels[HEIGHT][WIDTH];
static struct raster raster;

static void setup(void)
{
    for (unsigned i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i / WIDTH][i % WIDTH] = PAPER;
    raster = (struct raster){&pixels[0][0], WIDTH, {0, 0, WIDTH, HEIGHT}};
}

static unsigned painted(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < WIDTH * HEIGHT; i++)
        count += pixels[i / WIDTH][i % WIDTH] != PAPER;
    return count;
}

/* Exactly the pixels of the box have the colour. */
static void only_box(struct raster_box box, uint32_t color)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool inside = x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
            ck_assert_msg(pixels[y][x] == (inside ? color : PAPER), "at %d %d", x, y);
        }
}

START_TEST(what_two_boxes_share)
{
    for (int i = 0; i < 6 * 6 * 4 * 4; i++) {
        struct raster_box a = {2, 3, 5, 4}, b = {i % 6, i / 6 % 6, i / 36 % 4, i / 144};
        struct raster_box common = raster_common(a, b);
        unsigned count = 0;
        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 20; x++) {
                bool in_both = x >= 2 && x < 7 && y >= 3 && y < 7 && x >= b.x && x < b.x + b.w &&
                               y >= b.y && y < b.y + b.h;
                bool in_common = x >= common.x && x < common.x + common.w && y >= common.y &&
                                 y < common.y + common.h;
                ck_assert_int_eq(in_both, in_common);
                count += in_both;
            }
        ck_assert_int_eq(common.w * common.h, (int)count);
    }
    struct raster_box huge = {INT_MAX, INT_MAX, INT_MAX, INT_MAX}, negative = {0, 0, -5, 10};
    ck_assert_int_eq(raster_common(huge, raster.clip).w, 0);
    ck_assert_int_eq(raster_common(negative, raster.clip).w, 0);
}
END_TEST

START_TEST(a_box_is_filled_to_its_edge)
{
    raster_fill(&raster, (struct raster_box){3, 4, 5, 6}, INK, 256);
    only_box((struct raster_box){3, 4, 5, 6}, INK);
}
END_TEST

START_TEST(alpha_mixes_each_channel)
{
    raster_fill(&raster, (struct raster_box){0, 0, 5, 5}, INK, 0);
    ck_assert_uint_eq(painted(), 0);
    for (unsigned alpha = 1; alpha < 256; alpha++) {
        pixels[0][0] = PAPER;
        raster_fill(&raster, (struct raster_box){0, 0, 1, 1}, INK, alpha);
        for (unsigned shift = 0; shift < 24; shift += 8) {
            int under = PAPER >> shift & 0xff, over = INK >> shift & 0xff,
                mixed = pixels[0][0] >> shift & 0xff;
            int exact = under + (over - under) * (int)alpha / 256;
            ck_assert_msg(abs(mixed - exact) <= 1, "alpha %u, bit %u: %d, not %d", alpha, shift,
                          mixed, exact);
        }
    }
}
END_TEST

START_TEST(hatching_is_diagonal_and_stays_inside)
{
    struct raster_box box = {3, 4, 20, 15};
    raster_hatch(&raster, box, INK, 256, 5);
    unsigned inside = painted();
    ck_assert_uint_eq(inside, 20 * 15 / 5);
    for (int y = box.y; y + 1 < box.y + box.h; y++)
        for (int x = box.x + 1; x < box.x + box.w; x++)
            ck_assert_int_eq(pixels[y][x] == INK, pixels[y + 1][x - 1] == INK);
    uint32_t whole = pixels[10][11];
    raster.clip = (struct raster_box){11, 10, 1, 1}; /* part of it is the same part */
    pixels[10][11] = PAPER;
    raster_hatch(&raster, box, INK, 256, 5);
    ck_assert_uint_eq(pixels[10][11], whole);
}
END_TEST

START_TEST(coverage_is_ink_by_its_strength)
{
    static const uint8_t coverage[2][4] = {{0, 128, 255, 9}, {255, 0, 255, 9}};
    raster_coverage(&raster, 5, 6, 3, 2, &coverage[0][0], 4, INK, 256);
    ck_assert_uint_eq(pixels[6][5], PAPER);
    ck_assert_uint_eq(pixels[6][7], INK);
    ck_assert_uint_eq(pixels[7][5], INK);
    ck_assert_uint_eq(pixels[6][8], PAPER); /* beyond its width */
    ck_assert_uint_ne(pixels[6][6], PAPER);
    ck_assert_uint_ne(pixels[6][6], INK);
    ck_assert_uint_eq(painted(), 4);
    setup();
    raster_coverage(&raster, -2, -1, 3, 2, &coverage[0][0], 4, INK, 256);
    ck_assert_uint_eq(painted(), 1); /* its last pixel */
    ck_assert_uint_eq(pixels[0][0], INK);
}
END_TEST

START_TEST(level_and_upright_lines_have_both_ends)
{
    raster_line(&raster, 4, 5, 12, 5, 1, 0, INK, 256);
    only_box((struct raster_box){4, 5, 9, 1}, INK);
    setup();
    raster_line(&raster, 7, 20, 7, 10, 3, 0, INK, 256);
    only_box((struct raster_box){6, 10, 3, 11}, INK);
    setup();
    raster_line(&raster, 7, 7, 7, 7, 1, 0, INK, 256);
    only_box((struct raster_box){7, 7, 1, 1}, INK);
}
END_TEST

START_TEST(dashes_are_as_long_as_gaps)
{
    raster_line(&raster, 0, 5, 19, 5, 1, 4, INK, 256);
    for (int x = 0; x < 20; x++)
        ck_assert_int_eq(pixels[5][x] == INK, x / 4 % 2 == 0);
    ck_assert_uint_eq(painted(), 12);
}
END_TEST

/* Where the edge of a line falls between pixels, a little of the paper is seen. */
static void nearly_ink(uint32_t color)
{
    for (unsigned shift = 0; shift < 24; shift += 8)
        ck_assert_int_le(abs((int)(color >> shift & 0xff) - (int)(INK >> shift & 0xff)), 3);
}

START_TEST(slanted_lines_go_from_end_to_end)
{
    static const int ends[][4] = {{5, 5, 30, 15}, {30, 5, 5, 15}, {5, 5, 12, 28}, {12, 28, 5, 5}};
    for (unsigned i = 0; i < 4; i++) {
        const int *e = ends[i];
        setup();
        raster_line(&raster, e[0], e[1], e[2], e[3], 1, 0, INK, 256);
        nearly_ink(pixels[e[1]][e[0]]);
        nearly_ink(pixels[e[3]][e[2]]);
        bool steep = abs(e[3] - e[1]) > abs(e[2] - e[0]);
        int length = steep ? abs(e[3] - e[1]) : abs(e[2] - e[0]);
        ck_assert_uint_ge(painted(), (unsigned)length + 1);
        ck_assert_uint_le(painted(), 2 * ((unsigned)length + 1));
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                int64_t off =
                    (int64_t)(x - e[0]) * (e[3] - e[1]) - (int64_t)(y - e[1]) * (e[2] - e[0]);
                if (pixels[y][x] != PAPER)
                    ck_assert_msg(llabs(off) <= 2 * length, "%u: %d %d is off the line", i, x, y);
            }
    }
}
END_TEST

START_TEST(an_arrows_head_is_behind_its_point)
{
    raster_head(&raster, 5, 15, 25, 15, 8, INK, 256);
    ck_assert_uint_eq(pixels[15][25], INK);
    ck_assert_uint_eq(pixels[15][18], INK);
    ck_assert_uint_gt(painted(), 20);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            if (pixels[y][x] == PAPER)
                continue;
            ck_assert(x <= 25 && x >= 25 - 8);
            ck_assert_uint_ne(pixels[30 - y][x], PAPER); /* as much on each side */
        }
    setup();
    raster_head(&raster, 5, 5, 5, 5, 8, INK, 256); /* it points nowhere */
    ck_assert_uint_eq(painted(), 0);
}
END_TEST

static int any(uint64_t *seed)
{
    static const int far[] = {0,  1,    -1,    5,      39,          40,
                              41, -100, 31999, 100000, -2000000000, 2000000000};
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return far[(*seed >> 33) % (sizeof far / sizeof *far)];
}

START_TEST(nothing_is_painted_outside_the_clip)
{
    static uint8_t coverage[50 * 50];
    uint64_t seed = 99;
    memset(coverage, 200, sizeof coverage);
    for (unsigned round = 0; round < 3000; round++) {
        raster.clip =
            (struct raster_box){3 + (int)(round % 7), 5, (int)(round % 30), (int)(round % 20)};
        int a = any(&seed), b = any(&seed), c = any(&seed), d = any(&seed);
        switch (round % 5) {
        case 0: raster_fill(&raster, (struct raster_box){a, b, c, d}, INK, round % 257); break;
        case 1:
            raster_hatch(&raster, (struct raster_box){a, b, c, d}, INK, 256, 1 + round % 9);
            break;
        case 2:
            raster_line(&raster, a, b, c, d, 1 + (int)round % 4, (int)round % 3, INK, 256);
            break;
        case 3: raster_head(&raster, a, b, c, d, 12, INK, 256); break;
        default: raster_coverage(&raster, a / 4, b / 4, 50, 50, coverage, 50, INK, 256); break;
        }
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                const struct raster_box *clip = &raster.clip;
                bool inside =
                    x >= clip->x && x < clip->x + clip->w && y >= clip->y && y < clip->y + clip->h;
                if (!inside)
                    ck_assert_msg(pixels[y][x] == PAPER, "round %u paints %d %d", round, x, y);
                pixels[y][x] = PAPER;
            }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("raster");
    TCase *tcase = tcase_create("raster");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_two_boxes_share);
    tcase_add_test(tcase, a_box_is_filled_to_its_edge);
    tcase_add_test(tcase, alpha_mixes_each_channel);
    tcase_add_test(tcase, hatching_is_diagonal_and_stays_inside);
    tcase_add_test(tcase, coverage_is_ink_by_its_strength);
    tcase_add_test(tcase, level_and_upright_lines_have_both_ends);
    tcase_add_test(tcase, dashes_are_as_long_as_gaps);
    tcase_add_test(tcase, slanted_lines_go_from_end_to_end);
    tcase_add_test(tcase, an_arrows_head_is_behind_its_point);
    tcase_add_test(tcase, nothing_is_painted_outside_the_clip);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
