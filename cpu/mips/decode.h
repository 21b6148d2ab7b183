/* decode: one word of code, its fields taken apart. */
#ifndef CPU_MIPS_DECODE_H
#define CPU_MIPS_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum mips_map {
    MIPS_MAIN,
    MIPS_SPECIAL,
    MIPS_REGIMM,
    MIPS_CP0,
    MIPS_OPERATION,
    MIPS_SPECIAL2,
    MIPS_MAIN32,
    MIPS_MAPS,
};

/* What has an instruction: bits. */
enum mips_isa {
    MIPS_ISA_R3000 = 1,
    MIPS_ISA_MIPS32 = 2,
    MIPS_ISA_BOTH = MIPS_ISA_R3000 | MIPS_ISA_MIPS32,
};

enum mips_operands {
    MIPS_REGISTERS_OPERANDS,
    MIPS_SHIFT_OPERANDS,
    MIPS_SIGNED_OPERANDS,
    MIPS_UNSIGNED_OPERANDS,
    MIPS_UPPER_OPERANDS,
    MIPS_OFFSET_OPERANDS,
    MIPS_TARGET_OPERANDS,
    MIPS_NONE_OPERANDS,
};

enum mips_class {
    MIPS_PLAIN_CLASS,
    MIPS_BRANCH_CLASS,
    MIPS_LIKELY_CLASS,
    MIPS_HILO_CLASS,
    MIPS_SYSTEM_CLASS,
};

/* Rows of opcodes.def. Row 0 is what none of them names; of coprocessor 0 it is of its own, since
 * who may not use that coprocessor is told so first. */
enum mips_row {
    MIPS_ROW_RESERVED,
    MIPS_ROW_RESERVED_SYSTEM,
#define OP(map, opcode, name, operands, ticks, class, isa, form) MIPS_ROW_##map##_##opcode,
#include "cpu/mips/opcodes.def"
#undef OP
    MIPS_ROWS,
};

struct mips_insn {
    uint32_t word;
    uint8_t row;
    uint8_t rs, rt, rd;
    uint8_t class;    /* enum mips_class */
    uint8_t operands; /* enum mips_operands */
    uint8_t ticks;
    uint8_t select; /* of MFC0 and MTC0; of what has an opcode of its own, the unit: bits 27..26 */
    uint32_t imm;   /* extended; a shift's count; in bytes for branches and jumps */
};

void mips_decode(enum mips_isa isa, uint32_t word, struct mips_insn *out);

/* "addiu"; "" for a reserved one. */
const char *mips_insn_name(enum mips_isa isa, uint32_t word);

#endif
