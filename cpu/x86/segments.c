/* segments: which bytes a segment register lets a program touch, and what it takes to load one.
 *
 * Sources: SDM vol. 2 MOV, LLDT, LTR, LAR, LSL, VERR; vol. 3 chapter 5. */
#include "cpu/x86/micro.h"

/* --- logical accesses ------------------------------------------------------------------------- */

static bool right_kind(const struct x86_segment *segment, enum x86_intent intent)
{
    unsigned attributes = segment->attributes;
    if ((attributes & X86_ATTR_P) == 0)
        return false;
    bool code = (attributes & X86_ATTR_CODE) != 0;
    if (intent == X86_WRITE)
        return !code && (attributes & X86_ATTR_WRITABLE) != 0;
    return intent == X86_FETCH || !code || (attributes & X86_ATTR_READABLE) != 0;
}

bool x86_seg_linear(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                    enum x86_intent intent, uint32_t *linear)
{
    const struct x86_segment *s = &c->s.segment[segment];
    bool checked = x86_protected(c) && !x86_v86(c);
    if ((checked && !right_kind(s, intent)) || !segment_holds(s, offset, size))
        return x86_fault_error(c, segment == X86_SS ? X86_SS_FAULT : X86_GP, 0);
    *linear = s->base + offset;
    return true;
}

bool x86_seg_read(struct x86 *c, unsigned segment, uint32_t offset, unsigned size, uint32_t *out)
{
    uint32_t linear;
    return x86_seg_linear(c, segment, offset, size, X86_READ, &linear) &&
           x86_linear_read(c, linear, size, c->s.cpl == 3, out);
}

bool stack_has_slots(const struct x86_segment *stack, uint32_t esp, unsigned slots, unsigned size,
                     bool popping)
{
    for (unsigned i = 0; i < slots; i++) {
        uint32_t at = popping ? i * size : 0u - (i + 1) * size;
        if (!segment_holds(stack, stack_offset(stack, stack_move(stack, esp, at)), size))
            return false;
    }
    return true;
}

/* --- descriptors ------------------------------------------------------------------------------ */

bool x86_read_descriptor(struct x86 *c, uint16_t selector, uint8_t vector, uint32_t *low,
                         uint32_t *high)
{
    uint32_t at;
    if (!selector_address(c, selector, &at))
        return x86_fault_error(c, vector, selector & ~3u);
    return x86_linear_read(c, at + 4, 4, false, high) && x86_linear_read(c, at, 4, false, low);
}

bool x86_mark_descriptor(struct x86 *c, uint16_t selector, uint32_t high, uint32_t bit)
{
    uint32_t at;
    if ((high & bit) != 0 || !selector_address(c, selector, &at))
        return true;
    return x86_linear_write(c, at + 4, 4, false, high | bit);
}

/* --- loading segment registers ---------------------------------------------------------------- */

/* The limit and the size bit stay what they were: a 4 GiB limit survives the way to real mode. */
static void load_real(struct x86 *c, unsigned segment, uint16_t selector)
{
    struct x86_segment *s = &c->s.segment[segment];
    if (x86_v86(c)) {
        *s = descriptor_v86(selector);
        return;
    }
    s->selector = selector;
    s->base = (uint32_t)selector << 4;
    s->attributes = (uint16_t)((s->attributes & (X86_ATTR_BIG | X86_ATTR_G)) | 0x93);
}

static bool stack_allowed(struct x86 *c, uint16_t selector, uint32_t high)
{
    uint16_t error = selector & ~3u;
    if ((selector & 3) != c->s.cpl || !descriptor_writable(high) ||
        descriptor_dpl(high) != c->s.cpl)
        return x86_fault_error(c, X86_GP, error);
    if (!descriptor_present(high))
        return x86_fault_error(c, X86_SS_FAULT, error);
    return true;
}

static bool data_allowed(struct x86 *c, uint16_t selector, uint32_t high)
{
    uint16_t error = selector & ~3u;
    unsigned rpl = selector & 3, dpl = descriptor_dpl(high);
    if (!descriptor_readable(high))
        return x86_fault_error(c, X86_GP, error);
    if (!descriptor_conforming(high) && (rpl > dpl || c->s.cpl > dpl))
        return x86_fault_error(c, X86_GP, error);
    if (!descriptor_present(high))
        return x86_fault_error(c, X86_NP, error);
    return true;
}

bool x86_load_segment(struct x86 *c, unsigned segment, uint16_t selector)
{
    if (!x86_protected(c) || x86_v86(c)) {
        load_real(c, segment, selector);
        return true;
    }
    if (selector_null(selector)) {
        if (segment == X86_SS)
            return x86_fault_error(c, X86_GP, 0);
        c->s.segment[segment] = (struct x86_segment){.selector = selector};
        return true;
    }
    uint32_t low, high;
    if (!x86_read_descriptor(c, selector, X86_GP, &low, &high))
        return false;
    bool allowed =
        segment == X86_SS ? stack_allowed(c, selector, high) : data_allowed(c, selector, high);
    if (!allowed || !x86_mark_descriptor(c, selector, high, DESCRIPTOR_ACCESSED))
        return false;
    c->s.segment[segment] = descriptor_segment(selector, low, high | DESCRIPTOR_ACCESSED);
    return true;
}

/* Descriptor of a system segment, which must be in the GDT, of the type asked for, and present. */
static bool system_descriptor(struct x86 *c, uint16_t selector, unsigned type_mask, uint32_t *low,
                              uint32_t *high)
{
    uint16_t error = selector & ~3u;
    if ((selector & 4) != 0)
        return x86_fault_error(c, X86_GP, error);
    if (!x86_read_descriptor(c, selector, X86_GP, low, high))
        return false;
    unsigned type = descriptor_type(*high);
    if (type > 15 || (type_mask >> type & 1) == 0)
        return x86_fault_error(c, X86_GP, error);
    if (!descriptor_present(*high))
        return x86_fault_error(c, X86_NP, error);
    return true;
}

bool x86_lldt(struct x86 *c, uint16_t selector)
{
    uint32_t low, high;
    if (selector_null(selector)) {
        c->s.segment[X86_LDTR] = (struct x86_segment){.selector = selector};
        return true;
    }
    if (!system_descriptor(c, selector, 1u << TYPE_LDT, &low, &high))
        return false;
    c->s.segment[X86_LDTR] = descriptor_segment(selector, low, high);
    return true;
}

bool x86_ltr(struct x86 *c, uint16_t selector)
{
    uint32_t low, high;
    if (selector_null(selector))
        return x86_fault_error(c, X86_GP, 0);
    if (!system_descriptor(c, selector, 1u << TYPE_TSS_16 | 1u << TYPE_TSS_32, &low, &high) ||
        !x86_mark_descriptor(c, selector, high, DESCRIPTOR_BUSY))
        return false;
    c->s.segment[X86_TR] = descriptor_segment(selector, low, high | DESCRIPTOR_BUSY);
    return true;
}

/* --- LAR LSL VERR VERW: questions that never fault but for a page ----------------------------- */

/* Descriptor of a selector that may be anything. False: no such descriptor, or *faulted. */
static bool asked(struct x86 *c, uint16_t selector, uint32_t *low, uint32_t *high, bool *faulted)
{
    uint32_t at;
    *faulted = false;
    if (selector_null(selector) || !selector_address(c, selector, &at))
        return false;
    *faulted =
        !x86_linear_read(c, at + 4, 4, false, high) || !x86_linear_read(c, at, 4, false, low);
    return !*faulted;
}

static bool visible(const struct x86 *c, uint16_t selector, uint32_t high)
{
    unsigned rpl = selector & 3;
    if (descriptor_conforming(high))
        return true;
    return descriptor_dpl(high) >= c->s.cpl && descriptor_dpl(high) >= rpl;
}

bool x86_verify(struct x86 *c, uint16_t selector, bool writing, bool *faulted)
{
    uint32_t low, high;
    if (!asked(c, selector, &low, &high, faulted) || (high & DESCRIPTOR_S) == 0 ||
        !visible(c, selector, high))
        return false;
    return writing ? descriptor_writable(high) : descriptor_readable(high);
}

bool x86_lar(struct x86 *c, uint16_t selector, uint32_t *rights, bool *faulted)
{
    const unsigned types = 1u << TYPE_TSS_16 | 1u << TYPE_LDT | 1u << TYPE_TSS_16_BUSY |
                           1u << TYPE_CALL_16 | 1u << TYPE_TASK_GATE | 1u << TYPE_TSS_32 |
                           1u << TYPE_TSS_32_BUSY | 1u << TYPE_CALL_32;
    uint32_t low, high;
    if (!asked(c, selector, &low, &high, faulted) || !visible(c, selector, high))
        return false;
    unsigned type = descriptor_type(high);
    if (type < 16 && (types >> type & 1) == 0)
        return false;
    *rights = high & 0x00ffff00u;
    return true;
}

bool x86_lsl(struct x86 *c, uint16_t selector, uint32_t *limit, bool *faulted)
{
    const unsigned types = 1u << TYPE_TSS_16 | 1u << TYPE_LDT | 1u << TYPE_TSS_16_BUSY |
                           1u << TYPE_TSS_32 | 1u << TYPE_TSS_32_BUSY;
    uint32_t low, high;
    if (!asked(c, selector, &low, &high, faulted) || !visible(c, selector, high))
        return false;
    unsigned type = descriptor_type(high);
    if (type < 16 && (types >> type & 1) == 0)
        return false;
    *limit = descriptor_limit(low, high);
    return true;
}
