/* mips_ours: cases on both of our models, by the block engine and by the careful interpreter. */
#include "tests/oracle/mips_oracle.h"

#include <string.h>

#include "cpu/mips/mips.h"
#include "emu/base/bug.h"

#define SYSCALL          0x0cu
#define BRANCH_TO_ITSELF 0x1000ffffu

static struct machine {
    struct clock clock;
    struct bus bus;
    struct memory ram;
    struct trace trace;
    struct mips *cpu;
} machines[OURS];

static const struct cpu_observer looks_at_nothing;

static bool is_careful(enum ours which)
{
    return which == OURS_R3000_CAREFUL || which == OURS_MIPS32_CAREFUL;
}

static const struct mips_model *model_of(enum ours which)
{
    return which < OURS_MIPS32 ? &mips_r3000 : &mips_mips32;
}

const char *ours_name(enum ours which)
{
    static const char *const names[OURS] = {
        [OURS_R3000] = "r3000, blocks",
        [OURS_R3000_CAREFUL] = "r3000, one by one",
        [OURS_MIPS32] = "mips32, blocks",
        [OURS_MIPS32_CAREFUL] = "mips32, one by one",
    };
    return names[which];
}

static void put_word(struct machine *m, uint32_t at, uint32_t word)
{
    for (unsigned n = 0; n < 4; n++)
        m->ram.bytes[at + n] = (uint8_t)(word >> (24 - 8 * n));
}

void ours_open(void)
{
    for (unsigned n = 0; n < OURS; n++) {
        struct machine *m = &machines[n];
        const struct mips_model *model = model_of((enum ours)n);
        clock_init(&m->clock);
        bus_init(&m->bus);
        trace_init(&m->trace);
        bug_unless(memory_init(&m->ram, "ram", MEMORY_SIZE));
        bus_add_memory(&m->bus, "ram", 0, MEMORY_SIZE, &m->ram, 0, false);
        m->cpu = mips_create(model, 0, &m->clock, &m->bus, &m->trace);
        for (uint32_t at = 0; at < MEMORY_SIZE; at += 4)
            put_word(m, at, SYSCALL);
        put_word(m, model->general, BRANCH_TO_ITSELF);
        put_word(m, model->general + 4, 0);
        if (is_careful((enum ours)n))
            m->cpu->cpu.ops->observe(&m->cpu->cpu, &looks_at_nothing);
    }
}

static void put_case(struct machine *m, const struct test_case *test)
{
    uint32_t at = test->pc - KSEG0;
    for (unsigned i = 0; i < INSTRUCTIONS; i++)
        put_word(m, at + 4 * i, test->code[i]);
    memcpy(m->ram.bytes + (SHOWN_BASE - KSEG0), test->data, SHOWN_SIZE);
    m->cpu->cpu.ops->memory_changed(&m->cpu->cpu, at, 4 * INSTRUCTIONS);
}

/* Until the SYSCALL behind, or another exception; then it stays at the vector. */
void ours_run(enum ours which, const struct test_case *test, struct outcome *out)
{
    struct machine *m = &machines[which];
    struct mips_state *s = &m->cpu->s;
    s->status = 0;
    s->cause = 0;
    s->pc = test->pc;
    s->next_pc = test->pc + 4;
    s->in_slot = 0;
    s->branch_pc = 0;
    s->linked = 0;
    s->hi = test->hi;
    s->lo = test->lo;
    memcpy(s->gpr, test->gpr, sizeof s->gpr);
    put_case(m, test);
    m->cpu->cpu.ops->run(&m->cpu->cpu,
                         (struct cpu_limit){CLOCK_NEVER, s->count + INSTRUCTIONS + 1, 0});
    uint32_t code = (s->cause & MIPS_EXCCODE) >> MIPS_EXCCODE_SHIFT;
    out->exception = code == MIPS_SYS ? NO_EXCEPTION : code;
    out->pc = s->epc;
    out->hi = s->hi;
    out->lo = s->lo;
    memcpy(out->gpr, s->gpr, sizeof out->gpr);
    memcpy(out->data, m->ram.bytes + (SHOWN_BASE - KSEG0), SHOWN_SIZE);
}

void ours_close(void)
{
    for (unsigned n = 0; n < OURS; n++) {
        machines[n].cpu->cpu.ops->free(&machines[n].cpu->cpu);
        memory_free(&machines[n].ram);
        trace_free(&machines[n].trace);
    }
}
