/* arch: the few facts of an instruction set that symbols, frames and stepping need. */
#include "debugger/arch.h"

#include <capstone/capstone.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>

/* System V ABI, Intel386 supplement, table 2.14: DWARF register numbers. */
static const char *const x86_names[] = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags",
};

static const struct arch archs[] = {
    {
        .name = "x86",
        .elf_machine = EM_386,
        .pc = 8,
        .sp = 4,
        .fp = 5,
        .registers = 10,
        .register_names = x86_names,
        .preserved = 1u << 3 | 1u << 5 | 1u << 6 | 1u << 7 | 1u << 9,
        .result = "eax",
        .result_high = "edx",
        .reloaded_sp = 4,
    },
};

const struct arch *arch_named(const char *name)
{
    for (unsigned i = 0; i < sizeof archs / sizeof *archs; i++)
        if (strcmp(archs[i].name, name) == 0)
            return &archs[i];
    return NULL;
}

static bool in_group(csh handle, const cs_insn *found, unsigned group)
{
    return cs_insn_group(handle, found, group);
}

static void classify_x86(csh handle, const cs_insn *found, struct arch_insn *insn)
{
    const cs_x86 *x86 = &found->detail->x86;
    switch (found->id) {
    case X86_INS_INT:
        insn->flow = FLOW_TRAP;
        insn->vector = (unsigned)x86->operands[0].imm & 0xff;
        return;
    case X86_INS_INT3: insn->flow = FLOW_TRAP, insn->vector = 3; return;
    case X86_INS_INTO: insn->flow = FLOW_TRAP, insn->vector = 4; return;
    case X86_INS_IRET:
    case X86_INS_IRETD: insn->flow = FLOW_TRAP_RETURN; return;
    case X86_INS_LCALL: insn->flow = FLOW_CALL; return;
    case X86_INS_RETF: insn->flow = FLOW_RETURN; return;
    default: break;
    }
    if (in_group(handle, found, CS_GRP_CALL))
        insn->flow = FLOW_CALL;
    else if (in_group(handle, found, CS_GRP_RET))
        insn->flow = FLOW_RETURN;
    else if (in_group(handle, found, CS_GRP_JUMP))
        insn->flow = FLOW_JUMP;
    insn->repeats = x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE;
}

/* Capstone writes the size even where assemblers and debuggers never do. */
static const char *usual_name(const char *mnemonic)
{
    static const char *const names[][2] = {{"calll", "call"}, {"retl", "ret"}, {"iretl", "iret"}};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], mnemonic) == 0)
            return names[i][1];
    return mnemonic;
}

bool arch_decode(const struct arch *arch, unsigned bits, bool intel, uint32_t address,
                 const uint8_t *bytes, unsigned length, struct arch_insn *insn)
{
    *insn = (struct arch_insn){.address = address};
    csh handle;
    if (arch->elf_machine != EM_386 ||
        cs_open(CS_ARCH_X86, bits == 16 ? CS_MODE_16 : CS_MODE_32, &handle) != CS_ERR_OK)
        return false;
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    if (!intel)
        cs_option(handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    cs_insn *found = NULL;
    size_t n = cs_disasm(handle, bytes, length, address, 1, &found);
    if (n == 1) {
        insn->size = found->size;
        memcpy(insn->bytes, found->bytes, found->size);
        snprintf(insn->text, sizeof insn->text, "%s%s%s", usual_name(found->mnemonic),
                 found->op_str[0] != '\0' ? "\t" : "", found->op_str);
        classify_x86(handle, found, insn);
        cs_free(found, n);
    }
    cs_close(&handle);
    return n == 1;
}
