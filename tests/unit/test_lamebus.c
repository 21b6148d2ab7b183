/* Unit tests of emu/machine/lamebus: where things are, how it starts and ends, whose turn it is. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "devices/lamebus_bus.h"
#include "emu/machine/lamebus.h"

enum { R_V0 = 2, R_A0 = 4, R_SP = 29 };

#define CONTROL 0xbfff7c00u /* the controller's registers, from 0x200 on */

static struct machine *machine;
static char said[512];
static unsigned said_used;

static void listen(void *context, enum machine_output channel, uint8_t byte)
{
    (void)context, (void)channel;
    if (said_used + 1 < sizeof said)
        said[said_used++] = (char)byte;
}

static void make(const struct lamebus_config *config)
{
    const char *why;
    machine = lamebus_create(config, &why);
    ck_assert_msg(machine != NULL, "%s", why);
    memset(said, 0, sizeof said);
    said_used = 0;
    machine->tap = (struct machine_tap){.output = listen};
}

static void make_plain(unsigned cpus)
{
    make(&(struct lamebus_config){.cpus = cpus, .ram = 1 << 20});
}

static void teardown(void)
{
    machine_free(machine);
    machine = NULL;
}

/* --- a little assembler ----------------------------------------------------------------------- */

static uint32_t immediate(unsigned op, unsigned rs, unsigned rt, unsigned value)
{
    return op << 26 | rs << 21 | rt << 16 | (value & 0xffff);
}
#define LUI(rt, value)     immediate(15, 0, rt, value)
#define ORI(rt, rs, value) immediate(13, rs, rt, value)
#define ADDIU(rt, rs, n)   immediate(9, rs, rt, (unsigned)(n))
#define LW(rt, at, rs)     immediate(35, rs, rt, at)
#define SW(rt, at, rs)     immediate(43, rs, rt, at)
#define SB(rt, at, rs)     immediate(40, rs, rt, at)
#define BEQ(rs, rt, n)     immediate(4, rs, rt, (unsigned)(n))
#define NOP                0u
#define WAIT               0x42000020u

static void put(uint32_t at, const uint32_t *word, unsigned words)
{
    for (unsigned i = 0; i < words; i++) {
        uint8_t bytes[4] = {(uint8_t)(word[i] >> 24), (uint8_t)(word[i] >> 16),
                            (uint8_t)(word[i] >> 8), (uint8_t)word[i]};
        ck_assert(memory_put(machine->board->ram(machine), at + 4 * i, bytes, 4));
    }
}

#define START(cpu, at, ...)                                                                        \
    do {                                                                                           \
        const uint32_t code[] = {__VA_ARGS__};                                                     \
        put(at, code, sizeof code / 4);                                                            \
        mips_start(lamebus_cpu(machine, cpu), 0x80000000u + (at), 0, 0);                           \
    } while (0)

static struct machine_stop run(uint64_t count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    return machine_run(machine, limit);
}

static uint32_t peek(uint32_t address)
{
    uint32_t value;
    ck_assert(bus_peek(&machine->bus, address, 4, &value));
    return __builtin_bswap32(value);
}

/* --- the board -------------------------------------------------------------------------------- */

START_TEST(what_is_where)
{
    static const struct {
        unsigned slot;
        uint32_t kernel, turnstile; /* device numbers */
    } slot[] = {{0, 4, 4},  {1, 0, 4},  {2, 3, 4},  {3, 3, 3},  {4, 0, 3},
                {27, 0, 1}, {28, 9, 9}, {29, 2, 2}, {30, 8, 0}, {31, 10, 10}};
    static const uint8_t flash[3] = {'f', 's', '!'};
    for (unsigned turnstile = 0; turnstile < 2; turnstile++) {
        struct lamebus_config config = {.turnstile = turnstile != 0,
                                        .disk = {{.sectors = 200}, {.sectors = 300}}};
        if (turnstile) {
            config.flash = flash;
            config.flash_size = sizeof flash;
            make(&config);
            ck_assert_uint_eq(peek(0x10000000), 0x66732100);
        } else { /* disks without System/161's header are refused */
            config.disk[0].sectors = config.disk[1].sectors = 0;
            make(&config);
        }
        for (unsigned i = 0; i < sizeof slot / sizeof *slot; i++) {
            uint32_t expected = turnstile ? slot[i].turnstile : slot[i].kernel;
            if (!turnstile && expected == 3)
                expected = 0;
            uint32_t area = LAMEBUS_BASE + 31 * LAMEBUS_SLOT_BYTES + slot[i].slot * 0x400;
            ck_assert_uint_eq(peek(area + 4), expected);
        }
        ck_assert_uint_eq(peek(0x1fff7e00), 16 << 20);
        teardown();
    }
}
END_TEST

START_TEST(configurations_that_are_refused)
{
    static const struct {
        struct lamebus_config config;
        const char *why;
    } bad[] = {
        {{.ram = 4096}, "--mem"},
        {{.ram = (1 << 20) + 4096}, "--mem"},
        {{.ram = UINT64_C(257) << 20}, "--mem"},
        {{.cpus = 33}, "--cpus"},
        {{.flash_size = LAMEBUS_FLASH_MOST + 1}, "64 MiB"},
        {{.disk = {{.sectors = 1000}}}, "System/161"},
        {{.turnstile = true, .disk = {{.sectors = 100}}}, "too small"},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *why;
        ck_assert_ptr_null(lamebus_create(&bad[i].config, &why));
        ck_assert_msg(strstr(why, bad[i].why) != NULL, "%s", why);
    }
}
END_TEST

static bool load_header(void *context, uint64_t offset, void *page, size_t size)
{
    memset(page, 0, size);
    if (offset == 0)
        strcpy(page, "System/161 Disk Image");
    return context == NULL;
}

START_TEST(a_disk_of_system161)
{
    make(&(struct lamebus_config){.disk = {{.sectors = 1001, .load = load_header}}});
    ck_assert_uint_eq(peek(LAMEBUS_BASE + 2 * LAMEBUS_SLOT_BYTES), 1000);
    teardown();
    const char *why;
    struct lamebus_config broken = {
        .disk = {{.sectors = 1001, .load = load_header, .context = &broken}}};
    ck_assert_ptr_null(lamebus_create(&broken, &why));
    ck_assert_ptr_nonnull(strstr(why, "cannot be read"));
}
END_TEST

START_TEST(the_boot_rom_ends_in_a_break)
{
    make_plain(1);
    const struct cpu *cpu = machine->cpu;
    ck_assert_uint_eq(cpu->ops->pc(cpu), 0xbfc00000);
    ck_assert_int_eq(run(1023).reason, MACHINE_LIMIT);
    ck_assert_uint_eq(cpu->ops->pc(cpu), 0xbfc00ffc);
    ck_assert_int_eq(run(1024).reason, MACHINE_LIMIT); /* BREAK: the exception, with BEV set */
    ck_assert_uint_eq(cpu->ops->pc(cpu), 0xbfc00180);
    ck_assert_uint_eq(lamebus_cpu(machine, 0)->s.cause >> 2 & 31, MIPS_BP);
    teardown();
}
END_TEST

/* Of a register a byte, of a slot without a card a word, of ROM a store, of a device a fetch. */
START_TEST(who_does_not_answer_makes_a_bus_error)
{
    static const struct {
        uint32_t address;
        bool byte;
    } access[] = {
        {0xbfe00000, true}, {0xbfe10000, false}, {0xbfc00000, false}, {0xa0100000, false}};
    for (unsigned i = 0; i < 4; i++) {
        make_plain(1);
        START(0, 0x1000, LUI(3, access[i].address >> 16),
              access[i].byte ? SB(0, 0, 3) : SW(0, 0, 3));
        run(2);
        ck_assert_uint_eq(lamebus_cpu(machine, 0)->s.cause >> 2 & 31, MIPS_DBE);
        teardown();
    }
    make_plain(1);
    mips_start(lamebus_cpu(machine, 0), 0xbfe00000, 0, 0);
    run(1);
    ck_assert_uint_eq(lamebus_cpu(machine, 0)->s.cause >> 2 & 31, MIPS_IBE);
    teardown();
}
END_TEST

START_TEST(power_off_and_break)
{
    make_plain(1);
    START(0, 0x1000, LUI(3, CONTROL >> 16), LUI(4, 0xbffe), ADDIU(5, 0, 77), SW(5, 0x10, 4),
          SW(5, 8, 4), SW(0, 0x7e08, 3), WAIT, BEQ(0, 0, -2), NOP);
    struct machine_stop stop = run(UINT64_MAX);
    ck_assert_int_eq(stop.reason, MACHINE_BREAK);
    ck_assert_uint_eq(stop.value, 77);
    ck_assert_uint_eq(machine_count(machine), 4);
    stop = run(UINT64_MAX); /* it goes on */
    ck_assert_int_eq(stop.reason, MACHINE_POWER_OFF);
    ck_assert_str_eq(said, "trace: code 77 (0x4d)\n");
    ck_assert_uint_ge(machine->clock.s.now, LAMEBUS_HZ / 200);
    ck_assert_int_eq(run(UINT64_MAX).reason, MACHINE_POWER_OFF);
    teardown();
}
END_TEST

START_TEST(a_dump_shows_every_processor)
{
    make_plain(2);
    START(0, 0x1000, LUI(4, 0xbffe), ADDIU(5, 0, 3), SW(5, 0xc, 4));
    run(3);
    ck_assert_ptr_nonnull(strstr(said, "trace: dump with code 3"));
    ck_assert_ptr_nonnull(strstr(said, "cpu 0:"));
    ck_assert_ptr_nonnull(strstr(said, "00000003"));
    teardown();
}
END_TEST

START_TEST(misuse_is_in_the_trace)
{
    make_plain(1);
    START(0, 0x1000, LUI(4, 0xbffd), SW(0, 0xc, 4)); /* IRQ of ltimer */
    run(2);
    const struct trace_event *event = trace_at(&machine->trace, machine->trace.written - 1);
    ck_assert_int_eq(event->kind, TRACE_ODD);
    ck_assert_uint_eq(event->a, 29);
    ck_assert_uint_eq(event->addr, 0xc);
    teardown();
}
END_TEST

START_TEST(the_date_comes_in)
{
    make_plain(1);
    ck_assert(input_post(&machine->input, INPUT_DATE, 1700000000));
    run(1);
    ck_assert_uint_eq(peek(LAMEBUS_BASE + 29 * LAMEBUS_SLOT_BYTES), 1700000000);
    teardown();
}
END_TEST

START_TEST(room_for_input)
{
    make(&(struct lamebus_config){.turnstile = true});
    ck_assert_uint_eq(machine->board->input_room(machine, INPUT_COM3), 512);
    teardown();
    make_plain(1);
    ck_assert_uint_eq(machine->board->input_room(machine, INPUT_COM1), 512);
    ck_assert_uint_eq(machine->board->input_room(machine, INPUT_COM2), 0);
    ck_assert(input_post(&machine->input, INPUT_COM2, 'x')); /* for nobody */
    run(10);
    teardown();
}
END_TEST

/* --- turns ------------------------------------------------------------------------------------ */

/* Each counts in $v0. */
#define COUNTER BEQ(0, 0, -1), ADDIU(R_V0, R_V0, 1)

START_TEST(turns_are_of_equal_length)
{
    make_plain(3);
    for (unsigned cpu = 0; cpu < 3; cpu++)
        START(cpu, 0x1000 + 0x100 * cpu, COUNTER);
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.tick = 10 * 3 * (MACHINE_QUANTUM + 1);
    machine_run(machine, limit);
    for (unsigned cpu = 0; cpu < 3; cpu++)
        ck_assert_uint_eq(lamebus_cpu(machine, cpu)->s.cycles / MACHINE_QUANTUM, 10);
    uint64_t sum = 0;
    for (unsigned cpu = 0; cpu < 3; cpu++)
        sum += lamebus_cpu(machine, cpu)->s.count;
    ck_assert_uint_eq(machine_count(machine), sum);
    teardown();
}
END_TEST

START_TEST(who_waits_gives_its_turn_away)
{
    make_plain(2);
    START(0, 0x1000, WAIT, NOP, BEQ(0, 0, -3), NOP);
    START(1, 0x1100, COUNTER);
    run(5000);
    ck_assert_uint_le(lamebus_cpu(machine, 0)->s.count, 3);
    ck_assert_ptr_eq(machine->cpu, machine->processor[1]);
    mips_pin(lamebus_cpu(machine, 0), 0, true); /* it wakes at its turn */
    run(5000 + 3 * MACHINE_QUANTUM);
    ck_assert_uint_gt(lamebus_cpu(machine, 0)->s.count, 500);
    teardown();
}
END_TEST

START_TEST(all_wait_until_an_event)
{
    make_plain(2);
    for (unsigned cpu = 0; cpu < 2; cpu++)
        START(cpu, 0x1000 + 0x100 * cpu, LUI(3, 0xbffd), ADDIU(4, 0, 2000), SW(4, 16, 3), WAIT,
              COUNTER);
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.stop_when_idle = true;
    struct machine_stop stop = machine_run(machine, limit);
    ck_assert_int_eq(stop.reason, MACHINE_IDLE);
    ck_assert_uint_ge(stop.value, 2000 * 25);
    ck_assert_uint_lt(machine->clock.s.now, 2 * MACHINE_QUANTUM);
    limit.stop_when_idle = false;
    limit.tick = stop.value + 10 * MACHINE_QUANTUM;
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
    for (unsigned cpu = 0; cpu < 2; cpu++)
        ck_assert_uint_gt(lamebus_cpu(machine, cpu)->s.gpr[R_V0], 1000);
    teardown();
}
END_TEST

START_TEST(processors_start_one_another)
{
    make_plain(2);
    const uint32_t second[] = {SW(R_A0, 0x7e14 - 0x7c00, R_SP), BEQ(0, 0, -1), NOP};
    put(0x2000, second, 3);
    START(0, 0x1000, LUI(3, 0xbfff), ORI(3, 3, 0x8400), LUI(4, 0x8000), ORI(4, 4, 0x2000),
          SW(4, 0x300, 3), ADDIU(5, 0, 42), SW(5, 0x304, 3), ADDIU(6, 0, 3), LUI(3, 0xbfff),
          ORI(3, 3, 0x7c00), SW(6, 0x214, 3), COUNTER);
    run(13);
    struct mips *other = lamebus_cpu(machine, 1);
    ck_assert_uint_eq(other->s.pc, 0x80002000);
    ck_assert_uint_eq(other->s.gpr[R_A0], 42);
    ck_assert_uint_eq(other->s.gpr[R_SP], 0x9fff8800);
    ck_assert_uint_eq(other->s.count, 0); /* not before its turn */
    run(13 + 2 * MACHINE_QUANTUM);
    ck_assert_uint_gt(other->s.count, 0);
    teardown();
}
END_TEST

/* One that stops itself does nothing more, not even to the end of its turn. */
START_TEST(a_processor_stops_itself)
{
    make_plain(2);
    START(1, 0x1100, COUNTER);
    START(0, 0x1000, LUI(3, 0xbfff), ORI(3, 3, 0x7c00), ADDIU(4, 0, 0), SW(4, 0x214, 3), COUNTER);
    run(1000);
    ck_assert_uint_eq(lamebus_cpu(machine, 0)->s.count, 4);
    ck_assert_uint_eq(lamebus_cpu(machine, 1)->s.count, 996);
    teardown();
}
END_TEST

START_TEST(one_that_waits_can_be_woken)
{
    make_plain(2);
    START(1, 0x1100, WAIT, NOP, BEQ(0, 0, -3), NOP);
    START(0, 0x1000, LUI(3, 0xbfff), ORI(3, 3, 0x7c00), ADDIU(4, 0, 0), SW(4, 0x214, 3));
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.stop_when_idle = true;
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_IDLE);
    ck_assert(machine_can_wake(machine));
    mips_stop(lamebus_cpu(machine, 1));
    ck_assert(!machine_can_wake(machine));
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_IDLE);
    teardown();
}
END_TEST

START_TEST(a_saved_turn_is_judged)
{
    make_plain(2);
    run(100);
    size_t size = state_size(&machine->state);
    uint8_t *saved = malloc(size);
    const char *why;
    static const struct machine_turn bad[] = {
        {MACHINE_PROCESSORS, 0, 1}, {0, 2, 1}, {0, 0, 0}, {0, 0, MACHINE_QUANTUM_MOST + 1}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        machine->turn = bad[i];
        state_save(&machine->state, saved);
        ck_assert(!state_load(&machine->state, saved, size, &why));
        ck_assert_str_eq(why, "turn");
    }
    machine->turn = (struct machine_turn){31, 5, 1000}; /* a processor that this machine has not */
    state_save(&machine->state, saved);
    ck_assert(state_load(&machine->state, saved, size, &why));
    ck_assert_uint_lt(machine->turn.processor, 2);
    ck_assert_ptr_eq(machine->cpu, machine->processor[machine->turn.processor]);
    free(saved);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_where,
                                  configurations_that_are_refused,
                                  a_disk_of_system161,
                                  the_boot_rom_ends_in_a_break,
                                  who_does_not_answer_makes_a_bus_error,
                                  power_off_and_break,
                                  a_dump_shows_every_processor,
                                  misuse_is_in_the_trace,
                                  the_date_comes_in,
                                  room_for_input,
                                  turns_are_of_equal_length,
                                  who_waits_gives_its_turn_away,
                                  all_wait_until_an_event,
                                  processors_start_one_another,
                                  a_processor_stops_itself,
                                  one_that_waits_can_be_woken,
                                  a_saved_turn_is_judged};
    Suite *suite = suite_create("lamebus");
    TCase *tcase = tcase_create("lamebus");
    for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
