/* x86_tables: the bytes of IDT, GDT, LDT and TSS taken apart, and the words for their parts.
 *
 * Source: Intel SDM vol. 3, 3.4.5 (segment descriptors), 6.11 (gates), 7.2 (task state). Pure:
 * bytes in, facts out. */
#ifndef DEBUGGER_X86_TABLES_H
#define DEBUGGER_X86_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum x86_gate_kind {
    X86_GATE_NONE, /* no type that an IDT may hold */
    X86_GATE_TASK,
    X86_GATE_INTERRUPT,
    X86_GATE_TRAP,
};

struct x86_gate {
    enum x86_gate_kind kind;
    bool bits_16;
    bool present;
    bool empty; /* all eight bytes are zero */
    unsigned dpl;
    unsigned type; /* bits 3..0 of the access byte */
    uint16_t selector;
    uint32_t offset;
};

struct x86_descriptor {
    bool empty;
    bool present;
    bool system;                     /* S = 0: TSS, LDT, gate */
    bool code, conforming, readable; /* S = 1 */
    bool expand_down, writable, accessed;
    bool big, granular;
    unsigned dpl;
    unsigned type;
    uint32_t base;
    uint32_t limit; /* the last offset in bytes, granularity worked in */
};

struct x86_gate x86_gate_decode(const uint8_t bytes[8]);
struct x86_descriptor x86_descriptor_decode(const uint8_t bytes[8]);

/* "trap gate", "16-bit interrupt gate", "task gate", "no gate (type 2)". */
const char *x86_gate_name(const struct x86_gate *gate, char *to, size_t room);
/* "code, ring 0, readable", "data, ring 3, writable", "TSS (busy), 32-bit", "LDT", "null". */
const char *x86_descriptor_name(const struct x86_descriptor *descriptor, char *to, size_t room);
/* "GDT[1] ring 3", "LDT[2] ring 0", "null". */
const char *x86_selector_name(uint16_t selector, char *to, size_t room);
/* "IF ZF IOPL=3", in the order of the bits. */
const char *x86_eflags_name(uint32_t eflags, char *to, size_t room);
/* "#GP general protection", "#DE divide error"; NULL for vectors that the CPU does not name. */
const char *x86_vector_title(unsigned vector);

#endif
