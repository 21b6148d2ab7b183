/* execute: what exec.inc and the block engine stand on: operands, stack, jumps, and the work of
 * instructions that does not depend on who looks on. */
#ifndef CPU_X86_EXECUTE_H
#define CPU_X86_EXECUTE_H

#include <stddef.h>
#include <string.h>

#include "cpu/x86/alu.h"
#include "cpu/x86/blocks.h"

/* --- registers -------------------------------------------------------------------------------- */

static inline uint32_t get_register(const struct x86 *c, uint16_t offset, unsigned size)
{
    const char *at = (const char *)c + offset;
    uint32_t wide;
    uint16_t half;
    if (size == 4)
        return memcpy(&wide, at, 4), wide;
    if (size == 2)
        return memcpy(&half, at, 2), half;
    return (uint8_t)*at;
}

static inline void put_register(struct x86 *c, uint16_t offset, unsigned size, uint32_t value)
{
    memcpy((char *)c + offset, &value, size == 4 ? 4 : size == 2 ? 2 : 1);
}

static inline uint32_t address_mask(const struct x86_insn *i)
{
    return (i->flags & X86_INSN_ADDRESS_32) != 0 ? 0xffffffffu : 0xffffu;
}

static inline uint32_t effective_address(const struct x86 *c, const struct x86_insn *i)
{
    return (get_register(c, i->rm, 4) + (get_register(c, i->index, 4) << i->scale) + i->disp) &
           address_mask(i);
}

static inline void charge(struct x86 *c, unsigned ticks)
{
    c->cpu.clock->s.now += ticks;
}

/* Nothing waits that the processor would take at an instruction boundary. */
static inline bool undisturbed(const struct x86 *c)
{
    uint32_t attention = c->s.attention;
    return attention == 0 || (attention == X86_ATTEND_INTR && (c->s.eflags & X86_IF) == 0);
}

/* CR0.AM with EFLAGS.AC at CPL 3: #AC when an operand is not aligned (SDM vol. 3, 6.15). */
static inline bool checks_alignment(const struct x86 *c)
{
    return (c->s.eflags & X86_AC) != 0 && (c->s.cr0 & X86_CR0_AM) != 0 && c->s.cpl == 3;
}

/* --- memory ----------------------------------------------------------------------------------- */

static inline bool is_user(const struct x86 *c)
{
    return c->s.cpl == 3;
}

static inline uint32_t stack_mask(const struct x86 *c)
{
    return (c->s.segment[X86_SS].attributes & X86_ATTR_BIG) != 0 ? 0xffffffffu : 0xffffu;
}

static inline void set_stack(struct x86 *c, uint32_t top)
{
    uint32_t mask = stack_mask(c);
    c->s.gpr[X86_ESP] = (c->s.gpr[X86_ESP] & ~mask) | (top & mask);
}

static inline void advance(struct x86 *c, unsigned number, unsigned size, uint32_t mask)
{
    uint32_t old = c->s.gpr[number];
    uint32_t step = (c->s.eflags & X86_DF) != 0 ? 0u - size : size;
    c->s.gpr[number] = (old & ~mask) | ((old + step) & mask);
}

/* --- control ---------------------------------------------------------------------------------- */

/* A near jump; #GP(0) when the target is outside the code segment. */
static inline bool jump(struct x86 *c, unsigned size, uint32_t target)
{
    if (size == 2)
        target &= 0xffff;
    if (target > c->s.segment[X86_CS].limit)
        return x86_fault_error(c, X86_GP, 0);
    c->next_eip = target;
    return true;
}

static inline bool trap(struct x86 *c, enum x86_cause cause, uint8_t vector)
{
    x86_flags_store(c);
    x86_begin_trap(c, cause, vector, false, 0, c->next_eip);
    return true;
}

/* Far transfers leave CS:EIP set, or a micro-program begun. */
static inline bool far_done(struct x86 *c, bool good)
{
    c->next_eip = c->s.eip;
    x86_mode_changed(c);
    return good;
}

static inline bool far_jump(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size)
{
    x86_flags_store(c);
    return far_done(c, x86_far_jump(c, selector, offset, size, c->next_eip));
}

static inline bool far_call(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size)
{
    x86_flags_store(c);
    return far_done(c, x86_far_call(c, selector, offset, size, c->next_eip));
}

static inline bool far_return(struct x86 *c, unsigned size, uint16_t release)
{
    return far_done(c, x86_far_return(c, size, release));
}

static inline bool interrupt_return(struct x86 *c, unsigned size)
{
    x86_flags_store(c);
    x86_begin_iret(c, size, c->next_eip);
    return true;
}

/* LES, LDS, LSS, LFS, LGS by their last opcode byte. */
static inline unsigned x86_far_loads(const struct x86_insn *i)
{
    return i->opcode == 0xC4 ? X86_ES : i->opcode == 0xC5 ? X86_DS : i->opcode & 7u;
}

/* What ES, DS, FS or GS becomes, if the same selector, with the same descriptor in the same GDT,
 * was loaded at the same CPL in protected mode before: then all its checks are known to pass. NULL
 * = not known. */
static inline const struct x86_segment_memo *recall_segment(const struct x86 *c, uint16_t selector)
{
    const struct x86_segment_memo *memo = &c->memo[selector >> 3 & (X86_SEGMENT_MEMOS - 1)];
    uint32_t at = memo->linear;
    const struct x86_tlb_entry *entry = &c->tlb.read[0][at >> 12 & (X86_TLB_ENTRIES - 1)];
    uint64_t words;
    if (memo->key != (selector | (uint32_t)c->s.cpl << 16) || entry->tag != (at & 0xfffff000u) ||
        memcmp(&c->memo_gdt, &c->s.gdtr, sizeof c->s.gdtr) != 0)
        return NULL;
    memcpy(&words, entry->host + (at & 0xfff), 8);
    return words == memo->words ? memo : NULL;
}

/* A null selector is remembered with the GDT's entry 0, which nobody changes. */
static inline void remember_segment(struct x86 *c, unsigned segment, uint16_t selector)
{
    uint32_t at = c->s.gdtr.base + (selector & ~7u);
    const uint8_t *words = x86_tlb_find(c->tlb.read[0], at);
    bool null = (selector & ~3u) == 0;
    if (segment == X86_SS || (selector & 4) != 0 || words == NULL || (at & 7) != 0 ||
        (!null && (selector | 7u) > c->s.gdtr.limit))
        return;
    if (memcmp(&c->memo_gdt, &c->s.gdtr, sizeof c->s.gdtr) != 0)
        memset(c->memo, 0, sizeof c->memo);
    c->memo_gdt = c->s.gdtr;
    struct x86_segment_memo *memo = &c->memo[selector >> 3 & (X86_SEGMENT_MEMOS - 1)];
    *memo = (struct x86_segment_memo){
        .linear = at,
        .key = selector | (uint32_t)c->s.cpl << 16,
        .segment = c->s.segment[segment],
        .flat = x86_mode_of(c, segment) >> segment & 1 ? X86_MODE_FLAT_DATA : 0};
    memcpy(&memo->words, words, 8);
}

static inline bool load_segment(struct x86 *c, unsigned segment, uint16_t selector)
{
    if (!x86_load_segment(c, segment, selector))
        return false;
    x86_mode_changed(c);
    if (x86_protected(c) && !x86_v86(c)) {
        charge(c, X86_SEGMENT_TICKS);
        remember_segment(c, segment, selector);
    }
    return true;
}

/* PUSHF and POPF in V86 mode need IOPL 3. */
static inline bool may_touch_flags(const struct x86 *c)
{
    return !x86_v86(c) || x86_iopl(c) == 3;
}

/* CLI and STI: CPL <= IOPL; in V86 mode CPL is 3. */
static inline bool may_mask(const struct x86 *c)
{
    return !x86_protected(c) || c->s.cpl <= x86_iopl(c);
}

/* --- arithmetic ------------------------------------------------------------------------------- */

static inline unsigned shift_count(const struct x86 *c, const struct x86_insn *i)
{
    return ((i->flags & X86_INSN_IMMEDIATE) != 0 ? i->imm : get_register(c, i->reg, 1)) & 31;
}

static inline void put_product(struct x86 *c, uint64_t product, unsigned size)
{
    if (size == 1) {
        put_register(c, x86_register_offset(X86_EAX, 2), 2, (uint32_t)product);
        return;
    }
    put_register(c, x86_register_offset(X86_EAX, size), size, (uint32_t)product);
    put_register(c, x86_register_offset(X86_EDX, size), size, (uint32_t)(product >> 8 * size));
}

static inline void multiply(struct x86 *c, uint32_t b, unsigned size)
{
    uint64_t product = (uint64_t)x86_truncate(c->s.gpr[X86_EAX], size) * b;
    put_product(c, product, size);
    x86_multiplied(c, x86_truncate((uint32_t)product, size), product >> 8 * size != 0, size);
}

static inline void multiply_signed(struct x86 *c, uint32_t b, unsigned size)
{
    int64_t product = (int64_t)(int32_t)x86_sign_extend(c->s.gpr[X86_EAX], size) *
                      (int32_t)x86_sign_extend(b, size);
    put_product(c, (uint64_t)product, size);
    uint32_t low = x86_truncate((uint32_t)product, size);
    x86_multiplied(c, low, product != (int32_t)x86_sign_extend(low, size), size);
}

/* DIV and IDIV, #DE included; they leave the flags as they were. */
bool x86_divide(struct x86 *c, uint32_t divisor, unsigned size);
bool x86_divide_signed(struct x86 *c, uint32_t divisor, unsigned size);

/* Family 4, model 8: an i486 DX4, in EDX after reset and from CPUID. */

/* --- system.c --------------------------------------------------------------------------------- */

/* POPF: which bits change depends on mode, CPL and IOPL. */
void x86_pop_flags(struct x86 *c, uint32_t value, unsigned size);

/* The I/O permission check of IN, OUT, INS, OUTS; then the access itself. */
bool x86_port_allowed(struct x86 *c, uint16_t port, unsigned size);
/* Ticks of IN and OUT beyond the row's, which are for CPL <= IOPL (i486 PRM, ch. 26). */
unsigned x86_port_ticks(const struct x86 *c);
uint32_t x86_port_read(struct x86 *c, uint16_t port, unsigned size);
void x86_port_write(struct x86 *c, uint16_t port, unsigned size, uint32_t value);

void x86_write_cr0(struct x86 *c, uint32_t value);
bool x86_read_control(struct x86 *c, unsigned number, uint32_t *value);
bool x86_write_control(struct x86 *c, unsigned number, uint32_t value);
bool x86_read_debug(struct x86 *c, unsigned number, uint32_t *value);
bool x86_write_debug(struct x86 *c, unsigned number, uint32_t value);
void x86_cpuid(struct x86 *c);

#endif
