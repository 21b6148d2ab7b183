/* operands: what one x86 instruction reads, writes and needs, with the registers of the present. */
#include "debugger/x86/operands.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>

#include "debugger/arch.h"

const char *x86_segment_name(unsigned number)
{
    static const char *const names[] = {"es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"};
    return number < SEGMENT_NONE ? names[number] : "";
}

#define GPRS 8u

static const char *gpr_name(unsigned number)
{
    return arch_register(&arch_x86, number);
}

static unsigned gpr_of(unsigned reg)
{
    static const uint16_t map[][4] = {
        {X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH},
        {X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH},
        {X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH},
        {X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH},
        {X86_REG_ESP, X86_REG_SP},
        {X86_REG_EBP, X86_REG_BP},
        {X86_REG_ESI, X86_REG_SI},
        {X86_REG_EDI, X86_REG_DI},
    };
    for (unsigned i = 0; reg != X86_REG_INVALID && i < GPRS; i++)
        for (unsigned j = 0; j < 4; j++)
            if (map[i][j] == reg)
                return i;
    return OPERANDS_NO_GPR;
}

static unsigned segment_of(unsigned reg)
{
    switch (reg) {
    case X86_REG_ES: return SEGMENT_ES;
    case X86_REG_CS: return SEGMENT_CS;
    case X86_REG_SS: return SEGMENT_SS;
    case X86_REG_DS: return SEGMENT_DS;
    case X86_REG_FS: return SEGMENT_FS;
    case X86_REG_GS: return SEGMENT_GS;
    default: return SEGMENT_NONE;
    }
}

/* --- values ----------------------------------------------------------------------------------- */

static uint32_t named(const struct cpu *cpu, const char *name)
{
    int number = cpu_register_number(cpu, name);
    uint64_t value = 0;
    if (number >= 0)
        cpu->ops->reg_get(cpu, (unsigned)number, &value);
    return (uint32_t)value;
}

static uint32_t part_of(const struct cpu *cpu, unsigned reg)
{
    unsigned gpr = gpr_of(reg), segment = segment_of(reg);
    if (gpr == OPERANDS_NO_GPR)
        return segment == SEGMENT_NONE ? 0 : named(cpu, x86_segment_name(segment));
    uint32_t value = named(cpu, gpr_name(gpr));
    if (reg == X86_REG_AH || reg == X86_REG_CH || reg == X86_REG_DH || reg == X86_REG_BH)
        return value >> 8 & 0xff;
    switch (reg) {
    case X86_REG_AL:
    case X86_REG_CL:
    case X86_REG_DL:
    case X86_REG_BL: return value & 0xff;
    case X86_REG_AX:
    case X86_REG_CX:
    case X86_REG_DX:
    case X86_REG_BX:
    case X86_REG_SP:
    case X86_REG_BP:
    case X86_REG_SI:
    case X86_REG_DI: return value & 0xffff;
    default: return value;
    }
}

static uint32_t segment_base(const struct cpu *cpu, unsigned segment)
{
    char name[16];
    snprintf(name, sizeof name, "%s.base", x86_segment_name(segment));
    return named(cpu, name);
}

static void explicit_memory(const struct cpu *cpu, const cs_insn *insn, const cs_x86_op *op,
                            struct operands *out)
{
    if (out->memories == OPERANDS_MEMORY)
        return;
    struct operand_memory *memory = &out->memory[out->memories++];
    const x86_op_mem *mem = &op->mem;
    memory->base = gpr_of(mem->base);
    memory->index = gpr_of(mem->index);
    memory->segment = segment_of(mem->segment);
    if (memory->segment == SEGMENT_NONE)
        memory->segment = memory->base == 4 || memory->base == 5 ? SEGMENT_SS : SEGMENT_DS;
    memory->offset = part_of(cpu, mem->base) + part_of(cpu, mem->index) * (uint32_t)mem->scale +
                     (uint32_t)mem->disp;
    if (insn->detail->x86.addr_size == 2)
        memory->offset &= 0xffff;
    memory->linear = segment_base(cpu, memory->segment) + memory->offset;
    memory->size = op->size;
    memory->write = (op->access & CS_AC_WRITE) != 0;
    size_t used = 0, room = sizeof memory->text;
    if (memory->base != OPERANDS_NO_GPR)
        used += (size_t)snprintf(memory->text, room, "%s", gpr_name(memory->base));
    if (memory->index != OPERANDS_NO_GPR)
        used += (size_t)snprintf(memory->text + used, room - used, "%s%s", used > 0 ? " + " : "",
                                 gpr_name(memory->index));
    if (memory->index != OPERANDS_NO_GPR && mem->scale > 1)
        used += (size_t)snprintf(memory->text + used, room - used, "*%d", mem->scale);
    int32_t displacement = (int32_t)mem->disp;
    if (used == 0)
        snprintf(memory->text, room, "%x", (uint32_t)displacement);
    else if (displacement != 0)
        snprintf(memory->text + used, room - used, displacement < 0 ? " - %x" : " + %x",
                 displacement < 0 ? 0u - (uint32_t)displacement : (uint32_t)displacement);
}

/* push, call: below esp. pop, ret: at esp. */
static void stack_memory(const struct cpu *cpu, struct operands *out, bool push, uint8_t size)
{
    if (out->memories == OPERANDS_MEMORY)
        return;
    struct operand_memory *memory = &out->memory[out->memories++];
    *memory = (struct operand_memory){
        .segment = SEGMENT_SS,
        .size = size,
        .write = push,
        .stack = true,
        .base = 4,
        .index = OPERANDS_NO_GPR,
        .text = "the stack",
    };
    memory->offset = named(cpu, "esp") - (push ? size : 0);
    if ((named(cpu, "ss.attributes") & 1u << 14) == 0)
        memory->offset &= 0xffff;
    memory->linear = segment_base(cpu, SEGMENT_SS) + memory->offset;
}

static uint32_t value_of(const struct cpu *cpu, const cs_x86_op *op, const struct operands *out,
                         bool *known)
{
    uint32_t value = 0;
    *known = true;
    if (op->type == X86_OP_IMM)
        return (uint32_t)op->imm;
    if (op->type == X86_OP_REG)
        return part_of(cpu, op->reg);
    *known = out->memories > 0 && op->size <= 4 &&
             cpu_peek(cpu, out->memory[0].linear, &value, op->size);
    return value;
}

/* --- what it needs ---------------------------------------------------------------------------- */

static bool is_control(const cs_x86_op *op)
{
    return op->type == X86_OP_REG && ((op->reg >= X86_REG_CR0 && op->reg <= X86_REG_CR15) ||
                                      (op->reg >= X86_REG_DR0 && op->reg <= X86_REG_DR15));
}

static void segment_load(const struct cpu *cpu, const cs_x86 *x86, struct operands *out)
{
    const cs_x86_op *op = &x86->operands[0];
    if (x86->op_count == 0 || op->type != X86_OP_REG || segment_of(op->reg) == SEGMENT_NONE)
        return;
    out->need = NEEDS_SEGMENT;
    out->segment = segment_of(op->reg);
    if (x86->op_count == 2)
        out->selector = value_of(cpu, &x86->operands[1], out, &out->has_selector) & 0xffff;
    else if (out->memories > 0) {
        uint16_t word;
        out->has_selector = cpu_peek(cpu, out->memory[out->memories - 1].linear, &word, 2);
        out->selector = word;
    }
}

/* lds, les, lss, lfs, lgs; far jmp and call through memory: the selector lies behind the offset. */
static void far_pointer(const struct cpu *cpu, struct operands *out)
{
    uint16_t word;
    if (out->memories == 0)
        return;
    const struct operand_memory *memory = &out->memory[0];
    out->has_selector =
        memory->size > 2 && cpu_peek(cpu, memory->linear + memory->size - 2, &word, 2);
    out->selector = out->has_selector ? word : 0;
}

static void port_need(const struct cpu *cpu, const cs_insn *insn, struct operands *out)
{
    const cs_x86 *x86 = &insn->detail->x86;
    bool in = insn->id == X86_INS_IN, outs = insn->id == X86_INS_OUT;
    out->need = NEEDS_IO;
    out->port = named(cpu, "edx") & 0xffff;
    out->ports = 1;
    if ((in || outs) && x86->op_count == 2) {
        const cs_x86_op *port = &x86->operands[in ? 1 : 0], *data = &x86->operands[in ? 0 : 1];
        out->ports = data->size;
        if (port->type == X86_OP_IMM)
            out->port = (uint32_t)port->imm & 0xff;
    } else if (out->memories > 0) {
        out->ports = out->memory[0].size;
    }
}

/* Of LDS and its like. */
static unsigned pointer_segment(unsigned id)
{
    switch (id) {
    case X86_INS_LDS: return SEGMENT_DS;
    case X86_INS_LES: return SEGMENT_ES;
    case X86_INS_LSS: return SEGMENT_SS;
    case X86_INS_LFS: return SEGMENT_FS;
    case X86_INS_LGS: return SEGMENT_GS;
    default: return SEGMENT_NONE;
    }
}

static void division(const struct cpu *cpu, const cs_insn *insn, struct operands *out)
{
    const cs_x86_op *op = &insn->detail->x86.operands[0];
    out->need = NEEDS_DIVISOR;
    out->width = 1;
    if (insn->id == X86_INS_AAM)
        return;
    out->is_signed = insn->id == X86_INS_IDIV;
    out->width = op->size;
    out->selector = value_of(cpu, op, out, &out->has_selector);
    out->from = op->type == X86_OP_REG ? gpr_of(op->reg) : OPERANDS_NO_GPR;
}

static void far_transfer(const struct cpu *cpu, const cs_insn *insn, struct operands *out)
{
    const cs_x86 *x86 = &insn->detail->x86;
    uint16_t word;
    out->need = NEEDS_FAR;
    if (insn->id == X86_INS_RETF) {
        out->has_selector = out->memories > 0 &&
                            cpu_peek(cpu, out->memory[0].linear + out->memory[0].size, &word, 2);
        out->selector = out->has_selector ? word : 0;
    } else if (x86->op_count == 2) {
        out->selector = (uint32_t)x86->operands[0].imm & 0xffff;
        out->has_selector = true;
    } else {
        far_pointer(cpu, out);
    }
}

static void system_load(const struct cpu *cpu, const cs_insn *insn, struct operands *out)
{
    out->need = NEEDS_RING_0;
    out->segment = insn->id == X86_INS_LTR ? SEGMENT_TR : SEGMENT_LDTR;
    out->selector = value_of(cpu, &insn->detail->x86.operands[0], out, &out->has_selector) & 0xffff;
}

static enum operands_need simple_need(const cs_insn *insn)
{
    switch (insn->id) {
    case X86_INS_HLT:
    case X86_INS_LGDT:
    case X86_INS_LIDT:
    case X86_INS_CLTS:
    case X86_INS_LMSW:
    case X86_INS_INVD:
    case X86_INS_WBINVD:
    case X86_INS_INVLPG:
    case X86_INS_RDMSR:
    case X86_INS_WRMSR: return NEEDS_RING_0;
    case X86_INS_CLI:
    case X86_INS_STI: return NEEDS_IOPL;
    case X86_INS_BOUND: return NEEDS_BOUNDS;
    case X86_INS_INT: return NEEDS_GATE;
    case X86_INS_IRET:
    case X86_INS_IRETD: return NEEDS_FRAME;
    case X86_INS_WAIT: return NEEDS_FPU;
    default: break;
    }
    uint8_t opcode = insn->detail->x86.opcode[0];
    return opcode >= 0xd8 && opcode <= 0xdf ? NEEDS_FPU : NEEDS_NOTHING;
}

static void needs(const struct cpu *cpu, const cs_insn *insn, struct operands *out)
{
    const cs_x86 *x86 = &insn->detail->x86;
    out->need = simple_need(insn);
    switch (insn->id) {
    case X86_INS_LLDT:
    case X86_INS_LTR: system_load(cpu, insn, out); break;
    case X86_INS_IN:
    case X86_INS_OUT:
    case X86_INS_INSB:
    case X86_INS_INSW:
    case X86_INS_INSD:
    case X86_INS_OUTSB:
    case X86_INS_OUTSW:
    case X86_INS_OUTSD: port_need(cpu, insn, out); break;
    case X86_INS_DIV:
    case X86_INS_IDIV:
    case X86_INS_AAM: division(cpu, insn, out); break;
    case X86_INS_LDS:
    case X86_INS_LES:
    case X86_INS_LSS:
    case X86_INS_LFS:
    case X86_INS_LGS:
        out->need = NEEDS_SEGMENT;
        out->segment = pointer_segment(insn->id);
        far_pointer(cpu, out);
        break;
    case X86_INS_LJMP:
    case X86_INS_LCALL:
    case X86_INS_RETF: far_transfer(cpu, insn, out); break;
    case X86_INS_MOV:
        if (is_control(&x86->operands[0]) || is_control(&x86->operands[1]))
            out->need = NEEDS_RING_0;
        else
            segment_load(cpu, x86, out);
        break;
    case X86_INS_POP: segment_load(cpu, x86, out); break;
    default: break;
    }
}

/* --- where values come from ------------------------------------------------------------------- */

static void flow(csh handle, const cs_insn *insn, struct operands *out)
{
    const cs_x86 *x86 = &insn->detail->x86;
    const cs_x86_op *op = &x86->operands[0];
    out->jumps = cs_insn_group(handle, insn, CS_GRP_JUMP) ||
                 cs_insn_group(handle, insn, CS_GRP_CALL) ||
                 cs_insn_group(handle, insn, CS_GRP_RET);
    if (cs_insn_group(handle, insn, CS_GRP_RET)) {
        out->source = FROM_MEMORY;
        return;
    }
    bool moves = insn->id == X86_INS_MOV || insn->id == X86_INS_POP || insn->id == X86_INS_MOVZX ||
                 insn->id == X86_INS_MOVSX;
    if (!moves && !out->jumps)
        return;
    if (insn->id == X86_INS_POP) {
        out->source = op->type == X86_OP_REG ? FROM_MEMORY : FROM_ELSEWHERE;
        return;
    }
    if (moves) {
        if (op->type != X86_OP_REG)
            return;
        op = &x86->operands[1];
    }
    out->from = op->type == X86_OP_REG ? gpr_of(op->reg) : OPERANDS_NO_GPR;
    out->source = op->type == X86_OP_IMM         ? FROM_CONSTANT
                  : op->type == X86_OP_MEM       ? FROM_MEMORY
                  : out->from != OPERANDS_NO_GPR ? FROM_REGISTER
                                                 : FROM_ELSEWHERE;
}

static void stack_use(const struct cpu *cpu, csh handle, const cs_insn *insn, struct operands *out)
{
    const cs_x86_op *op = &insn->detail->x86.operands[0];
    /* A prefix 66 changes what 32-bit and 16-bit code push. */
    bool wide =
        (cpu->ops->code_bits(cpu) == 32) != (insn->detail->x86.prefix[2] == X86_PREFIX_OPSIZE);
    uint8_t word = wide ? 4 : 2;
    switch (insn->id) {
    case X86_INS_PUSH:
        stack_memory(cpu, out, true, op->type == X86_OP_IMM ? word : op->size < 2 ? 4 : word);
        return;
    case X86_INS_PUSHAW:
    case X86_INS_PUSHAL:
    case X86_INS_PUSHF:
    case X86_INS_PUSHFD:
    case X86_INS_ENTER: stack_memory(cpu, out, true, word); return;
    case X86_INS_POP:
    case X86_INS_POPAW:
    case X86_INS_POPAL:
    case X86_INS_POPF:
    case X86_INS_POPFD:
    case X86_INS_IRET:
    case X86_INS_IRETD:
    case X86_INS_RETF: stack_memory(cpu, out, false, word); return;
    case X86_INS_LEAVE: {
        stack_memory(cpu, out, false, word);
        if (out->memories > 0) { /* from ebp, not from esp */
            struct operand_memory *memory = &out->memory[out->memories - 1];
            memory->base = 5;
            memory->offset = named(cpu, "ebp");
            memory->linear = segment_base(cpu, SEGMENT_SS) + memory->offset;
        }
        return;
    }
    default: break;
    }
    if (cs_insn_group(handle, insn, CS_GRP_CALL) || insn->id == X86_INS_LCALL)
        stack_memory(cpu, out, true, word);
    else if (cs_insn_group(handle, insn, CS_GRP_RET))
        stack_memory(cpu, out, false, word);
}

static void registers_written(csh handle, const cs_insn *insn, struct operands *out)
{
    cs_regs read, write;
    uint8_t reads, writes;
    if (insn->id == X86_INS_POPAL || insn->id == X86_INS_POPAW)
        out->writes = 0xff;
    if (cs_regs_access(handle, insn, read, &reads, write, &writes) != CS_ERR_OK)
        return;
    for (unsigned i = 0; i < writes; i++) {
        unsigned gpr = gpr_of(write[i]);
        if (gpr != OPERANDS_NO_GPR)
            out->writes |= 1u << gpr;
    }
}

static unsigned bytes_at(const struct cpu *cpu, uint32_t linear, uint8_t bytes[16])
{
    unsigned length = 16;
    while (length > 0 && !cpu_peek(cpu, linear, bytes, length))
        length--;
    return length;
}

bool x86_operands(struct session *session, uint32_t linear, struct operands *out)
{
    const struct cpu *cpu = session->cpu;
    uint8_t bytes[16];
    unsigned length = bytes_at(cpu, linear, bytes);
    csh handle;
    *out = (struct operands){.from = OPERANDS_NO_GPR, .segment = SEGMENT_NONE};
    cs_mode mode = cpu->ops->code_bits(cpu) == 16 ? CS_MODE_16 : CS_MODE_32;
    if (length == 0 || cs_open(CS_ARCH_X86, mode, &handle) != CS_ERR_OK)
        return false;
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    cs_insn *insn = NULL;
    size_t n = cs_disasm(handle, bytes, length, linear, 1, &insn);
    if (n == 1) {
        const cs_x86 *x86 = &insn->detail->x86;
        out->size = insn->size;
        snprintf(out->mnemonic, sizeof out->mnemonic, "%s", insn->mnemonic);
        for (unsigned i = 0; i < x86->op_count && insn->id != X86_INS_LEA; i++)
            if (x86->operands[i].type == X86_OP_MEM)
                explicit_memory(cpu, insn, &x86->operands[i], out);
        stack_use(cpu, handle, insn, out);
        needs(cpu, insn, out);
        flow(handle, insn, out);
        registers_written(handle, insn, out);
        cs_free(insn, n);
    }
    cs_close(&handle);
    return n == 1;
}
