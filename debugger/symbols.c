/* symbols: ELF files as images: opening, their symbol tables, their bytes, and source text. */
#include "debugger/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debugger/cfi.h"
#include "debugger/dwarf_index.h"
#include "emu/base/bug.h"

#define FILE_LIMIT   (256u << 20)
#define SOURCE_LIMIT (16u << 20)

void symbols_init(struct symbols *symbols, uint16_t machine)
{
    *symbols = (struct symbols){.machine = machine, .types = types_new()};
    elf_version(EV_CURRENT);
}

static void free_image(struct image *image)
{
    if (image == NULL)
        return;
    if (image->dwarf != NULL)
        dwarf_end(image->dwarf);
    if (image->elf != NULL)
        elf_end(image->elf);
    free(image->symbol);
    free(image->row);
    free(image->frame);
    free(image->function);
    free(image->global);
    for (unsigned i = 0; i < image->joins; i++)
        free(image->joined[i].absolute);
    free(image->joined);
    free(image->path);
    free(image->name);
    free(image->bytes);
    free(image);
}

static void free_source(struct source_file *source)
{
    free(source->path);
    free(source->text);
    free(source->line);
}

void symbols_free(struct symbols *symbols)
{
    for (unsigned i = 0; i < symbols->used; i++)
        free_image(symbols->image[i]);
    for (unsigned i = 0; i < symbols->sources; i++)
        free_source(&symbols->source[i]);
    free(symbols->source);
    types_free(symbols->types);
    *symbols = (struct symbols){0};
}

/* All of a regular file, with a NUL behind it; NULL with errno, EFBIG when it is above `limit`. */
static uint8_t *read_file(const char *path, size_t limit, size_t *size)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    uint8_t *bytes = NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || (size_t)status.st_size > limit) {
        errno = S_ISREG(status.st_mode) ? EFBIG : EINVAL;
    } else if ((bytes = malloc((size_t)status.st_size + 1)) != NULL) {
        ssize_t got = 0;
        *size = 0;
        while (*size < (size_t)status.st_size &&
               (got = read(fd, bytes + *size, (size_t)status.st_size - *size)) > 0)
            *size += (size_t)got;
        bytes[*size] = 0;
        if (got < 0) {
            free(bytes);
            bytes = NULL;
        }
    }
    close(fd);
    return bytes;
}

static int compare_symbols(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->global != y->global)
        return x->global ? -1 : 1;
    if (x->hidden != y->hidden)
        return x->hidden ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Symbols that can name an address: functions, objects and the untyped labels of assembly. */
static void read_symbols(struct image *image, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = header->sh_entsize == 0 ? 0 : header->sh_size / header->sh_entsize;
    if (data == NULL || count == 0 || count > image->size / sizeof(Elf32_Sym))
        return;
    image->symbol = calloc(count, sizeof *image->symbol);
    if (image->symbol == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym found;
        if (gelf_getsym(data, (int)i, &found) == NULL)
            continue;
        unsigned type = GELF_ST_TYPE(found.st_info);
        const char *name = elf_strptr(image->elf, header->sh_link, found.st_name);
        if (name == NULL || name[0] == '\0' || found.st_shndx == SHN_UNDEF ||
            (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE))
            continue;
        image->symbol[image->symbols++] = (struct symbol){
            .address = (uint32_t)found.st_value,
            .size = (uint32_t)found.st_size,
            .name = name,
            .function = type == STT_FUNC,
            .global = GELF_ST_BIND(found.st_info) != STB_LOCAL,
            .hidden = GELF_ST_VISIBILITY(found.st_other) == STV_HIDDEN,
        };
    }
    if (image->symbols != 0)
        qsort(image->symbol, image->symbols, sizeof *image->symbol, compare_symbols);
}

static void read_sections(struct image *image)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(image->elf, section)) != NULL) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB &&
            image->symbol == NULL)
            read_symbols(image, section, &header);
    }
}

static bool read_header(struct image *image, uint16_t machine, const char **why)
{
    const char *ident = elf_getident(image->elf, NULL);
    GElf_Ehdr header;
    size_t count;
    *why = "not an ELF file";
    if (elf_kind(image->elf) != ELF_K_ELF || ident == NULL)
        return false;
    *why = "not a 32-bit ELF file";
    if (ident[EI_CLASS] != ELFCLASS32 || gelf_getehdr(image->elf, &header) == NULL)
        return false;
    *why = "an ELF file for another kind of machine";
    if (header.e_machine != machine)
        return false;
    *why = "a broken ELF file: its program headers cannot be read";
    if (elf_getphdrnum(image->elf, &count) != 0)
        return false;
    image->entry = (uint32_t)header.e_entry;
    image->low = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (gelf_getphdr(image->elf, (int)i, &segment) == NULL)
            return false;
        if (segment.p_type != PT_LOAD || segment.p_memsz == 0)
            continue;
        if (segment.p_vaddr < image->low)
            image->low = (uint32_t)segment.p_vaddr;
        if (segment.p_vaddr + segment.p_memsz > image->high)
            image->high = (uint32_t)(segment.p_vaddr + segment.p_memsz);
        if (segment.p_paddr != 0 && segment.p_paddr < segment.p_vaddr)
            image->physical = (uint32_t)(segment.p_vaddr - segment.p_paddr);
    }
    *why = "an ELF file without anything to load";
    return image->low < image->high;
}

static char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash == NULL ? path : slash + 1);
    bug_unless(name != NULL);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
        *dot = '\0';
    return name;
}

static uint32_t real_mode(uint32_t address)
{
    return address < 0x10000 ? address + 0xf0000 : address;
}

static void move_to_real_mode(struct image *image)
{
    for (unsigned i = 0; i < image->symbols; i++)
        image->symbol[i].address = real_mode(image->symbol[i].address);
    if (image->symbols != 0)
        qsort(image->symbol, image->symbols, sizeof *image->symbol, compare_symbols);
    for (unsigned i = 0; i < image->rows; i++) {
        image->row[i].address = real_mode(image->row[i].address);
        image->row[i].end = real_mode(image->row[i].end);
    }
    for (unsigned i = 0; i < image->functions; i++) {
        image->function[i].low = real_mode(image->function[i].low);
        image->function[i].high = real_mode(image->function[i].high);
        image->function[i].body = real_mode(image->function[i].body);
    }
    dwarf_sort(image);
    image->low = 0xe0000;
    image->high = 0x100000;
}

/* Takes over `bytes`. */
static struct image *add(struct symbols *symbols, const char *path, uint8_t *bytes, size_t size,
                         enum image_kind kind, const char **why)
{
    struct image *image = bug_alloc(1, sizeof *image);
    image->kind = kind;
    image->path = strdup(path);
    image->name = base_name(path);
    image->bytes = bytes;
    image->size = size;
    *why = "not an ELF file";
    image->elf = size < EI_NIDENT ? NULL : elf_memory((char *)bytes, size);
    if (image->elf == NULL || !read_header(image, symbols->machine, why)) {
        free_image(image);
        return NULL;
    }
    read_sections(image);
    cfi_index(image);
    dwarf_index(image);
    if (kind == IMAGE_FIRMWARE)
        move_to_real_mode(image);
    image->types = symbols->types;
    symbols->image[symbols->used++] = image;
    return image;
}

struct image *symbols_add(struct symbols *symbols, const char *path, enum image_kind kind,
                          const char **why)
{
    for (unsigned i = 0; i < symbols->used; i++)
        if (strcmp(symbols->image[i]->path, path) == 0)
            return symbols->image[i];
    *why = "one file with symbols too many";
    if (symbols->used == SYMBOLS_IMAGES)
        return NULL;
    size_t size = 0;
    uint8_t *bytes = read_file(path, FILE_LIMIT, &size);
    if (bytes == NULL) {
        *why = errno == EINVAL ? "not a regular file" : strerror(errno);
        return NULL;
    }
    return add(symbols, path, bytes, size, kind, why);
}

struct image *symbols_add_bytes(struct symbols *symbols, const char *name, const void *bytes,
                                size_t size, enum image_kind kind, const char **why)
{
    *why = "one file with symbols too many";
    if (symbols->used == SYMBOLS_IMAGES || size > FILE_LIMIT)
        return NULL;
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, bytes, size);
    return add(symbols, name, copy, size, kind, why);
}

struct image *symbols_kernel(const struct symbols *symbols)
{
    for (unsigned i = 0; i < symbols->used; i++)
        if (symbols->image[i]->kind == IMAGE_KERNEL)
            return symbols->image[i];
    return NULL;
}

struct image *symbols_program(const struct symbols *symbols, const char *name)
{
    for (unsigned i = symbols->used; i-- > 0;)
        if (symbols->image[i]->kind == IMAGE_PROGRAM && strcmp(symbols->image[i]->name, name) == 0)
            return symbols->image[i];
    return NULL;
}

uint32_t image_linked(const struct image *image, uint32_t address)
{
    bool loaded = image->physical != 0 && address < image->low &&
                  address + image->physical >= image->low &&
                  address + image->physical < image->high;
    return loaded ? address + image->physical : address;
}

const struct symbol *image_symbol(const struct image *image, uint32_t address)
{
    address = image_linked(image, address);
    unsigned low = 0, high = image->symbols;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (image->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || address >= image->high || address < image->low)
        return NULL;
    /* Of several names at one address: a function first, then what the sort put first. */
    uint32_t start = image->symbol[low - 1].address;
    if (start < image->low)
        return NULL; /* no place, but a number that has a name */
    const struct symbol *best = NULL;
    for (unsigned i = low; i-- > 0 && image->symbol[i].address == start;)
        if (best == NULL || image->symbol[i].function || !best->function)
            best = &image->symbol[i];
    return best->size != 0 && address - start >= best->size ? NULL : best;
}

const struct symbol *image_symbol_named(const struct image *image, const char *name)
{
    for (unsigned i = 0; i < image->symbols; i++)
        if (strcmp(image->symbol[i].name, name) == 0)
            return &image->symbol[i];
    return NULL;
}

const char *image_describe(const struct image *image, uint32_t address, char *to, size_t room)
{
    const struct symbol *symbol = image_symbol(image, address);
    address = image_linked(image, address);
    if (symbol == NULL)
        snprintf(to, room, "%s", "");
    else if (address == symbol->address)
        snprintf(to, room, "%s", symbol->name);
    else
        snprintf(to, room, "%s+%u", symbol->name, address - symbol->address);
    return to;
}

bool image_bytes(const struct image *image, uint32_t address, void *to, uint32_t length)
{
    size_t count;
    if (elf_getphdrnum(image->elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (gelf_getphdr(image->elf, (int)i, &segment) == NULL || segment.p_type != PT_LOAD)
            continue;
        uint64_t offset = address - segment.p_vaddr;
        if (address < segment.p_vaddr || offset + length > segment.p_filesz)
            continue;
        if (segment.p_offset > image->size || offset + length > image->size - segment.p_offset)
            return false;
        memcpy(to, image->bytes + segment.p_offset + offset, length);
        return true;
    }
    return false;
}

static void split_lines(struct source_file *source)
{
    unsigned lines = 0;
    for (const char *p = source->text; *p != '\0'; p++)
        lines += *p == '\n';
    source->line = bug_alloc(lines + 2ul, sizeof *source->line);
    for (char *p = source->text; *p != '\0';) {
        source->line[source->lines++] = p;
        p += strcspn(p, "\n");
        if (*p == '\n')
            *p++ = '\0';
    }
}

static struct source_file *find_source(struct symbols *symbols, const char *file)
{
    for (unsigned i = 0; i < symbols->sources; i++)
        if (strcmp(symbols->source[i].path, file) == 0)
            return &symbols->source[i];
    struct source_file *grown =
        realloc(symbols->source, (symbols->sources + 1) * sizeof *symbols->source);
    if (grown == NULL)
        return NULL;
    symbols->source = grown;
    struct source_file *source = &symbols->source[symbols->sources++];
    size_t size = 0;
    *source = (struct source_file){.path = strdup(file)};
    source->text = (char *)read_file(file, SOURCE_LIMIT, &size);
    if (source->text != NULL)
        split_lines(source);
    return source;
}

const char *source_line(struct symbols *symbols, const char *file, unsigned line)
{
    struct source_file *source = file == NULL ? NULL : find_source(symbols, file);
    if (source == NULL || line == 0 || line > source->lines)
        return NULL;
    return source->line[line - 1];
}

unsigned source_lines(struct symbols *symbols, const char *file)
{
    struct source_file *source = file == NULL ? NULL : find_source(symbols, file);
    return source == NULL ? 0 : source->lines;
}
