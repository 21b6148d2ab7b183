/* types: C types as DWARF describes them, plus the pointers and arrays that expressions make. */
#include "debugger/types.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define MEMBERS 4096u
#define DEPTH   32u /* of typedefs, of anonymous members: a forged cycle ends here */
#define BUCKETS 1024u

struct type_pool {
    struct type *bucket[BUCKETS]; /* by DIE */
    struct type *made;            /* by expressions */
};

static const struct type basics[BASICS] = {
    [BASIC_VOID] = {.kind = TYPE_VOID, .name = "void"},
    [BASIC_BOOL] = {.kind = TYPE_BOOL, .name = "_Bool", .size = 1},
    [BASIC_CHAR] = {.kind = TYPE_CHAR, .name = "char", .size = 1, .is_signed = true},
    [BASIC_SCHAR] = {.kind = TYPE_CHAR, .name = "signed char", .size = 1, .is_signed = true},
    [BASIC_UCHAR] = {.kind = TYPE_CHAR, .name = "unsigned char", .size = 1},
    [BASIC_SHORT] = {.kind = TYPE_INTEGER, .name = "short", .size = 2, .is_signed = true},
    [BASIC_USHORT] = {.kind = TYPE_INTEGER, .name = "unsigned short", .size = 2},
    [BASIC_INT] = {.kind = TYPE_INTEGER, .name = "int", .size = 4, .is_signed = true},
    [BASIC_UINT] = {.kind = TYPE_INTEGER, .name = "unsigned int", .size = 4},
    [BASIC_LONG] = {.kind = TYPE_INTEGER, .name = "long", .size = 4, .is_signed = true},
    [BASIC_ULONG] = {.kind = TYPE_INTEGER, .name = "unsigned long", .size = 4},
    [BASIC_LONGLONG] = {.kind = TYPE_INTEGER, .name = "long long", .size = 8, .is_signed = true},
    [BASIC_ULONGLONG] = {.kind = TYPE_INTEGER, .name = "unsigned long long", .size = 8},
};

const struct type *type_basic(enum type_basic which)
{
    return &basics[which];
}

struct type_pool *types_new(void)
{
    return bug_alloc(1, sizeof(struct type_pool));
}

static void free_list(struct type *type)
{
    while (type != NULL) {
        struct type *next = type->next;
        free(type->member);
        free(type->enumerator);
        free(type);
        type = next;
    }
}

void types_free(struct type_pool *pool)
{
    if (pool == NULL)
        return;
    for (unsigned i = 0; i < BUCKETS; i++)
        free_list(pool->bucket[i]);
    free_list(pool->made);
    free(pool);
}

static struct type **bucket_of(struct image *image, Dwarf_Off key)
{
    return &image->types->bucket[key / 4 % BUCKETS];
}

static struct type *find(struct image *image, Dwarf_Off key)
{
    for (struct type *type = *bucket_of(image, key); type != NULL; type = type->next)
        if (type->image == image && type->key == key)
            return type;
    return NULL;
}

/* The DIE behind DW_AT_type. */
static bool referred(Dwarf_Die *die, Dwarf_Die *out)
{
    Dwarf_Attribute attribute;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), out) != NULL;
}

static bool is_qualifier(int tag)
{
    return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
           tag == DW_TAG_atomic_type;
}

static uint32_t unsigned_of(Dwarf_Die *die, unsigned attribute_name, uint32_t otherwise)
{
    Dwarf_Attribute attribute;
    Dwarf_Word word;
    if (dwarf_formudata(dwarf_attr_integrate(die, attribute_name, &attribute), &word) != 0 ||
        word > UINT32_MAX)
        return otherwise;
    return (uint32_t)word;
}

static void fill_base(struct type *type, Dwarf_Die *die)
{
    switch (unsigned_of(die, DW_AT_encoding, DW_ATE_unsigned)) {
    case DW_ATE_boolean: type->kind = TYPE_BOOL; break;
    case DW_ATE_float: type->kind = TYPE_FLOAT; break;
    case DW_ATE_signed_char: type->kind = TYPE_CHAR, type->is_signed = true; break;
    case DW_ATE_unsigned_char: type->kind = TYPE_CHAR; break;
    case DW_ATE_signed: type->kind = TYPE_INTEGER, type->is_signed = true; break;
    default: type->kind = TYPE_INTEGER; break;
    }
    /* gcc writes "long unsigned int"; nobody else does. */
    static const char *const spellings[][2] = {
        {"long int", "long"},           {"long unsigned int", "unsigned long"},
        {"short int", "short"},         {"short unsigned int", "unsigned short"},
        {"long long int", "long long"}, {"long long unsigned int", "unsigned long long"},
    };
    for (unsigned i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strcmp(type->name, spellings[i][0]) == 0)
            type->name = spellings[i][1];
}

/* Counts of the dimensions of an array; the inner ones become types of their own. */
static uint32_t dimension(Dwarf_Die *die, unsigned which, bool *more)
{
    Dwarf_Die child;
    *more = false;
    uint32_t count = 0;
    if (dwarf_child(die, &child) != 0)
        return 0;
    unsigned n = 0;
    do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type)
            continue;
        if (n == which) {
            uint32_t last = unsigned_of(&child, DW_AT_upper_bound, UINT32_MAX);
            count = unsigned_of(&child, DW_AT_count, last + 1);
        } else if (n > which) {
            *more = true;
        }
        n++;
    } while (n < 16 && dwarf_siblingof(&child, &child) == 0);
    return count;
}

static const struct type *array_of(struct image *image, Dwarf_Die *die, unsigned which)
{
    bool more;
    uint32_t count = dimension(die, which, &more);
    const struct type *element =
        more ? array_of(image, die, which + 1) : type_of_attribute(image, die);
    return type_array(image->types, element, count);
}

/* Fills in all but what is resolved on demand. */
static void fill(struct type *type, Dwarf_Die *die)
{
    uint32_t size = unsigned_of(die, DW_AT_byte_size, 0);
    type->die = dwarf_dieoffset(die);
    type->size = size;
    switch (dwarf_tag(die)) {
    case DW_TAG_base_type: fill_base(type, die); break;
    case DW_TAG_pointer_type: type->kind = TYPE_POINTER, type->size = 4; break;
    case DW_TAG_structure_type: type->kind = TYPE_STRUCT; break;
    case DW_TAG_union_type: type->kind = TYPE_UNION; break;
    case DW_TAG_enumeration_type:
        type->kind = TYPE_ENUM;
        type->size = size == 0 ? 4 : size;
        break;
    case DW_TAG_subprogram:
    case DW_TAG_subroutine_type: type->kind = TYPE_FUNCTION; break;
    case DW_TAG_array_type: {
        const struct type *array = array_of(type->image, die, 0);
        type->kind = TYPE_ARRAY;
        type->count = array->count;
        type->size = array->size;
        type->target = array->target;
        type->resolved = true;
        break;
    }
    default: type->kind = TYPE_VOID; break;
    }
}

const struct type *type_of_die(struct image *image, Dwarf_Die *die)
{
    Dwarf_Off key = dwarf_dieoffset(die);
    struct type *type = find(image, key);
    if (type != NULL)
        return type;
    type = bug_alloc(1, sizeof *type);
    type->image = image;
    type->key = key;
    type->next = *bucket_of(image, key);
    *bucket_of(image, key) = type;

    Dwarf_Die real = *die;
    const char *name = NULL;
    for (unsigned depth = 0; depth < DEPTH; depth++) {
        int tag = dwarf_tag(&real);
        if (tag == DW_TAG_typedef && name == NULL) {
            name = dwarf_diename(&real);
            type->is_typedef = name != NULL;
        } else if (tag == DW_TAG_const_type) {
            type->is_const |= name == NULL;
        }
        if (tag != DW_TAG_typedef && !is_qualifier(tag))
            break;
        if (!referred(&real, &real)) { /* const void */
            type->kind = TYPE_VOID;
            type->name = name == NULL ? "void" : name;
            return type;
        }
    }
    if (name == NULL)
        name = dwarf_diename(&real);
    type->name = name == NULL ? "" : name;
    fill(type, &real);
    return type;
}

const struct type *type_of_attribute(struct image *image, Dwarf_Die *die)
{
    Dwarf_Die target;
    return referred(die, &target) ? type_of_die(image, &target) : &basics[BASIC_VOID];
}

static struct type *make(struct type_pool *pool, enum type_kind kind, const struct type *target,
                         uint32_t count)
{
    for (struct type *type = pool->made; type != NULL; type = type->next)
        if (type->kind == kind && type->target == target && type->count == count)
            return type;
    struct type *type = bug_alloc(1, sizeof *type);
    *type = (struct type){.kind = kind,
                          .name = "",
                          .target = target,
                          .count = count,
                          .resolved = true,
                          .next = pool->made};
    pool->made = type;
    return type;
}

const struct type *type_pointer(struct type_pool *pool, const struct type *type)
{
    struct type *made = make(pool, TYPE_POINTER, type, 0);
    made->size = 4;
    return made;
}

const struct type *type_array(struct type_pool *pool, const struct type *type, uint32_t count)
{
    struct type *made = make(pool, TYPE_ARRAY, type, count);
    uint64_t size = (uint64_t)type->size * count;
    made->size = size > UINT32_MAX ? 0 : (uint32_t)size;
    return made;
}

static bool is_big_endian(const struct image *image)
{
    const char *ident = elf_getident(image->elf, NULL);
    return ident != NULL && ident[EI_DATA] == ELFDATA2MSB;
}

static void add_member(struct type *type, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name = dwarf_diename(die);
    /* Members of a structure; parameters of a function, which have no place. */
    struct member member = {
        .name = name == NULL ? "" : name,
        .type = type_of_attribute(type->image, die),
        .offset = unsigned_of(die, DW_AT_data_member_location, 0),
        .bit_size = (uint8_t)unsigned_of(die, DW_AT_bit_size, 0),
    };
    uint32_t unit = member.type->size * 8;
    if (member.bit_size != 0 && dwarf_hasattr(die, DW_AT_data_bit_offset) && unit != 0) {
        uint32_t bits = unsigned_of(die, DW_AT_data_bit_offset, 0);
        member.offset = bits / unit * (unit / 8);
        member.bit_offset = (uint8_t)(bits % unit);
        if (is_big_endian(type->image)) /* counted from the most significant bit */
            member.bit_offset = (uint8_t)(unit - bits % unit - member.bit_size);
    } else if (member.bit_size != 0 && dwarf_attr(die, DW_AT_bit_offset, &attribute) != NULL) {
        /* DWARF 2 counts from the most significant bit of the storage unit. */
        member.bit_offset =
            (uint8_t)(unit - unsigned_of(die, DW_AT_bit_offset, 0) - member.bit_size);
    }
    if (member.bit_size != 0 && member.bit_size + member.bit_offset > unit)
        return; /* broken, or a field across two units, which C does not make */
    type->member[type->members++] = member;
}

static void add_enumerator(struct type *type, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Sword value = 0;
    const char *name = dwarf_diename(die);
    dwarf_formsdata(dwarf_attr(die, DW_AT_const_value, &attribute), &value);
    if (name != NULL)
        type->enumerator[type->enumerators++] = (struct enumerator){name, value};
}

static void resolve_children(struct type *type, Dwarf_Die *die)
{
    Dwarf_Die child;
    unsigned wanted = type->kind == TYPE_ENUM       ? DW_TAG_enumerator
                      : type->kind == TYPE_FUNCTION ? DW_TAG_formal_parameter
                                                    : DW_TAG_member;
    unsigned count = 0;
    if (dwarf_child(die, &child) != 0)
        return;
    Dwarf_Die each = child;
    do {
        count += (unsigned)dwarf_tag(&each) == wanted;
    } while (count < MEMBERS && dwarf_siblingof(&each, &each) == 0);
    if (wanted == DW_TAG_enumerator)
        type->enumerator = bug_alloc(count + 1ul, sizeof *type->enumerator);
    else
        type->member = bug_alloc(count + 1ul, sizeof *type->member);
    for (each = child; count > 0;) {
        if ((unsigned)dwarf_tag(&each) == wanted) {
            count--;
            if (wanted == DW_TAG_enumerator)
                add_enumerator(type, &each);
            else
                add_member(type, &each);
        }
        if (dwarf_siblingof(&each, &each) != 0)
            break;
    }
}

/* `struct proc;` alone: its members stand in another unit. */
static void resolve_declaration(struct type *type, Dwarf_Die *die)
{
    char name[160];
    bool declared = (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION) &&
                    dwarf_hasattr(die, DW_AT_declaration);
    const char *tag = dwarf_diename(die);
    if (!declared || tag == NULL)
        return;
    snprintf(name, sizeof name, "%s %s", type->kind == TYPE_UNION ? "union" : "struct", tag);
    const struct type *whole = type_named(type->image, name);
    if (whole == NULL || whole == type || whole->kind != type->kind || whole->size == 0)
        return;
    unsigned count;
    const struct member *member = type_members(whole, &count);
    type->size = whole->size;
    free(type->member);
    type->member = bug_alloc(count + 1ul, sizeof *type->member);
    memcpy(type->member, member, count * sizeof *member);
    type->members = count;
}

/* Types belong to their pool, which is not const: this is the cache behind a const view. */
static struct type *resolved(const struct type *type)
{
    struct type *t = (struct type *)(uintptr_t)type;
    Dwarf_Die die;
    if (t->resolved || t->image == NULL)
        return t;
    t->resolved = true;
    t->target = &basics[BASIC_VOID];
    if (dwarf_offdie(t->image->dwarf, t->die, &die) == NULL)
        return t;
    if (t->kind == TYPE_POINTER || t->kind == TYPE_FUNCTION)
        t->target = type_of_attribute(t->image, &die);
    if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION || t->kind == TYPE_ENUM ||
        t->kind == TYPE_FUNCTION)
        resolve_children(t, &die);
    if (t->members == 0)
        resolve_declaration(t, &die);
    return t;
}

const struct type *type_target(const struct type *type)
{
    const struct type *target = resolved(type)->target;
    return target == NULL ? &basics[BASIC_VOID] : target;
}

const struct member *type_members(const struct type *type, unsigned *count)
{
    const struct type *t = resolved(type);
    *count = t->members;
    return t->member;
}

const struct enumerator *type_enumerators(const struct type *type, unsigned *count)
{
    const struct type *t = resolved(type);
    *count = t->enumerators;
    return t->enumerator;
}

static bool member_within(const struct type *type, const char *name, unsigned depth,
                          struct member *out)
{
    unsigned count;
    const struct member *member = type_members(type, &count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(member[i].name, name) == 0) {
            *out = member[i];
            return true;
        }
        if (member[i].name[0] == '\0' && depth < DEPTH &&
            member_within(member[i].type, name, depth + 1, out)) {
            out->offset += member[i].offset;
            return true;
        }
    }
    return false;
}

bool type_member(const struct type *type, const char *name, struct member *out)
{
    return name[0] != '\0' && (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION) &&
           member_within(type, name, 0, out);
}

struct named_type {
    const char *name;
    int tag; /* 0 = typedef or base type */
    Dwarf_Die found;
    bool complete;
};

static bool is_wanted(struct named_type *wanted, Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    if (wanted->tag != 0 ? tag != wanted->tag : tag != DW_TAG_typedef && tag != DW_TAG_base_type)
        return false;
    const char *name = dwarf_diename(die);
    if (name == NULL || strcmp(name, wanted->name) != 0)
        return false;
    wanted->found = *die;
    wanted->complete = !dwarf_hasattr(die, DW_AT_declaration);
    return true;
}

/* Types of C stand directly in their unit, or in a function, where nobody asks for them by name. */
static bool search_units(struct image *image, struct named_type *wanted)
{
    Dwarf_Off offset = 0, next;
    size_t header;
    bool any = false;
    while (!wanted->complete &&
           dwarf_nextcu(image->dwarf, offset, &next, &header, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit, child;
        if (dwarf_offdie(image->dwarf, offset + header, &unit) != NULL &&
            dwarf_child(&unit, &child) == 0) {
            do {
                any |= is_wanted(wanted, &child);
            } while (!wanted->complete && dwarf_siblingof(&child, &child) == 0);
        }
        if (next <= offset)
            break;
        offset = next;
    }
    return any;
}

static const struct type *basic_named(const char *name)
{
    static const struct {
        const char *name;
        enum type_basic basic;
    } more[] = {{"unsigned", BASIC_UINT},
                {"short int", BASIC_SHORT},
                {"long int", BASIC_LONG},
                {"signed", BASIC_INT},
                {"long unsigned int", BASIC_ULONG},
                {"unsigned long int", BASIC_ULONG},
                {"unsigned short int", BASIC_USHORT},
                {"long long int", BASIC_LONGLONG},
                {"unsigned long long int", BASIC_ULONGLONG}};
    for (unsigned i = 0; i < BASICS; i++)
        if (strcmp(basics[i].name, name) == 0)
            return &basics[i];
    for (unsigned i = 0; i < sizeof more / sizeof *more; i++)
        if (strcmp(more[i].name, name) == 0)
            return &basics[more[i].basic];
    return NULL;
}

const struct type *type_named(struct image *image, const char *name)
{
    static const struct {
        const char *word;
        int tag;
    } kinds[] = {{"struct ", DW_TAG_structure_type},
                 {"union ", DW_TAG_union_type},
                 {"enum ", DW_TAG_enumeration_type}};
    struct named_type wanted = {.name = name};
    const struct type *basic = basic_named(name);
    if (basic != NULL)
        return basic;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].word);
        if (strncmp(name, kinds[i].word, length) == 0) {
            wanted.name = name + length;
            wanted.tag = kinds[i].tag;
        }
    }
    if (image == NULL || image->dwarf == NULL || !search_units(image, &wanted))
        return NULL;
    return type_of_die(image, &wanted.found);
}

static const char *keyword(const struct type *type)
{
    if (type->is_typedef)
        return "";
    return type->kind == TYPE_STRUCT  ? "struct "
           : type->kind == TYPE_UNION ? "union "
           : type->kind == TYPE_ENUM  ? "enum "
                                      : "";
}

/* C's declarators read inside out: `middle` is what stands where a name would. */
static void declare(const struct type *type, const char *middle, unsigned depth, char *to,
                    size_t room)
{
    char inner[256];
    bool named = type->is_typedef || depth > DEPTH;
    if (!named && type->kind == TYPE_POINTER) {
        const struct type *target = type_target(type);
        bool parenthesis =
            !target->is_typedef && (target->kind == TYPE_ARRAY || target->kind == TYPE_FUNCTION);
        snprintf(inner, sizeof inner, parenthesis ? "(*%s%s)" : "*%s%s",
                 type->is_const ? " const" : "", middle);
        declare(target, inner, depth + 1, to, room);
    } else if (!named && type->kind == TYPE_ARRAY) {
        if (type->count != 0)
            snprintf(inner, sizeof inner, "%s[%u]", middle, type->count);
        else
            snprintf(inner, sizeof inner, "%s[]", middle);
        declare(type_target(type), inner, depth + 1, to, room);
    } else if (!named && type->kind == TYPE_FUNCTION) {
        size_t used = (size_t)snprintf(inner, sizeof inner, "%s(", middle);
        unsigned count;
        const struct member *parameter = type_members(type, &count);
        for (unsigned i = 0; i < count && used < sizeof inner; i++) {
            char word[96];
            declare(parameter[i].type, "", depth + 1, word, sizeof word);
            used += (size_t)snprintf(inner + used, sizeof inner - used, "%s%s", i > 0 ? ", " : "",
                                     word);
        }
        if (used < sizeof inner)
            snprintf(inner + used, sizeof inner - used, count == 0 ? "void)" : ")");
        declare(type_target(type), inner, depth + 1, to, room);
    } else {
        snprintf(to, room, "%s%s%s%s%s", type->is_const ? "const " : "", keyword(type),
                 type->name[0] == '\0' ? "{...}" : type->name, middle[0] == '\0' ? "" : " ",
                 middle);
    }
}

void type_name(const struct type *type, char *to, size_t room)
{
    declare(type, "", 0, to, room);
}

void type_declare(const struct type *type, const char *name, char *to, size_t room)
{
    declare(type, name, 0, to, room);
}
