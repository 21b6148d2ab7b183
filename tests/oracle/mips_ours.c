/* mips_ours: cases on our R3000. */
#include "tests/oracle/mips_oracle.h"

#include <string.h>

#include "cpu/mips/mips.h"
#include "emu/base/bug.h"

#define VECTOR 0x80000080u

static struct {
    struct clock clock;
    struct bus bus;
    struct memory ram;
    struct trace trace;
    struct mips *cpu;
} ours;

void ours_open(void)
{
    clock_init(&ours.clock);
    bus_init(&ours.bus);
    trace_init(&ours.trace);
    bug_unless(memory_init(&ours.ram, "ram", MEMORY_SIZE));
    bus_add_memory(&ours.bus, "ram", 0, MEMORY_SIZE, &ours.ram, 0, false);
    ours.cpu = mips_create(&mips_r3000, 0, &ours.clock, &ours.bus, &ours.trace);
}

void ours_run(const struct test_case *test, struct outcome *out)
{
    struct mips_state *s = &ours.cpu->s;
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
    for (unsigned i = 0; i < INSTRUCTIONS; i++)
        for (unsigned n = 0; n < 4; n++)
            ours.ram.bytes[test->pc - KSEG0 + 4 * i + n] = (uint8_t)(test->code[i] >> (24 - 8 * n));
    memcpy(ours.ram.bytes + (SHOWN_BASE - KSEG0), test->data, SHOWN_SIZE);
    for (unsigned i = 0; i < INSTRUCTIONS && s->pc != VECTOR; i++)
        ours.cpu->cpu.ops->run(&ours.cpu->cpu, (struct cpu_limit){CLOCK_NEVER, s->count + 1, 0});
    out->exception =
        s->pc == VECTOR ? (s->cause & MIPS_EXCCODE) >> MIPS_EXCCODE_SHIFT : NO_EXCEPTION;
    out->pc = s->pc;
    out->hi = s->hi;
    out->lo = s->lo;
    memcpy(out->gpr, s->gpr, sizeof out->gpr);
    memcpy(out->data, ours.ram.bytes + (SHOWN_BASE - KSEG0), SHOWN_SIZE);
}

void ours_close(void)
{
    ours.cpu->cpu.ops->free(&ours.cpu->cpu);
    memory_free(&ours.ram);
    trace_free(&ours.trace);
}
