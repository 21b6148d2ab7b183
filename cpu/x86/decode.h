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

/* The names of opcodes.def, each once: what an instruction does, whatever its operands. */
enum x86_what {
    X86_DO_AAA,
    X86_DO_AAD,
    X86_DO_AAM,
    X86_DO_AAS,
    X86_DO_ADC,
    X86_DO_ADD,
    X86_DO_AND,
    X86_DO_ARPL,
    X86_DO_BOUND,
    X86_DO_BSF,
    X86_DO_BSR,
    X86_DO_BSWAP,
    X86_DO_BT,
    X86_DO_BTC,
    X86_DO_BTR,
    X86_DO_BTS,
    X86_DO_CALL,
    X86_DO_CALL_E,
    X86_DO_CALL_FAR,
    X86_DO_CALL_FAR_E,
    X86_DO_CBW,
    X86_DO_CLC,
    X86_DO_CLD,
    X86_DO_CLI,
    X86_DO_CLTS,
    X86_DO_CMC,
    X86_DO_CMOVCC,
    X86_DO_CMP,
    X86_DO_CMPS,
    X86_DO_CMPXCHG,
    X86_DO_CMPXCHG8B,
    X86_DO_CPUID,
    X86_DO_CWD,
    X86_DO_DAA,
    X86_DO_DAS,
    X86_DO_DEC,
    X86_DO_DIV,
    X86_DO_ENTER,
    X86_DO_ESC,
    X86_DO_GROUP,
    X86_DO_HLT,
    X86_DO_ICEBP,
    X86_DO_IDIV,
    X86_DO_IMUL,
    X86_DO_IMUL2,
    X86_DO_IMUL3,
    X86_DO_IN,
    X86_DO_INC,
    X86_DO_INS,
    X86_DO_INT,
    X86_DO_INT3,
    X86_DO_INTO,
    X86_DO_INVD,
    X86_DO_INVLPG,
    X86_DO_IRET,
    X86_DO_JCC,
    X86_DO_JCXZ,
    X86_DO_JMP,
    X86_DO_JMP_E,
    X86_DO_JMP_FAR,
    X86_DO_JMP_FAR_E,
    X86_DO_LAHF,
    X86_DO_LAR,
    X86_DO_LEA,
    X86_DO_LEAVE,
    X86_DO_LGDT,
    X86_DO_LIDT,
    X86_DO_LLDT,
    X86_DO_LMSW,
    X86_DO_LOAD_FAR,
    X86_DO_LODS,
    X86_DO_LOOP,
    X86_DO_LOOPE,
    X86_DO_LOOPNE,
    X86_DO_LSL,
    X86_DO_LTR,
    X86_DO_MOV,
    X86_DO_MOVS,
    X86_DO_MOVSX_B,
    X86_DO_MOVSX_W,
    X86_DO_MOVZX_B,
    X86_DO_MOVZX_W,
    X86_DO_MOV_FROM_CR,
    X86_DO_MOV_FROM_DR,
    X86_DO_MOV_FROM_SEG,
    X86_DO_MOV_TO_CR,
    X86_DO_MOV_TO_DR,
    X86_DO_MOV_TO_SEG,
    X86_DO_MUL,
    X86_DO_NEG,
    X86_DO_NOP,
    X86_DO_NOT,
    X86_DO_OR,
    X86_DO_OUT,
    X86_DO_OUTS,
    X86_DO_POP,
    X86_DO_POPA,
    X86_DO_POPF,
    X86_DO_POP_SEG,
    X86_DO_PUSH,
    X86_DO_PUSHA,
    X86_DO_PUSHF,
    X86_DO_PUSH_SEG,
    X86_DO_RCL,
    X86_DO_RCR,
    X86_DO_RDTSC,
    X86_DO_RET,
    X86_DO_RET_FAR,
    X86_DO_ROL,
    X86_DO_ROR,
    X86_DO_SAHF,
    X86_DO_SALC,
    X86_DO_SAR,
    X86_DO_SBB,
    X86_DO_SCAS,
    X86_DO_SETCC,
    X86_DO_SGDT,
    X86_DO_SHL,
    X86_DO_SHLD,
    X86_DO_SHR,
    X86_DO_SHRD,
    X86_DO_SIDT,
    X86_DO_SLDT,
    X86_DO_SMSW,
    X86_DO_STC,
    X86_DO_STD,
    X86_DO_STI,
    X86_DO_STOS,
    X86_DO_STR,
    X86_DO_SUB,
    X86_DO_TEST,
    X86_DO_UNDEFINED,
    X86_DO_VERR,
    X86_DO_VERW,
    X86_DO_WAIT,
    X86_DO_WBINVD,
    X86_DO_XADD,
    X86_DO_XCHG,
    X86_DO_XCHG_A,
    X86_DO_XLAT,
    X86_DO_XOR,
};

struct x86_row_facts {
    uint8_t what;          /* enum x86_what */
    const char *name;      /* as in opcodes.def */
    uint32_t operands;     /* decode.c's own encoding */
    uint8_t clocks[2];     /* register form, memory form */
    uint8_t reads, writes; /* X86_ROW_C ... */
};

enum x86_row_flags {
    X86_ROW_C = 1,
    X86_ROW_P = 2,
    X86_ROW_A = 4,
    X86_ROW_Z = 8,
    X86_ROW_S = 16,
    X86_ROW_O = 32,
};

extern const struct x86_row_facts x86_rows[X86_ROWS];

enum x86_insn_flags {
    X86_INSN_MEMORY = 1,    /* the ModRM operand is in memory */
    X86_INSN_IMMEDIATE = 2, /* the source is imm */
    X86_INSN_TO_REG = 4,    /* the reg operand is the destination, the ModRM operand the source */
    X86_INSN_ADDRESS_32 = 8,
    X86_INSN_REP = 16,     /* F3 */
    X86_INSN_REPNE = 32,   /* F2 */
    X86_INSN_CODE_32 = 64, /* CS.D */
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
    uint8_t opcode; /* last opcode byte */
    uint32_t disp;  /* second immediate of ENTER; selector of a far pointer */
    uint32_t imm;   /* sign-extended; of a relative jump the distance; of ESC the ModRM byte */
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
