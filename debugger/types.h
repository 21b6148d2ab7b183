/* types: C types as DWARF describes them, plus the pointers and arrays that expressions make. */
#ifndef DEBUGGER_TYPES_H
#define DEBUGGER_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/symbols.h"

enum type_kind {
    TYPE_VOID, TYPE_INTEGER, TYPE_CHAR, TYPE_BOOL, TYPE_FLOAT, TYPE_ENUM, TYPE_POINTER, TYPE_ARRAY,
    TYPE_STRUCT, TYPE_UNION, TYPE_FUNCTION,
};

struct member {
    const char *name; /* "" = an anonymous struct or union */
    const struct type *type;
    uint32_t offset;
    uint8_t bit_size;   /* 0 = not a bit-field */
    uint8_t bit_offset; /* from the least significant bit of the type-sized unit at `offset` */
};

struct enumerator {
    const char *name;
    int64_t value;
};

/* Typedefs and qualifiers are looked through; `name` keeps the outermost name that was written. */
struct type {
    enum type_kind kind;
    const char *name;      /* "int", "uint", "struct proc", "" = anonymous */
    uint32_t size;         /* 0 = unknown (void, incomplete) */
    bool is_signed;
    uint32_t count;        /* of an array; 0 = unknown */
    const struct type *target; /* of a pointer, an array, a function's result */
    struct member *member;
    unsigned members;
    struct enumerator *enumerator;
    unsigned enumerators;
    struct image *image;   /* NULL = built in */
    Dwarf_Off die;
    struct type *pointer;  /* the pointer to this, when it was made */
    struct type *next;
};

struct type_pool *types_new(struct image *image);
void types_free(struct type_pool *pool);

/* The type that the DIE describes, never NULL: void when the DIE is broken. */
const struct type *type_of_die(struct image *image, Dwarf_Die *die);
/* The type that the DIE's DW_AT_type refers to; void when it has none. */
const struct type *type_of_attribute(struct image *image, Dwarf_Die *die);

/* "struct proc", "unsigned int", "uint" (a typedef); NULL = the image has no such type. Without an
 * image only C's own. */
const struct type *type_named(struct image *image, const char *name);

enum type_basic { BASIC_INT, BASIC_UINT, BASIC_CHAR, BASIC_UCHAR, BASIC_SHORT, BASIC_USHORT,
                  BASIC_LONGLONG, BASIC_ULONGLONG, BASIC_VOID };
const struct type *type_basic(enum type_basic which);

const struct type *type_pointer(const struct type *type);
const struct type *type_array(const struct type *type, uint32_t count);

/* Searches anonymous members too; the offset then counts from the outermost. */
bool type_member(const struct type *type, const char *name, struct member *out);

/* As C writes it: "struct proc *", "char [16]". */
void type_name(const struct type *type, char *to, size_t room);

#endif
