/* Unit tests of debugger/gui/stage: whatever the scene and the size, what is drawn stays in its
 * box, comes with its beat, and is covered when quiz mode asks. The scene is made by hand. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage.h"

static struct scene scene;
static struct draw_list list;

enum {
    USER,
    LIMIT,
    HIGH,
    LOW,
    DPL,
    CODE_LOW,
    TSS_ESP,
    TSS_SS,
    SET_ESP,
    PUSH,
    SAVE,
    DISPATCH,
    HANDLER,
    RESULT,
    BACK,
    BEATS
};

static void add_beat(unsigned number, enum beat_kind kind, enum story_phase phase,
                     const char *value)
{
    struct scene_beat *beat = &scene.beat[number];
    *beat = (struct scene_beat){.kind = (uint8_t)kind, .phase = (uint8_t)phase, .ring = 3};
    beat->at = (struct timeline_position){1000 + number, 50, number};
    snprintf(beat->name, sizeof beat->name, "step %u", number);
    snprintf(beat->text, sizeof beat->text, "what step %u is for", number);
    snprintf(beat->value, sizeof beat->value, "%s", value);
}

static void add_word(unsigned number, uint32_t value, enum scene_author author, unsigned beat)
{
    struct scene_word *word = &scene.word[scene.words++];
    *word = (struct scene_word){.address = 0x80001ffcu - 4 * number,
                                .value = value,
                                .now = value,
                                .author = (uint8_t)author,
                                .size = 4,
                                .beat = (uint16_t)beat,
                                .changed_beat = SCENE_NEVER,
                                .popped_beat = SCENE_NEVER};
    snprintf(word->field, sizeof word->field, "f%u", number);
    snprintf(word->by, sizeof word->by, "%s", author == AUTHOR_CPU ? "CPU" : "save");
}

static void make_gate(void)
{
    static const uint8_t bytes[8] = {0x50, 0x9a, 0x08, 0, 0, 0xef, 0x10, 0x80};
    struct scene_x86 *x = &scene.x86;
    memcpy(x->gate_bytes, bytes, 8);
    x->gate = x86_gate_decode(bytes);
    x->idtr_base = 0x80155160;
    x->gate_limit_beat = LIMIT;
    x->gate_high_beat = HIGH;
    x->gate_low_beat = LOW;
    x->code.beat = CODE_LOW;
    snprintf(x->code.name, sizeof x->code.name, "code, ring 0, readable");
    x->stack.beat = SCENE_NEVER;
    x->esp0 = 0x80002000;
    x->esp0_beat = TSS_ESP;
    x->ss0 = 0x10;
    x->ss0_beat = TSS_SS;
    x->esp_beat = SET_ESP;
    scene.check[0] = (struct scene_check){.beat = DPL, .passed = true};
    snprintf(scene.check[0].name, sizeof scene.check[0].name, "gate.DPL >= CPL");
    snprintf(scene.check[0].words, sizeof scene.check[0].words, "gate.DPL 3 >= CPL 3");
    scene.checks = 1;
}

static void make_phases(void)
{
    static const unsigned beat[STORY_PHASES] = {USER,     LIMIT,   SAVE, DISPATCH,
                                                DISPATCH, HANDLER, BACK, BACK};
    for (unsigned i = 0; i < STORY_PHASES; i++) {
        scene.phase[i] = (struct scene_phase){
            .there = true, .beat = (uint16_t)beat[i], .spent = 7, .over = true};
        snprintf(scene.phase[i].symbol, sizeof scene.phase[i].symbol, "function%u", i);
    }
}

/* A small system call of the x86. */
static void make_scene(void)
{
    static const enum story_phase phase[BEATS] = {
        PHASE_USER, PHASE_GATE,     PHASE_GATE,    PHASE_GATE,    PHASE_GATE,
        PHASE_GATE, PHASE_GATE,     PHASE_GATE,    PHASE_GATE,    PHASE_GATE,
        PHASE_SAVE, PHASE_DISPATCH, PHASE_HANDLER, PHASE_HANDLER, PHASE_RETURN};
    char value[32];
    scene = (struct scene){.state = SCENE_STORY,
                           .is_call = true,
                           .number = 16,
                           .vector = 64,
                           .end = STORY_RETURNED,
                           .has_result = true,
                           .result = 4711};
    snprintf(scene.heading, sizeof scene.heading, "write(1) = 4711");
    snprintf(scene.result_field, sizeof scene.result_field, "eax");
    snprintf(scene.user_mode, sizeof scene.user_mode, "ring 3");
    snprintf(scene.sp_name, sizeof scene.sp_name, "ESP");
    for (unsigned i = 0; i < BEATS; i++) {
        snprintf(value, sizeof value, "value-%u", i);
        add_beat(i, i == PUSH ? BEAT_PUSH : BEAT_SET, phase[i], value);
        scene.beat[i].sp = i < SET_ESP ? 0x7fff0000u : 0x80001ff0u;
    }
    scene.beats = BEATS;
    add_word(0, 0xcafe0001, AUTHOR_CPU, PUSH);
    for (unsigned i = 1; i < 30; i++)
        add_word(i, 0xbeef0000 + i, i == 1 ? AUTHOR_STUB : AUTHOR_SAVE, SAVE);
    make_gate();
    make_phases();
    scene.dispatch = (struct scene_dispatch){.known = true, .beat = DISPATCH, .used = 1};
    scene.dispatch.entry[0].number = 16;
    snprintf(scene.dispatch.entry[0].name, sizeof scene.dispatch.entry[0].name, "sys_write");
    scene.result_beat = RESULT;
    scene.fault.beat = SCENE_NEVER;
}

static void make_mips(void)
{
    make_scene();
    scene.machine = SCENE_MIPS;
    scene.mips = (struct scene_mips){.epc = 0x400158,
                                     .status = 0x403,
                                     .pushed = 0x40c,
                                     .popped = 0x403,
                                     .epc_beat = LIMIT,
                                     .cause_beat = HIGH,
                                     .badvaddr_beat = SCENE_NEVER,
                                     .status_beat = LOW,
                                     .vector_beat = DPL,
                                     .pop_beat = BACK};
}

static void draw(unsigned beat, float shown, bool quiz, struct box box)
{
    draw_begin(&list, (struct draw_metrics){12, 24}, 1280, 720);
    stage_draw(&scene, beat, shown, quiz, &list, box);
}

static const struct box whole = {0, 0, 1280, 720};

static bool says(const char *words)
{
    for (size_t i = 0; i < list.used; i++)
        if (list.item[i].kind == DRAW_TEXT && list.item[i].shown > 0 &&
            strstr(list.strings + list.item[i].text, words) != NULL)
            return true;
    return false;
}

static void check_inside(struct box box)
{
    if (list.used == 0)
        return;
    ck_assert_uint_eq(list.clips, 0);
    ck_assert_int_eq(list.item[0].kind, DRAW_CLIP);
    ck_assert_int_eq(list.item[0].w, box.w);
    for (size_t i = 0; i < list.used; i++) {
        const struct draw_item *item = &list.item[i];
        ck_assert_msg(item->shown >= 0 && item->shown <= 1, "item %zu is shown %f", i,
                      (double)item->shown);
        if (item->kind == DRAW_BOX && box.w >= 42 * 12) /* what is narrower is clipped */
            ck_assert_msg(item->x >= box.x && item->x + item->w <= box.x + box.w + 1,
                          "%d x %d: a box from %d, %d wide", box.w, box.h, item->x, item->w);
        if (item->kind == DRAW_TEXT && item->w >= 12) /* what has no room ends in an ellipsis */
            ck_assert_int_le(draw_cells(list.strings + item->text) * 12, item->w);
    }
}

static void draw_all_sizes(void)
{
    for (int width = 1; width <= 1280; width += width < 40 ? 13 : 97)
        for (int height = 1; height <= 720; height += height < 40 ? 13 : 83)
            for (unsigned beat = 0; beat <= BEATS; beat++) {
                struct box box = {3, 5, width, height};
                draw(beat, beat % 2 == 0 ? 1 : 0.4F, beat % 3 == 0, box);
                check_inside(box);
            }
}

START_TEST(every_size_stays_in_its_box)
{
    make_scene();
    draw_all_sizes();
    make_mips();
    draw_all_sizes();
    memset(&scene, 0, sizeof scene);
    draw_all_sizes();
    scene.state = SCENE_STORY; /* nothing known at all */
    draw_all_sizes();
}
END_TEST

START_TEST(a_fact_comes_with_its_beat)
{
    static const struct {
        unsigned beat;
        const char *words;
    } facts[] = {{LIMIT, "IDTR 80155160"},
                 {LOW, "9a50"},
                 {DPL, "gate.DPL 3 >= CPL 3"},
                 {CODE_LOW, "ring 0, readable"},
                 {TSS_ESP, "80002000"},
                 {PUSH, "cafe0001"},
                 {SAVE, "beef0001"},
                 {HANDLER, "sys_write"},
                 {RESULT, "4711"}};
    make_scene();
    scene.words = 3; /* all of them fit */
    for (unsigned i = 0; i < sizeof facts / sizeof *facts; i++) {
        draw(facts[i].beat - 1, 1, false, whole);
        ck_assert_msg(!says(facts[i].words), "'%s' is there before beat %u", facts[i].words,
                      facts[i].beat);
        draw(facts[i].beat, 1, false, whole);
        ck_assert_msg(says(facts[i].words), "'%s' does not come with beat %u", facts[i].words,
                      facts[i].beat);
        draw(BEATS - 1, 1, false, whole);
        ck_assert_msg(says(facts[i].words), "'%s' is gone at the end", facts[i].words);
    }
}
END_TEST

START_TEST(quiz_covers_the_value_of_the_beat)
{
    static const struct {
        unsigned beat;
        const char *words;
    } values[] = {{LOW, "9a50"},         {HIGH, "8010"},     {DPL, "gate.DPL 3"},
                  {TSS_ESP, "80002000"}, {PUSH, "cafe0001"}, {HANDLER, "sys_write"},
                  {RESULT, "4711"}};
    make_scene();
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        draw(values[i].beat, 1, true, whole);
        ck_assert_msg(!says(values[i].words), "'%s' can be read in a quiz", values[i].words);
        ck_assert(says("?"));
    }
    for (unsigned beat = 0; beat < BEATS; beat++) {
        draw(beat, 1, true, whole);
        ck_assert_msg(!says(scene.beat[beat].value), "'%s' can be read", scene.beat[beat].value);
    }
}
END_TEST

START_TEST(authors_are_told_by_more_than_colour)
{
    bool hatched = false;
    make_scene();
    scene.words = 3; /* all of them fit */
    draw(PUSH, 1, false, whole);
    ck_assert(says("CPU"));
    draw(SAVE, 1, false, whole);
    ck_assert(says("save"));
    for (size_t i = 0; i < list.used; i++)
        hatched |= list.item[i].kind == DRAW_BOX && list.item[i].ink == INK_STUB &&
                   list.item[i].fill == FILL_HATCH;
    ck_assert(hatched);
}
END_TEST

START_TEST(a_failed_check_is_red_and_has_its_reason)
{
    bool red = false;
    make_scene();
    scene.end = STORY_REFUSED;
    scene.beats = DPL + 1;
    scene.check[0].passed = false;
    scene.fault = (struct scene_fault){.there = true, .beat = DPL, .vector = 13};
    snprintf(scene.fault.title, sizeof scene.fault.title, "#GP general protection");
    snprintf(scene.fault.reason, sizeof scene.fault.reason, "A program may use it only if");
    draw(DPL - 1, 1, false, whole);
    ck_assert(!says("#GP"));
    draw(DPL, 1, false, whole);
    ck_assert(says("✗"));
    ck_assert(says("#GP general protection"));
    ck_assert(says("A program may use it only if"));
    for (size_t i = 0; i < list.used; i++)
        red |= list.item[i].kind == DRAW_TEXT && list.item[i].ink == INK_BAD &&
               strstr(list.strings + list.item[i].text, "gate.DPL") != NULL;
    ck_assert(red);
}
END_TEST

START_TEST(the_present_beat_is_found_by_position)
{
    make_scene();
    ck_assert_uint_eq(scene_beat_at(&scene, (struct timeline_position){0, 0, 0}), 0);
    ck_assert_uint_eq(scene_beat_at(&scene, (struct timeline_position){0, 50, 4}), 4);
    ck_assert_uint_eq(scene_beat_at(&scene, (struct timeline_position){0, 51, 0}), BEATS - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stage");
    TCase *tests = tcase_create("stage");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_size_stays_in_its_box);
    tcase_add_test(tests, a_fact_comes_with_its_beat);
    tcase_add_test(tests, quiz_covers_the_value_of_the_beat);
    tcase_add_test(tests, authors_are_told_by_more_than_colour);
    tcase_add_test(tests, a_failed_check_is_red_and_has_its_reason);
    tcase_add_test(tests, the_present_beat_is_found_by_position);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
