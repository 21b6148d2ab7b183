/* decode: x86 instructions as text and by what they do to the flow of control. */
#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>

#include "debugger/x86/parts.h"

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

bool x86_decode_insn(unsigned bits, bool intel, uint32_t address, const uint8_t *bytes,
                     unsigned length, struct arch_insn *insn)
{
    *insn = (struct arch_insn){.address = address};
    csh handle;
    if (cs_open(CS_ARCH_X86, bits == 16 ? CS_MODE_16 : CS_MODE_32, &handle) != CS_ERR_OK)
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

/* INT3, INT n and INTO. */
bool x86_may_trap(const uint8_t bytes[4])
{
    return bytes[0] >= 0xcc && bytes[0] <= 0xce;
}
