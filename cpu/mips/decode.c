/* decode: from a word to its row of opcodes.def and its fields. */
#include "cpu/mips/decode.h"

static const uint8_t rows[MIPS_MAPS][64] = {
#define OP(map, opcode, name, operands, ticks, class)                                              \
    [MIPS_##map][opcode] = MIPS_ROW_##map##_##opcode,
#include "cpu/mips/opcodes.def"
#undef OP
};

static const struct row {
    const char *name;
    uint8_t operands, ticks, class;
} table[MIPS_ROWS] = {
    [MIPS_ROW_RESERVED] = {"", MIPS_NONE_OPERANDS, 1, MIPS_PLAIN_CLASS},
    [MIPS_ROW_RESERVED_SYSTEM] = {"", MIPS_NONE_OPERANDS, 1, MIPS_SYSTEM_CLASS},
#define OP(map, opcode, name, operands, ticks, class)                                              \
    [MIPS_ROW_##map##_##opcode] = {#name, MIPS_##operands##_OPERANDS, ticks, MIPS_##class##_CLASS},
#include "cpu/mips/opcodes.def"
#undef OP
};

static uint8_t system_row(uint32_t word)
{
    uint8_t row;
    if ((word & 1u << 25) == 0)
        row = rows[MIPS_CP0][word >> 21 & 15];
    else
        row = (word & 0x1ffffff) < 64 ? rows[MIPS_OPERATION][word & 63] : 0;
    return row != 0 ? row : MIPS_ROW_RESERVED_SYSTEM;
}

static uint8_t row_of(uint32_t word)
{
    switch (word >> 26) {
    case 0: return rows[MIPS_SPECIAL][word & 63];
    case 1: return rows[MIPS_REGIMM][word >> 16 & 31];
    case 16: return system_row(word);
    default: return rows[MIPS_MAIN][word >> 26];
    }
}

static uint32_t immediate(uint32_t word, enum mips_operands operands)
{
    uint32_t extended = (uint32_t)(int32_t)(int16_t)(uint16_t)word;
    switch (operands) {
    case MIPS_SHIFT_OPERANDS: return word >> 6 & 31;
    case MIPS_SIGNED_OPERANDS: return extended;
    case MIPS_UNSIGNED_OPERANDS: return word & 0xffff;
    case MIPS_UPPER_OPERANDS: return word << 16;
    case MIPS_OFFSET_OPERANDS: return extended << 2;
    case MIPS_TARGET_OPERANDS: return word << 2 & 0x0fffffff;
    default: return 0;
    }
}

void mips_decode(uint32_t word, struct mips_insn *out)
{
    uint8_t number = row_of(word);
    const struct row *row = &table[number];
    bool has_unit = word >> 26 != 16;
    *out = (struct mips_insn){
        .word = word,
        .row = number,
        .rs = word >> 21 & 31,
        .rt = word >> 16 & 31,
        .rd = word >> 11 & 31,
        .class = row->class,
        .ticks = row->ticks,
        .select = (uint8_t)(has_unit ? word >> 26 & 3 : word & 7),
        .imm = immediate(word, (enum mips_operands)row->operands),
    };
}

const char *mips_insn_name(uint32_t word)
{
    return table[row_of(word)].name;
}
