/* Unit tests of debugger/gui/palette and draw_svg: contrast, and hostile text that stays text. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/draw_svg.h"

/* WCAG 2.1 works these two examples: black on white is 21:1, #777777 on white 4.48:1. */
START_TEST(contrast_is_that_of_wcag)
{
    ck_assert_double_eq_tol(palette_contrast(0x000000, 0xffffff), 21.0, 0.01);
    ck_assert_double_eq_tol(palette_contrast(0xffffff, 0x777777), 4.48, 0.01);
}
END_TEST

START_TEST(text_can_be_read_on_every_ground)
{
    for (unsigned palette = 0; palette < PALETTES; palette++)
        for (unsigned ink = 1; ink < INKS; ink++)
            for (unsigned ground = 1; ground < INKS; ground++) {
                if (!palette_is_text(ink) || !palette_is_ground(ground))
                    continue;
                double contrast =
                    palette_contrast(palette_color(palette, ink), palette_color(palette, ground));
                ck_assert_msg(contrast >= 4.5, "palette %u: ink %u on %u has %.2f", palette, ink,
                              ground, contrast);
            }
}
END_TEST

/* WCAG 2.1, 1.4.11: 3:1 for what is no text. */
START_TEST(lines_can_be_seen)
{
    for (unsigned palette = 0; palette < PALETTES; palette++) {
        uint32_t paper = palette_color(palette, INK_PAPER);
        ck_assert_double_ge(palette_contrast(palette_color(palette, INK_EDGE), paper), 3.0);
        ck_assert_double_ge(palette_contrast(palette_color(palette, INK_FOCUS), paper), 3.0);
    }
}
END_TEST

static char svg[16384];

static void write_svg(const struct draw_list *list, const char *title)
{
    struct svg_words words = {title, "what it shows", "p"};
    memset(svg, 0, sizeof svg);
    FILE *to = fmemopen(svg, sizeof svg - 1, "w");
    ck_assert_ptr_nonnull(to);
    draw_svg(to, list, PALETTE_LIGHT, &words);
    ck_assert_int_eq(fclose(to), 0);
}

START_TEST(guest_text_stays_text)
{
    struct draw_list list;
    draw_init(&list);
    draw_begin(&list, (struct draw_metrics){12, 24}, 400, 100);
    draw_text(&list, 0, 0, INK_TEXT, "%s", "</text><script>alert(1)</script>&\"'\x1b[31m\xff");
    draw_hit(&list, 0, 0, 10, 10, "goto 1", "<b>&");
    write_svg(&list, "]]><script>\x01");
    ck_assert_ptr_null(strstr(svg, "<script"));
    ck_assert_ptr_null(strchr(svg, '\x1b'));
    ck_assert_ptr_null(strchr(svg, '\x01'));
    ck_assert_ptr_null(strchr(svg, '\xff'));
    ck_assert_ptr_nonnull(strstr(
        svg, ">&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\xef\xbf\xbd["));
    ck_assert_ptr_nonnull(strstr(svg, "<title>&lt;b&gt;&amp;</title>"));
    ck_assert_ptr_nonnull(strstr(svg, ">]]&gt;&lt;script&gt;\xef\xbf\xbd</title>"));
    ck_assert_ptr_null(strstr(svg, "goto 1"));
    draw_free(&list);
}
END_TEST

START_TEST(text_is_cut_to_its_width_in_characters)
{
    struct draw_list list;
    draw_init(&list);
    draw_begin(&list, (struct draw_metrics){12, 24}, 400, 100);
    draw_text(&list, 12, 24, INK_TEXT, "→→→→")->w = 30; /* two cells and a half */
    write_svg(&list, "t");
    ck_assert_ptr_nonnull(strstr(svg, "textLength=\"24\""));
    ck_assert_ptr_nonnull(strstr(svg, ">→→</text>"));
    draw_free(&list);
}
END_TEST

START_TEST(arrows_and_hatches_are_defined_once)
{
    struct draw_list list;
    draw_init(&list);
    draw_begin(&list, (struct draw_metrics){12, 24}, 400, 100);
    draw_arrow(&list, 0, 0, 50, 50, INK_CPU);
    draw_arrow(&list, 0, 0, 60, 50, INK_CPU);
    draw_box(&list, 0, 0, 20, 20, INK_STUB, INK_EDGE)->fill = FILL_HATCH;
    draw_box(&list, 0, 0, 0, -3, INK_STUB, INK_EDGE); /* nothing to see */
    write_svg(&list, "t");
    const char *first = strstr(svg, "<marker");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, "<marker"));
    ck_assert_ptr_nonnull(strstr(svg, "<pattern"));
    ck_assert_ptr_nonnull(strstr(svg, "fill=\"url(#p-hatch"));
    ck_assert_ptr_null(strstr(svg, "height=\"-"));
    draw_free(&list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("draw_svg");
    TCase *tests = tcase_create("draw_svg");
    tcase_add_test(tests, contrast_is_that_of_wcag);
    tcase_add_test(tests, text_can_be_read_on_every_ground);
    tcase_add_test(tests, lines_can_be_seen);
    tcase_add_test(tests, guest_text_stays_text);
    tcase_add_test(tests, text_is_cut_to_its_width_in_characters);
    tcase_add_test(tests, arrows_and_hatches_are_defined_once);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
