/* object: what a compiled file defines, refers to and says to the processor. Files may hold
 * anything. */
#include "debugger/lab/object.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/arch.h"
#include "emu/base/bug.h"

#define STUB_BYTES 64u /* of a stub, as far as its trap */

struct object {
    int fd;
    Elf *elf;
    const struct arch *arch;
    Elf_Data *symbols;
    size_t count, strings; /* of symbols; the section of their names */
};

/* --- opening ---------------------------------------------------------------------------------- */

static bool find_symbols(struct object *object)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(object->elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB)
            continue;
        object->symbols = elf_getdata(section, NULL);
        object->strings = header.sh_link;
        object->count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
    }
    return object->symbols != NULL;
}

struct object *object_open(const char *path)
{
    struct object *object = bug_alloc(1, sizeof *object);
    GElf_Ehdr header;
    elf_version(EV_CURRENT);
    object->fd = open(path, O_RDONLY | O_CLOEXEC);
    object->elf = object->fd < 0 ? NULL : elf_begin(object->fd, ELF_C_READ, NULL);
    bool fine = object->elf != NULL && elf_kind(object->elf) == ELF_K_ELF &&
                gelf_getclass(object->elf) == ELFCLASS32 &&
                gelf_getehdr(object->elf, &header) != NULL;
    if (fine)
        object->arch = header.e_machine == EM_386 ? &arch_x86 : &arch_mips;
    if (fine && find_symbols(object))
        return object;
    object_close(object);
    return NULL;
}

void object_close(struct object *object)
{
    if (object == NULL)
        return;
    if (object->elf != NULL)
        elf_end(object->elf);
    if (object->fd >= 0)
        close(object->fd);
    free(object);
}

/* --- symbols ---------------------------------------------------------------------------------- */

static const char *symbol_name(const struct object *object, const GElf_Sym *symbol)
{
    const char *name = elf_strptr(object->elf, object->strings, symbol->st_name);
    return name == NULL ? "" : name;
}

static bool find(const struct object *object, const char *name, GElf_Sym *symbol)
{
    for (size_t i = 0; i < object->count; i++)
        if (gelf_getsym(object->symbols, (int)i, symbol) != NULL && symbol->st_shndx != SHN_UNDEF &&
            symbol->st_shndx < SHN_LORESERVE && strcmp(symbol_name(object, symbol), name) == 0)
            return true;
    return false;
}

bool object_defines(const struct object *object, const char *name)
{
    GElf_Sym symbol;
    return find(object, name, &symbol) && GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
}

uint32_t object_words(const struct object *object, const char *name)
{
    GElf_Sym symbol;
    return find(object, name, &symbol) ? (uint32_t)symbol.st_size / 4 : 0;
}

/* `length` bytes of the symbol from `offset` on. */
static bool symbol_bytes(const struct object *object, const GElf_Sym *symbol, uint32_t offset,
                         void *to, uint32_t length)
{
    Elf_Scn *section = elf_getscn(object->elf, symbol->st_shndx);
    GElf_Shdr header;
    Elf_Data *data = section == NULL ? NULL : elf_getdata(section, NULL);
    uint64_t first = symbol->st_value + offset;
    if (data == NULL || gelf_getshdr(section, &header) == NULL || first > data->d_size ||
        length > data->d_size - first)
        return false;
    if (header.sh_type == SHT_NOBITS || data->d_buf == NULL)
        memset(to, 0, length);
    else
        memcpy(to, (const uint8_t *)data->d_buf + first, length);
    return true;
}

bool object_word(const struct object *object, const char *name, uint32_t *word)
{
    GElf_Sym symbol;
    uint8_t bytes[4];
    if (!find(object, name, &symbol) || !symbol_bytes(object, &symbol, 0, bytes, sizeof bytes))
        return false;
    *word = arch_word(object->arch, bytes);
    return true;
}

/* --- relocations ------------------------------------------------------------------------------ */

/* What a relocation refers to: a symbol, or, for a section's symbol, the function that is there. */
static const char *target_name(const struct object *object, uint64_t info, uint32_t addend)
{
    GElf_Sym symbol, other;
    if (gelf_getsym(object->symbols, (int)GELF_R_SYM(info), &symbol) == NULL)
        return "";
    if (GELF_ST_TYPE(symbol.st_info) != STT_SECTION)
        return symbol_name(object, &symbol);
    for (size_t i = 0; i < object->count; i++)
        if (gelf_getsym(object->symbols, (int)i, &other) != NULL &&
            other.st_shndx == symbol.st_shndx && other.st_value == addend &&
            GELF_ST_TYPE(other.st_info) == STT_FUNC)
            return symbol_name(object, &other);
    return "";
}

/* Calls `each` for the relocations of a symbol's bytes, with their offset, until it answers true.
 */
static bool each_relocation(const struct object *object, const GElf_Sym *symbol,
                            bool (*each)(void *context, uint32_t offset, const char *name),
                            void *context)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(object->elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_REL ||
            header.sh_info != symbol->st_shndx || header.sh_entsize == 0)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        size_t count = header.sh_size / header.sh_entsize;
        for (size_t i = 0; data != NULL && i < count; i++) {
            GElf_Rel rel;
            uint8_t bytes[4];
            if (gelf_getrel(data, (int)i, &rel) == NULL || rel.r_offset < symbol->st_value ||
                rel.r_offset - symbol->st_value >= symbol->st_size)
                continue;
            uint32_t offset = (uint32_t)(rel.r_offset - symbol->st_value);
            uint32_t addend = symbol_bytes(object, symbol, offset, bytes, sizeof bytes)
                                  ? arch_word(object->arch, bytes)
                                  : 0;
            if (each(context, offset, target_name(object, rel.r_info, addend)))
                return true;
        }
    }
    return false;
}

struct wanted {
    uint32_t offset;
    const char *name; /* NULL = any, to be told in `found` */
    char found[OBJECT_NAME];
};

static bool at_offset(void *context, uint32_t offset, const char *name)
{
    struct wanted *wanted = context;
    if (offset != wanted->offset)
        return false;
    snprintf(wanted->found, sizeof wanted->found, "%s", name);
    return true;
}

static bool to_name(void *context, uint32_t offset, const char *name)
{
    const struct wanted *wanted = context;
    (void)offset;
    return strcmp(name, wanted->name) == 0;
}

bool object_slot(const struct object *object, const char *table, uint32_t index,
                 char name[OBJECT_NAME])
{
    GElf_Sym symbol;
    struct wanted wanted = {.offset = 4 * index};
    if (!find(object, table, &symbol) || index >= symbol.st_size / 4)
        return false;
    each_relocation(object, &symbol, at_offset, &wanted);
    memcpy(name, wanted.found, OBJECT_NAME);
    return true;
}

bool object_refers(const struct object *object, const char *function, const char *name)
{
    GElf_Sym symbol;
    struct wanted wanted = {.name = name};
    return find(object, function, &symbol) && each_relocation(object, &symbol, to_name, &wanted);
}

/* --- stubs ------------------------------------------------------------------------------------ */

/* mov $NUMBER,%eax; ... int $VECTOR */
static bool x86_stub(const struct arch *arch, const uint8_t *code, uint32_t length,
                     uint32_t *number, uint32_t *vector)
{
    struct arch_insn insn;
    bool loaded = false;
    for (uint32_t at = 0; at < length; at += insn.size) {
        uint32_t left = length - at < 16 ? length - at : 16;
        if (!arch->decode(32, false, at, code + at, left, &insn) || insn.size == 0)
            return false;
        if (code[at] == 0xb8 && left >= 5) {
            *number = arch_word(arch, code + at + 1);
            loaded = true;
        }
        *vector = insn.vector;
        if (insn.flow == FLOW_TRAP)
            return loaded;
        if (insn.flow == FLOW_RETURN)
            return false;
    }
    return false;
}

/* li $v0,NUMBER beside a jump to what traps, or in front of a syscall. */
static bool mips_stub(const struct arch *arch, const uint8_t *code, uint32_t length,
                      uint32_t *number)
{
    for (uint32_t at = 0; at + 4 <= length; at += 4) {
        uint32_t word = arch_word(arch, code + at);
        if (word >> 16 == 0x2402 || word >> 16 == 0x3402) { /* addiu, ori $v0,$zero */
            *number = word & 0xffff;
            return true;
        }
    }
    return false;
}

bool object_stub(const struct object *object, const char *name, bool *there, uint32_t *number,
                 uint32_t *vector)
{
    GElf_Sym symbol;
    uint8_t code[STUB_BYTES];
    uint32_t length = STUB_BYTES;
    *vector = 0;
    *there = find(object, name, &symbol);
    while (*there && length > 0 && !symbol_bytes(object, &symbol, 0, code, length))
        length--;
    if (!*there || length == 0)
        return false;
    if (symbol.st_size != 0 && symbol.st_size < length)
        length = (uint32_t)symbol.st_size;
    return object->arch->big_endian ? mips_stub(object->arch, code, length, number)
                                    : x86_stub(object->arch, code, length, number, vector);
}
