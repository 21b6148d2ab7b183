/* fuse: ops of a block that are faster done together: loads or stores of words through one
 * register.
 *
 * Two or three in a row are one op when the first and the last are in one page, which is tried when
 * they are executed. Four or more, with the copies from register to register among them, as kernels
 * save and restore a frame, become one op in front of them, which does all when it can (a page that
 * is at hand, HI and LO there when they are asked for), and goes behind them; else they are done
 * one by one. Nobody sees a moment in between, so that the order of what does not depend on each
 * other is free:
 *
 *   SAVE     go, rs: base, imm: lowest displacement, rd: from there to the highest, in_slot: asks
 * for HI or LO, rt: ops to the first of the separate ones, before: to what is behind them (words)
 * imm: displacement, less the lowest, of `rd` neighbours, rt: the first register; `place` moves
 * follow, and `in_slot` copies (move)   a word each: imm: displacement, less the lowest, rt:
 * register (copy)   rt := rd, of SAVE only: what was loaded goes to all its places straight from
 * memory the separate ops */
#include "cpu/mips/fuse.h"

#include <string.h>

#define FEWEST_MOVES      4u
#define FEWEST_NEIGHBOURS 4u
#define HIGHEST_SPAN      0xffcu

/* A word between memory and a register, or (copy) between registers. All are offsets in struct
 * mips. */
struct move {
    uint16_t reg, from;
    uint32_t imm;
    bool copy;
};

struct group {
    const struct mips_op *first;
    const void *const *handlers;
    bool saves; /* to memory */
    bool hilo;
    bool base_lost;
    unsigned length; /* ops */
    unsigned moves;
    struct move move[MIPS_OPS_LONGEST];
    unsigned useful_length, useful_moves; /* up to the last that is worth having */
};

static bool is(const struct group *g, const struct mips_op *op, enum mips_handler handler)
{
    return op->go == g->handlers[handler];
}

/* A copy of a whole register. Of SAVE: to one that stores can use. Of RESTORE: of what was loaded.
 */
static bool copy_of(const struct group *g, const struct mips_op *op, struct move *copy)
{
    const uint16_t hi = offsetof(struct mips, s.hi), lo = offsetof(struct mips, s.lo);
    copy->copy = true;
    if (is(g, op, MIPS_HANDLER_MOVE))
        copy->reg = op->rd, copy->from = op->rs;
    else if (g->saves && is(g, op, MIPS_HANDLER_MFC0))
        copy->reg = op->rt, copy->from = op->rd;
    else if (g->saves && (is(g, op, MIPS_HANDLER_MFLO) || is(g, op, MIPS_HANDLER_MFHI)))
        copy->reg = op->rd, copy->from = is(g, op, MIPS_HANDLER_MFLO) ? lo : hi;
    else if (!g->saves && (is(g, op, MIPS_HANDLER_MTLO) || is(g, op, MIPS_HANDLER_MTHI)))
        copy->reg = is(g, op, MIPS_HANDLER_MTLO) ? lo : hi, copy->from = op->rs;
    else if (!g->saves && is(g, op, MIPS_HANDLER_MTC0) && op->imm == 0xffffffffu)
        copy->reg = op->rd, copy->from = op->rt;
    else
        return false;
    return true;
}

static bool asks_for_hilo(const struct group *g, const struct mips_op *op)
{
    return is(g, op, MIPS_HANDLER_MFLO) || is(g, op, MIPS_HANDLER_MFHI) ||
           is(g, op, MIPS_HANDLER_MTLO) || is(g, op, MIPS_HANDLER_MTHI);
}

/* The move that `reg` got its present value by; NULL: it had it before. */
static const struct move *source_of(const struct group *g, uint16_t reg)
{
    for (unsigned n = g->moves; n-- > 0;)
        if (g->move[n].reg == reg && (g->move[n].copy || !g->saves))
            return &g->move[n];
    return NULL;
}

/* Where a store finds the value of a register that is as it was in front of the group. */
static uint16_t origin_of(const struct group *g, uint16_t reg)
{
    for (unsigned n = g->moves; n-- > 0;)
        if (g->move[n].copy && g->move[n].reg == reg)
            reg = g->move[n].from;
    return reg;
}

/* --- what belongs together -------------------------------------------------------------------- */

static bool stores_there(const struct group *g, uint32_t imm)
{
    for (unsigned n = 0; n < g->moves; n++)
        if (!g->move[n].copy && g->move[n].imm == imm)
            return true;
    return false;
}

static bool add_access(struct group *g, const struct mips_op *op)
{
    uint32_t distance = op->imm - g->first->imm;
    bool far = distance + HIGHEST_SPAN > 2 * HIGHEST_SPAN || (distance & 3) != 0;
    if (op->rs != g->first->rs || g->base_lost || far || (g->saves && stores_there(g, op->imm)))
        return false;
    uint16_t reg = g->saves ? origin_of(g, op->rt) : op->rt;
    g->base_lost = !g->saves && reg == g->first->rs;
    g->move[g->moves++] = (struct move){.reg = reg, .imm = op->imm};
    g->useful_length = g->length + 1;
    g->useful_moves = g->moves;
    return true;
}

static bool add_copy(struct group *g, const struct mips_op *op)
{
    struct move copy = {0};
    if (!copy_of(g, op, &copy) || copy.reg == g->first->rs)
        return false;
    const struct move *source = source_of(g, copy.from);
    if (!g->saves) {
        if (source == NULL)
            return false;
        copy = (struct move){.reg = copy.reg, .imm = source->imm};
    }
    g->move[g->moves++] = copy;
    if (!g->saves) {
        g->useful_length = g->length + 1;
        g->useful_moves = g->moves;
    }
    return true;
}

/* The group that begins with an op, if one is worth while. */
static bool find_group(struct group *g, const struct mips_op *ops, unsigned count)
{
    g->first = ops;
    g->saves = is(g, ops, MIPS_HANDLER_SW);
    if (!g->saves && !is(g, ops, MIPS_HANDLER_LW))
        return false;
    enum mips_handler access = g->saves ? MIPS_HANDLER_SW : MIPS_HANDLER_LW;
    for (; g->length < count; g->length++) {
        const struct mips_op *op = &ops[g->length];
        if (op->in_slot || !(is(g, op, access) ? add_access(g, op) : add_copy(g, op)))
            break;
    }
    unsigned accesses = 0;
    g->length = g->useful_length;
    g->moves = g->useful_moves;
    for (unsigned n = 0; n < g->length; n++) {
        accesses += is(g, &ops[n], access);
        g->hilo |= asks_for_hilo(g, &ops[n]);
    }
    return accesses >= FEWEST_MOVES;
}

/* --- what is made of it ----------------------------------------------------------------------- */

struct stretch {
    unsigned first, length;
};

static bool is_neighbour(const struct move *move, const struct move *next)
{
    return !move->copy && !next->copy && next->reg == move->reg + 4 && next->imm == move->imm + 4;
}

/* The longest row of moves of which each is the neighbour of the one in front. */
static struct stretch neighbours(const struct group *g)
{
    struct stretch best = {0, 0};
    for (unsigned first = 0, next; first < g->moves; first = next) {
        for (next = first + 1; next < g->moves; next++)
            if (!is_neighbour(&g->move[next - 1], &g->move[next]))
                break;
        if (next - first > best.length)
            best = (struct stretch){first, next - first};
    }
    return best.length >= FEWEST_NEIGHBOURS ? best : (struct stretch){0, 0};
}

/* Is what a move writes written again, before anybody reads it? */
static bool is_lost(const struct group *g, unsigned number)
{
    const struct move *move = &g->move[number];
    if (g->saves && !move->copy)
        return false;
    for (unsigned n = number + 1; n < g->moves; n++) {
        if (g->saves && g->move[n].copy && g->move[n].from == move->reg)
            return false;
        if (g->move[n].reg == move->reg && (g->move[n].copy || !g->saves))
            return true;
    }
    return false;
}

static uint32_t lowest(const struct group *g, uint32_t *span)
{
    int32_t low = 0, high = 0;
    for (unsigned n = 0; n < g->moves; n++) {
        int32_t distance = (int32_t)(g->move[n].imm - g->first->imm);
        low = !g->move[n].copy && distance < low ? distance : low;
        high = !g->move[n].copy && distance > high ? distance : high;
    }
    *span = (uint32_t)(high - low);
    return g->first->imm + (uint32_t)low;
}

/* Descending rows are turned round: in a group it is all the same. */
static void turn_row(struct group *g)
{
    for (unsigned n = 1; n < g->moves; n++)
        if (!is_neighbour(&g->move[n], &g->move[n - 1]))
            return;
    for (unsigned n = 0; n < g->moves / 2; n++) {
        struct move move = g->move[n];
        g->move[n] = g->move[g->moves - 1 - n];
        g->move[g->moves - 1 - n] = move;
    }
}

static unsigned put_moves(const struct group *g, struct stretch row, uint32_t base, bool copies,
                          struct mips_op *out)
{
    unsigned count = 0;
    for (unsigned n = 0; n < g->moves; n++) {
        const struct move *move = &g->move[n];
        if (move->copy != copies || n - row.first < row.length || is_lost(g, n))
            continue;
        out[count++] = copies ? (struct mips_op){.rt = move->reg, .rd = move->from}
                              : (struct mips_op){.rt = move->reg, .imm = move->imm - base};
    }
    return count;
}

/* Answers how many ops it became; 0: they do not fit one page. */
static unsigned put_group(struct group *g, struct mips_op *out)
{
    uint32_t span, base = lowest(g, &span);
    if (span > HIGHEST_SPAN)
        return 0;
    turn_row(g);
    struct stretch row = neighbours(g);
    const struct move *first = &g->move[row.first];
    unsigned moves = put_moves(g, row, base, false, out + 2);
    unsigned copies = put_moves(g, row, base, true, out + 2 + moves);
    unsigned separate = 2 + moves + copies;
    out[0] =
        (struct mips_op){.go = g->handlers[g->saves ? MIPS_HANDLER_SAVE : MIPS_HANDLER_RESTORE],
                         .imm = base,
                         .rs = g->first->rs,
                         .rd = (uint16_t)span,
                         .rt = (uint16_t)separate,
                         .before = (uint16_t)(separate + g->length),
                         .in_slot = g->hilo};
    out[1] = (struct mips_op){.imm = first->imm - base,
                              .rt = first->reg,
                              .rd = (uint16_t)row.length,
                              .place = (uint8_t)moves,
                              .in_slot = (uint8_t)copies};
    memcpy(out + separate, g->first, g->length * sizeof *out);
    return separate + g->length;
}

/* --- two and three ---------------------------------------------------------------------------- */

/* How many in a row go one way through one register: 1 to 3. */
static unsigned short_run(const struct group *g, const struct mips_op *op, unsigned count)
{
    enum mips_handler access = g->saves ? MIPS_HANDLER_SW : MIPS_HANDLER_LW;
    unsigned run = 1;
    for (; run < 3 && run < count; run++) {
        const struct mips_op *last = &op[run - 1], *next = &op[run];
        int32_t step = (int32_t)(next->imm - last->imm), way = (int32_t)(op[1].imm - op->imm);
        if (!is(g, next, access) || next->in_slot || last->in_slot || next->rs != op->rs ||
            step == 0 || (step & 3) != 0 || (step > 0) != (way > 0) ||
            (!g->saves && last->rt == last->rs))
            break;
    }
    return run;
}

static enum mips_handler short_handler(const struct group *g, unsigned run)
{
    if (g->saves)
        return run == 2 ? MIPS_HANDLER_SW_2 : MIPS_HANDLER_SW_3;
    return run == 2 ? MIPS_HANDLER_LW_2 : MIPS_HANDLER_LW_3;
}

/* Answers how many ops are done with: they stay where they are, and the first gets another handler.
 */
static unsigned put_run(const struct group *g, unsigned count, struct mips_op *out)
{
    bool access = is(g, g->first, MIPS_HANDLER_SW) || is(g, g->first, MIPS_HANDLER_LW);
    unsigned run = access ? short_run(g, g->first, count) : 1;
    memcpy(out, g->first, run * sizeof *out);
    if (run > 1)
        out->go = g->handlers[short_handler(g, run)];
    return run;
}

unsigned mips_fuse_ops(struct mips_op *ops, unsigned count, const void *const *handlers)
{
    struct mips_op fused[MIPS_OPS_FUSED];
    unsigned done = 0;
    for (unsigned n = 0; n < count;) {
        struct group group = {.handlers = handlers};
        unsigned made =
            find_group(&group, ops + n, count - n) ? put_group(&group, fused + done) : 0;
        if (made != 0) {
            n += group.length;
        } else {
            made = put_run(&group, count - n, fused + done);
            n += made;
        }
        done += made;
    }
    memcpy(ops, fused, done * sizeof *ops);
    return done;
}
