/* operands: what one instruction reads, writes and needs, with the registers of the present.
 *
 * arch.operands takes it apart. */
#ifndef DEBUGGER_OPERANDS_H
#define DEBUGGER_OPERANDS_H

#include <stdbool.h>
#include <stdint.h>

#define OPERANDS_MEMORY 3u
#define OPERANDS_NO_GPR 255u /* general registers have their DWARF numbers, from 0 */

/* x86: segment registers have the numbers of the encoding: es cs ss ds fs gs, then ldtr and tr. */
enum operands_segment {
    SEGMENT_ES,
    SEGMENT_CS,
    SEGMENT_SS,
    SEGMENT_DS,
    SEGMENT_FS,
    SEGMENT_GS,
    SEGMENT_LDTR,
    SEGMENT_TR,
    SEGMENT_NONE
};

struct operand_memory {
    unsigned segment; /* x86 */
    uint32_t offset;  /* x86: inside the segment */
    uint32_t linear;
    uint8_t size;
    bool write;
    bool stack;           /* x86: the implicit operand of push, pop, call and ret */
    unsigned base, index; /* general registers */
    char text[64];        /* "ecx + 8", "the stack" */
};

/* x86 */
enum operands_need {
    NEEDS_NOTHING,
    NEEDS_RING_0,
    NEEDS_IOPL,    /* cli, sti */
    NEEDS_IO,      /* in, out, ins, outs: IOPL, or a bit of the TSS's map */
    NEEDS_SEGMENT, /* loads a segment register */
    NEEDS_FAR,     /* far jmp, call, ret */
    NEEDS_FPU,
    NEEDS_DIVISOR,
    NEEDS_BOUNDS,
    NEEDS_GATE,  /* int n */
    NEEDS_FRAME, /* iret */
};

/* Where the value that it puts into a register or into the PC comes from. */
enum operands_source { FROM_ELSEWHERE, FROM_CONSTANT, FROM_REGISTER, FROM_MEMORY };

struct operands {
    unsigned size; /* bytes of the instruction */
    char mnemonic[32];
    struct operand_memory memory[OPERANDS_MEMORY];
    unsigned memories;
    uint32_t writes;             /* bit n: changes general register n */
    enum operands_source source; /* a plain copy; FROM_MEMORY: memory[0], FROM_REGISTER: `from` */
    unsigned from;
    bool jumps; /* a jump, call or return; `source` says where to */

    /* What only the x86 asks for. */
    enum operands_need need;
    bool is_signed;    /* NEEDS_DIVISOR: idiv */
    uint8_t width;     /* NEEDS_DIVISOR: 1, 2 or 4 */
    unsigned segment;  /* NEEDS_SEGMENT */
    bool has_selector; /* NEEDS_SEGMENT, NEEDS_FAR: its value is known */
    uint32_t selector;
    uint32_t port, ports; /* NEEDS_IO: first one, how many */
};

#endif
