/* mips: a processor is made, reset, wired, saved and let go. */
#include "cpu/mips/mips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/blocks.h"
#include "cpu/mips/engine.h"
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

/* Kane, ch. 6; MIPS32 vol. 3, ch. 4; the rest, and the TLB full of pages that cannot be used, as
 * System/161 does it. The pins keep the levels that they are driven to. */
static void reset(struct cpu *cpu)
{
    struct mips *c = (struct mips *)cpu;
    const struct mips_model *model = c->model;
    uint32_t stride = model->pairs ? 2 * MEMORY_PAGE : MEMORY_PAGE;
    uint32_t errorepc = c->s.in_slot ? c->s.branch_pc : c->s.pc;
    c->s = (struct mips_state){.pc = model->reset_vector,
                               .next_pc = model->reset_vector + 4,
                               .count_register = 1,
                               .stopped = cpu->number != 0,
                               .status = model->status_reset,
                               .config = model->config[0],
                               .wired = model->tlb_wired,
                               .errorepc = model->erl != 0 ? errorepc : 0,
                               .count = c->s.count,
                               .cause = c->s.cause & MIPS_IP_PINS & ~(uint32_t)MIPS_IP7};
    for (unsigned n = 0; n < model->tlb_entries; n++)
        c->s.tlb[n].hi = 0x81000000u + n * stride;
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

/* No bits but those that can be written, and `more`. */
static bool register_valid(const struct mips_model *model, unsigned number, uint32_t value,
                           uint32_t more)
{
    return (value & ~(model->cp0[number].writable | more)) == 0;
}

static bool control_valid(const struct mips_state *s, const struct mips_model *model)
{
    uint32_t cause = MIPS_BD | MIPS_CE | MIPS_IP | MIPS_EXCCODE;
    return register_valid(model, 0, s->index, 0) && register_valid(model, 2, s->entrylo, 0) &&
           register_valid(model, 3, s->entrylo1, 0) &&
           register_valid(model, 4, s->context, model->context_vpn) &&
           register_valid(model, 5, s->pagemask, 0) && register_valid(model, 10, s->entryhi, 0) &&
           register_valid(model, 12, s->status, model->status_hardware) &&
           register_valid(model, 13, s->cause, cause) &&
           register_valid(model, 16, s->config ^ model->config[0], 0) &&
           register_valid(model, 30, s->errorepc, 0) && s->wired < model->tlb_entries &&
           (model->pairs || s->wired == model->tlb_wired);
}

static bool tlb_valid(const struct mips_state *s, const struct mips_model *model)
{
    for (unsigned n = 0; n < MIPS_TLB_ENTRIES; n++) {
        const struct mips_tlb_entry *entry = &s->tlb[n];
        bool used = n < model->tlb_entries;
        if (!register_valid(model, 10, entry->hi, 0) || !register_valid(model, 2, entry->lo, 0) ||
            !register_valid(model, 3, entry->lo1, 0) || !register_valid(model, 5, entry->mask, 0) ||
            (!used && (entry->hi | entry->lo | entry->lo1 | entry->mask) != 0))
            return false;
    }
    return true;
}

static bool valid(const void *bytes, const struct mips_model *model)
{
    struct mips_state s;
    memcpy(&s, bytes, sizeof s);
    uint8_t reserved = 0;
    for (unsigned n = 0; n < sizeof s.reserved; n++)
        reserved |= s.reserved[n];
    return s.gpr[0] == 0 && s.in_slot <= 1 && s.waiting <= 1 && s.linked <= 1 &&
           s.compare_written <= 1 && s.stopped <= 1 && reserved == 0 &&
           (s.in_slot || s.branch_pc == 0) && s.random_top <= s.cycles &&
           (s.hilo_ready <= s.cycles || s.hilo_ready - s.cycles <= model->divide_ticks) &&
           control_valid(&s, model) && tlb_valid(&s, model) && mips_micro_valid(&s.micro);
}

static bool r3000_valid(const void *bytes)
{
    return valid(bytes, &mips_r3000);
}

static bool mips32_valid(const void *bytes)
{
    return valid(bytes, &mips_mips32);
}

static void restored(void *mips)
{
    mips_soft_flush(mips);
}

static void add_state(struct cpu *cpu, struct state_map *map)
{
    struct mips *c = (struct mips *)cpu;
    state_add(map, (struct state_block){.name = c->state_name,
                                        .version = 2,
                                        .size = sizeof c->s,
                                        .bytes = &c->s,
                                        .valid = c->model->pairs ? mips32_valid : r3000_valid,
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
    return mips_waits(c) && !mips_wakes_itself(c) ? CPU_WAITS : CPU_AWAKE;
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
    const struct mips *c = (const struct mips *)cpu;
    return (c->s.entryhi & c->model->entryhi_asid) >> c->model->asid_shift;
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

/* Where dirty marks were cleared, pages held for writing have to be asked for anew. */
static void memory_changed(struct cpu *cpu, uint32_t physical, uint32_t length)
{
    struct mips *c = (struct mips *)cpu;
    mips_code_written(c, physical, length);
    if (length == 0)
        mips_soft_flush(c);
}

/* --- life ------------------------------------------------------------------------------------- */

static void destroy(struct cpu *cpu)
{
    struct mips *c = (struct mips *)cpu;
    mips_blocks_leave(c->blocks, c);
    free(c);
}

#define OPS(model)                                                                                 \
    {                                                                                              \
        .name = #model, .big_endian = true, .reset = reset, .run = mips_run, .count = count,       \
        .micro = micro, .rest = rest, .observe = observe, .registers = mips_##model##_registers,   \
        .reg_get = mips_register_get, .reg_set = mips_register_set, .pc = pc, .sp = sp,            \
        .space = space, .privilege = privilege, .code_bits = code_bits, .translate = translate,    \
        .memory_changed = memory_changed, .add_state = add_state, .free = destroy                  \
    }

static const struct cpu_ops r3000_ops = OPS(r3000), mips32_ops = OPS(mips32);

struct mips *mips_create(const struct mips_model *model, unsigned number, struct clock *clock,
                         struct bus *memory, struct trace *trace)
{
    struct mips *c = bug_alloc(1, sizeof *c);
    c->cpu = (struct cpu){.ops = model->pairs ? &mips32_ops : &r3000_ops,
                          .number = number,
                          .clock = clock,
                          .memory = memory,
                          .trace = trace};
    c->model = model;
    c->blocks = mips_blocks_create(c, mips_engine_handlers());
    int used = snprintf(c->state_name, sizeof c->state_name, "%s", model->name);
    if (number != 0)
        snprintf(c->state_name + used, sizeof c->state_name - (size_t)used, ".%u", number);
    reset(&c->cpu);
    return c;
}

void mips_share_code(struct mips *c, struct mips *with)
{
    bug_unless(c->cpu.memory == with->cpu.memory && c->model == with->model);
    mips_blocks_leave(c->blocks, c);
    c->blocks = with->blocks;
    mips_blocks_join(c->blocks, c);
    mips_soft_flush(c);
}
