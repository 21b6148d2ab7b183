/* cp0: the system control coprocessor's registers, and the time that passes in two of them. */
#include "cpu/mips/mips.h"

/* Numbers that have further selects. */
enum { PRID = 15, CONFIG = 16 };

/* From the last entry down to the first that is not wired, and again (Kane, ch. 6; MIPS32 vol. 3).
 */
unsigned mips_random(const struct mips *c)
{
    unsigned last = c->model->tlb_entries - 1u, range = c->model->tlb_entries - c->s.wired;
    return last - (unsigned)((c->s.cycles - c->s.random_top) % range);
}

/* System/161's PRId has two selects that tell of further features: none. */
static bool get_selected(const struct mips *c, unsigned number, unsigned select, uint32_t *value)
{
    *value = number == CONFIG && select == 1 ? c->model->config[1] : 0;
    return c->model->lenient || (number == CONFIG && select == 1) ||
           (number == PRID && select <= 2);
}

static uint32_t word_at(const struct mips *c, const struct mips_cp0 *row)
{
    return *(const uint32_t *)(const void *)((const char *)&c->s + row->offset);
}

bool mips_cp0_get(const struct mips *c, unsigned number, unsigned select, uint32_t *value)
{
    if (select != 0)
        return get_selected(c, number, select, value);
    const struct mips_cp0 *row = &c->model->cp0[number];
    switch ((enum mips_cp0_kind)row->kind) {
    case MIPS_CP0_NONE: *value = 0; return c->model->lenient;
    case MIPS_CP0_RANDOM: *value = mips_random(c) << c->model->index_shift; return true;
    case MIPS_CP0_CONSTANT: *value = row->writable; return true;
    case MIPS_CP0_LINKED: *value = c->s.linked_address >> 4; return true;
    default: *value = word_at(c, row); return true;
    }
}

/* Writing Compare takes the interrupt back. System/161: Count never stays beyond it. */
static void compare_written(struct mips *c)
{
    c->s.compare_written = 1;
    c->s.cause &= ~(uint32_t)MIPS_IP7;
    if (c->model->interrupt_once && c->s.count_register > c->s.compare)
        c->s.count_register = 0;
}

void mips_status_changed(struct mips *c, uint32_t old)
{
    if (((old ^ c->s.status) & c->model->erl) != 0)
        mips_soft_flush(c);
}

bool mips_cp0_set(struct mips *c, unsigned number, unsigned select, uint32_t value)
{
    uint32_t none, old = c->s.status;
    if (select != 0)
        return number == CONFIG || get_selected(c, number, select, &none);
    const struct mips_cp0 *row = &c->model->cp0[number];
    uint32_t *word = (uint32_t *)(void *)((char *)&c->s + row->offset);
    switch ((enum mips_cp0_kind)row->kind) {
    case MIPS_CP0_NONE: return c->model->lenient;
    case MIPS_CP0_RANDOM:
    case MIPS_CP0_CONSTANT:
    case MIPS_CP0_LINKED: return true;
    default: *word = (*word & ~row->writable) | (value & row->writable); break;
    }
    if (row->kind == MIPS_CP0_COMPARE)
        compare_written(c);
    if (row->kind == MIPS_CP0_WIRED)
        c->s.random_top = c->s.cycles;
    mips_status_changed(c, old);
    return true;
}

uint64_t mips_ticks_to_compare(const struct mips *c)
{
    uint64_t distance = (uint64_t)(uint32_t)(c->s.compare - c->s.count_register - 1) + 1;
    unsigned shift = c->model->count_shift;
    return (((c->s.cycles >> shift) + distance) << shift) - c->s.cycles;
}

void mips_timer_passed(struct mips *c, uint32_t beyond)
{
    c->s.cause |= MIPS_IP7;
    if (c->model->interrupt_once)
        c->s.count_register = beyond;
}
