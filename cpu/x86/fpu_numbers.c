/* fpu_numbers: what x87 instructions do with numbers: loads and stores, arithmetic, comparison,
 * moves in the stack. */
#include "cpu/x86/fpu_run.h"

/* --- operands in memory ------------------------------------------------------------------------
 */

/* The number that the instruction read, with the exceptions of its conversion. */
static struct float80 loaded(struct fpu_run *r)
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

void x86_fpu_load(struct fpu_run *r)
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

static void convert(struct fpu_run *r, struct float80 value)
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

static void convert_integer(struct fpu_run *r, struct float80 value)
{
    unsigned size = r->form->format == S16 ? 2 : r->form->format == S32 ? 4 : 8;
    int64_t integer = float80_to_integer(&r->op, value, size, false);
    memcpy(r->bytes, &integer, sizeof integer);
}

/* FST, FIST: number 2. All others pop. */
static void store_as(struct fpu_run *r, void (*into)(struct fpu_run *, struct float80))
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

void x86_fpu_store(struct fpu_run *r)
{
    store_as(r, convert);
}

void x86_fpu_store_integer(struct fpu_run *r)
{
    store_as(r, convert_integer);
}

/* --- arithmetic --------------------------------------------------------------------------------
 */

/* An operand of arithmetic: a denormal one counts only when there is something to compute. */
static struct float80 operand_in_memory(struct fpu_run *r, bool dividend)
{
    struct float80 b = loaded(r), a = get(r->f, 0);
    enum float80_class class = float80_classify(a);
    if (class > FLOAT80_INFINITY || (dividend && class == FLOAT80_ZERO))
        r->op.raised &= (uint16_t)~FLOAT80_DE;
    return b;
}

static struct float80 computed(struct fpu_run *r, struct float80 a, struct float80 b)
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
void x86_fpu_arithmetic(struct fpu_run *r)
{
    bool memory = r->form->format != NONE;
    unsigned to = !memory && r->form->opcode != 0xD8 ? r->rm : 0;
    bool pops = !memory && r->form->opcode == 0xDE;
    if (!operands(r, memory ? 0 : r->rm, to, pops))
        return;
    struct float80 b = memory ? operand_in_memory(r, r->i->number == 7) : get(r->f, r->rm);
    result(r, to, computed(r, get(r->f, 0), b), pops);
}

static void unary(struct fpu_run *r,
                  struct float80 (*of)(struct float80_operation *, struct float80))
{
    if (operands(r, 0, 0, false))
        result(r, 0, of(&r->op, get(r->f, 0)), false);
}

void x86_fpu_fsqrt(struct fpu_run *r)
{
    unary(r, float80_sqrt);
}

void x86_fpu_frndint(struct fpu_run *r)
{
    unary(r, float80_round_to_integer);
}

void x86_fpu_f2xm1(struct fpu_run *r)
{
    unary(r, float80_f2xm1);
}

void x86_fpu_fscale(struct fpu_run *r)
{
    if (operands(r, 1, 0, false))
        result(r, 0, float80_scale(&r->op, get(r->f, 0), get(r->f, 1)), false);
}

/* Of ST(0) and ST(1) into ST(1), then pops. */
static void binary(struct fpu_run *r,
                   struct float80 (*of)(struct float80_operation *, struct float80, struct float80))
{
    if (operands(r, 1, 1, true))
        result(r, 1, of(&r->op, get(r->f, 0), get(r->f, 1)), true);
}

void x86_fpu_fyl2x(struct fpu_run *r)
{
    binary(r, float80_fyl2x);
}

void x86_fpu_fyl2xp1(struct fpu_run *r)
{
    binary(r, float80_fyl2xp1);
}

void x86_fpu_fpatan(struct fpu_run *r)
{
    binary(r, float80_fpatan);
}

/* FPREM and FPREM1: the quotient's lowest bits in C0, C3, C1; C2 = more to do. */
void x86_fpu_fprem(struct fpu_run *r)
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
static bool two_results(struct fpu_run *r)
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

static void give_two(struct fpu_run *r, struct float80 first, struct float80 second)
{
    finish(r);
    if (float80_refused(&r->op))
        return;
    put(r->f, 0, first);
    push(r, second);
}

void x86_fpu_fxtract(struct fpu_run *r)
{
    if (!two_results(r))
        return;
    struct float80 exponent, significand = float80_extract(&r->op, get(r->f, 0), &exponent);
    give_two(r, exponent, significand);
}

void x86_fpu_fsincos(struct fpu_run *r)
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

void x86_fpu_fptan(struct fpu_run *r)
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

static void circular(struct fpu_run *r, bool cosine)
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

void x86_fpu_fsin(struct fpu_run *r)
{
    circular(r, false);
}

void x86_fpu_fcos(struct fpu_run *r)
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
static bool compared(struct fpu_run *r, bool there, struct float80 b, bool quiet,
                     enum float80_order *order)
{
    *order = FLOAT80_UNORDERED;
    if (!there)
        return stack_fault(r, false);
    *order = float80_compare(&r->op, get(r->f, 0), b, quiet);
    finish(r);
    return !float80_refused(&r->op);
}

static void compare_with(struct fpu_run *r, bool there, struct float80 b, bool quiet, unsigned pops)
{
    enum float80_order order;
    bool good = compared(r, there, b, quiet, &order);
    set_codes(r->f, CODES, codes_of(order));
    for (; good && pops > 0; pops--)
        pop(r->f);
}

/* FCOM, FCOMP, FCOMPP, FUCOM, FUCOMP, FUCOMPP. */
void x86_fpu_compare(struct fpu_run *r)
{
    bool quiet = r->form->opcode == 0xDD || r->form->opcode == 0xDA;
    bool pops = r->form->opcode == 0xDE || (r->i->number & 1) != 0;
    unsigned number = r->form->only ? 2 : pops;
    bool there = is_full(r->f, 0) && is_full(r->f, r->rm);
    compare_with(r, there, get(r->f, r->rm), quiet, number);
}

void x86_fpu_compare_memory(struct fpu_run *r)
{
    bool there = is_full(r->f, 0);
    struct float80 b = there ? operand_in_memory(r, false) : FLOAT80_INDEFINITE;
    compare_with(r, there, b, false, r->i->number & 1);
}

void x86_fpu_test(struct fpu_run *r)
{
    compare_with(r, is_full(r->f, 0), FLOAT80_PLUS_ZERO, false, 0);
}

/* FCOMI, FUCOMI and with P: the answer in ZF, PF, CF; the other arithmetic flags become 0. C1 stays
 * as it was. */
void x86_fpu_compare_flags(struct fpu_run *r)
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
void x86_fpu_examine(struct fpu_run *r)
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

void x86_fpu_load_stack(struct fpu_run *r)
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
void x86_fpu_move_down(struct fpu_run *r)
{
    set_codes(r->f, X86_FPU_C1, 0);
    if (is_full(r->f, 0))
        put(r->f, r->rm, get(r->f, 0));
    pop(r->f);
}

void x86_fpu_store_stack(struct fpu_run *r)
{
    bool pops = r->i->number == 3 || r->form->opcode == 0xDF;
    if (!operands(r, 0, r->rm, pops))
        return;
    set_codes(r->f, X86_FPU_C1, 0);
    put(r->f, r->rm, get(r->f, 0));
    if (pops)
        pop(r->f);
}

void x86_fpu_exchange(struct fpu_run *r)
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
void x86_fpu_move_if(struct fpu_run *r)
{
    static const uint8_t conditions[4] = {0x2, 0x4, 0x6, 0xA};
    bool wanted = x86_condition(r->c, conditions[r->i->number & 3]) == (r->form->opcode == 0xDA);
    if (operands(r, r->rm, 0, false) && wanted)
        put(r->f, 0, get(r->f, r->rm));
}

static void change_head(struct fpu_run *r, uint16_t keep, uint16_t flip)
{
    if (!operands(r, 0, 0, false))
        return;
    struct float80 value = get(r->f, 0);
    value.head = (value.head & keep) ^ flip;
    set_codes(r->f, X86_FPU_C1, 0);
    put(r->f, 0, value);
}

void x86_fpu_change_sign(struct fpu_run *r)
{
    change_head(r, 0xffff, 0x8000);
}

void x86_fpu_absolute(struct fpu_run *r)
{
    change_head(r, 0x7fff, 0);
}

void x86_fpu_constant(struct fpu_run *r)
{
    unsigned number = r->form->number & 7u;
    set_codes(r->f, X86_FPU_C1, 0);
    push(r, number == 6 ? FLOAT80_PLUS_ZERO : float80_constant(r->f->control, number));
}
