/* choose: which handler of the block engine each instruction of a block gets. */
#include "cpu/x86/choose.h"

#include <stddef.h>

#define H(name) X86_HANDLER_##name

/* --- how blocks end --------------------------------------------------------------------------- */

enum ending { GOES_ON, JUMPS, LOADS_SEGMENT, TRAPS, EXITS, REPEATS };

static bool has_memory(const struct x86_insn *insn)
{
    return (insn->flags & X86_INSN_MEMORY) != 0;
}

static bool flat_stack(unsigned mode)
{
    return (mode & X86_MODE_FLAT_SS) != 0 && (mode & X86_MODE_STACK_32) != 0;
}

/* MOV from a register or POP to ES, DS, FS or GS, where the same selector is likely to have been
 * loaded before and to change nothing that blocks depend on. */
static bool recalls(const struct x86_insn *insn, unsigned mode)
{
    if ((mode & X86_MODE_PROTECTED) == 0 || !flat_stack(mode))
        return false;
    unsigned segment = insn->number;
    if (x86_rows[insn->row].what == X86_DO_POP_SEG) {
        segment = insn->opcode >> 3 & 7;
        if (insn->size != 4)
            return false;
    } else if (has_memory(insn)) {
        return false;
    }
    return segment != X86_CS && segment != X86_SS;
}

static enum ending ending_of(const struct x86_insn *insn, unsigned mode)
{
    bool repeat = (insn->flags & (X86_INSN_REP | X86_INSN_REPNE)) != 0;
    switch (x86_rows[insn->row].what) {
    case X86_DO_MOVS:
    case X86_DO_STOS:
    case X86_DO_LODS:
    case X86_DO_CMPS:
    case X86_DO_SCAS: return repeat ? REPEATS : GOES_ON;
    case X86_DO_INS:
    case X86_DO_OUTS: return repeat ? REPEATS : EXITS;
    case X86_DO_JCC:
    case X86_DO_JCXZ:
    case X86_DO_LOOP:
    case X86_DO_LOOPE:
    case X86_DO_LOOPNE:
    case X86_DO_JMP:
    case X86_DO_JMP_E:
    case X86_DO_CALL:
    case X86_DO_CALL_E:
    case X86_DO_RET:
    case X86_DO_ENTER: return JUMPS;
    case X86_DO_LOAD_FAR: return LOADS_SEGMENT;
    case X86_DO_MOV_TO_SEG:
    case X86_DO_POP_SEG: return recalls(insn, mode) ? GOES_ON : LOADS_SEGMENT;
    case X86_DO_INT:
    case X86_DO_INT3:
    case X86_DO_IRET: return TRAPS;
    case X86_DO_ARPL:
    case X86_DO_CALL_FAR:
    case X86_DO_CALL_FAR_E:
    case X86_DO_CLTS:
    case X86_DO_CPUID:
    case X86_DO_ESC:
    case X86_DO_GROUP:
    case X86_DO_HLT:
    case X86_DO_ICEBP:
    case X86_DO_IN:
    case X86_DO_INTO:
    case X86_DO_INVD:
    case X86_DO_INVLPG:
    case X86_DO_JMP_FAR:
    case X86_DO_JMP_FAR_E:
    case X86_DO_LAR:
    case X86_DO_LGDT:
    case X86_DO_LIDT:
    case X86_DO_LLDT:
    case X86_DO_LMSW:
    case X86_DO_LSL:
    case X86_DO_LTR:
    case X86_DO_MOV_FROM_DR:
    case X86_DO_MOV_TO_CR:
    case X86_DO_MOV_TO_DR:
    case X86_DO_OUT:
    case X86_DO_POPF:
    case X86_DO_RDTSC:
    case X86_DO_RET_FAR:
    case X86_DO_STI:
    case X86_DO_UNDEFINED:
    case X86_DO_VERR:
    case X86_DO_VERW:
    case X86_DO_WAIT:
    case X86_DO_WBINVD: return EXITS;
    default: return GOES_ON;
    }
}

bool x86_goes_alone(const struct x86_insn *insn)
{
    unsigned what = x86_rows[insn->row].what;
    return what == X86_DO_CMPXCHG8B || (what == X86_DO_ENTER && (insn->disp & 31) != 0);
}

bool x86_ends_block(const struct x86_insn *insn, unsigned mode)
{
    return ending_of(insn, mode) != GOES_ON;
}

unsigned x86_added_ticks(const struct x86_insn *insn)
{
    unsigned what = x86_rows[insn->row].what;
    return what == X86_DO_MOV_TO_SEG || what == X86_DO_POP_SEG ? X86_SEGMENT_TICKS : 0;
}

/* --- forms ------------------------------------------------------------------------------------ */

/* In the order of the handlers of one arithmetic operation. */
enum form { RR, RI, RM, MR, MI, NO_FORM };

static bool flat_memory(const struct x86_insn *insn, unsigned mode)
{
    return has_memory(insn) && (insn->flags & X86_INSN_ADDRESS_32) != 0 &&
           ((mode & X86_MODE_FLAT_DATA) >> insn->segment & 1) != 0;
}

static bool has_index(const struct x86_insn *insn)
{
    return insn->index != offsetof(struct x86, nothing);
}

/* Puts two registers in order: rm is the destination. */
static enum form form_of(struct x86_insn *insn, unsigned mode)
{
    bool immediate = (insn->flags & X86_INSN_IMMEDIATE) != 0;
    bool to_reg = (insn->flags & X86_INSN_TO_REG) != 0;
    if (has_memory(insn)) {
        if (!flat_memory(insn, mode))
            return NO_FORM;
        return immediate ? MI : to_reg ? RM : MR;
    }
    if (immediate)
        return RI;
    if (to_reg) {
        uint16_t destination = insn->reg;
        insn->reg = insn->rm;
        insn->rm = destination;
        insn->flags &= (uint8_t)~X86_INSN_TO_REG;
    }
    return RR;
}

static enum x86_handler arithmetic(struct x86_insn *insn, unsigned mode, enum x86_handler loud,
                                   enum x86_handler quiet, bool flags_dead)
{
    if (insn->size == 2)
        return H(GENERIC);
    enum form form = form_of(insn, mode);
    if (form == NO_FORM)
        return H(GENERIC);
    if (insn->size == 1)
        insn->imm &= 0xff;
    if (insn->size == 4 && flags_dead && quiet != H(GENERIC) && form <= RM)
        return quiet + form;
    return loud + form + (insn->size == 1 ? 5 : 0);
}

static enum x86_handler test(struct x86_insn *insn, unsigned mode)
{
    static const uint16_t wide[] = {H(TEST_RR), H(TEST_RI), H(GENERIC), H(TEST_MR), H(TEST_MI)};
    static const uint16_t byte[] = {H(TEST_RR8), H(TEST_RI8), H(GENERIC), H(GENERIC), H(TEST_MI8)};
    if (insn->size == 2)
        return H(GENERIC);
    enum form form = form_of(insn, mode);
    if (form == NO_FORM)
        return H(GENERIC);
    if (insn->size == 1)
        insn->imm &= 0xff;
    return insn->size == 4 ? wide[form] : byte[form];
}

static enum x86_handler move(struct x86_insn *insn, unsigned mode)
{
    enum form form = form_of(insn, mode);
    if (form == NO_FORM)
        return H(GENERIC);
    if (insn->size == 4 && (form == RM || form == MR) && !has_index(insn))
        return form == RM ? H(MOV_RM_BASE) : H(MOV_MR_BASE);
    if (insn->size == 4)
        return H(MOV_RR) + form;
    return (insn->size == 1 ? H(MOV_RR8) : H(MOV_RR16)) + form;
}

static enum x86_handler extend(const struct x86_insn *insn, unsigned mode, enum x86_handler from_r,
                               enum x86_handler from_m)
{
    if (insn->size != 4)
        return H(GENERIC);
    return !has_memory(insn) ? from_r : flat_memory(insn, mode) ? from_m : H(GENERIC);
}

static enum x86_handler shift(const struct x86_insn *insn, enum x86_handler by_imm,
                              enum x86_handler by_cl, enum x86_handler quiet, bool flags_dead)
{
    if (insn->size != 4 || has_memory(insn))
        return H(GENERIC);
    if ((insn->flags & X86_INSN_IMMEDIATE) == 0)
        return by_cl;
    if ((insn->imm & 31) == 0)
        return H(NOP);
    return flags_dead && quiet != H(GENERIC) ? quiet : by_imm;
}

static enum x86_handler one_register(const struct x86_insn *insn, enum x86_handler loud,
                                     enum x86_handler quiet, bool flags_dead)
{
    if (insn->size != 4 || has_memory(insn))
        return H(GENERIC);
    return flags_dead ? quiet : loud;
}

static enum x86_handler step_by_one(const struct x86_insn *insn, unsigned mode,
                                    enum x86_handler in_r, enum x86_handler in_r_quiet,
                                    enum x86_handler in_m, bool flags_dead)
{
    if (insn->size == 4 && flat_memory(insn, mode))
        return in_m;
    return one_register(insn, in_r, in_r_quiet, flags_dead);
}

/* --- stack and jumps -------------------------------------------------------------------------- */

static enum x86_handler push(const struct x86_insn *insn, unsigned mode)
{
    if (!flat_stack(mode) || insn->size != 4)
        return H(GENERIC);
    if ((insn->flags & X86_INSN_IMMEDIATE) != 0)
        return H(PUSH_I);
    return !has_memory(insn) ? H(PUSH_R) : flat_memory(insn, mode) ? H(PUSH_M) : H(GENERIC);
}

/* A target needs no check where CS is flat. */
static enum x86_handler jump_indirect(const struct x86_insn *insn, unsigned mode, bool pushes,
                                      enum x86_handler by_r, enum x86_handler by_m)
{
    if (insn->size != 4 || (mode & X86_MODE_FLAT_CS) == 0 || (pushes && !flat_stack(mode)))
        return H(GENERIC_JUMP);
    return !has_memory(insn) ? by_r : flat_memory(insn, mode) ? by_m : H(GENERIC_JUMP);
}

static enum x86_handler jump(const struct x86_insn *insn, unsigned mode)
{
    bool flat = insn->size == 4 && (mode & X86_MODE_FLAT_CS) != 0;
    switch (x86_rows[insn->row].what) {
    case X86_DO_JCC: return flat ? H(JCC_O) + (insn->opcode & 15) : H(GENERIC_JUMP);
    case X86_DO_JMP: return flat ? H(JMP) : H(GENERIC_JUMP);
    case X86_DO_CALL: return flat && flat_stack(mode) ? H(CALL) : H(GENERIC_JUMP);
    case X86_DO_RET: return flat && flat_stack(mode) ? H(RET) : H(GENERIC_JUMP);
    case X86_DO_JMP_E: return jump_indirect(insn, mode, false, H(JMP_R), H(JMP_M));
    case X86_DO_CALL_E: return jump_indirect(insn, mode, true, H(CALL_R), H(CALL_M));
    default: return H(GENERIC_JUMP);
    }
}

/* --- the choice ------------------------------------------------------------------------------- */

static enum x86_handler choose_move(struct x86_insn *insn, unsigned mode)
{
    bool wide = insn->size == 4;
    switch (x86_rows[insn->row].what) {
    case X86_DO_MOV: return move(insn, mode);
    case X86_DO_MOVZX_B: return extend(insn, mode, H(MOVZX_RR8), H(MOVZX_RM8));
    case X86_DO_MOVZX_W: return extend(insn, mode, H(MOVZX_RR16), H(MOVZX_RM16));
    case X86_DO_MOVSX_B: return extend(insn, mode, H(MOVSX_RR8), H(MOVSX_RM8));
    case X86_DO_MOVSX_W: return extend(insn, mode, H(MOVSX_RR16), H(MOVSX_RM16));
    case X86_DO_LEA:
        if (!wide || (insn->flags & X86_INSN_ADDRESS_32) == 0)
            return H(GENERIC);
        return has_index(insn) ? H(LEA) : H(LEA_BASE);
    case X86_DO_XCHG: return wide && !has_memory(insn) ? H(XCHG_RR) : H(GENERIC);
    case X86_DO_CMOVCC:
        return wide && !has_memory(insn) ? H(CMOVCC_O) + (insn->opcode & 15) : H(GENERIC);
    case X86_DO_SETCC: return !has_memory(insn) ? H(SETCC_O) + (insn->opcode & 15) : H(GENERIC);
    case X86_DO_CWD: return wide ? H(CDQ) : H(GENERIC);
    case X86_DO_NOP: return H(NOP);
    case X86_DO_PUSH: return push(insn, mode);
    case X86_DO_POP: return wide && !has_memory(insn) && flat_stack(mode) ? H(POP_R) : H(GENERIC);
    case X86_DO_LEAVE: return wide && flat_stack(mode) ? H(LEAVE) : H(GENERIC);
    case X86_DO_PUSH_SEG: return wide && flat_stack(mode) ? H(PUSH_SEG) : H(GENERIC);
    case X86_DO_PUSHA: return wide && flat_stack(mode) ? H(PUSHA) : H(GENERIC);
    case X86_DO_POPA: return wide && flat_stack(mode) ? H(POPA) : H(GENERIC);
    case X86_DO_POP_SEG: insn->number = insn->opcode >> 3 & 7; return H(POP_SEG);
    case X86_DO_MOV_TO_SEG: return H(MOV_SEG);
    default: return H(GENERIC);
    }
}

static enum x86_handler choose(struct x86_insn *insn, unsigned mode, bool dead)
{
    switch (x86_rows[insn->row].what) {
    case X86_DO_ADD: return arithmetic(insn, mode, H(ADD_RR), H(ADD_RR_N), dead);
    case X86_DO_OR: return arithmetic(insn, mode, H(OR_RR), H(OR_RR_N), dead);
    case X86_DO_ADC: return arithmetic(insn, mode, H(ADC_RR), H(GENERIC), dead);
    case X86_DO_SBB: return arithmetic(insn, mode, H(SBB_RR), H(GENERIC), dead);
    case X86_DO_AND: return arithmetic(insn, mode, H(AND_RR), H(AND_RR_N), dead);
    case X86_DO_SUB: return arithmetic(insn, mode, H(SUB_RR), H(SUB_RR_N), dead);
    case X86_DO_XOR: return arithmetic(insn, mode, H(XOR_RR), H(XOR_RR_N), dead);
    case X86_DO_CMP: return arithmetic(insn, mode, H(CMP_RR), H(GENERIC), dead);
    case X86_DO_TEST: return test(insn, mode);
    case X86_DO_INC: return step_by_one(insn, mode, H(INC_R), H(INC_R_N), H(INC_M), dead);
    case X86_DO_DEC: return step_by_one(insn, mode, H(DEC_R), H(DEC_R_N), H(DEC_M), dead);
    case X86_DO_NEG: return one_register(insn, H(NEG_R), H(NEG_R), dead);
    case X86_DO_NOT: return one_register(insn, H(NOT_R), H(NOT_R), dead);
    case X86_DO_SHL: return shift(insn, H(SHL_RI), H(SHL_RC), H(SHL_RI_N), dead);
    case X86_DO_SHR: return shift(insn, H(SHR_RI), H(SHR_RC), H(SHR_RI_N), dead);
    case X86_DO_SAR: return shift(insn, H(SAR_RI), H(SAR_RC), H(SAR_RI_N), dead);
    case X86_DO_ROL: return shift(insn, H(ROL_RI), H(GENERIC), H(GENERIC), dead);
    case X86_DO_ROR: return shift(insn, H(ROR_RI), H(GENERIC), H(GENERIC), dead);
    case X86_DO_IMUL2:
        return extend(insn, mode, dead ? H(IMUL_RR_N) : H(IMUL_RR),
                      dead ? H(IMUL_RM_N) : H(IMUL_RM));
    case X86_DO_IMUL3: return extend(insn, mode, dead ? H(IMUL_RRI_N) : H(IMUL_RRI), H(GENERIC));
    default: return choose_move(insn, mode);
    }
}

/* Handlers that can neither fault nor leave: the flags in front of them may be dead. */
static bool cannot_fail(const struct x86_insn *insn, enum x86_handler handler)
{
    return handler != H(GENERIC) && handler != H(PUSH_R) && handler != H(PUSH_I) &&
           handler != H(POP_R) && handler != H(LEAVE) && handler != H(PUSH_SEG) &&
           handler != H(PUSHA) && handler != H(POPA) && handler != H(POP_SEG) &&
           handler != H(MOV_SEG) &&
           (!has_memory(insn) || handler == H(LEA) || handler == H(LEA_BASE));
}

/* The flags that an instruction needs, and those that it certainly sets. A shift sets none when its
 * count is 0, and so needs those that it may leave as they were. */
static void flow_of(const struct x86_insn *insn, unsigned *reads, unsigned *writes)
{
    const struct x86_row_facts *row = &x86_rows[insn->row];
    bool shift = row->what == X86_DO_SHL || row->what == X86_DO_SHR || row->what == X86_DO_SAR;
    bool counted = (insn->flags & X86_INSN_IMMEDIATE) != 0 && (insn->imm & 31) != 0;
    *reads = shift && counted ? 0 : row->reads;
    *writes = shift && !counted ? 0 : row->writes;
}

static enum x86_handler fused(enum x86_handler handler, enum x86_handler jcc)
{
    unsigned condition = jcc - H(JCC_O);
    switch (handler) {
    case H(CMP_RR): return H(CMP_RR_JCC_O) + condition;
    case H(CMP_RI): return H(CMP_RI_JCC_O) + condition;
    case H(CMP_RM): return H(CMP_RM_JCC_O) + condition;
    case H(TEST_RR): return H(TEST_RR_JCC_O) + condition;
    default: return handler;
    }
}

static enum x86_handler trap(const struct x86_insn *insn)
{
    switch (x86_rows[insn->row].what) {
    case X86_DO_INT: return H(INT);
    case X86_DO_IRET: return H(IRET);
    default: return H(TRAP);
    }
}

static enum x86_handler choose_last(const struct x86_insn *insn, unsigned mode)
{
    switch (ending_of(insn, mode)) {
    case REPEATS: return H(STRING);
    case LOADS_SEGMENT: return H(SEGMENT);
    case TRAPS: return trap(insn);
    case JUMPS: return jump(insn, mode);
    default: return H(GENERIC_EXIT);
    }
}

void x86_choose_handlers(struct x86_block *block, const void *const *handlers, bool ended)
{
    unsigned live = 63, n = block->count;
    enum x86_handler last = H(LEAD_ON);
    block->insn[n].go = handlers[H(LEAD_ON)];
    if (ended) {
        last = choose_last(&block->insn[--n], block->mode);
        block->insn[n].go = handlers[last];
    }
    while (n-- > 0) {
        struct x86_insn *insn = &block->insn[n];
        unsigned reads, writes;
        flow_of(insn, &reads, &writes);
        bool dead = x86_rows[insn->row].writes != 0 && (x86_rows[insn->row].writes & live) == 0;
        enum x86_handler handler = choose(insn, block->mode, dead);
        live = cannot_fail(insn, handler) ? (live & ~writes) | reads : 63;
        if (last >= H(JCC_O) && last <= H(JCC_G) && n + 2u == block->count)
            handler = fused(handler, last);
        insn->go = handlers[handler];
    }
}
