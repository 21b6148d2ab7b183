/* reason_segment: the rule of segmentation or privilege that an instruction broke.
 *
 * The checks of SDM vol. 3, chapter 5, once more, in the order of the CPU, on its own registers and
 * tables: the first one that fails is the one. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/show.h"
#include "debugger/x86/operands.h"
#include "debugger/x86/parts.h"
#include "debugger/x86/tables.h"

struct subject {
    struct session *session;
    const struct x86 *x86;
    const struct explain *explain;
    const struct operands *operands;
    const struct explain_fault *fault;
    struct explain_words *words;
};

/* --- selectors -------------------------------------------------------------------------------- */

/* What a selector must name. */
enum purpose { FOR_DATA, FOR_STACK, FOR_CODE, FOR_LDT, FOR_TSS };

static bool find_descriptor(const struct subject *s, uint32_t selector, uint32_t *linear,
                            uint8_t bytes[8])
{
    const struct x86_state *state = &s->x86->s;
    bool local = (selector & 4) != 0;
    uint32_t base = local ? state->segment[X86_LDTR].base : state->gdtr.base;
    uint32_t limit = local ? state->segment[X86_LDTR].limit : state->gdtr.limit;
    if (local && (state->segment[X86_LDTR].attributes & X86_ATTR_P) == 0) {
        words_check(s->words,
                    "selector in its table: %04" PRIx32 " is in the LDT, and there is none "
                    "(LDTR is null)",
                    selector);
        return false;
    }
    *linear = base + (selector & ~7u);
    if ((selector | 7) > limit) {
        words_check(s->words,
                    "selector in its table: %04" PRIx32 " needs bytes up to %" PRIx32
                    ", the %s ends at %" PRIx32,
                    selector, selector | 7, local ? "LDT" : "GDT", limit);
        words_remedy(s->words, "No such descriptor: look at gdt for those that there are.");
        return false;
    }
    return session_peek(s->session, *linear, bytes, 8);
}

static bool data_rules(const struct subject *s, const struct x86_descriptor *d, uint32_t selector)
{
    unsigned rpl = selector & 3, cpl = s->x86->s.cpl;
    if (d->system || (d->code && !d->readable)) {
        words_check(s->words, "readable segment: the descriptor is %s",
                    d->system ? "a system one" : "code that cannot be read");
        return true;
    }
    if (!(d->code && d->conforming) && (rpl > d->dpl || cpl > d->dpl)) {
        words_check(s->words, "descriptor.DPL >= CPL and RPL: DPL %u, CPL %u, RPL %u", d->dpl, cpl,
                    rpl);
        words_remedy(s->words, "A program may load only segments of its own ring or outer ones.");
        return true;
    }
    return false;
}

static bool stack_rules(const struct subject *s, const struct x86_descriptor *d, uint32_t selector)
{
    unsigned rpl = selector & 3, cpl = s->x86->s.cpl;
    if (rpl != cpl || d->dpl != cpl)
        words_check(s->words, "a stack of the present ring: RPL %u, descriptor.DPL %u, CPL %u", rpl,
                    d->dpl, cpl);
    else if (d->system || d->code || !d->writable)
        words_check(s->words, "writable data: the stack's descriptor is none");
    else
        return false;
    words_remedy(s->words, "SS takes writable data with DPL = RPL = CPL only.");
    return true;
}

static bool code_rules(const struct subject *s, const struct x86_descriptor *d, uint32_t selector)
{
    unsigned rpl = selector & 3, cpl = s->x86->s.cpl;
    if (d->system || !d->code) {
        words_check(s->words,
                    "a code segment, gate or TSS that may be used: the descriptor is not, "
                    "or its DPL %u is below CPL %u or RPL %u",
                    d->dpl, cpl, rpl);
        return true;
    }
    if (d->conforming ? d->dpl > cpl : rpl > cpl || d->dpl != cpl) {
        words_check(s->words, "code of the present ring: descriptor.DPL %u, RPL %u, CPL %u", d->dpl,
                    rpl, cpl);
        words_remedy(s->words, "A far jump or call changes the ring only through a gate; a far "
                               "return only to an outer ring.");
        return true;
    }
    return false;
}

static bool system_rules(const struct subject *s, const struct x86_descriptor *d, bool tss)
{
    bool fits = d->system && (tss ? d->type == 1 || d->type == 9 : d->type == 2);
    if (fits)
        return false;
    words_check(s->words, "%s: the descriptor's type is %x",
                tss ? "an available TSS (type 1 or 9)" : "an LDT (type 2)", d->type);
    words_remedy(s->words, "%s",
                 tss ? "LTR takes a TSS that is not busy: it can be loaded once."
                     : "LLDT takes the selector of an LDT.");
    return true;
}

static bool breaks(const struct subject *s, enum purpose purpose, const struct x86_descriptor *d,
                   uint32_t selector)
{
    switch (purpose) {
    case FOR_STACK: return stack_rules(s, d, selector);
    case FOR_CODE: return code_rules(s, d, selector);
    case FOR_LDT: return system_rules(s, d, false);
    case FOR_TSS: return system_rules(s, d, true);
    default: return data_rules(s, d, selector);
    }
}

/* Where the instruction has the selector from. */
static void ask_selector(const struct subject *s)
{
    const struct operands *o = s->operands;
    if (o->memories > 0) {
        const struct operand_memory *m = &o->memory[o->memories - 1];
        words_ask_memory(s->session, s->words, m->linear, m->size, "the selector's memory");
    } else if (o->from != OPERANDS_NO_GPR) {
        words_ask_register(s->session, s->words, o->from);
    }
}

static void selector_words(const struct subject *s, uint32_t selector, enum purpose purpose)
{
    uint8_t bytes[8];
    uint32_t linear;
    char name[80];
    if ((selector & 0xfffc) == 0) {
        words_check(s->words, "selector not null: %04" PRIx32 " is", selector);
        ask_selector(s);
        return;
    }
    if (find_descriptor(s, selector, &linear, bytes)) {
        struct x86_descriptor d = x86_descriptor_decode(bytes);
        words_fact(
            s->words, "Selector %04" PRIx32 " = %s[%" PRIu32 "] at %08" PRIx32 ": %s, DPL %u%s",
            selector, selector & 4 ? "LDT" : "GDT", selector >> 3, linear,
            x86_descriptor_name(&d, name, sizeof name), d.dpl, d.present ? "" : ", not present");
        if (!breaks(s, purpose, &d, selector))
            words_check(s->words, "descriptor present: its P bit is %u", d.present);
        uint32_t physical;
        if (s->session->cpu->ops->translate(s->session->cpu, linear + 5, &physical))
            words_ask_physical(s->words, physical, 1, "the descriptor", true);
    }
    ask_selector(s);
}

/* --- privilege -------------------------------------------------------------------------------- */

static bool ring_words(const struct subject *s)
{
    unsigned cpl = s->x86->s.cpl;
    if (s->operands->need != NEEDS_RING_0 || cpl == 0)
        return false;
    words_check(s->words, "CPL = 0: %s needs ring 0, the CPL is %u", s->operands->mnemonic, cpl);
    words_remedy(s->words, "Only the kernel may do this: ask it with a system call.");
    return true;
}

static bool flag_words(const struct subject *s)
{
    unsigned cpl = s->x86->s.cpl, iopl = x86_iopl(s->x86);
    if (s->operands->need != NEEDS_IOPL || cpl <= iopl)
        return false;
    words_check(s->words, "CPL <= IOPL: %s with CPL %u, IOPL %u", s->operands->mnemonic, cpl, iopl);
    words_remedy(s->words, "Programs cannot switch interrupts off: the kernel runs them with "
                           "IOPL 0.");
    return true;
}

static bool port_words(const struct subject *s)
{
    const struct x86_segment *tss = &s->x86->s.segment[X86_TR];
    unsigned cpl = s->x86->s.cpl, iopl = x86_iopl(s->x86);
    uint32_t port = s->operands->port, at;
    uint16_t map = 0;
    if (s->operands->need != NEEDS_IO || cpl <= iopl)
        return false;
    words_check(s->words,
                "port allowed: CPL %u > IOPL %u, and the TSS does not allow port %" PRIx32, cpl,
                iopl, port);
    session_peek(s->session, tss->base + 102, &map, 2);
    at = map + port / 8;
    if (tss->limit < 103 || at + 1 > tss->limit)
        words_fact(s->words,
                   "The TSS's I/O map would begin at byte %x: bit %" PRIu32 " of byte %" PRIx32
                   " lies beyond the limit %" PRIx32,
                   map, port & 7, at, tss->limit);
    else
        words_fact(s->words,
                   "The TSS's I/O map: bit %" PRIu32 " of byte %" PRIx32 " (at %08" PRIx32 ") is 1",
                   port & 7, at, tss->base + at);
    words_ask_memory(s->session, s->words, tss->base + 102, 2, "the TSS's I/O map base");
    words_remedy(s->words,
                 "Devices belong to the kernel: ask it with a system call, or let it clear "
                 "the port's bit in the map.");
    return true;
}

/* --- memory through a segment ----------------------------------------------------------------- */

static bool inside(const struct x86_segment *segment, uint32_t offset, uint32_t size)
{
    uint32_t last = offset + size - 1;
    bool data = (segment->attributes & X86_ATTR_CODE) == 0;
    if (last < offset)
        return false;
    if (data && (segment->attributes & X86_ATTR_EXPAND_DOWN) != 0)
        return offset > segment->limit &&
               last <= ((segment->attributes & X86_ATTR_BIG) != 0 ? UINT32_MAX : 0xffffu);
    return last <= segment->limit;
}

static bool operand_words(const struct subject *s, const struct operand_memory *m)
{
    const struct x86_segment *segment = &s->x86->s.segment[m->segment];
    const char *name = x86_segment_name(m->segment);
    bool protected = x86_protected(s->x86) && !x86_v86(s->x86);
    unsigned attributes = segment->attributes;
    uint32_t size = m->size == 0 ? 1 : m->size;
    bool code = (attributes & X86_ATTR_CODE) != 0;
    if (protected && (attributes & X86_ATTR_P) == 0)
        words_check(s->words, "segment usable: %s holds the null selector %04x", name,
                    segment->selector);
    else if (protected && m->write && (code || (attributes & X86_ATTR_WRITABLE) == 0))
        words_check(s->words, "segment writable: %s = %04x is %s", name, segment->selector,
                    code ? "a code segment" : "read only");
    else if (protected && !m->write && code && (attributes & X86_ATTR_READABLE) == 0)
        words_check(s->words, "segment readable: %s = %04x is execute-only code", name,
                    segment->selector);
    else if (!inside(segment, m->offset, size))
        words_check(s->words,
                    "offset inside the segment: %s:%08" PRIx32 " + %" PRIu32
                    " bytes, limit %08" PRIx32 "%s",
                    name, m->offset, size, segment->limit,
                    !code && attributes & X86_ATTR_EXPAND_DOWN ? " (expand-down)" : "");
    else
        return false;
    bool null = protected && (attributes & X86_ATTR_P) == 0;
    if (null)
        words_ask_system(s->words, name, name);
    words_fact(s->words,
               "The operand is %s, offset %08" PRIx32 " in %s (base %08" PRIx32 ", limit %08" PRIx32
               ")",
               m->text, m->offset, name, segment->base, segment->limit);
    if (null)
        words_remedy(s->words,
                     "Load %s with a data selector of this ring first; a return to an outer "
                     "ring makes those null that it may not use.",
                     name);
    else if (m->base != OPERANDS_NO_GPR)
        words_ask_register(s->session, s->words, m->base);
    return true;
}

static bool memory_words(const struct subject *s)
{
    for (unsigned i = 0; i < s->operands->memories; i++)
        if (operand_words(s, &s->operands->memory[i]))
            return true;
    return false;
}

static bool fetch_words(const struct subject *s)
{
    const struct x86_segment *cs = &s->x86->s.segment[X86_CS];
    if (s->x86->s.eip + (s->explain->has_insn ? s->operands->size - 1 : 0) <= cs->limit)
        return false;
    words_check(s->words, "eip inside the code segment: eip %08" PRIx32 ", limit %08" PRIx32,
                s->x86->s.eip, cs->limit);
    words_ask_register(s->session, s->words, ORIGIN_PC);
    return true;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum purpose purpose_of(const struct operands *o)
{
    if (o->need == NEEDS_FAR)
        return FOR_CODE;
    switch (o->segment) {
    case SEGMENT_SS: return FOR_STACK;
    case SEGMENT_LDTR: return FOR_LDT;
    case SEGMENT_TR: return FOR_TSS;
    default: return FOR_DATA;
    }
}

/* The error code leaves the selector's RPL out. */
static uint32_t selector_of(const struct subject *s)
{
    const struct operands *o = s->operands;
    uint32_t named = s->fault->error & 0xfffc;
    return o->has_selector && (o->selector & 0xfffc) == named ? o->selector : named;
}

static void other_words(const struct subject *s)
{
    if (x86_v86(s->x86) && x86_iopl(s->x86) < 3)
        words_check(s->words, "IOPL = 3: %s in virtual-8086 mode with IOPL %u",
                    s->operands->mnemonic, x86_iopl(s->x86));
    else if (s->operands->need == NEEDS_RING_0)
        words_check(s->words,
                    "operand allowed: %s does not accept this value (bits that are "
                    "reserved, or PG without PE)",
                    s->operands->mnemonic);
    else if (s->operands->jumps)
        words_check(s->words, "target inside the code segment: limit %08" PRIx32,
                    s->x86->s.segment[X86_CS].limit);
    else if (!s->explain->has_insn)
        words_check(s->words, "at most 15 bytes: the instruction is longer");
    else
        words_check(s->words, "one of the checks of %s", s->operands->mnemonic);
}

void reason_segment(struct session *session, const struct explain *explain,
                    const struct explain_fault *fault, struct explain_words *words)
{
    struct subject s = {
        .session = session,
        .x86 = (const struct x86 *)session->cpu,
        .explain = explain,
        .operands = &explain->operands,
        .fault = fault,
        .words = words,
    };
    bool loads = s.operands->segment != SEGMENT_NONE || s.operands->need == NEEDS_FAR;
    if (fetch_words(&s) || ring_words(&s) || flag_words(&s) || port_words(&s))
        return;
    if (fault->error != 0) {
        selector_words(&s, selector_of(&s), purpose_of(s.operands));
        return;
    }
    if (memory_words(&s))
        return;
    if (loads && s.operands->has_selector && (s.operands->selector & 0xfffc) == 0) {
        selector_words(&s, s.operands->selector, purpose_of(s.operands));
        return;
    }
    other_words(&s);
}
