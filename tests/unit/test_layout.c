/* Unit tests of debugger/gui/layout: one string says where each pane is, in a window of any size.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/layout.h"

static struct layout layout;
static char why[160];

/* a to f. */
static int number(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'f' && name[1] == '\0' ? name[0] - 'a' : -1;
}

static bool reads(const char *text)
{
    why[0] = '\0';
    return layout_read(&layout, text, number, why, sizeof why);
}

static void same(struct box box, int x, int y, int w, int h)
{
    ck_assert_int_eq(box.x, x);
    ck_assert_int_eq(box.y, y);
    ck_assert_int_eq(box.w, w);
    ck_assert_int_eq(box.h, h);
}

START_TEST(shares_are_whole_cells_and_the_last_has_the_rest)
{
    ck_assert(reads(" h( 1 a , 2 v(1b,1 c) ) "));
    layout_place(&layout, (struct box){5, 7, 100, 51}, 10, 10);
    same(layout_seen(&layout, 0)->box, 5, 7, 30, 51); /* 33 pixels are three cells */
    same(layout_seen(&layout, 1)->box, 35, 7, 70, 20);
    same(layout_seen(&layout, 2)->box, 35, 27, 70, 31);
}
END_TEST

START_TEST(tabs_share_a_place_and_one_is_seen)
{
    ck_assert(reads("v(1 t(a,b,c),1 d)"));
    layout_place(&layout, (struct box){0, 0, 40, 40}, 1, 1);
    const struct layout_node *tabs = layout_seen(&layout, 0);
    ck_assert_int_eq(tabs->kind, LAYOUT_TABS);
    same(tabs->box, 0, 0, 40, 20);
    ck_assert_ptr_null(layout_seen(&layout, 1));
    ck_assert(layout_show(&layout, 1));
    ck_assert_ptr_eq(layout_seen(&layout, 1), tabs);
    ck_assert_ptr_null(layout_seen(&layout, 0));
    ck_assert(layout_show(&layout, 3)); /* which is seen anyway */
    ck_assert(!layout_show(&layout, 4));
    ck_assert_ptr_null(layout_seen(&layout, 4));
}
END_TEST

static void add_pane(void *context, const struct layout_node *node, unsigned pane)
{
    char *seen = context;
    (void)node;
    seen[strlen(seen)] = (char)('a' + pane);
}

START_TEST(each_names_what_is_seen)
{
    char seen[8] = "";
    ck_assert(reads("h(1a,1t(b,c),1v(1d,1t(e,f)))"));
    layout_show(&layout, 5);
    layout_each(&layout, add_pane, seen);
    ck_assert_uint_eq(strlen(seen), 4);
    ck_assert_str_eq(seen, "abdf");
}
END_TEST

/* Every pixel of the box is one pane's. */
static void tiles(struct box box, int cell)
{
    static unsigned char owners[64 * 64];
    layout_place(&layout, box, cell, cell);
    memset(owners, 0, sizeof owners);
    for (unsigned pane = 0; pane < 5; pane++) {
        const struct box part = layout_seen(&layout, pane)->box;
        ck_assert_int_ge(part.w, 0);
        ck_assert_int_ge(part.h, 0);
        for (int y = part.y; y < part.y + part.h; y++)
            for (int x = part.x; x < part.x + part.w; x++) {
                ck_assert(x >= 0 && y >= 0 && x < box.w && y < box.h);
                owners[y * 64 + x]++;
            }
    }
    for (int y = 0; y < box.h; y++)
        for (int x = 0; x < box.w; x++)
            ck_assert_int_eq(owners[y * 64 + x], 1);
}

START_TEST(any_window_is_filled_and_nothing_overlaps)
{
    static const int sizes[] = {0, 1, 2, 3, 7, 16, 63, 64}, cells[] = {0, 1, 3, 16, 4000};
    ck_assert(reads("h(37 v(13a,11 b),69 v(17 c,7 h(1 d,1000 e)))"));
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned j = 0; j < sizeof sizes / sizeof *sizes; j++)
            for (unsigned k = 0; k < sizeof cells / sizeof *cells; k++)
                tiles((struct box){0, 0, sizes[i], sizes[j]}, cells[k]);
}
END_TEST

START_TEST(a_huge_window_does_not_overflow)
{
    ck_assert(reads("h(1000a,1000b,1000c,1000d,1000e)"));
    layout_place(&layout, (struct box){0, 0, 2000000000, 1}, 3, 3);
    same(layout_seen(&layout, 4)->box, 1599999999, 0, 400000001, 1);
}
END_TEST

START_TEST(what_is_wrong_is_said)
{
    static const char *const wrong[] = {
        "",      "g",          "a b",       "h",       "h(",        "h()",    "h(1a",
        "h(a)",  "h(0a)",      "h(1001a)",  "h(-1a)",  "h(1a;1b)",  "h(1a,)", "h(1a))",
        "t(1a)", "t(h(1a),b)", "t(t(a),b)", "v(1 aa)", "h(1a)junk", "H(1a)",  "h(99999999999a)",
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(!reads(wrong[i]), "%s", wrong[i]);
        ck_assert_msg(strncmp(why, "the layout wants ", 17) == 0, "%s: %s", wrong[i], why);
    }
}
END_TEST

static void repeat(char *to, const char *what, unsigned times)
{
    while (times-- > 0)
        strcat(to, what);
}

START_TEST(too_much_is_refused)
{
    char text[2000] = "h(1a";
    repeat(text, ",1a", LAYOUT_PARTS - 1);
    strcat(text, ")");
    ck_assert(reads(text));
    strcpy(text, "h(1a");
    repeat(text, ",1a", LAYOUT_PARTS);
    strcat(text, ")");
    ck_assert(!reads(text));
    strcpy(text, "");
    repeat(text, "h(1", LAYOUT_DEPTH - 1);
    strcat(text, "a");
    repeat(text, ")", LAYOUT_DEPTH - 1);
    ck_assert(reads(text));
    strcpy(text, "");
    repeat(text, "h(1", LAYOUT_DEPTH);
    strcat(text, "a");
    repeat(text, ")", LAYOUT_DEPTH);
    ck_assert(!reads(text));
    strcpy(text, "h(1a");
    repeat(text, ",1t(a,b,c,d,e,f)", LAYOUT_NODES / 7 + 1);
    strcat(text, ")");
    ck_assert(!reads(text));
}
END_TEST

START_TEST(no_string_does_harm)
{
    static const char letters[] = "abhvt(),1 90g";
    uint64_t seed = 7;
    for (unsigned round = 0; round < 100000; round++) {
        char text[40];
        unsigned length = round % (sizeof text - 1);
        for (unsigned i = 0; i < length; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[i] = letters[(seed >> 33) % (sizeof letters - 1)];
        }
        text[length] = '\0';
        if (!reads(text)) {
            ck_assert_str_ne(why, "");
            continue;
        }
        layout_place(&layout, (struct box){0, 0, 30, 30}, 7, 7);
        ck_assert(layout_show(&layout, 0) || layout_show(&layout, 1));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = tcase_create("layout");
    tcase_add_test(tcase, shares_are_whole_cells_and_the_last_has_the_rest);
    tcase_add_test(tcase, tabs_share_a_place_and_one_is_seen);
    tcase_add_test(tcase, each_names_what_is_seen);
    tcase_add_test(tcase, any_window_is_filled_and_nothing_overlaps);
    tcase_add_test(tcase, a_huge_window_does_not_overflow);
    tcase_add_test(tcase, what_is_wrong_is_said);
    tcase_add_test(tcase, too_much_is_refused);
    tcase_add_test(tcase, no_string_does_harm);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
