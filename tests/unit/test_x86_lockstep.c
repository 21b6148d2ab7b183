/* The block engine against the careful interpreter, on programs of random bytes.
 *
 * Every linear address is mapped to a few pages of memory, a device, or nothing, so that random
 * code reads and writes itself, its page tables and the device; faults are skipped over by handlers
 * in the guest, a timer interrupts, and all machines must be equal at every random limit. The
 * careful one is made so by an observer of accesses; the third has one that sees some instructions,
 * and must see those that the careful one sees. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/x86.h"

enum {
    PAGES = 32,
    RAM = PAGES * 4096,
    DIRECTORY = 0x0000,
    TABLE = 0x1000,
    SYSTEM = 0x2000, /* GDT, IDT, handlers, TSS, stack */
    GDT = SYSTEM,
    IDT = SYSTEM + 0x100,
    HANDLERS = SYSTEM + 0x900,
    TSS = SYSTEM + 0xe00,
    STACK = SYSTEM + 0x1000,
    DEVICE = 0x100000,
    VECTORS = 48,
    TIMER_VECTOR = 40,
};

struct board {
    struct clock clock;
    struct bus memory, ports;
    struct trace trace;
    struct memory ram;
    struct state_map state;
    struct x86 *x86;
    unsigned timer, period;
    uint32_t device_log; /* what the device was told, and when */
};

/* --- a device that sees time, and a timer ------------------------------------------------------
 */

static bool device_read(void *context, unsigned who, uint32_t offset, unsigned size, uint32_t *out)
{
    (void)who;
    struct board *board = context;
    *out = (uint32_t)(board->clock.s.now * 2654435761u + offset) & (0xffffffffu >> (32 - 8 * size));
    board->device_log = board->device_log * 31 + (uint32_t)board->clock.s.now;
    return true;
}

static bool device_write(void *context, unsigned who, uint32_t offset, unsigned size,
                         uint32_t value)
{
    (void)who;
    struct board *board = context;
    board->device_log =
        board->device_log * 31 + (uint32_t)board->clock.s.now + value + offset + size;
    if ((value & 7) == 0) /* a device may ask for an event sooner */
        clock_arm(&board->clock, board->timer, board->clock.s.now + (value >> 3 & 63));
    return true;
}

static const struct bus_ops device_ops = {.read = device_read, .write = device_write};

static void tick(void *context, ticks due)
{
    struct board *board = context;
    x86_intr_pin(board->x86, 0, true);
    clock_arm(&board->clock, board->timer, due + board->period);
}

static uint8_t acknowledge(void *context)
{
    x86_intr_pin(((struct board *)context)->x86, 0, false);
    return TIMER_VECTOR;
}

/* --- the machine --------------------------------------------------------------------------------
 */

static uint64_t scramble(uint64_t n)
{
    n += 0x9e3779b97f4a7c15u;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
    n = (n ^ n >> 27) * 0x94d049bb133111ebu;
    return n ^ n >> 31;
}

struct random {
    uint64_t state;
};

static uint32_t draw(struct random *random, uint32_t below)
{
    return (uint32_t)(scramble(random->state++) >> 16) % below;
}

static void put32(struct board *board, uint32_t at, uint32_t value)
{
    memcpy(board->ram.bytes + at, &value, 4);
}

static void put_descriptor(struct board *board, unsigned index, uint32_t base, uint32_t limit,
                           uint32_t attributes)
{
    put32(board, GDT + 8 * index, base << 16 | (limit & 0xffff));
    put32(board, GDT + 8 * index + 4,
          (base & 0xff000000) | attributes << 8 | (limit & 0xf0000) | (base >> 16 & 0xff));
}

/* Handlers skip one byte of what faulted: ADD ESP,4 drops an error code; INC dword [ESP]; IRET.
 * Some of them save DS, ES and the registers and load the kernel's, as kernels do. */
static void put_handlers(struct board *board, struct random *random)
{
    static const uint8_t with_error[] = {0x83, 0xc4, 0x04, 0xff, 0x04, 0x24, 0xcf};
    static const uint8_t interrupt[] = {0xcf};
    static const uint8_t saves[] = {0x1e, 0x06, 0x60, 0x66, 0xb8, 0x10, 0x00,
                                    0x8e, 0xd8, 0x8e, 0xc0, 0x61, 0x07, 0x1f};
    uint8_t *to = board->ram.bytes + HANDLERS;
    for (unsigned v = 0; v < VECTORS; v++) {
        bool has_error = v == 8 || (v >= 10 && v <= 14) || v == 17;
        bool timer = v == TIMER_VECTOR;
        put32(board, IDT + 8 * v, 8u << 16 | ((uint32_t)(to - board->ram.bytes) & 0xffff));
        if (draw(random, 3) == 0) {
            memcpy(to, saves, sizeof saves);
            to += sizeof saves;
        }
        unsigned length = timer ? 1 : has_error ? 7 : 4;
        memcpy(to, timer ? interrupt : has_error ? with_error : with_error + 3, length);
        to += length;
        put32(board, IDT + 8 * v + 4, 0xee00);
    }
}

static void put_tables(struct board *board, struct random *random)
{
    for (unsigned n = 0; n < 1024; n++) {
        uint32_t page = n < PAGES ? n : draw(random, PAGES);
        uint32_t rights = n < 3 || draw(random, 8) != 0 ? 7 : draw(random, 8);
        if (n >= PAGES && draw(random, 16) == 0)
            page = DEVICE >> 12;
        put32(board, DIRECTORY + 4 * n, TABLE | 7);
        put32(board, TABLE + 4 * n, page << 12 | rights);
    }
}

static struct board *make_board(uint64_t seed)
{
    struct board *board = calloc(1, sizeof *board);
    struct random random = {seed};
    clock_init(&board->clock);
    bus_init(&board->memory);
    bus_init(&board->ports);
    trace_init(&board->trace);
    ck_assert(memory_init(&board->ram, "ram", RAM));
    bus_add_memory(&board->memory, "ram", 0, RAM, &board->ram, 0, false);
    bus_add_device(&board->memory, "device", DEVICE, 4096, &device_ops, board);
    bus_add_device(&board->ports, "device", 0, 0x8000, &device_ops, board);
    board->x86 = x86_create(0, &board->clock, &board->memory, &board->ports, &board->trace);
    board->x86->acknowledge = acknowledge;
    board->x86->acknowledge_context = board;
    state_init(&board->state);
    board->x86->cpu.ops->add_state(&board->x86->cpu, &board->state);
    board->timer = clock_slot(&board->clock, "timer", tick, board);
    board->period = 50 + draw(&random, 3000);
    clock_arm(&board->clock, board->timer, board->period);
    for (unsigned at = 0; at < RAM; at += 4)
        put32(board, at, (uint32_t)scramble(random.state++));
    put_tables(board, &random);
    put_handlers(board, &random);
    return board;
}

static void free_board(struct board *board)
{
    board->x86->cpu.ops->free(&board->x86->cpu);
    memory_free(&board->ram);
    trace_free(&board->trace);
    free(board);
}

/* MOV AX, selector; MOV to a segment register (CS, which is no good, too); or PUSH and POP; now and
 * then a write to a descriptor before. */
static unsigned put_segment_load(uint8_t *to, struct random *random)
{
    static const uint8_t selectors[] = {0, 3, 0x08, 0x10, 0x1b, 0x23, 0x33, 0x37, 0x43};
    static const uint8_t pops[][2] = {{0x1f}, {0x07}, {0x17}, {0x0f, 0xa1}, {0x0f, 0xa9}};
    uint8_t selector = selectors[draw(random, sizeof selectors)];
    unsigned n = 0;
    if (draw(random, 8) == 0) { /* MOV byte [GDT + x], y */
        uint8_t write[] = {0xc6,
                           0x05,
                           (uint8_t)(GDT + 16 + draw(random, 40)),
                           GDT >> 8,
                           0,
                           0,
                           (uint8_t)draw(random, 256)};
        memcpy(to, write, sizeof write);
        n = sizeof write;
    }
    if (draw(random, 2) == 0) {
        const uint8_t *pop = pops[draw(random, 5)];
        to[n++] = 0x6a;
        to[n++] = selector;
        to[n++] = pop[0];
        if (pop[1] != 0)
            to[n++] = pop[1];
    } else {
        uint8_t move[] = {0x66, 0xb8, selector, 0, 0x8e, (uint8_t)(0xc0 | draw(random, 6) << 3)};
        memcpy(to + n, move, sizeof move);
        n += sizeof move;
    }
    return n;
}

/* Bytes that are likely to be instructions with registers, short jumps and small displacements. */
static void put_code(struct board *board, struct random *random)
{
    static const uint8_t common[] = {
        0x01, 0x03, 0x29, 0x2b, 0x31, 0x39, 0x3b, 0x85, 0x89, 0x8b, 0x8d, 0x88, 0x8a, 0x83, 0x81,
        0xc1, 0xd1, 0xd3, 0x40, 0x48, 0x50, 0x58, 0x72, 0x75, 0x7c, 0x7e, 0xeb, 0xe8, 0xc3, 0xf7,
        0xff, 0x11, 0x19, 0xa5, 0xab, 0xf3, 0x66, 0xfe, 0xc7, 0xc6, 0x99, 0x0f, 0xb8, 0xc9};
    for (unsigned at = 4 * 4096; at < RAM; at++) {
        if (at < RAM - 16 && draw(random, 30) == 0) {
            at += put_segment_load(board->ram.bytes + at, random) - 1;
            continue;
        }
        uint32_t kind = draw(random, 8);
        if (kind < 3)
            board->ram.bytes[at] = common[draw(random, sizeof common)];
        else if (kind < 5)
            board->ram.bytes[at] = (uint8_t)(0xc0 | draw(random, 64));
        else if (kind == 5)
            board->ram.bytes[at] = (uint8_t)draw(random, 16);
    }
}

static struct x86_segment flat(unsigned selector, unsigned attributes)
{
    return (struct x86_segment){.selector = (uint16_t)selector,
                                .limit = 0xffffffff,
                                .attributes = (uint16_t)(attributes | X86_ATTR_BIG | X86_ATTR_G)};
}

static void start(struct board *board, uint64_t seed)
{
    struct random random = {seed * 1000};
    struct x86_state *s = &board->x86->s;
    bool user = draw(&random, 2) == 0, paging = draw(&random, 4) != 0;
    put_code(board, &random);
    put_descriptor(board, 0, 0, 0, 0);
    put_descriptor(board, 1, 0, 0xfffff, 0xc09a);
    put_descriptor(board, 2, 0, 0xfffff, 0xc092);
    put_descriptor(board, 3, 0, 0xfffff, 0xc0fa);
    put_descriptor(board, 4, 0, 0xfffff, 0xc0f2);
    put_descriptor(board, 5, TSS, 103 + 256, 0x008b);
    put_descriptor(board, 6, 0x1000, 0xffff, 0x00f2);
    put32(board, TSS + 4, STACK);
    put32(board, TSS + 8, 0x10);
    s->gdtr = (struct x86_table){GDT, 8 * 7 - 1};
    s->idtr = (struct x86_table){IDT, 8 * VECTORS - 1};
    s->cpl = user ? 3 : 0;
    for (unsigned n = X86_ES; n <= X86_GS; n++)
        s->segment[n] = n == X86_CS ? flat(user ? 0x1b : 0x08, user ? 0xfb : 0x9b)
                                    : flat(user ? 0x23 : 0x10, user ? 0xf3 : 0x93);
    if (draw(&random, 3) == 0)
        s->segment[X86_DS] = (struct x86_segment){
            .selector = 0x33, .base = 0x1000, .limit = 0xffff, .attributes = 0xf3};
    s->segment[X86_TR] =
        (struct x86_segment){.selector = 0x28, .base = TSS, .limit = 103 + 256, .attributes = 0x8b};
    s->cr0 =
        X86_CR0_PE | X86_CR0_ET | (paging ? X86_CR0_PG : 0) | (draw(&random, 2) ? X86_CR0_WP : 0);
    s->cr3 = DIRECTORY;
    s->eflags = X86_FIXED | X86_IF | (draw(&random, 3) == 0 ? 3u << 12 : 0);
    s->eip = 4 * 4096 + draw(&random, (PAGES - 4) * 4096);
    for (unsigned n = 0; n < 8; n++)
        s->gpr[n] = 3 * 4096 + draw(&random, (PAGES - 3) * 4096);
    s->gpr[X86_ECX] = draw(&random, 300);
    s->gpr[X86_ESP] = PAGES * 4096 - 64;
    board->x86->cpu.ops->memory_changed(&board->x86->cpu, 0, 0);
    x86_tlb_flush(board->x86, true);
    x86_mode_changed(board->x86);
}

/* --- the comparison -----------------------------------------------------------------------------
 */

static enum cpu_stop go(struct board *board, struct cpu_limit limit)
{
    struct cpu *cpu = &board->x86->cpu;
    for (;;) {
        enum cpu_stop stop = cpu->ops->run(cpu, limit);
        bool wakes = (board->x86->s.eflags & X86_IF) != 0;
        if (stop == CPU_HALTED && wakes && board->clock.horizon < limit.tick) {
            board->clock.s.now = board->clock.horizon;
            clock_fire(&board->clock);
            continue;
        }
        uint64_t count = cpu->ops->count(cpu);
        bool there =
            count > limit.count || (count == limit.count && cpu->ops->micro(cpu) >= limit.micro);
        if (stop != CPU_LIMIT || there || board->clock.s.now >= limit.tick)
            return stop;
        clock_fire(&board->clock);
    }
}

static bool equal(struct board *a, struct board *b)
{
    return a->clock.s.now == b->clock.s.now && a->device_log == b->device_log &&
           memcmp(&a->x86->s, &b->x86->s, sizeof a->x86->s) == 0 &&
           memcmp(a->ram.bytes, b->ram.bytes, RAM) == 0;
}

/* The events of the last slice. */
static bool told_the_same(struct board *a, struct board *b, uint64_t from)
{
    if (a->trace.written != b->trace.written)
        return false;
    for (uint64_t n = from; n < a->trace.written; n++) {
        const struct trace_event *x = trace_at(&a->trace, n), *y = trace_at(&b->trace, n);
        if (x == NULL || y == NULL)
            return x == y;
        if (memcmp(x, y, offsetof(struct trace_event, b) + sizeof x->b) != 0)
            return false;
    }
    return true;
}

/* --- observers ----------------------------------------------------------------------------------
 */

struct seen {
    uint64_t instructions, micro_steps; /* what was shown, and where */
    uint64_t stopped_at;
};

static bool see_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    (void)context;
    (void)cpu;
    (void)access;
    return false;
}

static bool see_instruction(void *context, struct cpu *cpu, uint32_t pc)
{
    struct seen *seen = context;
    uint64_t count = cpu->ops->count(cpu);
    seen->instructions = scramble(seen->instructions + pc) + count;
    if (count == seen->stopped_at || scramble(pc + count) % 16 != 0)
        return false;
    seen->stopped_at = count;
    return true;
}

static bool see_step(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct seen *seen = context;
    seen->micro_steps = scramble(seen->micro_steps + event->step) + cpu->ops->count(cpu);
    return false;
}

static void observe(struct board *board, struct cpu_observer *observer)
{
    board->x86->cpu.ops->observe(&board->x86->cpu, observer);
}

static void run_program(uint64_t seed, unsigned slices)
{
    static uint8_t filter[8192];
    struct board *fast = make_board(seed), *careful = make_board(seed), *watched = make_board(seed);
    struct random random = {seed * 77777};
    start(fast, seed);
    start(careful, seed);
    start(watched, seed);
    memset(filter, 0, sizeof filter);
    for (unsigned n = draw(&random, 2) == 0 ? 20 : 2000; n-- > 0;)
        filter[draw(&random, sizeof filter)] |= (uint8_t)(1u << draw(&random, 8));
    struct seen all = {.stopped_at = UINT64_MAX}, some = all;
    struct cpu_observer every = {
        .context = &all, .insn = see_instruction, .filter = filter, .micro = see_step};
    struct cpu_observer few = every;
    every.access = see_access;
    few.context = &some;
    observe(careful, &every);
    observe(watched, &few);
    for (unsigned n = 0; n < slices; n++) {
        struct cpu_limit limit = {.tick = CLOCK_NEVER, .count = UINT64_MAX};
        if (draw(&random, 2) == 0)
            limit.count = fast->x86->s.count + 1 + draw(&random, 400);
        else
            limit.tick = fast->clock.s.now + 1 + draw(&random, 1500);
        if (draw(&random, 8) == 0 && limit.count != UINT64_MAX)
            limit.micro = draw(&random, 12);
        uint64_t told = fast->trace.written;
        enum cpu_stop one = go(fast, limit), other, third;
        do {
            other = go(careful, limit);
            third = go(watched, limit);
            ck_assert_msg(
                third == other && equal(watched, careful) &&
                    told_the_same(watched, careful, told) && memcmp(&all, &some, sizeof all) == 0,
                "seed %lu, slice %u, watched: eip %08x and %08x, count %lu and %lu",
                (unsigned long)seed, n, watched->x86->s.eip, careful->x86->s.eip,
                (unsigned long)watched->x86->s.count, (unsigned long)careful->x86->s.count);
        } while (other == CPU_OBSERVED);
        ck_assert_msg(one == other && equal(fast, careful) && told_the_same(fast, careful, told),
                      "seed %lu, slice %u: eip %08x and %08x, count %lu and %lu, tick %lu and %lu",
                      (unsigned long)seed, n, fast->x86->s.eip, careful->x86->s.eip,
                      (unsigned long)fast->x86->s.count, (unsigned long)careful->x86->s.count,
                      (unsigned long)fast->clock.s.now, (unsigned long)careful->clock.s.now);
        if (one == CPU_SHUTDOWN || one == CPU_HALTED)
            break;
    }
    free_board(fast);
    free_board(careful);
    free_board(watched);
}

START_TEST(blocks_equal_single_steps)
{
    const char *more = getenv("LOCKSTEP_PROGRAMS"), *first = getenv("LOCKSTEP_FIRST");
    uint64_t from = first != NULL ? strtoull(first, NULL, 0) : 1;
    uint64_t programs = more != NULL ? strtoull(more, NULL, 0) : 300;
    for (uint64_t seed = from; seed < from + programs; seed++)
        run_program(seed, 60);
}
END_TEST

/* Programs that found something: a fault in a later element of REP, INS into its own page table. */
START_TEST(programs_that_differed)
{
    static const uint64_t seeds[] = {1096, 1717};
    run_program(seeds[_i], 60);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("x86 lockstep");
    TCase *tcase = tcase_create("lockstep");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, blocks_equal_single_steps);
    tcase_add_loop_test(tcase, programs_that_differed, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
