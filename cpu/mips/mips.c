/* mips: a processor is made, reset, wired, saved and let go. */
#include "cpu/mips/mips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/registers.h"
#include "cpu/mips/run.h"
#include "cpu/mips/trap.h"
#include "emu/base/bug.h"

#define PINS 5u

void mips_pin(void *mips, unsigned pin, bool level)
{
    struct mips *c = mips;
    bug_unless(pin < PINS);
    uint32_t bit = (uint32_t)MIPS_IP2 << pin;
    c->s.cause = level ? c->s.cause | bit : c->s.cause & ~bit;
}

/* Kane, ch. 6; the rest, and the TLB full of pages that cannot be used, as System/161 does it. The
 * pins keep the levels that they are driven to. */
static void reset(struct cpu *cpu)
{
    struct mips *c = (struct mips *)cpu;
    c->s = (struct mips_state){.pc = c->model->reset_vector,
                               .next_pc = c->model->reset_vector + 4,
                               .count_register = 1,
                               .stopped = cpu->number != 0,
                               .status = c->model->status_reset,
                               .count = c->s.count,
                               .cause = c->s.cause & MIPS_IP_PINS & ~(uint32_t)MIPS_IP7};
    for (unsigned n = 0; n < c->model->tlb_entries; n++)
        c->s.tlb[n].hi = 0x81000000u + n * MEMORY_PAGE;
    mips_soft_flush(c);
}

void mips_start(struct mips *c, uint32_t pc, uint32_t a0, uint32_t sp)
{
    c->s.pc = pc;
    c->s.next_pc = pc + 4;
    c->s.branch_pc = 0;
    c->s.in_slot = 0;
    c->s.gpr[MIPS_A0] = a0;
    c->s.gpr[MIPS_SP] = sp;
    c->s.waiting = 0;
    c->s.stopped = 0;
    c->s.micro = (struct mips_micro){0};
}

void mips_stop(struct mips *c)
{
    c->s.stopped = 1;
}

/* --- state ------------------------------------------------------------------------------------ */

static bool control_valid(const struct mips_state *s, const struct mips_model *model)
{
    uint32_t cause = MIPS_BD | MIPS_CE | MIPS_IP | MIPS_EXCCODE;
    return (s->index & ~(MIPS_INDEX_P | MIPS_INDEX_SLOT)) == 0 &&
           (s->entrylo & ~model->entrylo_bits) == 0 && (s->entryhi & ~model->entryhi_bits) == 0 &&
           (s->context & ~(MIPS_CONTEXT_PTE | MIPS_CONTEXT_VPN)) == 0 &&
           (s->status & ~(model->status_writable | MIPS_TS)) == 0 && (s->cause & ~cause) == 0;
}

static bool tlb_valid(const struct mips_state *s, const struct mips_model *model)
{
    for (unsigned n = 0; n < MIPS_TLB_ENTRIES; n++)
        if ((s->tlb[n].hi & ~model->entryhi_bits) != 0 ||
            (s->tlb[n].lo & ~model->entrylo_bits) != 0)
            return false;
    return true;
}

static bool state_valid(const void *bytes)
{
    struct mips_state s;
    memcpy(&s, bytes, sizeof s);
    const struct mips_model *model = &mips_r3000;
    return s.gpr[0] == 0 && s.in_slot <= 1 && s.waiting <= 1 && s.linked <= 1 &&
           s.compare_written <= 1 && s.stopped <= 1 &&
           (s.reserved[0] | s.reserved[1] | s.reserved[2]) == 0 &&
           (s.in_slot || s.branch_pc == 0) &&
           (s.hilo_ready <= s.cycles || s.hilo_ready - s.cycles <= model->divide_ticks) &&
           control_valid(&s, model) && tlb_valid(&s, model) && mips_micro_valid(&s.micro);
}

static void restored(void *mips)
{
    mips_soft_flush(mips);
}

static void add_state(struct cpu *cpu, struct state_map *map)
{
    struct mips *c = (struct mips *)cpu;
    state_add(map, (struct state_block){.name = c->state_name,
                                        .version = 1,
                                        .size = sizeof c->s,
                                        .bytes = &c->s,
                                        .valid = state_valid,
                                        .restored = restored,
                                        .context = c});
}

/* --- what a debugger asks --------------------------------------------------------------------- */

static uint64_t count(const struct cpu *cpu)
{
    return ((const struct mips *)cpu)->s.count;
}

static uint32_t micro(const struct cpu *cpu)
{
    return ((const struct mips *)cpu)->s.micro.done;
}

static enum cpu_rest rest(const struct cpu *cpu)
{
    const struct mips *c = (const struct mips *)cpu;
    if (c->s.stopped)
        return CPU_DEAF;
    return mips_waits(c) ? CPU_WAITS : CPU_AWAKE;
}

static void observe(struct cpu *cpu, const struct cpu_observer *observer)
{
    ((struct mips *)cpu)->observer = observer;
}

static uint32_t pc(const struct cpu *cpu)
{
    return ((const struct mips *)cpu)->s.pc;
}

static uint32_t sp(const struct cpu *cpu)
{
    return ((const struct mips *)cpu)->s.gpr[MIPS_SP];
}

static uint32_t space(const struct cpu *cpu)
{
    return (((const struct mips *)cpu)->s.entryhi & MIPS_HI_ASID) >> 6;
}

static unsigned privilege(const struct cpu *cpu)
{
    return mips_user((const struct mips *)cpu);
}

static unsigned code_bits(const struct cpu *cpu)
{
    (void)cpu;
    return 32;
}

static bool translate(const struct cpu *cpu, uint32_t linear, uint32_t *physical)
{
    return mips_translate((const struct mips *)cpu, linear, physical);
}

/* Nothing is kept of memory's bytes; but where dirty marks were cleared, pages held for writing
 * have to be asked for anew. */
static void memory_changed(struct cpu *cpu, uint32_t physical, uint32_t length)
{
    (void)physical;
    if (length == 0)
        mips_soft_flush((struct mips *)cpu);
}

/* --- life ------------------------------------------------------------------------------------- */

static void destroy(struct cpu *cpu)
{
    free(cpu);
}

static const struct cpu_ops ops = {
    .name = "r3000",
    .big_endian = true,
    .reset = reset,
    .run = mips_run,
    .count = count,
    .micro = micro,
    .rest = rest,
    .observe = observe,
    .registers = mips_registers,
    .reg_get = mips_register_get,
    .reg_set = mips_register_set,
    .pc = pc,
    .sp = sp,
    .space = space,
    .privilege = privilege,
    .code_bits = code_bits,
    .translate = translate,
    .memory_changed = memory_changed,
    .add_state = add_state,
    .free = destroy,
};

struct mips *mips_create(const struct mips_model *model, unsigned number, struct clock *clock,
                         struct bus *memory, struct trace *trace)
{
    struct mips *c = bug_alloc(1, sizeof *c);
    c->cpu = (struct cpu){
        .ops = &ops, .number = number, .clock = clock, .memory = memory, .trace = trace};
    c->model = model;
    int used = snprintf(c->state_name, sizeof c->state_name, "%s", model->name);
    if (number != 0)
        snprintf(c->state_name + used, sizeof c->state_name - (size_t)used, ".%u", number);
    reset(&c->cpu);
    return c;
}
