/* text: MIPS instructions as text, by the disassembler's library. Apart, because its names for
 * registers are those of the CPU, too. */
#include "debugger/mips/text.h"

#include <capstone/capstone.h>
#include <stdio.h>

bool mips_library_text(uint32_t address, const uint8_t bytes[4], char *to, size_t room)
{
    csh handle;
    cs_insn *found = NULL;
    if (cs_open(CS_ARCH_MIPS, CS_MODE_MIPS32 | CS_MODE_BIG_ENDIAN, &handle) != CS_ERR_OK)
        return false;
    size_t n = cs_disasm(handle, bytes, 4, address, 1, &found);
    if (n == 1)
        snprintf(to, room, "%s%s%s", found->mnemonic, found->op_str[0] != '\0' ? "\t" : "",
                 found->op_str);
    if (n > 0)
        cs_free(found, n);
    cs_close(&handle);
    return n == 1;
}
