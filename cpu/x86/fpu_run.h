/* fpu_run: an x87 instruction in progress, and the stack that it works on: what the files of the
 * x87 share. */
#ifndef CPU_X86_FPU_RUN_H
#define CPU_X86_FPU_RUN_H

#include <stddef.h>
#include <string.h>

#include "cpu/x86/execute.h"
#include "cpu/x86/fpu.h"

#define CODES (X86_FPU_C0 | X86_FPU_C2 | X86_FPU_C3)

enum format {
    NONE,
    M16,
    M32,
    M64,
    F32,
    F64,
    F80,
    D80,
    S16,
    S32,
    S64,
    S80,
    D80_OUT,
    ENV_IN,
    ENV_OUT,
    STATE_IN,
    STATE_OUT
};

/* An instruction in progress. */
struct fpu_run {
    struct x86 *c;
    struct x86_fpu *f;
    struct float80_operation op;
    const struct x86_fpu_form *form;
    const struct x86_insn *i;
    unsigned rm; /* of a stack form */
    uint8_t *bytes;
    bool kept; /* the operand in memory stays as it was */
};

typedef void x86_fpu_operation(struct fpu_run *r);

struct x86_fpu_form {
    uint8_t opcode, number; /* reg field, or the whole ModRM of ONLY rows */
    uint8_t format;         /* NONE: a stack form */
    bool only;
    uint16_t clocks;
    x86_fpu_operation *go;
};

/* What the rows of fpu.def name. */
#define MEMORY(opcode, reg, name, format, clocks) x86_fpu_operation x86_fpu_##name;
#define STACK(opcode, reg, name, clocks)          x86_fpu_operation x86_fpu_##name;
#define ONLY(opcode, modrm, name, clocks)         x86_fpu_operation x86_fpu_##name;
#include "cpu/x86/fpu.def"
#undef MEMORY
#undef STACK
#undef ONLY

static inline uint64_t little(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, bytes, size);
    return value;
}

/* --- the stack ---------------------------------------------------------------------------------
 */

static inline unsigned top(const struct x86_fpu *f)
{
    return f->status >> 11 & 7;
}

static inline void set_top(struct x86_fpu *f, unsigned number)
{
    f->status = (uint16_t)((f->status & ~X86_FPU_TOP) | (number & 7) << 11);
}

static inline bool is_full(const struct x86_fpu *f, unsigned st)
{
    return f->full >> ((top(f) + st) & 7) & 1;
}

static inline struct float80 get(const struct x86_fpu *f, unsigned st)
{
    const struct x86_fpu_register *reg = &f->reg[(top(f) + st) & 7];
    return (struct float80){reg->significand, reg->head};
}

static inline void put(struct x86_fpu *f, unsigned st, struct float80 value)
{
    unsigned number = (top(f) + st) & 7;
    f->reg[number] = (struct x86_fpu_register){value.significand, value.head, {0}};
    f->full |= (uint8_t)(1u << number);
}

static inline void empty(struct x86_fpu *f, unsigned st)
{
    unsigned number = (top(f) + st) & 7;
    f->full = (uint8_t)(f->full & ~(1u << number));
}

static inline void pop(struct x86_fpu *f)
{
    empty(f, 0);
    set_top(f, top(f) + 1);
}

static inline void set_codes(struct x86_fpu *f, uint16_t mask, uint16_t codes)
{
    f->status = (uint16_t)((f->status & ~mask) | codes);
}

/* An exception that is not masked makes the next instruction wait for it (SDM vol. 1, 8.7). */
static inline void summarize(struct x86_fpu *f)
{
    bool waits = (f->status & ~f->control & X86_FPU_EXCEPTIONS) != 0;
    set_codes(f, X86_FPU_ES | X86_FPU_B, waits ? X86_FPU_ES | X86_FPU_B : 0);
}

static inline bool unmasked(const struct fpu_run *r, unsigned exceptions)
{
    return (r->op.raised & ~r->f->control & exceptions) != 0;
}

/* The operation's exceptions go into the status word. */
static inline void finish(struct fpu_run *r)
{
    r->f->status |= r->op.raised;
    set_codes(r->f, X86_FPU_C1, r->op.up ? X86_FPU_C1 : 0);
    summarize(r->f);
}

/* C1 tells an overflow of the stack from an underflow (SDM vol. 1, 8.5.1.1). True: masked, the
 * destination becomes the indefinite. */
static inline bool stack_fault(struct fpu_run *r, bool overflow)
{
    r->op.raised |= FLOAT80_IE;
    r->op.up = overflow;
    r->f->status |= X86_FPU_SF;
    finish(r);
    return (r->f->control & FLOAT80_IE) != 0;
}

static inline void push(struct fpu_run *r, struct float80 value)
{
    if (is_full(r->f, 7)) {
        if (!stack_fault(r, true))
            return;
        value = FLOAT80_INDEFINITE;
    }
    set_top(r->f, top(r->f) - 1);
    put(r->f, 0, value);
}

/* ST(0), and ST(st) too, are there; else the masked answer is put into ST(to). */
static inline bool operands(struct fpu_run *r, unsigned st, unsigned to, bool pops)
{
    if (is_full(r->f, 0) && is_full(r->f, st))
        return true;
    if (stack_fault(r, false)) {
        put(r->f, to, FLOAT80_INDEFINITE);
        if (pops)
            pop(r->f);
    }
    return false;
}

/* A result in ST(to), unless the operands were refused. */
static inline void result(struct fpu_run *r, unsigned to, struct float80 value, bool pops)
{
    finish(r);
    if (float80_refused(&r->op))
        return;
    put(r->f, to, value);
    if (pops)
        pop(r->f);
}

#endif
