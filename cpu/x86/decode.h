/* decode: the bytes of one instruction, taken apart once for every engine. */
#ifndef CPU_X86_DECODE_H
#define CPU_X86_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/x86/x86.h"

#define X86_INSN_LONGEST 15u

/* Rows of opcodes.def, in its order. */
enum x86_row {
    X86_ROW_UNDEFINED,
#define OP(map, opcode, ...)   X86_ROW_##map##_##opcode,
#define OP8(map, opcode, ...)  X86_ROW_##map##_##opcode,
#define OP16(map, opcode, ...) X86_ROW_##map##_##opcode,
#include "cpu/x86/opcodes.def"
#undef OP
#undef OP8
#undef OP16
    X86_ROWS
};

struct x86_row_facts {
    const char *name;      /* as in opcodes.def */
    uint32_t operands;     /* decode.c's own encoding */
    uint8_t clocks[2];     /* register form, memory form */
    uint8_t reads, writes; /* X86_ROW_C ... */
};

enum x86_row_flags {
    X86_ROW_C = 1, X86_ROW_P = 2, X86_ROW_A = 4, X86_ROW_Z = 8, X86_ROW_S = 16, X86_ROW_O = 32,
};

extern const struct x86_row_facts x86_rows[X86_ROWS];

enum x86_insn_flags {
    X86_INSN_MEMORY = 1,     /* the ModRM operand is in memory */
    X86_INSN_IMMEDIATE = 2,  /* the source is imm */
    X86_INSN_TO_REG = 4,     /* the reg operand is the destination, the ModRM operand the source */
    X86_INSN_ADDRESS_32 = 8,
    X86_INSN_REP = 16,       /* F3 */
    X86_INSN_REPNE = 32,     /* F2 */
    X86_INSN_CODE_32 = 64,   /* CS.D */
};

/* Register operands are byte offsets from the start of struct x86, so that AH is as good as EAX,
 * and an absent base or index is the offset of a zero. */
struct x86_insn {
    const void *go;   /* the block engine's handler */
    uint16_t row;     /* enum x86_row */
    uint8_t length;   /* bytes */
    uint8_t size;     /* of the operands: 1, 2, 4 */
    uint8_t flags;    /* enum x86_insn_flags */
    uint8_t segment;  /* of the memory operand, overrides worked in; DS when there is none */
    uint8_t scale;    /* index << scale */
    uint8_t number;   /* reg field of ModRM */
    uint16_t reg, rm; /* rm is the base of a memory operand */
    uint16_t index;
    uint8_t clocks;
    uint8_t opcode;   /* last opcode byte */
    uint32_t disp;    /* second immediate of ENTER; selector of a far pointer */
    uint32_t imm;     /* sign-extended; of a relative jump the distance */
};

_Static_assert(sizeof(struct x86_insn) == 32, "half a cache line");

enum x86_decoded {
    X86_DECODED,
    X86_DECODE_MORE,      /* needs bytes beyond `available` */
    X86_DECODE_UNDEFINED, /* #UD */
    X86_DECODE_LONG,      /* more than 15 bytes: #GP(0) */
};

/* Pure. `available` is 1 to 15, or more. */
enum x86_decoded x86_decode(const uint8_t *bytes, unsigned available, bool code_32,
                            struct x86_insn *insn);

/* Offset of a general register in struct x86 as an operand of that size. */
uint16_t x86_register_offset(unsigned number, unsigned size);

#endif
