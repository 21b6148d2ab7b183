/* fpu: the x87: eight registers as a stack, control, status, and what each instruction does to
 * them.
 *
 * Sources: i486 PRM (1990), ch. 15 to 18 and 26; SDM vol. 1, ch. 8. With FCMOVcc, FCOMI and FUCOMI,
 * as CMOVcc is there (SDM vol. 2, CPUID).
 *
 * Known inaccuracies: with CR0.NE = 0 an exception drives the FERR# line and the next waiting
 * instruction goes on, as if IGNNE# were asserted, where a processor would wait for an interrupt.
 */
#ifndef CPU_X86_FPU_H
#define CPU_X86_FPU_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/x86/float80.h"

enum x86_fpu_status {
    X86_FPU_SF = 1 << 6, /* stack fault */
    X86_FPU_ES = 1 << 7, /* an exception that is not masked waits */
    X86_FPU_C0 = 1 << 8,
    X86_FPU_C1 = 1 << 9,
    X86_FPU_C2 = 1 << 10,
    X86_FPU_TOP = 7 << 11,
    X86_FPU_C3 = 1 << 14,
    X86_FPU_B = 1 << 15, /* the same as ES */
};

#define X86_FPU_EXCEPTIONS 0x3fu
#define X86_FPU_CONTROL    0x1f3fu /* bits that can be written; bit 6 reads 1 */

struct x86_fpu_register {
    uint64_t significand;
    uint16_t head;
    uint16_t reserved[3];
};

struct x86_fpu {
    struct x86_fpu_register reg[8]; /* by their own numbers, not by the stack */
    uint16_t control, status;       /* status with TOP in it */
    uint8_t full;                   /* bit n: register n is not empty */
    uint8_t reserved;
    uint16_t opcode; /* of the last instruction that is no control instruction: 11 bits */
    uint32_t ip, dp; /* where it is, and its operand in memory */
    uint16_t cs, ds;
    uint32_t reserved_word;
};

#define X86_FPU_LONGEST 108u /* bytes of FSAVE */

struct x86;
struct x86_insn;

/* A form of fpu.def. */
struct x86_fpu_form;

/* NULL: there is no such instruction. */
const struct x86_fpu_form *x86_fpu_form(const struct x86_insn *i);
/* #NM, or #MF of an earlier instruction: false with c->fault set. */
bool x86_fpu_ready(struct x86 *c, const struct x86_fpu_form *form);
/* Bytes read from and written to the operand in memory. */
unsigned x86_fpu_reads(const struct x86_fpu_form *form, const struct x86_insn *i);
unsigned x86_fpu_writes(const struct x86_fpu_form *form, const struct x86_insn *i);
/* Works on *fpu, a copy of the state, and on `bytes`. False: an exception without a mask keeps the
 * operand in memory as it was. May change AX and the flags of c. */
bool x86_fpu_do(struct x86 *c, struct x86_fpu *fpu, const struct x86_fpu_form *form,
                const struct x86_insn *i, uint32_t offset, uint8_t bytes[X86_FPU_LONGEST]);

/* The copy becomes the state: FERR# follows it, and the instruction's clocks are charged. */
void x86_fpu_done(struct x86 *c, const struct x86_fpu *fpu, const struct x86_fpu_form *form);

/* WAIT: #MF of what waits. */
bool x86_fpu_wait(struct x86 *c);

/* FNINIT; the registers keep what they hold, but all are empty. */
void x86_fpu_init(struct x86_fpu *fpu);
bool x86_fpu_valid(const struct x86_fpu *fpu);
#endif
