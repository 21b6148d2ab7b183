/* choose: which handler of the block engine each instruction of a block gets.
 *
 * A branch and its slot are two ops: first what is in the slot, then the branch, since most often
 * neither looks at what the other does. Where the slot's instruction changes what the branch looks
 * at, the branch comes first, remembers, and a third op goes there. When a slot's instruction
 * cannot be done, nothing of the branch is: both are done again, one by one. */
#include "cpu/mips/choose.h"

#include "cpu/mips/execute.h"
#include "cpu/mips/fuse.h"

enum form {
    ALONE,
    COMPUTE, /* writes one register */
    CHANGE,  /* ... depending on what is in it */
    CHECKED, /* ... unless it faults */
    HILO,
    LOAD,
    STORE,
    NOTHING,
    BRANCH,
    LIKELY,
    JUMP,
    ASK,
    GET,
    PUT,
    TLB,
    RETURN,
};

#define HANDLER_ALONE(name)   MIPS_HANDLER_ALONE
#define HANDLER_NOTHING(name) MIPS_HANDLER_ALONE
#define HANDLER_COMPUTE(name) MIPS_HANDLER_##name
#define HANDLER_CHANGE(name)  MIPS_HANDLER_##name
#define HANDLER_CHECKED(name) MIPS_HANDLER_##name
#define HANDLER_HILO(name)    MIPS_HANDLER_##name
#define HANDLER_LOAD(name)    MIPS_HANDLER_##name
#define HANDLER_STORE(name)   MIPS_HANDLER_##name
#define HANDLER_BRANCH(name)  MIPS_HANDLER_##name
#define HANDLER_LIKELY(name)  MIPS_HANDLER_##name
#define HANDLER_JUMP(name)    MIPS_HANDLER_##name
#define HANDLER_ASK(name)     MIPS_HANDLER_##name
#define HANDLER_GET(name)     MIPS_HANDLER_##name
#define HANDLER_PUT(name)     MIPS_HANDLER_##name
#define HANDLER_TLB(name)     MIPS_HANDLER_##name
#define HANDLER_RETURN(name)  MIPS_HANDLER_##name

static const struct plan {
    uint8_t form, handler;
} plans[MIPS_ROWS] = {
    [MIPS_ROW_RESERVED] = {ALONE, MIPS_HANDLER_ALONE},
    [MIPS_ROW_RESERVED_SYSTEM] = {ALONE, MIPS_HANDLER_ALONE},
#define OP(map, opcode, name, operands, ticks, class, isa, form)                                   \
    [MIPS_ROW_##map##_##opcode] = {form, HANDLER_##form(name)},
#include "cpu/mips/opcodes.def"
#undef OP
};

/* A block in the making. */
struct making {
    const struct mips_model *model;
    struct mips_block *block;
    const uint8_t *bytes;
    unsigned words;
    const void *const *handlers;
    unsigned ops;
    unsigned worst, worst_ready; /* ticks, when everything waits as long as it can */
};

static struct mips_insn insn_at(const struct making *m, unsigned place)
{
    const uint8_t *p = m->bytes + 4 * place;
    struct mips_insn insn;
    mips_decode((enum mips_isa)m->model->isa,
                (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3], &insn);
    return insn;
}

static const struct plan *plan_of(const struct mips_insn *insn)
{
    return &plans[insn->row];
}

/* --- registers -------------------------------------------------------------------------------- */

static uint16_t source(unsigned number)
{
    return (uint16_t)(offsetof(struct mips, s.gpr) + 4 * number);
}

/* Register 0 keeps its value: what is written there goes elsewhere. */
static uint16_t destination(unsigned number)
{
    return number == 0 ? (uint16_t)offsetof(struct mips, sink) : source(number);
}

static bool has_three(const struct mips_insn *insn)
{
    return insn->operands == MIPS_REGISTERS_OPERANDS || insn->operands == MIPS_SHIFT_OPERANDS;
}

/* The register that an instruction may write, which may be what a field left over says. */
static unsigned written(const struct mips_insn *insn)
{
    enum form form = (enum form)plan_of(insn)->form;
    if (form == STORE || form == NOTHING || form == PUT)
        return 0;
    return has_three(insn) && form != GET ? insn->rd : insn->rt;
}

static bool reads(const struct mips_insn *insn, unsigned number)
{
    return insn->rs == number || insn->rt == number;
}

/* Whether a branch looks at what the instruction in its slot writes. */
static bool looks_at(const struct mips_insn *branch, unsigned number)
{
    if (number == 0 || branch->operands == MIPS_TARGET_OPERANDS)
        return false;
    bool two = branch->row == MIPS_ROW_MAIN_0x04 || branch->row == MIPS_ROW_MAIN_0x05;
    return branch->rs == number || (two && branch->rt == number);
}

/* The register that a branch writes; 0: none. */
static unsigned link_of(const struct mips_insn *branch)
{
    switch (plan_of(branch)->handler) {
    case MIPS_HANDLER_JALR: return branch->rd;
    case MIPS_HANDLER_JAL:
    case MIPS_HANDLER_BLTZAL:
    case MIPS_HANDLER_BGEZAL: return MIPS_RA;
    default: return 0;
    }
}

/* --- ops -------------------------------------------------------------------------------------- */

static struct mips_op *emit(struct making *m, enum mips_handler handler, unsigned place)
{
    struct mips_op *op = &m->block->op[m->ops++];
    *op = (struct mips_op){
        .go = m->handlers[handler], .place = (uint8_t)place, .before = m->block->ticks};
    return op;
}

/* The time of an instruction, which `completes` in the block. */
static void account(struct making *m, const struct mips_insn *insn, bool completes)
{
    struct mips_block *block = m->block;
    block->words++;
    block->before_last = (uint16_t)m->worst;
    if (!completes)
        return;
    if (insn->class == MIPS_HILO_CLASS && m->worst < m->worst_ready)
        m->worst = m->worst_ready;
    unsigned latency = mips_hilo_ticks(m->model, insn);
    if (latency != 0)
        m->worst_ready = m->worst + latency;
    m->worst += insn->ticks;
    block->ticks = (uint16_t)(block->ticks + insn->ticks);
    block->count++;
}

static const struct mips_cp0 *control_register(const struct making *m, const struct mips_insn *insn)
{
    return insn->select == 0 ? &m->model->cp0[insn->rd] : &m->model->cp0[31];
}

/* A word of the state that is neither made of time nor does anything when written. */
static bool is_word(const struct making *m, const struct mips_insn *insn)
{
    enum mips_cp0_kind kind = (enum mips_cp0_kind)control_register(m, insn)->kind;
    bool changes_mode = kind == MIPS_CP0_MODE && plan_of(insn)->form == PUT;
    return (m->block->mode & MIPS_MODE_SYSTEM) != 0 && !changes_mode &&
           (kind == MIPS_CP0_PLAIN || kind == MIPS_CP0_MODE);
}

/* Can the block go on behind it, whatever comes? */
static bool is_simple(const struct making *m, const struct mips_insn *insn)
{
    switch ((enum form)plan_of(insn)->form) {
    case COMPUTE:
    case CHANGE:
    case CHECKED:
    case HILO:
    case LOAD:
    case STORE:
    case NOTHING: return true;
    case GET:
    case PUT: return is_word(m, insn);
    default: return false;
    }
}

static enum mips_handler best_handler(const struct mips_insn *insn, struct mips_op *op)
{
    enum mips_handler handler = (enum mips_handler)plan_of(insn)->handler;
    switch (handler) {
    case MIPS_HANDLER_ADDIU:
    case MIPS_HANDLER_ORI:
    case MIPS_HANDLER_XORI: return insn->rs == 0 ? MIPS_HANDLER_LI : handler;
    case MIPS_HANDLER_OR:
    case MIPS_HANDLER_ADDU:
        if (insn->rs == 0)
            op->rs = op->rt;
        return insn->rs == 0 || insn->rt == 0 ? MIPS_HANDLER_MOVE : handler;
    default: return handler;
    }
}

/* LUI and what adds the lower half: the constant is whole from the beginning. */
static bool fold(struct making *m, const struct mips_insn *insn)
{
    struct mips_op *before = m->ops == 0 ? NULL : &m->block->op[m->ops - 1];
    uint8_t handler = plan_of(insn)->handler;
    if (before == NULL || insn->rs != insn->rt || before->rt != source(insn->rt) ||
        (before->go != m->handlers[MIPS_HANDLER_LUI] && before->go != m->handlers[MIPS_HANDLER_LI]))
        return false;
    if (handler == MIPS_HANDLER_ADDIU)
        before->imm += insn->imm;
    else if (handler == MIPS_HANDLER_ORI)
        before->imm |= insn->imm;
    return handler == MIPS_HANDLER_ADDIU || handler == MIPS_HANDLER_ORI;
}

/* `branch` = NULL, or whose slot it is in, with ticks in front of that. */
static void emit_simple(struct making *m, const struct mips_insn *insn, unsigned place,
                        const struct mips_insn *branch, uint16_t branch_before)
{
    enum form form = (enum form)plan_of(insn)->form;
    bool to_nowhere = written(insn) == 0 && (form == COMPUTE || form == CHANGE || form == GET);
    if (form == NOTHING || to_nowhere || (branch == NULL && fold(m, insn)))
        return;
    struct mips_op *op = emit(m, MIPS_HANDLER_ALONE, place);
    bool may_fail = form == LOAD || form == STORE || form == CHECKED;
    op->imm = form == HILO ? mips_hilo_ticks(m->model, insn) : insn->imm;
    op->rs = source(insn->rs);
    op->rt =
        has_three(insn) || form == STORE || form == PUT ? source(insn->rt) : destination(insn->rt);
    op->rd = destination(insn->rd);
    if (form == GET || form == PUT) {
        op->rd = (uint16_t)(offsetof(struct mips, s) + control_register(m, insn)->offset);
        op->imm = control_register(m, insn)->writable;
        if (form == GET)
            op->rt = destination(insn->rt);
    }
    if (plan_of(insn)->handler == MIPS_HANDLER_SC) { /* reads and writes it */
        op->rd = op->rt;
        op->rt = source(insn->rt);
    }
    op->go = m->handlers[best_handler(insn, op)];
    if (branch != NULL && may_fail) {
        op->place = (uint8_t)(place - 1);
        op->before = branch_before;
        op->in_slot = 1;
    }
}

/* --- branches --------------------------------------------------------------------------------- */

static enum mips_handler first_of(enum mips_handler handler)
{
    switch (handler) {
    case MIPS_HANDLER_BEQ: return MIPS_HANDLER_BEQ_FIRST;
    case MIPS_HANDLER_BNE: return MIPS_HANDLER_BNE_FIRST;
    case MIPS_HANDLER_BLEZ: return MIPS_HANDLER_BLEZ_FIRST;
    case MIPS_HANDLER_BGTZ: return MIPS_HANDLER_BGTZ_FIRST;
    case MIPS_HANDLER_BLTZ: return MIPS_HANDLER_BLTZ_FIRST;
    case MIPS_HANDLER_BGEZ: return MIPS_HANDLER_BGEZ_FIRST;
    default: return MIPS_HANDLER_JR_FIRST;
    }
}

/* Its imm becomes the way from the block's first instruction; J and JAL keep theirs. */
static void emit_branch(struct making *m, const struct mips_insn *branch, enum mips_handler handler,
                        unsigned place)
{
    struct mips_op *op = emit(m, handler, place);
    op->rs = source(branch->rs);
    op->rt = source(branch->rt);
    op->rd = destination(branch->rd);
    op->imm = branch->operands == MIPS_OFFSET_OPERANDS ? 4 * place + 4 + branch->imm : branch->imm;
}

static bool is_rfe(const struct making *m, const struct mips_insn *insn)
{
    return insn->row == MIPS_ROW_OPERATION_0x10 && (m->block->mode & MIPS_MODE_SYSTEM) != 0;
}

static bool emit_return(struct making *m, const struct mips_insn *branch,
                        const struct mips_insn *slot, unsigned place)
{
    if (plan_of(branch)->handler != MIPS_HANDLER_JR)
        return false;
    account(m, branch, true);
    account(m, slot, false);
    emit_branch(m, branch, MIPS_HANDLER_JR_RFE, place);
    return true;
}

/* A branch and its slot, which end the block. False: not these two. */
static bool emit_pair(struct making *m, const struct mips_insn *branch, unsigned place)
{
    if (place + 2 > m->words || place + 2 > MIPS_BLOCK_LONGEST)
        return false;
    struct mips_insn slot = insn_at(m, place + 1);
    if (is_rfe(m, &slot))
        return emit_return(m, branch, &slot, place);
    enum form form = (enum form)plan_of(branch)->form;
    enum mips_handler handler = (enum mips_handler)plan_of(branch)->handler;
    unsigned link = link_of(branch), changed = written(&slot);
    bool later = form != LIKELY && looks_at(branch, changed);
    if (!is_simple(m, &slot) || (link != 0 && (reads(&slot, link) || changed == link || later)))
        return false;
    uint16_t before = m->block->ticks;
    if (later || form == LIKELY)
        emit_branch(m, branch, later ? first_of(handler) : handler, place);
    if (form == LIKELY)
        m->block->op[m->ops - 1].rd = slot.ticks; /* given back when it is left out */
    account(m, branch, true);
    emit_simple(m, &slot, place + 1, branch, before);
    account(m, &slot, true);
    if (form == LIKELY)
        emit(m, MIPS_HANDLER_AFTER_LIKELY, place);
    else if (later)
        emit(m, form == JUMP ? MIPS_HANDLER_AFTER_JUMP : MIPS_HANDLER_AFTER_BRANCH, place);
    else
        emit_branch(m, branch, handler, place);
    if (form == LIKELY || later)
        m->block->op[m->ops - 1].imm = 4 * place + 4 + branch->imm;
    return true;
}

/* --- what else there is ----------------------------------------------------------------------- */

/* To a register that decides what is executed next: the block goes on when that stays the same. */
static bool emit_mode(struct making *m, const struct mips_insn *insn, unsigned place)
{
    const struct mips_cp0 *reg = control_register(m, insn);
    bool entryhi = reg == &m->model->cp0[10];
    if (reg->kind != MIPS_CP0_MODE || (m->block->mode & MIPS_MODE_SYSTEM) == 0 ||
        (entryhi && (m->block->mode & MIPS_MODE_DIRECT) == 0))
        return false;
    bool status = reg == &m->model->cp0[12];
    struct mips_op *op = emit(m,
                              entryhi  ? MIPS_HANDLER_MTC0_ENTRYHI
                              : status ? MIPS_HANDLER_MTC0_STATUS
                                       : MIPS_HANDLER_MTC0_CAUSE,
                              place);
    op->rt = source(insn->rt);
    op->imm = reg->writable;
    account(m, insn, true);
    return true;
}

/* False: not this one. *ends: nothing can follow it in the block. */
static bool emit_special(struct making *m, const struct mips_insn *insn, unsigned place, bool *ends)
{
    const struct plan *plan = plan_of(insn);
    unsigned wanted = MIPS_MODE_SYSTEM | MIPS_MODE_DIRECT;
    *ends = true;
    switch ((enum form)plan->form) {
    case BRANCH:
    case LIKELY:
    case JUMP: return emit_pair(m, insn, place);
    case ASK:
        account(m, insn, false);
        emit(m, (enum mips_handler)plan->handler, place)->imm = insn->word >> 6 & 0xfffff;
        return true;
    case PUT: *ends = false; return emit_mode(m, insn, place);
    case TLB:
        if ((m->block->mode & wanted) != wanted)
            return false;
        emit(m, (enum mips_handler)plan->handler, place);
        account(m, insn, true);
        *ends = false;
        return true;
    case RETURN:
        if ((m->block->mode & MIPS_MODE_SYSTEM) == 0)
            return false;
        account(m, insn, false);
        emit(m, (enum mips_handler)plan->handler, place);
        return true;
    default: return false;
    }
}

unsigned mips_choose_ops(const struct mips_model *model, struct mips_block *block,
                         const uint8_t *bytes, unsigned words, const void *const *handlers)
{
    struct making making = {.model = model,
                            .block = block,
                            .bytes = bytes,
                            .words = words,
                            .handlers = handlers,
                            .worst_ready = model->divide_ticks},
                  *m = &making;
    while (block->words < MIPS_BLOCK_LONGEST && block->words < words) {
        unsigned place = block->words;
        struct mips_insn insn = insn_at(m, place);
        bool ends = false;
        if (is_simple(m, &insn)) {
            emit_simple(m, &insn, place, NULL, 0);
            account(m, &insn, true);
        } else if (!emit_special(m, &insn, place, &ends)) {
            emit(m, MIPS_HANDLER_ALONE, place);
            block->words++;
            return mips_fuse_ops(block->op, m->ops, handlers);
        }
        if (ends)
            return mips_fuse_ops(block->op, m->ops, handlers);
    }
    emit(m, MIPS_HANDLER_LEAD_ON, block->words);
    return mips_fuse_ops(block->op, m->ops, handlers);
}
