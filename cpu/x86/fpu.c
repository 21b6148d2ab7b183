/* fpu: the x87: its control instructions, the table of all, and how one is run. */
#include "cpu/x86/fpu_image.h"
#include "cpu/x86/fpu_run.h"

/* --- control -----------------------------------------------------------------------------------
 */

/* FENI, FDISI, FSETPM: of earlier processors. */
void x86_fpu_nothing(struct fpu_run *r)
{
    (void)r;
}

/* FNOP waits as others do. */
void x86_fpu_fnop(struct fpu_run *r)
{
    (void)r;
}

/* FDECSTP F6, FINCSTP F7. */
void x86_fpu_turn(struct fpu_run *r)
{
    set_top(r->f, r->form->number == 0xF6 ? top(r->f) - 1 : top(r->f) + 1);
    set_codes(r->f, X86_FPU_C1, 0);
}

/* FFREE, and FFREEP (DF), which pops too. */
void x86_fpu_free_register(struct fpu_run *r)
{
    empty(r->f, r->rm);
    set_codes(r->f, X86_FPU_C1, 0);
    if (r->form->opcode == 0xDF)
        pop(r->f);
}

void x86_fpu_clear(struct fpu_run *r)
{
    r->f->status &= X86_FPU_TOP | CODES | X86_FPU_C1;
}

void x86_fpu_initialize(struct fpu_run *r)
{
    x86_fpu_init(r->f);
}

static void set_control(struct x86_fpu *f, uint16_t value)
{
    f->control = (uint16_t)((value & X86_FPU_CONTROL) | 0x40);
    summarize(f);
}

void x86_fpu_load_control(struct fpu_run *r)
{
    set_control(r->f, (uint16_t)little(r->bytes, 2));
}

void x86_fpu_store_control(struct fpu_run *r)
{
    memcpy(r->bytes, &r->f->control, 2);
}

void x86_fpu_store_status(struct fpu_run *r)
{
    memcpy(r->bytes, &r->f->status, 2);
}

void x86_fpu_store_status_ax(struct fpu_run *r)
{
    put_register(r->c, x86_register_offset(X86_EAX, 2), 2, r->f->status);
}

static bool wide(const struct fpu_run *r)
{
    return r->i->size == 4;
}

static bool real_format(const struct fpu_run *r)
{
    return !x86_protected(r->c) || x86_v86(r->c);
}

void x86_fpu_store_environment(struct fpu_run *r)
{
    x86_fpu_put_environment(r->f, wide(r), real_format(r), r->bytes);
    r->f->control |= X86_FPU_EXCEPTIONS;
    summarize(r->f);
}

void x86_fpu_load_environment(struct fpu_run *r)
{
    x86_fpu_get_environment(r->f, wide(r), real_format(r), r->bytes);
    set_control(r->f, r->f->control);
}

void x86_fpu_store_state(struct fpu_run *r)
{
    uint8_t *at = r->bytes + x86_fpu_put_environment(r->f, wide(r), real_format(r), r->bytes);
    for (unsigned st = 0; st < 8; st++, at += 10) {
        struct float80 value = get(r->f, st);
        memcpy(at, &value.significand, 8);
        memcpy(at + 8, &value.head, 2);
    }
    x86_fpu_init(r->f);
}

void x86_fpu_load_state(struct fpu_run *r)
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
static bool does_not_wait(x86_fpu_operation *go)
{
    return go == x86_fpu_clear || go == x86_fpu_initialize || go == x86_fpu_store_control ||
           go == x86_fpu_store_status || go == x86_fpu_store_status_ax ||
           go == x86_fpu_store_environment || go == x86_fpu_store_state || go == x86_fpu_nothing;
}

static bool is_control(x86_fpu_operation *go)
{
    return does_not_wait(go) || go == x86_fpu_load_control || go == x86_fpu_fnop ||
           go == x86_fpu_load_environment || go == x86_fpu_load_state;
}

#define MEMORY(opcode_, reg_, name, format_, clocks_)
#define STACK(opcode_, reg_, name, clocks_)
#define ONLY(opcode_, modrm_, name, clocks_)

/* By opcode and reg field, or, for ONLY rows, the lower six bits of ModRM. */
static const struct x86_fpu_form memory_forms[8][8] = {
#undef MEMORY
#define MEMORY(opcode_, reg_, name, format_, clocks_)                                              \
    [opcode_ - 0xD8][reg_] = {opcode_, reg_, format_, false, clocks_, x86_fpu_##name},
#include "cpu/x86/fpu.def"
#undef MEMORY
#define MEMORY(opcode_, reg_, name, format_, clocks_)
};

static const struct x86_fpu_form stack_forms[8][8] = {
#undef STACK
#define STACK(opcode_, reg_, name, clocks_)                                                        \
    [opcode_ - 0xD8][reg_] = {opcode_, reg_, NONE, false, clocks_, x86_fpu_##name},
#include "cpu/x86/fpu.def"
#undef STACK
#define STACK(opcode_, reg_, name, clocks_)
};

static const struct x86_fpu_form only_forms[8][64] = {
#undef ONLY
#define ONLY(opcode_, modrm_, name, clocks_)                                                       \
    [opcode_ - 0xD8][modrm_ - 0xC0] = {opcode_, modrm_, NONE, true, clocks_, x86_fpu_##name},
#include "cpu/x86/fpu.def"
};

#undef MEMORY
#undef STACK
#undef ONLY

const struct x86_fpu_form *x86_fpu_form(const struct x86_insn *i)
{
    const struct x86_fpu_form *form = &memory_forms[i->opcode & 7][i->number];
    if ((i->flags & X86_INSN_MEMORY) == 0) {
        form = &only_forms[i->opcode & 7][i->imm & 63];
        if (form->go == NULL)
            form = &stack_forms[i->opcode & 7][i->number];
    }
    return form->go == NULL ? NULL : form;
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

static void note_pointers(struct fpu_run *r, uint32_t offset)
{
    const struct x86_state *s = &r->c->s;
    r->f->ip = s->eip;
    r->f->cs = s->segment[X86_CS].selector;
    r->f->opcode = (uint16_t)((r->form->opcode & 7u) << 8 | r->i->imm);
    if (r->form->format == NONE)
        return;
    r->f->dp = offset;
    r->f->ds = s->segment[r->i->segment].selector;
}

bool x86_fpu_do(struct x86 *c, struct x86_fpu *fpu, const struct x86_fpu_form *form,
                const struct x86_insn *i, uint32_t offset, uint8_t bytes[X86_FPU_LONGEST])
{
    struct fpu_run r = {.c = c,
                        .f = fpu,
                        .op = {.control = fpu->control},
                        .form = form,
                        .i = i,
                        .rm = i->imm & 7,
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
