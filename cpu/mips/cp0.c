/* cp0: the system control coprocessor's registers, and the time that passes in two of them. */
#include "cpu/mips/mips.h"

/* Their numbers. */
enum {
    INDEX = 0,
    RANDOM = 1,
    ENTRYLO = 2,
    CONTEXT = 4,
    BADVADDR = 8,
    COUNT = 9,
    ENTRYHI = 10,
    COMPARE = 11,
    STATUS = 12,
    CAUSE = 13,
    EPC = 14,
    PRID = 15,
    CONFIG = 16,
};

/* From the last entry down to the first that is not wired, and again (Kane, ch. 6). */
unsigned mips_random(const struct mips *c)
{
    unsigned last = c->model->tlb_entries - 1u, range = c->model->tlb_entries - c->model->tlb_wired;
    return last - (unsigned)(c->s.cycles % range);
}

/* PRId has two selects that tell of further features: none. */
static bool get_selected(const struct mips *c, unsigned number, unsigned select, uint32_t *value)
{
    if (number == CONFIG && select == 1) {
        *value = c->model->config[1];
        return true;
    }
    *value = 0;
    return number == PRID && select <= 2;
}

bool mips_cp0_get(const struct mips *c, unsigned number, unsigned select, uint32_t *value)
{
    if (select != 0)
        return get_selected(c, number, select, value);
    switch (number) {
    case INDEX: *value = c->s.index; return true;
    case RANDOM: *value = mips_random(c) << MIPS_SLOT_SHIFT; return true;
    case ENTRYLO: *value = c->s.entrylo; return true;
    case CONTEXT: *value = c->s.context; return true;
    case BADVADDR: *value = c->s.badvaddr; return true;
    case COUNT: *value = c->s.count_register; return true;
    case ENTRYHI: *value = c->s.entryhi; return true;
    case COMPARE: *value = c->s.compare; return true;
    case STATUS: *value = c->s.status; return true;
    case CAUSE: *value = c->s.cause; return true;
    case EPC: *value = c->s.epc; return true;
    case PRID: *value = c->model->prid; return true;
    case CONFIG: *value = c->model->config[0]; return true;
    default: *value = 0; return false;
    }
}

/* System/161: takes the interrupt back, and Count never stays beyond Compare. */
static void set_compare(struct mips *c, uint32_t value)
{
    c->s.compare = value;
    c->s.compare_written = 1;
    c->s.cause &= ~(uint32_t)MIPS_IP7;
    if (c->s.count_register > value)
        c->s.count_register = 0;
}

static void set_some(uint32_t *reg, uint32_t writable, uint32_t value)
{
    *reg = (*reg & ~writable) | (value & writable);
}

bool mips_cp0_set(struct mips *c, unsigned number, unsigned select, uint32_t value)
{
    uint32_t none;
    if (select != 0)
        return number == CONFIG || get_selected(c, number, select, &none);
    switch (number) {
    case INDEX: set_some(&c->s.index, MIPS_INDEX_P | MIPS_INDEX_SLOT, value); return true;
    case ENTRYLO: set_some(&c->s.entrylo, c->model->entrylo_bits, value); return true;
    case CONTEXT: set_some(&c->s.context, MIPS_CONTEXT_PTE, value); return true;
    case COUNT: c->s.count_register = value; return true;
    case ENTRYHI: set_some(&c->s.entryhi, c->model->entryhi_bits, value); return true;
    case COMPARE: set_compare(c, value); return true;
    case STATUS: set_some(&c->s.status, c->model->status_writable, value); return true;
    case CAUSE: set_some(&c->s.cause, MIPS_IP_SOFT, value); return true;
    default: return mips_cp0_get(c, number, 0, &none); /* read-only */
    }
}

/* When Count reaches Compare it starts again from 0 and IP7 is raised (System/161); what an action
 * took beyond that is not lost. A distance of 0 is the longest, 2^32. */
void mips_charge(struct mips *c, unsigned ticks)
{
    uint32_t distance = c->s.compare - c->s.count_register;
    c->cpu.clock->s.now += ticks;
    c->s.cycles += ticks;
    c->s.count_register += ticks;
    if (c->s.compare_written != 0 && distance - 1 < ticks) {
        c->s.count_register = ticks - distance;
        c->s.cause |= MIPS_IP7;
    }
}
