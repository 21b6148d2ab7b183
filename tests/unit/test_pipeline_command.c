/* Unit tests of `pipeline` on a machine with nothing but an R3000 and RAM: what is shown before,
 * inside and behind an exception, of the past and of the future that is known. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/mips.h"
#include "debugger/session.h"

#define RAM_SIZE 0x100000u
#define CODE     0x80001000u
#define I_MFLO   0x00001012u /* mflo $v0 */
#define I_DIV    0x0128001au /* div $t1, $t0 */

struct rig {
    struct machine machine; /* first */
    struct memory ram;
    struct timeline *timeline;
    struct session session;
    char *text, *errors;
    size_t text_size, errors_size;
    FILE *to_text, *to_errors;
};

static struct rig *rig;

static void reset(struct machine *machine)
{
    machine->cpu->ops->reset(machine->cpu);
}

static void destroy(struct machine *machine)
{
    (void)machine;
}

static unsigned input_room(struct machine *machine, enum input_channel channel)
{
    (void)machine;
    (void)channel;
    return 0;
}

static struct memory *ram(struct machine *machine)
{
    return &((struct rig *)machine)->ram;
}

static struct memory *disk(struct machine *machine, unsigned number)
{
    (void)machine;
    (void)number;
    return NULL;
}

static const struct machine_board board = {"mips", reset, destroy, input_room, ram, disk};

static void put32(uint32_t address, uint32_t word)
{
    for (unsigned n = 0; n < 4; n++)
        rig->ram.bytes[(address & 0x1fffffff) + n] = (uint8_t)(word >> (24 - 8 * n));
}

static void wake(void *mips, ticks due)
{
    (void)due;
    mips_pin(mips, 0, true);
}

/* A division that is waited for, a call, a handler that goes back behind it. */
static void put_code(void)
{
    static const uint32_t code[] = {
        0x34020006,                     /* ori   $v0, $zero, 6 */
        I_DIV,      I_MFLO, 0x0000000c, /* syscall */
        0x00408021,                     /* addu $s0, $v0, $zero */
        0x1000ffff,                     /* b . */
        0x24420001,                     /* addiu $v0, $v0, 1 */
    };
    static const uint32_t handler[] = {
        0x401a7000, /* mfc0 $k0, EPC */
        0x275a0004, /* addiu $k0, $k0, 4 */
        0x03400008, /* jr $k0 */
        0x42000010, /* rfe */
    };
    for (unsigned n = 0; n < sizeof code / 4; n++)
        put32(CODE + 4 * n, code[n]);
    for (unsigned n = 0; n < sizeof handler / 4; n++)
        put32(0x80000080u + 4 * n, handler[n]);
}

static void setup(void)
{
    rig = calloc(1, sizeof *rig);
    struct machine *machine = &rig->machine;
    machine_init(machine, &board, 25000000);
    ck_assert(memory_init(&rig->ram, "ram", RAM_SIZE));
    machine_add_memory(machine, &rig->ram);
    bus_add_memory(&machine->bus, "ram", 0, RAM_SIZE, &rig->ram, 0, false);
    struct mips *c = mips_create(&mips_r3000, 0, &machine->clock, &machine->bus, &machine->trace);
    machine_add_processor(machine, &c->cpu);
    c->s.status = 0;
    c->s.pc = CODE;
    c->s.next_pc = CODE + 4;
    c->s.gpr[8] = 1;
    put_code();
    unsigned slot = clock_slot(&machine->clock, "wake", wake, c);
    clock_arm(&machine->clock, slot, 1234);
    rig->timeline = timeline_create(machine, (struct timeline_config){0, 0});
    rig->to_text = open_memstream(&rig->text, &rig->text_size);
    rig->to_errors = open_memstream(&rig->errors, &rig->errors_size);
    session_init(&rig->session, machine, rig->timeline, rig->to_text, rig->to_errors);
}

static void teardown(void)
{
    session_free(&rig->session);
    timeline_free(rig->timeline);
    machine_free(&rig->machine);
    fclose(rig->to_text);
    fclose(rig->to_errors);
    free(rig->text);
    free(rig->errors);
    free(rig);
}

static const char *answer(const char *line, enum session_status expected)
{
    rewind(rig->to_text);
    rewind(rig->to_errors);
    enum session_status status = session_do(&rig->session, line);
    fputc('\0', rig->to_text);
    fputc('\0', rig->to_errors);
    fflush(rig->to_text);
    fflush(rig->to_errors);
    ck_assert_msg(status == expected, "%s: %d: %s", line, (int)status, rig->errors);
    return rig->text;
}

static void expect(const char *line, const char *const *lines)
{
    const char *text = answer(line, SESSION_OK);
    for (unsigned n = 0; lines[n] != NULL; n++)
        ck_assert_msg(strstr(text, lines[n]) != NULL, "%s: no \"%s\" in:\n%s", line, lines[n],
                      text);
}

#define EXPECT(line, ...) expect(line, (const char *const[]){__VA_ARGS__, NULL})

static void expect_none(const char *line, const char *word)
{
    const char *text = answer(line, SESSION_OK);
    ck_assert_msg(strstr(text, word) == NULL, "%s: \"%s\" in:\n%s", line, word, text);
}

START_TEST(before_anything)
{
    EXPECT("pipeline", "Nothing was executed yet.\n", "Next: 80001000 ori $v0, $zero, 6\n");
    EXPECT("pipeline 100", "Nothing was executed yet.\n");
}
END_TEST

/* DIV has its result 35 ticks after it began; MFLO follows in the next tick. */
START_TEST(what_is_held)
{
    answer("cycle 3", SESSION_OK);
    EXPECT(
        "pipeline",
        "  tick 0 +                         0   1   2   3   4   5   6   ..  38  39  40\n",
        "  80001000 ori $v0,$zero,6         IF  RD  ALU MEM WB\n"
        "  80001004 div $zero,$t1,$t0           IF  RD  ALU MEM WB\n"
        "  80001008 mflo $v0                        IF  RD  rd  rd  rd  rd  ALU MEM WB          "
        "held 34 for DIV\n",
        "\ntick 4: mflo $v0 at 80001008 is held in RD for 34 ticks: HI and LO of div $zero, $t1, "
        "$t0 at 80001004 are not ready.\n",
        "\nNext: 8000100c syscall\n");
    EXPECT("pipeline 1", "held 34 for DIV\n");
    expect_none("pipeline 1", "80001004 div $zero, $t1, $t0   ");
}
END_TEST

/* Found in RD: the one behind it was fetched, and dies with it. */
START_TEST(inside_an_exception)
{
    answer("cycle 4", SESSION_OK);
    EXPECT("pipeline 3",
           "> 8000100c syscall                         IF  if  if  if  if  RD!                     "
           "Sys in RD, 2 lost\n"
           "  80001010 move $s0,$v0                                        IF  --                  "
           "squashed\n",
           "tick 38: Sys found in RD of 8000100c syscall.\n"
           "    It dies there, with the one behind it; the vector is fetched in tick 39: 2 ticks "
           "lost.\n"
           "    SYSCALL             code 0   <- now\n");
    expect_none("pipeline", "Next:");
    expect_none("pipeline", "EPC");
    answer("cycle 2", SESSION_OK);
    EXPECT("pipeline", "    EPC := PC           8000100c\n",
           "    Cause := BD CE code 00000020  ExcCode 8 Sys system call   <- now\n");
}
END_TEST

START_TEST(behind_it)
{
    answer("stepi 9", SESSION_OK);
    EXPECT("pipeline 6",
           "  8000100c syscall                 IF  if  RD!                                         "
           "Sys in RD, 2 lost\n"
           "  80001010 move $s0,$v0                    IF  --                                      "
           "squashed\n"
           "  80000080 mfc0 $k0,epc                        IF  RD  ALU MEM WB\n"
           "  80000084 addiu $k0,$k0,4                         IF  RD  ALU MEM WB\n"
           "  80000088 jr $k0                                      IF  RD  ALU MEM WB\n"
           "  8000008c  rfe                                            IF  RD  ALU MEM WB\n"
           "  80001010 move $s0,$v0                                        IF  RD  ALU MEM WB\n",
           "tick 42: rfe at 8000008c.\n    pop KU IE ", "Next: 80001014 b 0x80001014\n");
}
END_TEST

/* What was executed before is known; what was not is not shown. */
START_TEST(in_the_past)
{
    answer("stepi 9", SESSION_OK);
    answer("reverse-stepi 4", SESSION_OK);
    EXPECT("pipeline 6", "  80001008 mflo $v0 ", "> 80000084 addiu $k0,$k0,4 ",
           "  80000088 jr $k0 ");
    expect_none("pipeline 6", "rfe");
    EXPECT("pipeline 20", "  80001000 ori $v0,$zero,6 ", "  8000008c  rfe ");
    answer("goto 0", SESSION_OK);
    EXPECT("pipeline 3", "> 80001000 ori $v0,$zero,6 ", "  80001008 mflo $v0 ");
    expect_none("pipeline 3", "Next:");
    EXPECT("pipeline 3 39", "> 80000080 mfc0 $k0,epc ");
    ck_assert_uint_eq(rig->machine.clock.s.now, 0);
}
END_TEST

/* The ticks of whole pages, one behind the other. */
START_TEST(pages)
{
    answer("stepi 40", SESSION_OK);
    EXPECT("pipeline 20", "\n\n  tick 0 + ");
    EXPECT("pipeline 10", "\n\n  tick 0 +                         78\n"
                          "  80001014 b 0x80001014            WB\n\nNext: ");
    expect_none("pipeline 9", "\n\n  tick ");
    const char *text = rig->text;
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1)
        ck_assert_msg(strchr(line, '\n') - line <= 106, "too wide: %.110s", line);
}
END_TEST

START_TEST(an_interrupt_and_a_fault)
{
    struct mips *c = (struct mips *)rig->machine.cpu;
    answer("stepi 9", SESSION_OK);
    mips_pin(c, 0, true);
    answer("set $status = 0x401", SESSION_OK);
    answer("cycle", SESSION_OK);
    EXPECT("pipeline 2",
           "> 80001014 b 0x80001014                IF  RD  ALU!                                    "
           "Int in ALU, 3 lost\n"
           "  80001018  addiu $v0,$v0,1                IF  RD  --                                  "
           "squashed\n"
           "  80001014 b 0x80001014                        IF  --                                  "
           "squashed\n");
    answer("stepi", SESSION_OK);
    answer("set $pc = 0x80001002", SESSION_OK);
    answer("set $next_pc = 0x80001006", SESSION_OK);
    answer("cycle", SESSION_OK);
    EXPECT("pipeline 1", "> 80001002 (not readable)          IF! ", "AdEL in IF, 1 lost\n",
           "    It dies there; the vector is fetched in tick ");
}
END_TEST

/* WAIT: nothing begins until a pin rises. */
START_TEST(nothing_to_do)
{
    put32(CODE + 4, 0x42000020);
    answer("stepi 3", SESSION_OK);
    EXPECT("pipeline",
           "  tick 0 +                         0   1   2   3   4   5   6   ..\n"
           "  80001000 ori $v0,$zero,6         IF  RD  ALU MEM WB\n"
           "  80001004 wait                        IF  RD  ALU MEM WB\n"
           "\n"
           "  tick 1,200 +                     34  35  36  37  38\n"
           "                                       now\n"
           "  80001008 mflo $v0                IF  RD  ALU MEM WB",
           "  after 1232 idle\n", "tick 2: nothing begins for 1,232 ticks: the processor waits.\n");
}
END_TEST

/* Two processors by turns: what one began is shown, the other's turn is idle time. */
START_TEST(another_ones_turn)
{
    struct mips *second =
        mips_create(&mips_r3000, 1, &rig->machine.clock, &rig->machine.bus, &rig->machine.trace);
    machine_add_processor(&rig->machine, &second->cpu);
    mips_start(second, CODE + 20, 0, 0);
    timeline_free(rig->timeline);
    rig->timeline = timeline_create(&rig->machine, (struct timeline_config){0, 0});
    rig->session.timeline = rig->timeline;
    answer("goto 2003", SESSION_OK);
    EXPECT("pipeline 6",
           "  80001014 b 0x80001014                IF  RD  ALU MEM WB\n"
           "  80001018  addiu $v0,$v0,1                IF  RD  ALU MEM WB\n",
           "\n\n  tick 2,000 +                     0   1   2   3   4   5   6\n",
           "  after 1000 idle\n",
           "nothing begins for 1,000 ticks: the processor waits, or it is another one's turn.\n");
    answer("goto 1003", SESSION_OK);
    EXPECT("pipeline 3", "  tick 1,000 +                     1   2   3   4   5   6   7\n",
           "  80001018  addiu $v0,$v0,1        IF  RD  ALU MEM WB\n"
           "  80001014 b 0x80001014                IF  RD  ALU MEM WB\n"
           "> 80001018  addiu $v0,$v0,1                IF  RD  ALU MEM WB\n");
}
END_TEST

START_TEST(as_json)
{
    answer("stepi 9", SESSION_OK);
    json_t *reply = json_loads(answer("pipeline --json 4 39", SESSION_OK), 0, NULL);
    const char *text, *end, *stage, *step;
    int tick, from, held, held_for, killed, lost;
    ck_assert_ptr_nonnull(reply);
    json_t *rows = json_object_get(reply, "instructions");
    ck_assert_uint_eq(json_array_size(rows), 5);
    ck_assert_int_eq(json_unpack(reply, "{s:s,s:i}", "cpu", &text, "tick", &tick), 0);
    ck_assert_str_eq(text, "r3000");
    ck_assert_int_eq(tick, 39);
    ck_assert_int_eq(json_unpack(json_array_get(rows, 1), "{s:i,s:i,s:[{},{s:s,s:i,s:i}]}", "held",
                                 &held, "held_for", &held_for, "stages", "stage", &stage, "tick",
                                 &from, "ticks", &killed),
                     0);
    ck_assert_int_eq(held, 34);
    ck_assert_str_eq(stage, "RD");
    ck_assert_int_eq(from, 3);
    ck_assert_int_eq(killed, 35);
    ck_assert_int_eq(json_unpack(json_array_get(rows, 2), "{s:s,s:{s:s,s:s,s:i,s:i},s:[{s:s}]}",
                                 "end", &end, "exception", "name", &text, "stage", &stage, "tick",
                                 &killed, "lost", &lost, "steps", "step", &step),
                     0);
    ck_assert_str_eq(end, "trapped");
    ck_assert_str_eq(text, "Sys");
    ck_assert_str_eq(stage, "RD");
    ck_assert_int_eq(killed, 38);
    ck_assert_int_eq(lost, 2);
    ck_assert_str_eq(step, "SYSCALL");
    json_decref(reply);
}
END_TEST

START_TEST(what_cannot_be)
{
    answer("pipeline 0", SESSION_ERROR);
    ck_assert_str_eq(rig->errors, "pipeline shows 1 to 100 instructions\n");
    answer("pipeline 101", SESSION_ERROR);
    answer("pipeline nobody", SESSION_ERROR);
    answer("pipeline 3 100", SESSION_ERROR);
    ck_assert_str_eq(rig->errors, "The ticks that are known go from 0 to 0\n");
    answer("pipeline 3 0 7", SESSION_ERROR);
    ck_assert_str_eq(rig->errors, "pipeline takes a number of instructions and a tick, not 7\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pipeline_command");
    TCase *tcase = tcase_create("pipeline");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, before_anything);
    tcase_add_test(tcase, what_is_held);
    tcase_add_test(tcase, inside_an_exception);
    tcase_add_test(tcase, behind_it);
    tcase_add_test(tcase, in_the_past);
    tcase_add_test(tcase, pages);
    tcase_add_test(tcase, an_interrupt_and_a_fault);
    tcase_add_test(tcase, nothing_to_do);
    tcase_add_test(tcase, another_ones_turn);
    tcase_add_test(tcase, as_json);
    tcase_add_test(tcase, what_cannot_be);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
