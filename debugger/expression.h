/* expression: C expressions over registers, symbols, locals and types, and the values they have.
 *
 *   $eax  $1  $name   registers, earlier results, variables of the session
 *   tf->trapno  *p  &x  a[3]  x@4  (struct proc *)$eax  sizeof(x)  file.c::name  program::name
 * All arithmetic is 64-bit inside and cut to C's type afterwards. */
#ifndef DEBUGGER_EXPRESSION_H
#define DEBUGGER_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/arch.h"
#include "debugger/symbols.h"
#include "debugger/types.h"

#define VALUE_BYTES 64u

enum value_where {
    VALUE_PLAIN,    /* a result: `bytes` has it */
    VALUE_MEMORY,   /* at `address` */
    VALUE_REGISTER, /* register number `address` of the target; `bytes` has it as well */
    VALUE_GONE,     /* optimized out */
};

struct value {
    const struct type *type;
    enum value_where where;
    uint32_t address;
    uint8_t bit_size, bit_offset; /* a bit-field when bit_size is not 0 */
    bool big_endian;              /* how bytes are, where they are not in memory */
    uint8_t bytes[VALUE_BYTES];
};

/* One activation, as much of it as unwinding could find out. */
struct profile;

struct frame {
    uint32_t pc;
    uint32_t cfa;                 /* the caller's stack pointer; 0 = unknown */
    uint32_t reg[ARCH_REGISTERS]; /* by DWARF number */
    uint64_t known;               /* bit n: reg[n] is known */
    struct image *image;          /* of pc; NULL = none */
    bool innermost;               /* pc is the next instruction, not a return address */
    bool trapped;                 /* the frame inside it is a trap's: pc is where the trap hit */
    uint32_t trap_frame;          /* address of the trapframe that leads out of this frame, or 0 */
    const struct profile *trap_path; /* whose trapframe that is */
};

/* The address by which to look up what the frame is doing: a return address may already belong to
 * the next line, or even to the next function. */
static inline uint32_t frame_lookup_pc(const struct frame *frame)
{
    return frame->pc - !(frame->innermost || frame->trapped);
}

/* What an evaluation may ask of the outside. Every hook may be NULL. */
struct target {
    void *context;
    bool (*read)(void *context, uint32_t address, void *to, uint32_t length);
    bool (*write)(void *context, uint32_t address, const void *from, uint32_t length);
    /* Registers of the CPU by name, for $eax; number is for write back. */
    bool (*reg_get)(void *context, const char *name, unsigned *number, unsigned *bits,
                    uint64_t *value);
    bool (*reg_set)(void *context, unsigned number, uint64_t value);
    /* $1, $, $name: false = no such. */
    bool (*variable_get)(void *context, const char *name, struct value *out);
    bool (*variable_set)(void *context, const char *name, const struct value *value);
    /* Where a bare symbol is looked for behind the frame's image, in order; NULL ends. */
    struct image *(*image)(void *context, unsigned index);
};

struct scope {
    const struct arch *arch;
    struct symbols *symbols;
    const struct target *target;
    const struct frame *frame; /* NULL = only globals */
    struct image *image;       /* searched first; NULL = the frame's */
    char why[256];             /* after a failure: a sentence without full stop */
};

/* Evaluates all of `text`; assignments (=, +=, ...) write to the target. */
bool expression_eval(struct scope *scope, const char *text, struct value *out);
/* "struct proc *", "unsigned char[4]". */
bool expression_type(struct scope *scope, const char *text, const struct type **out);

/* Shorthands; false with scope->why. */
bool expression_number(struct scope *scope, const char *text, int64_t *out);

bool value_number(struct scope *scope, const struct value *value, int64_t *out);
/* The bytes of a value of any size, from wherever it is. length <= type size. */
bool value_read(struct scope *scope, const struct value *value, uint32_t offset, void *to,
                uint32_t length);
/* `size` of its bytes, at most 8, as an unsigned number. */
uint64_t value_bits(const struct scope *scope, const struct value *value, const uint8_t *bytes,
                    uint32_t size);
struct value value_of_number(const struct type *type, int64_t number);
struct value value_at(const struct type *type, uint32_t address);
bool value_member(struct scope *scope, const struct value *value, const char *name,
                  struct value *out);
bool value_member_at(struct scope *scope, const struct value *value, const struct member *member,
                     struct value *out);
bool value_index(struct scope *scope, const struct value *value, int64_t index, struct value *out);
bool value_dereference(struct scope *scope, const struct value *value, struct value *out);
bool value_assign(struct scope *scope, const struct value *to, const struct value *from);

/* Locals and arguments visible at the frame's pc, innermost block first. `argument` tells which.
 * Stops when `each` answers false. */
typedef bool variable_fn(void *context, const char *name, bool argument, const struct value *value);
void scope_variables(struct scope *scope, variable_fn *each, void *context);
/* Location of a variable's DIE at the frame. */
bool location_value(struct scope *scope, struct image *image, Dwarf_Die *die, struct value *out);

/* One of x d u o t c a s i z f, 0 = natural for the type. Text as gdb prints it. */
bool value_format(struct scope *scope, const struct value *value, char letter, char *to,
                  size_t room);

#endif
