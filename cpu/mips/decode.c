/* decode: from a word to its row of opcodes.def and its fields. */
#include "cpu/mips/decode.h"

static const uint8_t rows[MIPS_MAPS][64] = {
#define OP(map, opcode, name, operands, ticks, class, isa, form)                                   \
    [MIPS_##map][opcode] = MIPS_ROW_##map##_##opcode,
#include "cpu/mips/opcodes.def"
#undef OP
};

static const struct row {
    const char *name;
    uint8_t operands, ticks, class, isa;
} table[MIPS_ROWS] = {
    [MIPS_ROW_RESERVED] = {"", MIPS_NONE_OPERANDS, 1, MIPS_PLAIN_CLASS, MIPS_ISA_BOTH},
    [MIPS_ROW_RESERVED_SYSTEM] = {"", MIPS_NONE_OPERANDS, 1, MIPS_SYSTEM_CLASS, MIPS_ISA_BOTH},
#define OP(map, opcode, name, operands, ticks, class, isa, form)                                   \
    [MIPS_ROW_##map##_##opcode] = {#name, MIPS_##operands##_OPERANDS, ticks, MIPS_##class##_CLASS, \
                                   MIPS_ISA_##isa},
#include "cpu/mips/opcodes.def"
#undef OP
};

/* 0: no row, or none for this processor. */
static uint8_t look(enum mips_isa isa, enum mips_map map, uint32_t opcode)
{
    uint8_t row = rows[map][opcode];
    return (table[row].isa & isa) != 0 ? row : MIPS_ROW_RESERVED;
}

static uint8_t system_row(enum mips_isa isa, uint32_t word)
{
    bool exact = (word & 0x1ffffc0) == 0 || (isa == MIPS_ISA_MIPS32 && (word & 63) == 0x20);
    uint8_t row = MIPS_ROW_RESERVED;
    if ((word & 1u << 25) == 0)
        row = look(isa, MIPS_CP0, word >> 21 & 15);
    else if (exact)
        row = look(isa, MIPS_OPERATION, word & 63);
    return row != MIPS_ROW_RESERVED ? row : MIPS_ROW_RESERVED_SYSTEM;
}

static uint8_t main_row(enum mips_isa isa, uint32_t word)
{
    uint8_t row = look(isa, MIPS_MAIN32, word >> 26);
    return row != MIPS_ROW_RESERVED ? row : look(isa, MIPS_MAIN, word >> 26);
}

static uint8_t row_of(enum mips_isa isa, uint32_t word)
{
    switch (word >> 26) {
    case 0: return look(isa, MIPS_SPECIAL, word & 63);
    case 1: return look(isa, MIPS_REGIMM, word >> 16 & 31);
    case 16: return system_row(isa, word);
    case 28: return look(isa, MIPS_SPECIAL2, word & 63);
    default: return main_row(isa, word);
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

void mips_decode(enum mips_isa isa, uint32_t word, struct mips_insn *out)
{
    uint8_t number = row_of(isa, word);
    const struct row *row = &table[number];
    bool has_unit = word >> 26 != 16;
    *out = (struct mips_insn){
        .word = word,
        .row = number,
        .rs = word >> 21 & 31,
        .rt = word >> 16 & 31,
        .rd = word >> 11 & 31,
        .class = row->class,
        .operands = row->operands,
        .ticks = row->ticks,
        .select = (uint8_t)(has_unit ? word >> 26 & 3 : word & 7),
        .imm = immediate(word, (enum mips_operands)row->operands),
    };
}

const char *mips_insn_name(enum mips_isa isa, uint32_t word)
{
    return table[row_of(isa, word)].name;
}
