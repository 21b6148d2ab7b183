/* Unit tests of the MIPS parts of debugger/gui/stage: the pipeline with its squashed instructions,
 * the TLB's comparison, and Status, all in the room that the usual layout gives them. The scene is
 * made by hand, from answers of commands as they are printed. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage.h"

static struct scene scene;
static struct draw_list list;

enum { USER, REASON, EPC, CAUSE, STATUS, BADVADDR, VECTOR, SAVE, POP, BEATS };

/* What the window's usual layout leaves for it at 1280 x 720, pixels. */
static const struct box usual = {456, 82, 804, 404};

/* An answer of `pipeline`, with ' for ". */
static const char answer_text[] =
    "{'tick':915,'next':'80000080 j 0x80000650','instructions':["
    "{'address':4112,'text':'addiu $v1, $zero, 1','end':'retired','stages':["
    "{'stage':'IF','tick':911,'ticks':1},{'stage':'RD','tick':912,'ticks':1},"
    "{'stage':'ALU','tick':913,'ticks':1},{'stage':'MEM','tick':914,'ticks':1},"
    "{'stage':'WB','tick':915,'ticks':1}]},"
    "{'address':4116,'text':'sw $v1, ($v0)','end':'trapped','slot':false,'stages':["
    "{'stage':'IF','tick':912,'ticks':1},{'stage':'RD','tick':913,'ticks':1},"
    "{'stage':'ALU','tick':914,'ticks':1}],"
    "'exception':{'name':'TLBS','stage':'ALU','lost':3}},"
    "{'address':4120,'text':'move $v0, $zero','end':'squashed','stages':["
    "{'stage':'IF','tick':913,'ticks':1},{'stage':'RD','tick':914,'ticks':1}]},"
    "{'address':4124,'text':'move $sp, $fp','end':'squashed','stages':["
    "{'stage':'IF','tick':914,'ticks':1}]}]}";

static json_t *json(const char *text)
{
    char said[2000];
    snprintf(said, sizeof said, "%s", text);
    for (char *c = said; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *value = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(value);
    return value;
}

/* An answer of `tlb 0x30` with one entry, whose bits are these. */
static void look_up(enum translation_use use, bool page, bool asid, bool valid, bool writable,
                    struct translation *to)
{
    char text[400];
    snprintf(text, sizeof text,
             "{'address':48,'asid':4,'physical':48,'compared':[{'entry':58,'page':0,'size':4096,"
             "'asid':%d,'physical':0,'valid':%s,'writable':%s,'global':false,'has_page':%s,"
             "'has_asid':%s}]}",
             asid ? 4 : 3, valid ? "true" : "false", writable ? "true" : "false",
             page ? "true" : "false", asid ? "true" : "false");
    json_t *answer = json(text);
    translation_read(answer, use, to);
    json_decref(answer);
}

static void make_scene(void)
{
    struct scene_mips *m = &scene.mips;
    scene = (struct scene){.state = SCENE_STORY, .machine = SCENE_MIPS, .beats = BEATS};
    for (unsigned i = 0; i < BEATS; i++) {
        scene.beat[i].phase = i == USER   ? PHASE_USER
                              : i < SAVE  ? PHASE_GATE
                              : i == SAVE ? PHASE_SAVE
                                          : PHASE_RETURN;
        snprintf(scene.beat[i].name, sizeof scene.beat[i].name, "beat %u", i);
    }
    for (unsigned i = 0; i < STORY_PHASES; i++)
        scene.phase[i].beat = SCENE_NEVER;
    scene.dispatch.beat = scene.result_beat = SCENE_NEVER;
    *m = (struct scene_mips){.epc = 0x1014, .cause = 0xc, .badvaddr = 0x30, .vector = 0x80000080};
    m->status = 0x403;
    m->pushed = m->popping = 0x40c;
    m->popped = 0x403;
    m->addressed = true;
    m->epc_beat = EPC;
    m->cause_beat = CAUSE;
    m->status_beat = STATUS;
    m->badvaddr_beat = BADVADDR;
    m->vector_beat = VECTOR;
    m->pop_beat = POP;
    m->lookup_beat = REASON;
    snprintf(m->cause_words, sizeof m->cause_words, "ExcCode 3 TLBS TLB exception on store");
    scene.fault = (struct scene_fault){.there = true, .beat = REASON};
    json_t *answer = json(answer_text);
    pipe_read(answer, 4, &m->pipe);
    json_decref(answer);
    look_up(USE_STORE, true, true, false, false, &m->lookup);
}

static void draw(unsigned beat, bool quiz)
{
    draw_begin(&list, (struct draw_metrics){12, 24}, 1280, 720);
    stage_draw(&scene, beat, 1, quiz, &list, usual);
}

static const struct draw_item *find(const char *words)
{
    for (size_t i = 0; i < list.used; i++)
        if (list.item[i].kind == DRAW_TEXT && list.item[i].shown > 0 &&
            strstr(list.strings + list.item[i].text, words) != NULL)
            return &list.item[i];
    return NULL;
}

static bool says(const char *words)
{
    return find(words) != NULL;
}

static unsigned hatched(void)
{
    unsigned boxes = 0;
    for (size_t i = 0; i < list.used; i++)
        boxes += list.item[i].kind == DRAW_BOX && list.item[i].fill == FILL_HATCH;
    return boxes;
}

START_TEST(the_squash_comes_with_the_check)
{
    make_scene();
    draw(USER, false);
    ck_assert(says("sw $v1"));
    ck_assert(says("IF"));
    ck_assert(!says("ALU✗"));
    ck_assert(!says("squashed"));
    ck_assert_uint_eq(hatched(), 0);
    draw(REASON, false);
    ck_assert(says("ALU✗"));
    ck_assert_int_eq(find("ALU✗")->ink, INK_BAD);
    ck_assert(says("TLBS: 3 lost"));
    ck_assert(says("squashed"));
    ck_assert_uint_eq(hatched(), 3); /* the victim and the two behind it */
    ck_assert(!says("j 0x80000650"));
    draw(VECTOR, false);
    ck_assert(says("j 0x80000650"));
    ck_assert_uint_eq(hatched(), 3);
}
END_TEST

/* Each fact in the usual layout, at the beat that brings it and not before. */
START_TEST(a_register_comes_with_its_beat)
{
    static const struct {
        unsigned beat;
        const char *words;
    } facts[] = {{EPC, "00001014"},    {CAUSE, "0000000c"},
                 {CAUSE, "3 TLBS"},    {BADVADDR, "00000030"},
                 {VECTOR, "80000080"}, {VECTOR, "general"},
                 {REASON, "V0✗"},      {REASON, "[58] matches, but is not valid"}};
    make_scene();
    scene.mips.lookup.address = 0x34; /* BadVAddr alone says 30 */
    for (unsigned i = 0; i < sizeof facts / sizeof *facts; i++) {
        draw(facts[i].beat - 1, false);
        ck_assert_msg(!says(facts[i].words), "'%s' is there before", facts[i].words);
        draw(facts[i].beat, false);
        ck_assert_msg(says(facts[i].words), "'%s' does not come", facts[i].words);
        draw(VECTOR, false);
        ck_assert_msg(says(facts[i].words), "'%s' is gone", facts[i].words);
    }
    ck_assert_int_eq(find("V0✗")->ink, INK_BAD);
}
END_TEST

static unsigned count(const char *words)
{
    unsigned found = 0;
    for (size_t i = 0; i < list.used; i++)
        found +=
            list.item[i].kind == DRAW_TEXT && strcmp(list.strings + list.item[i].text, words) == 0;
    return found;
}

/* Kane, figure 6-5 and 6-6: three pairs, up at the exception, down at RFE. */
START_TEST(the_pairs_of_status_move_in_the_usual_layout)
{
    make_scene();
    draw(CAUSE, false);
    ck_assert_uint_eq(count("user on"), 1);
    ck_assert_uint_eq(count("kernel off"), 2);
    draw(STATUS, false);
    ck_assert_uint_eq(count("user on"), 2); /* now, and then before */
    ck_assert_uint_eq(count("kernel off"), 4);
    scene.is_call = true; /* a return from work */
    scene.fault.there = false;
    draw(POP, false);
    ck_assert_uint_eq(count("user on"), 2);
    ck_assert_uint_eq(count("kernel off"), 4);
}
END_TEST

START_TEST(mips32_has_a_level)
{
    make_scene();
    scene.mips.exl = true;
    scene.mips.status = 0x11;
    scene.mips.pushed = 0x13;
    draw(CAUSE, false);
    ck_assert(says("EXL 0"));
    ck_assert(says("user on"));
    ck_assert(!says("EXL 1"));
    draw(STATUS, false);
    ck_assert(says("EXL 1"));
    ck_assert(says("kernel off"));
}
END_TEST

START_TEST(quiz_covers_the_answer_of_the_lookup)
{
    make_scene();
    draw(REASON, true);
    ck_assert(!says("is not valid"));
    ck_assert(!says("V0✗"));
    draw(EPC, true);
    ck_assert(says("is not valid"));
}
END_TEST

/* R2000/R3000 and MIPS32 alike: page, ASID or G, then V, then D of a store. */
START_TEST(the_lookup_ends_as_the_hardware_does)
{
    struct translation t;
    look_up(USE_LOAD, true, true, true, false, &t);
    ck_assert_int_eq(t.end, LOOKUP_HIT);
    look_up(USE_STORE, true, true, true, false, &t);
    ck_assert_int_eq(t.end, LOOKUP_CLEAN);
    look_up(USE_STORE, true, true, true, true, &t);
    ck_assert_int_eq(t.end, LOOKUP_HIT);
    look_up(USE_FETCH, true, true, false, true, &t);
    ck_assert_int_eq(t.end, LOOKUP_INVALID);
    look_up(USE_FETCH, true, false, true, true, &t);
    ck_assert_int_eq(t.end, LOOKUP_MISS);
    look_up(USE_FETCH, false, true, true, true, &t);
    ck_assert_int_eq(t.end, LOOKUP_MISS);
    translation_read(NULL, USE_LOAD, &t);
    ck_assert_int_eq(t.end, LOOKUP_NONE);
}
END_TEST

START_TEST(too_long_an_answer_is_cut)
{
    struct pipe pipe;
    json_t *answer = json(answer_text), *rows = json_object_get(answer, "instructions");
    json_t *stages = json_object_get(json_array_get(rows, 0), "stages");
    for (unsigned i = 0; i < 2 * PIPE_STAGES; i++)
        json_array_append(stages, json_array_get(stages, 0));
    for (unsigned i = 0; i < 2 * PIPE_ROWS; i++)
        json_array_append(rows, json_array_get(rows, 0));
    pipe_read(answer, 4, &pipe);
    ck_assert_uint_eq(pipe.rows, PIPE_ROWS);
    ck_assert_uint_eq(pipe.row[0].stages, PIPE_STAGES);
    ck_assert_uint_eq(pipe.victim, 1);
    ck_assert_uint_eq(pipe_squashed(&pipe), 2);
    pipe_read(answer, 0, &pipe);
    ck_assert_uint_eq(pipe.victim, 0);
    json_decref(answer);
    pipe_read(NULL, 4, &pipe);
    ck_assert_uint_eq(pipe.rows, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stage_mips");
    TCase *tests = tcase_create("stage_mips");
    tcase_add_test(tests, the_squash_comes_with_the_check);
    tcase_add_test(tests, a_register_comes_with_its_beat);
    tcase_add_test(tests, the_pairs_of_status_move_in_the_usual_layout);
    tcase_add_test(tests, mips32_has_a_level);
    tcase_add_test(tests, quiz_covers_the_answer_of_the_lookup);
    tcase_add_test(tests, the_lookup_ends_as_the_hardware_does);
    tcase_add_test(tests, too_long_an_answer_is_cut);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    draw_free(&list);
    return failed == 0 ? 0 : 1;
}
