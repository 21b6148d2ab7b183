/* text: MIPS instructions as text, by the disassembler's library. */
#ifndef DEBUGGER_MIPS_TEXT_H
#define DEBUGGER_MIPS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Mnemonic, a tab, operands. False = these bytes are no instruction. */
bool mips_library_text(uint32_t address, const uint8_t bytes[4], char *to, size_t room);

#endif
