/* The block engine against the careful interpreter, on programs of random instructions, for both
 * models.
 *
 * The program runs in kseg0, or in user space, where the guest's own handler fills the TLB: with
 * pages of memory, of a device, and of nothing, of which some cannot be written or used at all. It
 * reads and writes itself; what faults is skipped by a handler; the CPU's timer and another one
 * interrupt; and both machines must be equal at every random limit. The careful one is made so by
 * an observer without hooks. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/mips.h"

enum {
    PAGES = 32,
    RAM = PAGES * 4096,
    DEVICE = RAM,
    PROGRAM = 0x1000,
    DATA = RAM - 2 * 4096, /* two pages without code */
    WORDS = (DATA - PROGRAM) / 4,
    KSEG1_DEVICE_HIGH = 0xa002, /* DEVICE in kseg1 */
};

enum { ZERO, AT, V0, V1, A0, T0 = 8, S0 = 16, K0 = 26, K1, GP, SP, S8, RA };

struct board {
    struct clock clock;
    struct bus memory;
    struct trace trace;
    struct memory ram;
    struct mips *mips;
    unsigned timer, period;
    uint32_t device_log; /* what the device was told, and when */
};

/* --- a device that sees time, and a timer ----------------------------------------------------- */

static bool device_read(void *context, unsigned who, uint32_t offset, unsigned size, uint32_t *out)
{
    (void)who;
    struct board *board = context;
    *out = (uint32_t)(board->clock.s.now * 2654435761u + offset) & (0xffffffffu >> (32 - 8 * size));
    board->device_log = board->device_log * 31 + (uint32_t)board->clock.s.now;
    return offset < 0x800;
}

static bool device_write(void *context, unsigned who, uint32_t offset, unsigned size,
                         uint32_t value)
{
    (void)who;
    struct board *board = context;
    board->device_log =
        board->device_log * 31 + (uint32_t)board->clock.s.now + value + offset + size;
    mips_pin(board->mips, 0, false);
    if ((value & 7) == 1) /* a device may ask for an event sooner */
        clock_arm(&board->clock, board->timer, board->clock.s.now + (value >> 3 & 63));
    return offset < 0x800;
}

static const struct bus_ops device_ops = {.read = device_read, .write = device_write};

static void tick(void *context, ticks due)
{
    struct board *board = context;
    mips_pin(board->mips, 0, true);
    clock_arm(&board->clock, board->timer, due + board->period);
}

/* --- the machine ------------------------------------------------------------------------------ */

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
    for (unsigned n = 0; n < 4; n++)
        board->ram.bytes[at + n] = (uint8_t)(value >> (24 - 8 * n));
}

static void put_words(struct board *board, uint32_t at, const uint32_t *words, size_t count)
{
    for (size_t n = 0; n < count; n++)
        put32(board, at + 4 * (uint32_t)n, words[n]);
}

#define R(function, rd, rs, rt, sa)                                                                \
    ((uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11 | (uint32_t)(sa) << 6 |    \
     (uint32_t)(function))
#define I(opcode, rt, rs, immediate)                                                               \
    ((uint32_t)(opcode) << 26 | (uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 |                      \
     ((uint32_t)(immediate)&0xffff))
#define MFC0(rt, number) (0x40000000u | (uint32_t)(rt) << 16 | (uint32_t)(number) << 11)
#define MTC0(rt, number) (0x40800000u | (uint32_t)(rt) << 16 | (uint32_t)(number) << 11)
#define JR(rs)           R(8, 0, rs, 0, 0)
#define RFE              0x42000010u
#define ERET             0x42000018u
#define TLBWR            0x42000006u
#define LUI(rt, value)   I(15, rt, 0, value)

/* The page of an address is its number modulo 64, of which the upper half is no memory; its flags
 * are four bits above. */
static const uint32_t refill_r3000[] = {
    MFC0(K0, 8),
    LUI(K1, 3),
    I(13, K1, K1, 0xf000),
    R(0x24, K1, K0, K1, 0),
    R(2, K0, 0, K0, 4),
    I(12, K0, K0, 0x0f00),
    R(0x25, K1, K1, K0, 0),
    I(14, K1, K1, 0x0600),
    MTC0(K1, 2),
    TLBWR,
    MFC0(K0, 14),
    JR(K0),
    RFE,
};

static const uint32_t refill_mips32[] = {
    MFC0(K0, 8),
    LUI(K1, 3),
    I(13, K1, K1, 0xe000),
    R(0x24, K1, K0, K1, 0),
    R(2, K1, 0, K1, 6),
    R(2, K0, 0, K0, 13),
    I(12, K0, K0, 7),
    I(14, K0, K0, 6),
    R(0x25, K1, K1, K0, 0),
    MTC0(K1, 2),
    I(14, K1, K1, 0x43),
    MTC0(K1, 3),
    TLBWR,
    ERET,
};

/* Behind what faulted, or was to come when the interrupt came, in the memory where the program is:
 * kseg0 or user space, as the mode was. */
static const uint32_t general[] = {
    LUI(K0, KSEG1_DEVICE_HIGH),
    I(0x2b, 0, K0, 0x10), /* the device takes its interrupt back */
    MFC0(K0, 9),
    I(9, K0, K0, 700),
    MTC0(K0, 11), /* the timer too */
    MFC0(K1, 12),
    R(0, K1, 0, K1, 28), /* KUp is in bit 31 */
    LUI(K0, 0x8000),
    R(0x26, K1, K1, K0, 0),
    R(0x24, K1, K1, K0, 0),
    MFC0(K0, 14),
    I(9, K0, K0, 8),
    R(0, K0, 0, K0, 15),
    R(2, K0, 0, K0, 15),
    I(13, K0, K0, 0x1000),
    R(0x25, K0, K0, K1, 0),
};

static void put_handlers(struct board *board)
{
    static const uint32_t back_r3000[] = {JR(K0), RFE}, back_mips32[] = {MTC0(K0, 14), ERET};
    bool pairs = board->mips->model->pairs;
    uint32_t at = pairs ? 0x180 : 0x80, words = sizeof general / 4;
    put_words(board, 0, pairs ? refill_mips32 : refill_r3000,
              pairs ? sizeof refill_mips32 / 4 : sizeof refill_r3000 / 4);
    put_words(board, at, general, words);
    if (pairs)
        put32(board, at + 4 * 6, R(0, K1, 0, K1, 27)); /* UM */
    put_words(board, at + 4 * words, pairs ? back_mips32 : back_r3000, 2);
    if (pairs)
        put_words(board, 0x200, (const uint32_t[]){0x08000000 | 0x180 / 4, 0}, 2);
}

static struct board *make_board(uint64_t seed, const struct mips_model *model)
{
    struct board *board = calloc(1, sizeof *board);
    struct random random = {seed};
    ck_assert_ptr_nonnull(board);
    clock_init(&board->clock);
    bus_init(&board->memory);
    trace_init(&board->trace);
    ck_assert(memory_init(&board->ram, "ram", RAM));
    bus_add_memory(&board->memory, "ram", 0, RAM, &board->ram, 0, false);
    bus_add_device(&board->memory, "device", DEVICE, 4096, &device_ops, board);
    board->mips = mips_create(model, 0, &board->clock, &board->memory, &board->trace);
    board->timer = clock_slot(&board->clock, "timer", tick, board);
    board->period = 50 + draw(&random, 3000);
    clock_arm(&board->clock, board->timer, board->period);
    return board;
}

static void free_board(struct board *board)
{
    board->mips->cpu.ops->free(&board->mips->cpu);
    memory_free(&board->ram);
    trace_free(&board->trace);
    free(board);
}

/* --- programs --------------------------------------------------------------------------------- */

/* Pointers are in S0 to S7 and RA, counters and the rest in V0 to T7. */
static unsigned value(struct random *random)
{
    return draw(random, 10) == 0 ? draw(random, 32) : V0 + draw(random, 14);
}

static unsigned pointer(struct random *random)
{
    return draw(random, 16) == 0 ? draw(random, 32) : S0 + draw(random, 8);
}

static uint32_t short_branch(struct random *random)
{
    return (draw(random, 40) - 16) & 0xffff;
}

static uint32_t computation(struct random *random)
{
    static const uint8_t three[] = {0x21, 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2a,
                                    0x2b, 0x04, 0x06, 0x07, 0x20, 0x22, 0x0a, 0x0b};
    static const uint8_t immediate[] = {9, 9, 9, 8, 10, 11, 12, 13, 14, 15};
    unsigned a = value(random), b = value(random), d = value(random);
    switch (draw(random, 6)) {
    case 0:
    case 1: return R(three[draw(random, sizeof three)], d, a, b, 0);
    case 2: return R(draw(random, 4) & ~1u, d, 0, b, draw(random, 32));
    case 3: /* MFHI and its like, MULT, DIV */
        return draw(random, 2) == 0 ? R(0x10 + draw(random, 4), d, a, 0, 0)
                                    : R(0x18 + draw(random, 4), 0, a, b, 0);
    default: return I(immediate[draw(random, sizeof immediate)], d, a, draw(random, 0x10000));
    }
}

static uint32_t access(struct random *random)
{
    static const uint8_t accesses[] = {0x20, 0x21, 0x22, 0x23, 0x23, 0x23, 0x24, 0x25, 0x26,
                                       0x28, 0x29, 0x2a, 0x2b, 0x2b, 0x2b, 0x2e, 0x30, 0x38};
    uint32_t offset = draw(random, 0x400);
    if (draw(random, 8) != 0)
        offset &= ~3u;
    return I(accesses[draw(random, sizeof accesses)], value(random), pointer(random), offset);
}

static uint32_t branch(struct random *random)
{
    static const uint8_t codes[] = {0, 1, 0x10, 0x11, 2, 3, 0x12, 0x13};
    unsigned a = value(random), b = value(random), kind = draw(random, 12);
    uint32_t place = PROGRAM + 4 * draw(random, WORDS), offset = short_branch(random);
    if (kind < 4)
        return I(4 + kind % 2, b, a, offset);
    if (kind < 6)
        return I(6 + kind % 2, 0, a, offset);
    if (kind == 6)
        return I(1, codes[draw(random, sizeof codes)], a, offset);
    if (kind == 7)
        return I(0x14 + draw(random, 4), draw(random, 2) ? b : 0, a, offset);
    if (kind == 8)
        return 0x08000000 | place / 4;
    if (kind == 9)
        return 0x0c000000 | place / 4;
    return kind == 10 ? JR(draw(random, 4) == 0 ? pointer(random) : RA)
                      : R(9, draw(random, 2) ? RA : 0, pointer(random), 0, 0);
}

static uint32_t rare(struct random *random)
{
    static const uint8_t readable[] = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    static const uint8_t writable[] = {0, 2, 3, 4, 9, 10, 10, 11, 13, 14};
    static const uint32_t others[] = {0x0c,       0x0d,       0x42000001, 0x42000002, TLBWR,
                                      0x42000008, RFE,        ERET,       0x0f,       0x42000020,
                                      0x70000002, 0x70000000, 0x70000021, 0x34,       0x44000000,
                                      0xcc000000, 0xbc000000};
    unsigned a = value(random);
    switch (draw(random, 6)) {
    case 0: return MFC0(a, readable[draw(random, sizeof readable)]);
    case 1: return MTC0(a, writable[draw(random, sizeof writable)]);
    case 2: return others[draw(random, sizeof others / 4)] | (draw(random, 2) ? a << 21 : 0);
    case 3: return draw(random, 8) != 0 ? 0 : (uint32_t)scramble(random->state++);
    default: return others[draw(random, sizeof others / 4)];
    }
}

/* Frames: many words through one register, with copies among them. */

static uint32_t copy(struct random *random, bool saves, unsigned last)
{
    unsigned other = value(random);
    switch (draw(random, 6)) {
    case 0: return R(0x21, other, last, 0, 0);
    case 1: return R(0x25, last, other, 0, 0);
    case 2: return saves ? R(0x10, last, 0, 0, 0) : R(0x11, 0, last, 0, 0);
    case 3: return saves ? R(0x12, last, 0, 0, 0) : R(0x13, 0, last, 0, 0);
    default: return saves ? MFC0(last, 12 + draw(random, 3)) : MTC0(last, 14);
    }
}

/* Answers what is behind it. */
static unsigned put_frame(struct board *board, struct random *random, unsigned at)
{
    bool saves = draw(random, 2) == 0;
    unsigned base = draw(random, 3) ? S0 + 2 : pointer(random), reg = draw(random, 32);
    uint32_t offset = draw(random, 64) * 4 - 128, step = draw(random, 4) ? 4 : -4u;
    for (unsigned left = 2 + draw(random, 26); left > 0 && at < DATA; left--, at += 4) {
        bool copies = draw(random, 3) == 0;
        if (draw(random, 5) == 0) {
            reg = draw(random, 24) == 0 ? base : draw(random, 32);
            offset = draw(random, 64) * 4 - 128;
        }
        put32(board, at,
              copies ? copy(random, saves, reg) : I(saves ? 0x2b : 0x23, reg, base, offset));
        reg = copies ? reg : (reg + (step == 4 ? 1 : 31)) % 32;
        offset += copies ? 0 : step;
    }
    return at;
}

static void put_program(struct board *board, struct random *random)
{
    for (unsigned at = PROGRAM; at < DATA; at += 4) {
        uint32_t kind = draw(random, 32);
        if (draw(random, 60) == 0) {
            at = put_frame(board, random, at) - 4;
            continue;
        }
        put32(board, at,
              kind < 14   ? computation(random)
              : kind < 24 ? access(random)
              : kind < 31 ? branch(random)
                          : rare(random));
    }
}

static void start(struct board *board, uint64_t seed)
{
    struct random random = {seed * 1000};
    struct mips_state *s = &board->mips->s;
    bool user = draw(&random, 2) == 0, pairs = board->mips->model->pairs;
    uint32_t base = user ? 0 : 0x80000000u;
    put_program(board, &random);
    put_handlers(board);
    s->pc = base + PROGRAM + 4 * draw(&random, WORDS);
    s->next_pc = s->pc + 4;
    s->cause = 0;
    for (unsigned n = V0; n < 32; n++)
        s->gpr[n] = n < S0 ? (uint32_t)scramble(random.state++) >> draw(&random, 32)
                           : base + PROGRAM + 4 * draw(&random, WORDS);
    if (draw(&random, 4) == 0) /* somewhere else in user space, by the TLB */
        s->gpr[S0] = draw(&random, 0x7fffffff) & ~3u;
    s->gpr[S0 + 2] = base + DATA + 0xf80 + 4 * draw(&random, 128); /* frames may cross pages */
    s->gpr[S0 + 1] = 0xa0000000u + DEVICE + 4 * draw(&random, 64);
    s->status = MIPS_IM | MIPS_IE | (draw(&random, 8) == 0 ? MIPS_CU0 : 0) |
                (!user   ? 0
                 : pairs ? MIPS_UM
                         : MIPS_KUC);
    s->cause = pairs && draw(&random, 2) ? MIPS_IV : 0;
    board->mips->cpu.ops->memory_changed(&board->mips->cpu, 0, 0);
}

/* --- the comparison --------------------------------------------------------------------------- */

static enum cpu_stop go(struct board *board, struct cpu_limit limit)
{
    struct cpu *cpu = &board->mips->cpu;
    for (;;) {
        enum cpu_stop stop = cpu->ops->run(cpu, limit);
        if (stop == CPU_HALTED && board->clock.horizon < limit.tick) {
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
           memcmp(&a->mips->s, &b->mips->s, sizeof a->mips->s) == 0 &&
           memcmp(a->ram.bytes, b->ram.bytes, RAM) == 0;
}

static const struct cpu_observer looks_at_nothing;

static void compare(struct board *fast, struct board *careful, uint64_t seed, unsigned slices)
{
    struct random random = {seed * 77777};
    for (unsigned n = 0; n < slices; n++) {
        struct cpu_limit limit = {.tick = CLOCK_NEVER, .count = UINT64_MAX};
        if (draw(&random, 2) == 0)
            limit.count = fast->mips->s.count + 1 + draw(&random, 400);
        else
            limit.tick = fast->clock.s.now + 1 + draw(&random, 1500);
        if (draw(&random, 8) == 0 && limit.count != UINT64_MAX)
            limit.micro = draw(&random, 12);
        enum cpu_stop one = go(fast, limit), other = go(careful, limit);
        ck_assert_msg(
            one == other && equal(fast, careful),
            "%s seed %lu, slice %u: pc %08x and %08x, count %lu and %lu, tick %lu and %lu",
            fast->mips->model->name, (unsigned long)seed, n, fast->mips->s.pc, careful->mips->s.pc,
            (unsigned long)fast->mips->s.count, (unsigned long)careful->mips->s.count,
            (unsigned long)fast->clock.s.now, (unsigned long)careful->clock.s.now);
        if (one == CPU_HALTED)
            break;
    }
}

/* What was recorded tersely, and completed here, is what the careful one recorded. */
static bool same_events(const struct trace *a, const struct trace *b)
{
    if (a->written != b->written)
        return false;
    for (uint64_t n = a->written > TRACE_EVENTS ? a->written - TRACE_EVENTS : 0; n < a->written;
         n++)
        if (memcmp(trace_at(a, n), trace_at(b, n), sizeof(struct trace_event)) != 0)
            return false;
    return true;
}

/* What became of all programs, so that none of it can be left out unseen. */
static struct {
    unsigned long exceptions[MIPS_EXCEPTIONS], actions, user;
} seen;

static void run_program(uint64_t seed, const struct mips_model *model)
{
    struct board *fast = make_board(seed, model), *careful = make_board(seed, model);
    start(fast, seed);
    start(careful, seed);
    careful->mips->cpu.ops->observe(&careful->mips->cpu, &looks_at_nothing);
    compare(fast, careful, seed, 60);
    ck_assert_msg(same_events(&fast->trace, &careful->trace), "%s seed %lu: events", model->name,
                  (unsigned long)seed);
    for (uint64_t n = fast->trace.written > TRACE_EVENTS ? fast->trace.written - TRACE_EVENTS : 0;
         n < fast->trace.written; n++) {
        const struct trace_event *event = trace_at(&fast->trace, n);
        if (event->kind == TRACE_TRAP) {
            seen.exceptions[event->vector]++;
            seen.user += event->old;
        }
    }
    seen.actions += (unsigned long)fast->mips->s.count;
    free_board(fast);
    free_board(careful);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(blocks_equal_single_steps)
{
    const struct mips_model *model = _i == 0 ? &mips_r3000 : &mips_mips32;
    uint64_t from = from_environment("LOCKSTEP_FIRST", 1);
    uint64_t programs = from_environment("LOCKSTEP_PROGRAMS", 300);
    for (uint64_t seed = from; seed < from + programs; seed++)
        run_program(seed, model);
    if (programs < 300)
        return;
    ck_assert_uint_gt(seen.actions, 300 * 500);
    ck_assert_uint_gt(seen.user, 1000);
    for (unsigned n = 0; n <= MIPS_OV; n++)
        ck_assert_msg(seen.exceptions[n] > 10, "exception %u: %lu", n, seen.exceptions[n]);
    ck_assert_int_eq(seen.exceptions[MIPS_TR] > 10, _i == 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips lockstep");
    TCase *tcase = tcase_create("lockstep");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, blocks_equal_single_steps, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
