/* fpu: the x87: its stack, and what each instruction of fpu.def does to it. */
#include "cpu/x86/fpu.h"

#include <stddef.h>
#include <string.h>

#include "cpu/x86/execute.h"
#include "cpu/x86/fpu_image.h"

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
struct run {
    struct x86 *c;
    struct x86_fpu *f;
    struct float80_operation op;
    const struct x86_fpu_form *form;
    const struct x86_insn *i;
    unsigned rm; /* of a stack form */
    uint8_t *bytes;
    bool kept; /* the operand in memory stays as it was */
};

typedef void operation(struct run *r);

struct x86_fpu_form {
    uint8_t opcode, number; /* reg field, or the whole ModRM of ONLY rows */
    uint8_t format;         /* NONE: a stack form */
    bool only;
    bool control; /* does not wait, and leaves the pointers of the last instruction */
    uint16_t clocks;
    operation *go;
};

/* --- the stack ---------------------------------------------------------------------------------
 */

static unsigned top(const struct x86_fpu *f)
{
    return f->status >> 11 & 7;
}

static void set_top(struct x86_fpu *f, unsigned number)
{
    f->status = (uint16_t)((f->status & ~X86_FPU_TOP) | (number & 7) << 11);
}

static bool is_full(const struct x86_fpu *f, unsigned st)
{
    return f->full >> ((top(f) + st) & 7) & 1;
}

static struct float80 get(const struct x86_fpu *f, unsigned st)
{
    const struct x86_fpu_register *reg = &f->reg[(top(f) + st) & 7];
    return (struct float80){reg->significand, reg->head};
}

static void put(struct x86_fpu *f, unsigned st, struct float80 value)
{
    unsigned number = (top(f) + st) & 7;
    f->reg[number] = (struct x86_fpu_register){value.significand, value.head, {0}};
    f->full |= (uint8_t)(1u << number);
}

static void empty(struct x86_fpu *f, unsigned st)
{
    unsigned number = (top(f) + st) & 7;
    f->full = (uint8_t)(f->full & ~(1u << number));
}

static void pop(struct x86_fpu *f)
{
    empty(f, 0);
    set_top(f, top(f) + 1);
}

static void set_codes(struct x86_fpu *f, uint16_t mask, uint16_t codes)
{
    f->status = (uint16_t)((f->status & ~mask) | codes);
}

/* An exception that is not masked makes the next instruction wait for it (SDM vol. 1, 8.7). */
static void summarize(struct x86_fpu *f)
{
    bool waits = (f->status & ~f->control & X86_FPU_EXCEPTIONS) != 0;
    set_codes(f, X86_FPU_ES | X86_FPU_B, waits ? X86_FPU_ES | X86_FPU_B : 0);
}

static bool unmasked(const struct run *r, unsigned exceptions)
{
    return (r->op.raised & ~r->f->control & exceptions) != 0;
}

/* The operation's exceptions go into the status word. */
static void finish(struct run *r)
{
    r->f->status |= r->op.raised;
    set_codes(r->f, X86_FPU_C1, r->op.up ? X86_FPU_C1 : 0);
    summarize(r->f);
}

/* C1 tells an overflow of the stack from an underflow (SDM vol. 1, 8.5.1.1). True: masked, the
 * destination becomes the indefinite. */
static bool stack_fault(struct run *r, bool overflow)
{
    r->op.raised |= FLOAT80_IE;
    r->op.up = overflow;
    r->f->status |= X86_FPU_SF;
    finish(r);
    return (r->f->control & FLOAT80_IE) != 0;
}

static void push(struct run *r, struct float80 value)
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
static bool operands(struct run *r, unsigned st, unsigned to, bool pops)
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
static void result(struct run *r, unsigned to, struct float80 value, bool pops)
{
    finish(r);
    if (float80_refused(&r->op))
        return;
    put(r->f, to, value);
    if (pops)
        pop(r->f);
}

/* --- operands in memory ------------------------------------------------------------------------
 */

static uint64_t little(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, bytes, size);
    return value;
}

/* The number that the instruction read, with the exceptions of its conversion. */
static struct float80 loaded(struct run *r)
{
    const uint8_t *b = r->bytes;
    switch (r->form->format) {
    case M16: return float80_from_integer((int16_t)little(b, 2));
    case M32: return float80_from_integer((int32_t)little(b, 4));
    case M64: return float80_from_integer((int64_t)little(b, 8));
    case F32: return float80_from_float32(&r->op, (uint32_t)little(b, 4));
    case F64: return float80_from_float64(&r->op, little(b, 8));
    case D80: return float80_from_decimal(b);
    default: return (struct float80){little(b, 8), (uint16_t)little(b + 8, 2)};
    }
}

static void load(struct run *r)
{
    if (is_full(r->f, 7)) {
        push(r, FLOAT80_INDEFINITE);
        return;
    }
    struct float80 value = loaded(r);
    if (r->form->format != F80 && float80_classify(value) == FLOAT80_SIGNALLING) {
        r->op.raised |= FLOAT80_IE;
        value.significand |= UINT64_C(1) << 62;
    }
    finish(r);
    if (!unmasked(r, FLOAT80_IE)) /* a denormal is there for its handler to see */
        push(r, value);
}

static void convert(struct run *r, struct float80 value)
{
    uint64_t bits = value.significand;
    switch (r->form->format) {
    case S32: bits = float80_to_float32(&r->op, value); break;
    case S64: bits = float80_to_float64(&r->op, value); break;
    case D80_OUT: float80_to_decimal(&r->op, value, r->bytes); return;
    default: memcpy(r->bytes + 8, &value.head, 2);
    }
    memcpy(r->bytes, &bits, 8);
}

static void convert_integer(struct run *r, struct float80 value)
{
    unsigned size = r->form->format == S16 ? 2 : r->form->format == S32 ? 4 : 8;
    int64_t integer = float80_to_integer(&r->op, value, size, false);
    memcpy(r->bytes, &integer, sizeof integer);
}

/* FST, FIST: number 2. All others pop. */
static void store_as(struct run *r, void (*into)(struct run *, struct float80))
{
    bool there = is_full(r->f, 0);
    if (there) {
        into(r, get(r->f, 0));
    } else {
        r->f->status |= X86_FPU_SF;
        into(r, FLOAT80_INDEFINITE);
        r->op.raised = FLOAT80_IE;
        r->op.up = false;
    }
    r->kept = unmasked(r, FLOAT80_IE | FLOAT80_OE | FLOAT80_UE);
    r->op.up &= !r->kept;
    finish(r);
    if (r->form->number != 2 && !r->kept)
        pop(r->f);
}

static void store(struct run *r)
{
    store_as(r, convert);
}

static void store_integer(struct run *r)
{
    store_as(r, convert_integer);
}

/* --- arithmetic --------------------------------------------------------------------------------
 */

/* An operand of arithmetic: a denormal one counts only when there is something to compute. */
static struct float80 operand_in_memory(struct run *r, bool dividend)
{
    struct float80 b = loaded(r), a = get(r->f, 0);
    enum float80_class class = float80_classify(a);
    if (class > FLOAT80_INFINITY || (dividend && class == FLOAT80_ZERO))
        r->op.raised &= (uint16_t)~FLOAT80_DE;
    return b;
}

static struct float80 computed(struct run *r, struct float80 a, struct float80 b)
{
    switch (r->i->number) {
    case 0: return float80_add(&r->op, a, b);
    case 1: return float80_mul(&r->op, a, b);
    case 4: return float80_sub(&r->op, a, b);
    case 5: return float80_sub(&r->op, b, a);
    case 6: return float80_div(&r->op, a, b);
    default: return float80_div(&r->op, b, a);
    }
}

/* D8: ST(0) with ST(i). DC and DE: the same into ST(i). Memory: ST(0) with the operand. */
static void arithmetic(struct run *r)
{
    bool memory = r->form->format != NONE;
    unsigned to = !memory && r->form->opcode != 0xD8 ? r->rm : 0;
    bool pops = !memory && r->form->opcode == 0xDE;
    if (!operands(r, memory ? 0 : r->rm, to, pops))
        return;
    struct float80 b = memory ? operand_in_memory(r, r->i->number == 7) : get(r->f, r->rm);
    result(r, to, computed(r, get(r->f, 0), b), pops);
}

static void unary(struct run *r, struct float80 (*of)(struct float80_operation *, struct float80))
{
    if (operands(r, 0, 0, false))
        result(r, 0, of(&r->op, get(r->f, 0)), false);
}

static void fsqrt(struct run *r)
{
    unary(r, float80_sqrt);
}

static void frndint(struct run *r)
{
    unary(r, float80_round_to_integer);
}

static void f2xm1(struct run *r)
{
    unary(r, float80_f2xm1);
}

static void fscale(struct run *r)
{
    if (operands(r, 1, 0, false))
        result(r, 0, float80_scale(&r->op, get(r->f, 0), get(r->f, 1)), false);
}

/* Of ST(0) and ST(1) into ST(1), then pops. */
static void binary(struct run *r,
                   struct float80 (*of)(struct float80_operation *, struct float80, struct float80))
{
    if (operands(r, 1, 1, true))
        result(r, 1, of(&r->op, get(r->f, 0), get(r->f, 1)), true);
}

static void fyl2x(struct run *r)
{
    binary(r, float80_fyl2x);
}

static void fyl2xp1(struct run *r)
{
    binary(r, float80_fyl2xp1);
}

static void fpatan(struct run *r)
{
    binary(r, float80_fpatan);
}

/* FPREM and FPREM1: the quotient's lowest bits in C0, C3, C1; C2 = more to do. */
static void fprem(struct run *r)
{
    set_codes(r->f, X86_FPU_C2, 0);
    if (!operands(r, 1, 0, false))
        return;
    int q;
    bool nearest = r->form->number == 0xF5;
    struct float80 rest = float80_remainder(&r->op, get(r->f, 0), get(r->f, 1), nearest, &q);
    result(r, 0, rest, false);
    if (float80_refused(&r->op) || float80_classify(rest) > FLOAT80_INFINITY)
        return;
    unsigned bits = q < 0 ? 0 : (unsigned)q;
    uint16_t codes =
        (uint16_t)((q < 0 ? X86_FPU_C2 : 0) | ((bits & 4) != 0 ? X86_FPU_C0 : 0) |
                   ((bits & 2) != 0 ? X86_FPU_C3 : 0) | ((bits & 1) != 0 ? X86_FPU_C1 : 0));
    set_codes(r->f, CODES | X86_FPU_C1, codes);
}

/* Instructions with two results: the first stays in ST(0), the second is pushed. */
static bool two_results(struct run *r)
{
    if (is_full(r->f, 0) && !is_full(r->f, 7))
        return true;
    if (stack_fault(r, is_full(r->f, 0))) {
        put(r->f, 0, FLOAT80_INDEFINITE);
        set_top(r->f, top(r->f) - 1);
        put(r->f, 0, FLOAT80_INDEFINITE);
    }
    return false;
}

static void give_two(struct run *r, struct float80 first, struct float80 second)
{
    finish(r);
    if (float80_refused(&r->op))
        return;
    put(r->f, 0, first);
    push(r, second);
}

static void fxtract(struct run *r)
{
    if (!two_results(r))
        return;
    struct float80 exponent, significand = float80_extract(&r->op, get(r->f, 0), &exponent);
    give_two(r, exponent, significand);
}

static void fsincos(struct run *r)
{
    set_codes(r->f, X86_FPU_C2, 0);
    if (!two_results(r))
        return;
    struct float80 sine, cosine;
    bool done = float80_fsincos(&r->op, get(r->f, 0), &sine, &cosine);
    set_codes(r->f, X86_FPU_C2, done ? 0 : X86_FPU_C2);
    if (done)
        give_two(r, sine, cosine);
}

static void fptan(struct run *r)
{
    set_codes(r->f, X86_FPU_C2, 0);
    if (!two_results(r))
        return;
    struct float80 tangent, one = {UINT64_C(1) << 63, 0x3fff};
    bool done = float80_fptan(&r->op, get(r->f, 0), &tangent);
    set_codes(r->f, X86_FPU_C2, done ? 0 : X86_FPU_C2);
    bool number = float80_classify(tangent) < FLOAT80_QUIET;
    if (done)
        give_two(r, tangent, number ? one : tangent);
}

static void circular(struct run *r, bool cosine)
{
    set_codes(r->f, X86_FPU_C2, 0);
    if (!operands(r, 0, 0, false))
        return;
    struct float80 value;
    bool done =
        float80_fsincos(&r->op, get(r->f, 0), cosine ? NULL : &value, cosine ? &value : NULL);
    set_codes(r->f, X86_FPU_C2, done ? 0 : X86_FPU_C2);
    if (done)
        result(r, 0, value, false);
}

static void fsin(struct run *r)
{
    circular(r, false);
}

static void fcos(struct run *r)
{
    circular(r, true);
}

/* --- comparison --------------------------------------------------------------------------------
 */

static uint16_t codes_of(enum float80_order order)
{
    switch (order) {
    case FLOAT80_LESS: return X86_FPU_C0;
    case FLOAT80_EQUAL: return X86_FPU_C3;
    case FLOAT80_GREATER: return 0;
    default: return CODES;
    }
}

/* Compares ST(0) with b; an empty register compares as unordered. The answer is given even when the
 * operands are refused, but then nothing is popped: false. */
static bool compared(struct run *r, bool there, struct float80 b, bool quiet,
                     enum float80_order *order)
{
    *order = FLOAT80_UNORDERED;
    if (!there)
        return stack_fault(r, false);
    *order = float80_compare(&r->op, get(r->f, 0), b, quiet);
    finish(r);
    return !float80_refused(&r->op);
}

static void compare_with(struct run *r, bool there, struct float80 b, bool quiet, unsigned pops)
{
    enum float80_order order;
    bool good = compared(r, there, b, quiet, &order);
    set_codes(r->f, CODES, codes_of(order));
    for (; good && pops > 0; pops--)
        pop(r->f);
}

/* FCOM, FCOMP, FCOMPP, FUCOM, FUCOMP, FUCOMPP. */
static void compare(struct run *r)
{
    bool quiet = r->form->opcode == 0xDD || r->form->opcode == 0xDA;
    bool pops = r->form->opcode == 0xDE || (r->i->number & 1) != 0;
    unsigned number = r->form->only ? 2 : pops;
    bool there = is_full(r->f, 0) && is_full(r->f, r->rm);
    compare_with(r, there, get(r->f, r->rm), quiet, number);
}

static void compare_memory(struct run *r)
{
    bool there = is_full(r->f, 0);
    struct float80 b = there ? operand_in_memory(r, false) : FLOAT80_INDEFINITE;
    compare_with(r, there, b, false, r->i->number & 1);
}

static void test(struct run *r)
{
    compare_with(r, is_full(r->f, 0), FLOAT80_PLUS_ZERO, false, 0);
}

/* FCOMI, FUCOMI and with P: the answer in ZF, PF, CF; the other arithmetic flags become 0. C1 stays
 * as it was. */
static void compare_flags(struct run *r)
{
    enum float80_order order;
    bool there = is_full(r->f, 0) && is_full(r->f, r->rm);
    uint16_t before = r->f->status & X86_FPU_C1, codes;
    bool good = compared(r, there, get(r->f, r->rm), r->i->number == 5, &order);
    if (there)
        set_codes(r->f, X86_FPU_C1, before);
    codes = codes_of(order);
    uint32_t flags = ((codes & X86_FPU_C0) != 0 ? X86_CF : 0) |
                     ((codes & X86_FPU_C2) != 0 ? X86_PF : 0) |
                     ((codes & X86_FPU_C3) != 0 ? X86_ZF : 0);
    r->c->s.eflags = (r->c->s.eflags & ~(uint32_t)X86_ARITHMETIC) | flags;
    x86_flags_load(r->c);
    if (good && r->form->opcode == 0xDF)
        pop(r->f);
}

/* FXAM (SDM vol. 2, table 3-38). */
static void examine(struct run *r)
{
    static const uint16_t codes[] = {
        [FLOAT80_ZERO] = X86_FPU_C3,   [FLOAT80_DENORMAL] = X86_FPU_C3 | X86_FPU_C2,
        [FLOAT80_NORMAL] = X86_FPU_C2, [FLOAT80_INFINITY] = X86_FPU_C2 | X86_FPU_C0,
        [FLOAT80_QUIET] = X86_FPU_C0,  [FLOAT80_SIGNALLING] = X86_FPU_C0,
        [FLOAT80_UNSUPPORTED] = 0,
    };
    struct float80 value = get(r->f, 0);
    uint16_t found = is_full(r->f, 0) ? codes[float80_classify(value)] : X86_FPU_C3 | X86_FPU_C0;
    set_codes(r->f, CODES | X86_FPU_C1, (uint16_t)(found | (float80_sign(value) ? X86_FPU_C1 : 0)));
}

/* --- moves -------------------------------------------------------------------------------------
 */

static void load_stack(struct run *r)
{
    struct float80 value = get(r->f, r->rm);
    set_codes(r->f, X86_FPU_C1, 0);
    if (is_full(r->f, r->rm)) {
        push(r, value);
    } else if (stack_fault(r, false)) {
        set_top(r->f, top(r->f) - 1);
        put(r->f, 0, FLOAT80_INDEFINITE);
    }
}

/* D9 /3 is FSTP that finds nothing wrong with an empty register. */
static void move_down(struct run *r)
{
    set_codes(r->f, X86_FPU_C1, 0);
    if (is_full(r->f, 0))
        put(r->f, r->rm, get(r->f, 0));
    pop(r->f);
}

static void store_stack(struct run *r)
{
    bool pops = r->i->number == 3 || r->form->opcode == 0xDF;
    if (!operands(r, 0, r->rm, pops))
        return;
    set_codes(r->f, X86_FPU_C1, 0);
    put(r->f, r->rm, get(r->f, 0));
    if (pops)
        pop(r->f);
}

static void exchange(struct run *r)
{
    struct float80 a = get(r->f, 0), b = get(r->f, r->rm);
    bool a_there = is_full(r->f, 0), b_there = is_full(r->f, r->rm);
    if (!(a_there && b_there) && !stack_fault(r, false))
        return;
    if (a_there && b_there)
        set_codes(r->f, X86_FPU_C1, 0);
    put(r->f, 0, b_there ? b : FLOAT80_INDEFINITE);
    put(r->f, r->rm, a_there ? a : FLOAT80_INDEFINITE);
}

/* FCMOVcc: B, E, BE, U in this order; DB has the opposites. */
static void move_if(struct run *r)
{
    static const uint8_t conditions[4] = {0x2, 0x4, 0x6, 0xA};
    bool wanted = x86_condition(r->c, conditions[r->i->number & 3]) == (r->form->opcode == 0xDA);
    if (operands(r, r->rm, 0, false) && wanted)
        put(r->f, 0, get(r->f, r->rm));
}

static void change_head(struct run *r, uint16_t keep, uint16_t flip)
{
    if (!operands(r, 0, 0, false))
        return;
    struct float80 value = get(r->f, 0);
    value.head = (value.head & keep) ^ flip;
    set_codes(r->f, X86_FPU_C1, 0);
    put(r->f, 0, value);
}

static void change_sign(struct run *r)
{
    change_head(r, 0xffff, 0x8000);
}

static void absolute(struct run *r)
{
    change_head(r, 0x7fff, 0);
}

static void constant(struct run *r)
{
    unsigned number = r->form->number & 7u;
    set_codes(r->f, X86_FPU_C1, 0);
    push(r, number == 6 ? FLOAT80_PLUS_ZERO : float80_constant(r->f->control, number));
}

/* --- control -----------------------------------------------------------------------------------
 */

/* FENI, FDISI, FSETPM: of earlier processors. */
static void nothing(struct run *r)
{
    (void)r;
}

/* FNOP waits as others do. */
static void fnop(struct run *r)
{
    (void)r;
}

/* FDECSTP F6, FINCSTP F7. */
static void turn(struct run *r)
{
    set_top(r->f, r->form->number == 0xF6 ? top(r->f) - 1 : top(r->f) + 1);
    set_codes(r->f, X86_FPU_C1, 0);
}

/* FFREE, and FFREEP (DF), which pops too. */
static void free_register(struct run *r)
{
    empty(r->f, r->rm);
    set_codes(r->f, X86_FPU_C1, 0);
    if (r->form->opcode == 0xDF)
        pop(r->f);
}

static void clear(struct run *r)
{
    r->f->status &= X86_FPU_TOP | CODES | X86_FPU_C1;
}

static void init(struct run *r)
{
    x86_fpu_init(r->f);
}

static void set_control(struct x86_fpu *f, uint16_t value)
{
    f->control = (uint16_t)((value & X86_FPU_CONTROL) | 0x40);
    summarize(f);
}

static void load_control(struct run *r)
{
    set_control(r->f, (uint16_t)little(r->bytes, 2));
}

static void store_control(struct run *r)
{
    memcpy(r->bytes, &r->f->control, 2);
}

static void store_status(struct run *r)
{
    memcpy(r->bytes, &r->f->status, 2);
}

static void store_status_ax(struct run *r)
{
    put_register(r->c, x86_register_offset(X86_EAX, 2), 2, r->f->status);
}

static bool wide(const struct run *r)
{
    return r->i->size == 4;
}

static bool real_format(const struct run *r)
{
    return !x86_protected(r->c) || x86_v86(r->c);
}

static void store_environment(struct run *r)
{
    x86_fpu_put_environment(r->f, wide(r), real_format(r), r->bytes);
    r->f->control |= X86_FPU_EXCEPTIONS;
    summarize(r->f);
}

static void load_environment(struct run *r)
{
    x86_fpu_get_environment(r->f, wide(r), real_format(r), r->bytes);
    set_control(r->f, r->f->control);
}

static void store_state(struct run *r)
{
    uint8_t *at = r->bytes + x86_fpu_put_environment(r->f, wide(r), real_format(r), r->bytes);
    for (unsigned st = 0; st < 8; st++, at += 10) {
        struct float80 value = get(r->f, st);
        memcpy(at, &value.significand, 8);
        memcpy(at + 8, &value.head, 2);
    }
    x86_fpu_init(r->f);
}

static void load_state(struct run *r)
{
    const uint8_t *at = r->bytes + x86_fpu_get_environment(r->f, wide(r), real_format(r), r->bytes);
    uint8_t full = r->f->full;
    for (unsigned st = 0; st < 8; st++, at += 10)
        put(r->f, st, (struct float80){little(at, 8), (uint16_t)little(at + 8, 2)});
    r->f->full = full;
    set_control(r->f, r->f->control);
}

/* --- the table ---------------------------------------------------------------------------------
 */

/* Instructions that do not wait for an earlier exception, and those that leave no pointers. */
static bool does_not_wait(operation *go)
{
    return go == clear || go == init || go == store_control || go == store_status ||
           go == store_status_ax || go == store_environment || go == store_state || go == nothing;
}

static bool is_control(operation *go)
{
    return does_not_wait(go) || go == load_control || go == fnop || go == load_environment ||
           go == load_state;
}

static const struct x86_fpu_form forms[] = {
#define MEMORY(opcode_, reg_, name, format_, clocks_)                                              \
    {.opcode = opcode_, .number = reg_, .format = format_, .clocks = clocks_, .go = name},
#define STACK(opcode_, reg_, name, clocks_)                                                        \
    {.opcode = opcode_, .number = reg_, .clocks = clocks_, .go = name},
#define ONLY(opcode_, modrm_, name, clocks_)                                                       \
    {.opcode = opcode_, .number = modrm_, .only = true, .clocks = clocks_, .go = name},
#include "cpu/x86/fpu.def"
#undef MEMORY
#undef STACK
#undef ONLY
};

static unsigned rm_of(const struct x86_insn *i)
{
    return (i->rm - x86_register_offset(X86_EAX, 4)) / 4u;
}

const struct x86_fpu_form *x86_fpu_form(const struct x86_insn *i)
{
    bool memory = (i->flags & X86_INSN_MEMORY) != 0;
    unsigned modrm = memory ? 0 : 0xC0u | i->number << 3 | rm_of(i);
    for (unsigned n = 0; n < sizeof forms / sizeof *forms; n++) {
        const struct x86_fpu_form *form = &forms[n];
        if (form->opcode == i->opcode && memory == (form->format != NONE) &&
            form->number == (form->only ? modrm : i->number))
            return form;
    }
    return NULL;
}

bool x86_fpu_wait(struct x86 *c)
{
    bool waits = (c->s.fpu.status & X86_FPU_ES) != 0 && (c->s.cr0 & X86_CR0_NE) != 0;
    return !waits || x86_fault_plain(c, X86_MF);
}

bool x86_fpu_ready(struct x86 *c, const struct x86_fpu_form *form)
{
    if ((c->s.cr0 & (X86_CR0_EM | X86_CR0_TS)) != 0)
        return x86_fault_plain(c, X86_NM);
    if (form == NULL)
        return x86_fault_plain(c, X86_UD);
    return does_not_wait(form->go) || x86_fpu_wait(c);
}

unsigned x86_fpu_reads(const struct x86_fpu_form *form, const struct x86_insn *i)
{
    static const uint8_t bytes[] = {[M16] = 2, [M32] = 4,  [M64] = 8,  [F32] = 4,
                                    [F64] = 8, [F80] = 10, [D80] = 10, [STATE_OUT] = 0};
    unsigned environment = i->size == 4 ? 28 : 14;
    return form->format == ENV_IN     ? environment
           : form->format == STATE_IN ? environment + 80
                                      : bytes[form->format];
}

unsigned x86_fpu_writes(const struct x86_fpu_form *form, const struct x86_insn *i)
{
    static const uint8_t bytes[] = {
        [S16] = 2, [S32] = 4, [S64] = 8, [S80] = 10, [D80_OUT] = 10, [STATE_OUT] = 0};
    unsigned environment = i->size == 4 ? 28 : 14;
    return form->format == ENV_OUT     ? environment
           : form->format == STATE_OUT ? environment + 80
                                       : bytes[form->format];
}

void x86_fpu_done(struct x86 *c, const struct x86_fpu *fpu, const struct x86_fpu_form *form)
{
    c->s.fpu = *fpu;
    charge(c, form->clocks);
    irq_set(&c->ferr, (fpu->status & X86_FPU_ES) != 0);
}

static void note_pointers(struct run *r, uint32_t offset)
{
    const struct x86_state *s = &r->c->s;
    r->f->ip = s->eip;
    r->f->cs = s->segment[X86_CS].selector;
    unsigned modrm = r->i->number << 3 | (r->form->format == NONE ? 0xC0u | r->rm : 0);
    r->f->opcode = (uint16_t)((r->form->opcode & 7u) << 8 | modrm);
    if (r->form->format == NONE)
        return;
    r->f->dp = offset;
    r->f->ds = s->segment[r->i->segment].selector;
}

bool x86_fpu_do(struct x86 *c, struct x86_fpu *fpu, const struct x86_fpu_form *form,
                const struct x86_insn *i, uint32_t offset, uint8_t bytes[X86_FPU_LONGEST])
{
    struct run r = {.c = c,
                    .f = fpu,
                    .op = {.control = fpu->control},
                    .form = form,
                    .i = i,
                    .rm = form->format == NONE ? rm_of(i) : 0,
                    .bytes = bytes};
    if (!is_control(form->go))
        note_pointers(&r, offset);
    form->go(&r);
    return !r.kept;
}

/* --- life --------------------------------------------------------------------------------------
 */

void x86_fpu_init(struct x86_fpu *f)
{
    f->control = 0x37f;
    f->status = 0;
    f->full = 0;
    f->opcode = 0;
    f->ip = f->dp = 0;
    f->cs = f->ds = 0;
}

bool x86_fpu_valid(const struct x86_fpu *f)
{
    bool waits = (f->status & ~f->control & X86_FPU_EXCEPTIONS) != 0;
    bool summary = (f->status & X86_FPU_ES) != 0, busy = (f->status & X86_FPU_B) != 0;
    return (f->control & ~(X86_FPU_CONTROL | 0x40u)) == 0 && (f->control & 0x40) != 0 &&
           summary == waits && busy == waits && f->opcode <= 0x7ff && f->reserved == 0 &&
           f->reserved_word == 0;
}
