/* types: C types as DWARF describes them, plus the pointers and arrays that expressions make. */
#ifndef DEBUGGER_TYPES_H
#define DEBUGGER_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/symbols.h"

enum type_kind {
    TYPE_VOID,
    TYPE_INTEGER,
    TYPE_CHAR,
    TYPE_BOOL,
    TYPE_FLOAT,
    TYPE_ENUM,
    TYPE_POINTER,
    TYPE_ARRAY,
    TYPE_STRUCT,
    TYPE_UNION,
    TYPE_FUNCTION,
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

/* Typedefs are looked through; `name` keeps the outermost name that was written. Target, members
 * and enumerators are read when they are first asked for: use the functions below. */
struct type {
    enum type_kind kind;
    const char *name; /* "int", "uint", "struct proc"; "" = anonymous */
    uint32_t size;    /* 0 = unknown (void, incomplete) */
    bool is_signed;
    bool is_const;
    bool is_typedef; /* name is a typedef's */
    uint32_t count;  /* of an array; 0 = unknown */

    struct image *image; /* NULL = no DIE */
    Dwarf_Off key;       /* the DIE asked for */
    Dwarf_Off die;       /* the one behind typedefs and qualifiers */
    bool resolved;
    const struct type *target;
    struct member *member;
    unsigned members;
    struct enumerator *enumerator;
    unsigned enumerators;
    struct type *next;
};

struct type_pool *types_new(void);
void types_free(struct type_pool *pool);

/* The type that the DIE describes, never NULL: void when the DIE is broken. */
const struct type *type_of_die(struct image *image, Dwarf_Die *die);
/* The type that the DIE's DW_AT_type refers to; void when it has none. */
const struct type *type_of_attribute(struct image *image, Dwarf_Die *die);

/* "struct proc", "unsigned int", "uint" (a typedef); NULL = no such type. Without an image only
 * C's own. */
const struct type *type_named(struct image *image, const char *name);

enum type_basic {
    BASIC_VOID,
    BASIC_BOOL,
    BASIC_CHAR,
    BASIC_SCHAR,
    BASIC_UCHAR,
    BASIC_SHORT,
    BASIC_USHORT,
    BASIC_INT,
    BASIC_UINT,
    BASIC_LONG,
    BASIC_ULONG,
    BASIC_LONGLONG,
    BASIC_ULONGLONG,
    BASICS
};
const struct type *type_basic(enum type_basic which);

const struct type *type_pointer(struct type_pool *pool, const struct type *type);
const struct type *type_array(struct type_pool *pool, const struct type *type, uint32_t count);

/* Of a pointer, an array, a function's result: never NULL. */
const struct type *type_target(const struct type *type);
/* Of a structure or union; of a function its parameters, which have types only. */
const struct member *type_members(const struct type *type, unsigned *count);
const struct enumerator *type_enumerators(const struct type *type, unsigned *count);

/* Searches anonymous members too; the offset then counts from the outermost. */
bool type_member(const struct type *type, const char *name, struct member *out);

/* As C writes it: "struct proc *", "char [16]". */
void type_name(const struct type *type, char *to, size_t room);
/* With a name in its place: "char *argv[8]". */
void type_declare(const struct type *type, const char *name, char *to, size_t room);

#endif
