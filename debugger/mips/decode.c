/* decode: MIPS instructions as text, by what they do to the flow of control, and by what they read
 * and write.
 *
 * The text is the disassembler's library's, but for coprocessor 0, whose registers have names. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"
#include "debugger/mips/text.h"

/* Fields of a word, and the opcodes that are told apart here: Kane, appendix A. */
enum { SPECIAL = 0, REGIMM = 1, J = 2, JAL = 3, BEQ = 4, BGTZ = 7, ADDI = 8, ADDIU = 9, ORI = 13 };
enum { LUI = 15, COP0 = 16, BEQL = 20, BGTZL = 23, LB = 32, LWR = 38, SB = 40, SWR = 46 };
enum { LL = 48, SC = 56 };
enum { F_JR = 8, F_JALR = 9, F_SYSCALL = 12, F_BREAK = 13, F_MTHI = 17, F_MTLO = 19 };
enum { F_MULT = 24, F_DIVU = 27, F_ADDU = 33, F_OR = 37 };

struct fields {
    uint32_t word;
    unsigned op, rs, rt, rd, funct;
    uint32_t immediate; /* sign-extended */
};

static struct fields fields_of(uint32_t word)
{
    return (struct fields){
        .word = word,
        .op = word >> 26,
        .rs = word >> 21 & 31,
        .rt = word >> 16 & 31,
        .rd = word >> 11 & 31,
        .funct = word & 63,
        .immediate = (uint32_t)(int32_t)(int16_t)word,
    };
}

static bool is_branch(const struct fields *f)
{
    return (f->op >= BEQ && f->op <= BGTZ) || (f->op >= BEQL && f->op <= BGTZL) ||
           (f->op == REGIMM && (f->rt & 0xc) == 0);
}

bool mips_may_trap(const uint8_t bytes[4])
{
    return bytes[0] >> 2 == SPECIAL && ((bytes[3] & 63) == F_SYSCALL || (bytes[3] & 63) == F_BREAK);
}

/* --- flow ------------------------------------------------------------------------------------- */

static void special_flow(const struct fields *f, struct arch_insn *insn)
{
    if (f->funct == F_SYSCALL || f->funct == F_BREAK) {
        insn->flow = FLOW_TRAP;
        insn->vector = f->funct == F_SYSCALL ? MIPS_SYS : MIPS_BP;
    } else if (f->funct == F_JALR) {
        insn->flow = FLOW_CALL;
    } else if (f->funct == F_JR) {
        insn->flow = f->rs == MIPS_RA ? FLOW_RETURN : FLOW_JUMP;
    }
}

static void classify(const struct fields *f, struct arch_insn *insn)
{
    bool links = f->op == JAL || (f->op == REGIMM && (f->rt & 16) != 0);
    if (f->op == SPECIAL) {
        special_flow(f, insn);
    } else if (f->op == J || f->op == JAL) {
        insn->flow = links ? FLOW_CALL : FLOW_JUMP;
        insn->target = ((insn->address + 4) & 0xf0000000u) | (f->word & 0x03ffffffu) << 2;
        insn->always = true;
        insn->has_target = true;
    } else if (is_branch(f)) {
        insn->flow = links ? FLOW_CALL : FLOW_JUMP;
        insn->target = insn->address + 4 + (f->immediate << 2);
        insn->has_target = true;
    } else if (f->op == COP0 && (f->rs & 16) != 0 && (f->funct == 16 || f->funct == 24)) {
        insn->flow = FLOW_TRAP_RETURN; /* RFE, ERET */
    }
}

/* --- text ------------------------------------------------------------------------------------- */

static const char *cp0_name(unsigned number, unsigned select)
{
    static const char *const names[32] = {
        [0] = "index",    [1] = "random",    [2] = "entrylo",  [3] = "entrylo1", [4] = "context",
        [5] = "pagemask", [6] = "wired",     [8] = "badvaddr", [9] = "count",    [10] = "entryhi",
        [11] = "compare", [12] = "status",   [13] = "cause",   [14] = "epc",     [15] = "prid",
        [16] = "config",  [30] = "errorepc",
    };
    if (select == 0 || number == 16)
        return number == 16 && select == 1 ? "config1" : names[number];
    return NULL;
}

/* Answers false for what is no operation of coprocessor 0. */
static bool cp0_text(const struct fields *f, char *to, size_t room)
{
    static const char *const operations[64] = {
        [1] = "tlbr", [2] = "tlbwi", [6] = "tlbwr", [8] = "tlbp",
        [16] = "rfe", [24] = "eret", [32] = "wait",
    };
    if (f->op != COP0)
        return false;
    if ((f->rs & 16) != 0) {
        if (operations[f->funct] != NULL)
            snprintf(to, room, "%s", operations[f->funct]);
        return operations[f->funct] != NULL;
    }
    if (f->rs != 0 && f->rs != 4)
        return false;
    const char *name = cp0_name(f->rd, f->word & 7);
    const char *gpr = arch_register(&arch_mips, f->rt), *how = f->rs == 0 ? "mfc0" : "mtc0";
    if (name != NULL)
        snprintf(to, room, "%s\t$%s, %s", how, gpr, name);
    else
        snprintf(to, room, "%s\t$%s, $%u, %u", how, gpr, f->rd, (unsigned)(f->word & 7));
    return true;
}

bool mips_decode_insn(unsigned bits, bool intel, uint32_t address, const uint8_t *bytes,
                      unsigned length, struct arch_insn *insn)
{
    (void)bits;
    (void)intel;
    *insn = (struct arch_insn){.address = address, .size = 4};
    if (length < 4)
        return false;
    memcpy(insn->bytes, bytes, 4);
    struct fields f = fields_of(arch_word(&arch_mips, bytes));
    if (!cp0_text(&f, insn->text, sizeof insn->text) &&
        !mips_library_text(address, bytes, insn->text, sizeof insn->text))
        return false;
    classify(&f, insn);
    return true;
}

/* --- operands --------------------------------------------------------------------------------- */

static bool is_load(const struct fields *f)
{
    return (f->op >= LB && f->op <= LWR) || f->op == LL;
}

static bool is_store(const struct fields *f)
{
    return (f->op >= SB && f->op <= SWR) || f->op == SC;
}

static void memory_operand(const struct cpu *cpu, const struct fields *f, struct operands *out)
{
    static const uint8_t sizes[8] = {1, 2, 4, 4, 1, 2, 4, 4};
    struct operand_memory *memory = &out->memory[out->memories++];
    int32_t offset = (int32_t)f->immediate;
    memory->linear = mips_of(cpu)->s.gpr[f->rs] + f->immediate;
    bool partial = (f->op & 7) == 2 || (f->op & 7) == 6; /* LWL, LWR, SWL, SWR */
    if (partial && f->op < LL)
        memory->linear &= ~3u;
    memory->size = f->op >= LL ? 4 : sizes[f->op & 7];
    memory->write = is_store(f);
    memory->base = f->rs;
    memory->index = OPERANDS_NO_GPR;
    const char *base = arch_register(&arch_mips, f->rs);
    if (offset == 0)
        snprintf(memory->text, sizeof memory->text, "%s", base);
    else
        snprintf(memory->text, sizeof memory->text, offset < 0 ? "%s - %x" : "%s + %x", base,
                 offset < 0 ? 0u - f->immediate : f->immediate);
}

static void comes_from(struct operands *out, unsigned gpr)
{
    out->source = gpr == 0 ? FROM_CONSTANT : FROM_REGISTER;
    out->from = gpr;
}

static void special_operands(const struct fields *f, struct operands *out)
{
    bool multiplies = f->funct >= F_MULT && f->funct <= F_DIVU;
    if (f->funct == F_JR || f->funct == F_JALR) {
        out->jumps = true;
        comes_from(out, f->rs);
    }
    bool nothing = f->funct == F_JR || f->funct == F_SYSCALL || f->funct == F_BREAK ||
                   f->funct == F_MTHI || f->funct == F_MTLO || multiplies || f->funct >= 48;
    if (!nothing)
        out->writes = 1u << f->rd;
    /* MOVE is an addition of, or an OR with, $zero. */
    if ((f->funct == F_ADDU || f->funct == F_OR) && (f->rt == 0 || f->rs == 0))
        comes_from(out, f->rt == 0 ? f->rs : f->rt);
}

static void immediate_operands(const struct fields *f, struct operands *out)
{
    out->writes = 1u << f->rt;
    bool constant =
        f->op == LUI || ((f->op == ADDIU || f->op == ADDI || f->op == ORI) && f->rs == 0);
    if (constant)
        out->source = FROM_CONSTANT;
}

bool mips_operands(struct session *session, uint32_t linear, struct operands *out)
{
    uint8_t bytes[4];
    struct arch_insn insn;
    *out = (struct operands){.from = OPERANDS_NO_GPR, .size = 4};
    if (!session_peek(session, linear, bytes, sizeof bytes))
        return false;
    struct fields f = fields_of(arch_word(&arch_mips, bytes));
    if (!mips_decode_insn(32, false, linear, bytes, sizeof bytes, &insn))
        return false;
    snprintf(out->mnemonic, sizeof out->mnemonic, "%.*s", (int)strcspn(insn.text, "\t"), insn.text);
    if (is_load(&f) || is_store(&f))
        memory_operand(session->cpu, &f, out);
    if (is_load(&f) || f.op == SC) {
        out->writes = 1u << f.rt;
        out->source = f.op == SC ? FROM_ELSEWHERE : FROM_MEMORY;
    } else if (f.op == SPECIAL) {
        special_operands(&f, out);
    } else if (f.op >= ADDI && f.op <= LUI) {
        immediate_operands(&f, out);
    } else if (f.op == COP0 && f.rs == 0) {
        out->writes = 1u << f.rt;
    } else if (insn.has_target) {
        out->jumps = true;
        out->source = FROM_CONSTANT;
        if (insn.flow == FLOW_CALL)
            out->writes = 1u << MIPS_RA;
    }
    out->writes &= ~1u; /* $zero stays */
    return true;
}
