/* descriptor: the two dwords of a GDT, LDT or IDT entry, and where a selector's entry is. */
#ifndef CPU_X86_DESCRIPTOR_H
#define CPU_X86_DESCRIPTOR_H

#include "cpu/x86/x86.h"

/* Small, and what they answer decides what follows. */
#define DESCRIPTOR_INLINE static inline __attribute__((always_inline))

/* System descriptor types (SDM vol. 3, table 3-2). */
enum descriptor_type {
    TYPE_TSS_16 = 1,
    TYPE_LDT = 2,
    TYPE_TSS_16_BUSY = 3,
    TYPE_CALL_16 = 4,
    TYPE_TASK_GATE = 5,
    TYPE_INTERRUPT_16 = 6,
    TYPE_TRAP_16 = 7,
    TYPE_TSS_32 = 9,
    TYPE_TSS_32_BUSY = 11,
    TYPE_CALL_32 = 12,
    TYPE_INTERRUPT_32 = 14,
    TYPE_TRAP_32 = 15,
};

/* Bits of the high dword. */
#define DESCRIPTOR_ACCESSED 0x100u
#define DESCRIPTOR_BUSY     0x200u
#define DESCRIPTOR_S        0x1000u
#define DESCRIPTOR_P        0x8000u

/* S and the four type bits: below 16 a system type, from 16 a segment. */
DESCRIPTOR_INLINE unsigned descriptor_type(uint32_t high)
{
    return high >> 8 & 0x1f;
}

DESCRIPTOR_INLINE unsigned descriptor_dpl(uint32_t high)
{
    return high >> 13 & 3;
}

DESCRIPTOR_INLINE bool descriptor_present(uint32_t high)
{
    return (high & DESCRIPTOR_P) != 0;
}

DESCRIPTOR_INLINE bool descriptor_code(uint32_t high)
{
    return (high & 0x1800) == 0x1800;
}

DESCRIPTOR_INLINE bool descriptor_conforming(uint32_t high)
{
    return (high & 0x1c00) == 0x1c00;
}

/* May code of this DPL run at level `rpl` without a gate? */
DESCRIPTOR_INLINE bool descriptor_dpl_fits(uint32_t high, unsigned rpl)
{
    return descriptor_conforming(high) ? descriptor_dpl(high) <= rpl : descriptor_dpl(high) == rpl;
}

DESCRIPTOR_INLINE bool descriptor_writable(uint32_t high)
{
    return (high & 0x1a00) == 0x1200;
}

DESCRIPTOR_INLINE bool descriptor_readable(uint32_t high)
{
    return (high & DESCRIPTOR_S) != 0 && (high & 0xa00) != 0x800;
}

DESCRIPTOR_INLINE uint32_t descriptor_base(uint32_t low, uint32_t high)
{
    return low >> 16 | (high & 0xff) << 16 | (high & 0xff000000u);
}

DESCRIPTOR_INLINE uint32_t descriptor_limit(uint32_t low, uint32_t high)
{
    uint32_t limit = (low & 0xffff) | (high & 0xf0000);
    return (high & 1u << 23) != 0 ? limit << 12 | 0xfff : limit;
}

DESCRIPTOR_INLINE struct x86_segment descriptor_segment(uint16_t selector, uint32_t low,
                                                        uint32_t high)
{
    return (struct x86_segment){
        .selector = selector,
        .attributes = (uint16_t)(high >> 8 & 0xd0ff),
        .base = descriptor_base(low, high),
        .limit = descriptor_limit(low, high),
    };
}

/* What a selector means in real and virtual-8086 mode; a V86 segment is data of ring 3. */
DESCRIPTOR_INLINE struct x86_segment descriptor_v86(uint16_t selector)
{
    return (struct x86_segment){selector, 0xf3, (uint32_t)selector << 4, 0xffff};
}

DESCRIPTOR_INLINE bool selector_null(uint16_t selector)
{
    return (selector & 0xfffc) == 0;
}

/* Where the descriptor is; false = outside its table. A null LDTR is a table without entries. */
DESCRIPTOR_INLINE bool selector_address(const struct x86 *c, uint16_t selector, uint32_t *linear)
{
    uint32_t base = c->s.gdtr.base, limit = c->s.gdtr.limit;
    if ((selector & 4) != 0) {
        if ((c->s.segment[X86_LDTR].attributes & X86_ATTR_P) == 0)
            return false;
        base = c->s.segment[X86_LDTR].base;
        limit = c->s.segment[X86_LDTR].limit;
    }
    *linear = base + (selector & 0xfff8u);
    return (selector & 0xfff8u) + 7u <= limit;
}

/* ... of a selector that was found inside its table. */
DESCRIPTOR_INLINE uint32_t selector_entry(const struct x86 *c, uint16_t selector)
{
    uint32_t base = (selector & 4) != 0 ? c->s.segment[X86_LDTR].base : c->s.gdtr.base;
    return base + (selector & 0xfff8u);
}

/* Limit of the table that a selector names, for records. */
DESCRIPTOR_INLINE uint32_t selector_limit(const struct x86 *c, uint16_t selector)
{
    return (selector & 4) != 0 ? c->s.segment[X86_LDTR].limit : c->s.gdtr.limit;
}

/* After a return to an outer level: must the register become null? (SDM vol. 2, IRET, RET) */
DESCRIPTOR_INLINE bool segment_too_inner(const struct x86_segment *segment, unsigned cpl)
{
    if ((segment->attributes & X86_ATTR_P) == 0)
        return segment->selector != 0;
    bool conforming = (segment->attributes & (X86_ATTR_CODE | X86_ATTR_CONFORMING)) ==
                      (X86_ATTR_CODE | X86_ATTR_CONFORMING);
    return !conforming && (segment->attributes >> 5 & 3u) < cpl;
}

/* May `size` bytes at this offset be touched, as far as the limit goes? */
DESCRIPTOR_INLINE bool segment_holds(const struct x86_segment *segment, uint32_t offset,
                                     unsigned size)
{
    uint32_t last = offset + (size - 1);
    if (last < offset)
        return false;
    if ((segment->attributes & (X86_ATTR_S | X86_ATTR_CODE | X86_ATTR_EXPAND_DOWN)) ==
        (X86_ATTR_S | X86_ATTR_EXPAND_DOWN))
        return offset > segment->limit &&
               ((segment->attributes & X86_ATTR_BIG) != 0 || last <= 0xffff);
    return last <= segment->limit;
}

/* The stack pointer after it moved by `by`, in a stack whose SP or ESP counts. */
DESCRIPTOR_INLINE uint32_t stack_move(const struct x86_segment *stack, uint32_t esp, uint32_t by)
{
    if ((stack->attributes & X86_ATTR_BIG) != 0)
        return esp + by;
    return (esp & 0xffff0000u) | ((esp + by) & 0xffff);
}

DESCRIPTOR_INLINE uint32_t stack_offset(const struct x86_segment *stack, uint32_t esp)
{
    return (stack->attributes & X86_ATTR_BIG) != 0 ? esp : esp & 0xffff;
}

/* As stack_room, slot by slot. */
bool stack_has_slots(const struct x86_segment *stack, uint32_t esp, unsigned slots, unsigned size,
                     bool popping);

/* Are there `slots` slots below (pushing) or from (popping) esp? */
DESCRIPTOR_INLINE bool stack_room(const struct x86_segment *stack, uint32_t esp, unsigned slots,
                                  unsigned size, bool popping)
{
    uint32_t first = popping ? esp : esp - slots * size, last = first + (slots * size - 1);
    bool simple = (stack->attributes & (X86_ATTR_BIG | X86_ATTR_EXPAND_DOWN)) == X86_ATTR_BIG;
    return simple && last > first ? last <= stack->limit
                                  : stack_has_slots(stack, esp, slots, size, popping);
}

#endif
