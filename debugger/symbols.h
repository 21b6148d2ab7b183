/* symbols: ELF and DWARF of several images at once: the kernel and any number of user programs.
 *
 * Addresses overlap between programs, so every question is put to one image; session.h says which
 * image an address belongs to in the present address space. Files are hostile: everything is
 * bounded, a broken part is as if it were not there. Strings live as long as the image. */
#ifndef DEBUGGER_SYMBOLS_H
#define DEBUGGER_SYMBOLS_H

#include <elfutils/libdw.h>
#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOLS_IMAGES 64u

/* Firmware is linked for real mode: its offsets below 64 KiB are those of segment F000, and here
 * they are the linear addresses that they stand for. It has symbols and lines, but no frames or
 * locals. */
enum image_kind { IMAGE_KERNEL, IMAGE_PROGRAM, IMAGE_FIRMWARE };

struct symbol {
    uint32_t address;
    uint32_t size; /* 0 = up to the next symbol */
    const char *name;
    bool function;
    bool global;
    bool hidden; /* from other files, by its visibility */
};

struct line_row {
    uint32_t address, end; /* [address, end) */
    const char *file;
    unsigned line;
    bool statement;
};

struct function {
    uint32_t low, high; /* [low, high) */
    uint32_t body;      /* behind the prologue: where a breakpoint on the function goes */
    const char *name;
    const char *file; /* of its declaration; NULL = unknown */
    unsigned line;
    Dwarf_Off die;
};

/* A variable outside functions that has a place. */
struct global {
    const char *name;
    const char *file;
    Dwarf_Off die;
};

/* What call frame information says of some code. */
struct frame_description {
    uint32_t low, high; /* [low, high) */
    Elf_Data *data;     /* of its section: .debug_frame or .eh_frame */
    Dwarf_Off cie;      /* in it: what it has in common with others */
    bool eh;
    const uint8_t *code, *end; /* its own instructions */
};

struct type_pool;

/* A file's name that DWARF has relative to the folder of the compilation. */
struct joined_name {
    const char *relative;
    char *absolute;
};

struct image {
    enum image_kind kind;
    char *path; /* of the file; for bytes from memory, their name */
    char *name; /* without folders and extension: as a process is called */
    uint8_t *bytes;
    size_t size;
    Elf *elf;
    Dwarf *dwarf; /* NULL = no debugging information */
    uint32_t entry;
    uint32_t low, high; /* of the loaded segments, [low, high) */
    uint32_t physical;  /* subtract this from a virtual address for where it is loaded, as the
                           program headers say; 0 = the same */

    struct symbol *symbol; /* sorted by address */
    unsigned symbols;
    struct line_row *row; /* sorted by address, not overlapping */
    unsigned rows;
    struct function *function; /* sorted by low */
    unsigned functions;
    struct global *global; /* sorted by name */
    unsigned globals;
    struct joined_name *joined;
    unsigned joins;
    struct frame_description *frame; /* sorted by low: cfi.h */
    unsigned frames;
    struct type_pool *types; /* all images of one struct symbols share it */
};

struct source_file {
    char *path;  /* as DWARF has it */
    char *text;  /* NULL = could not be read */
    char **line; /* line[0] is line 1 */
    unsigned lines;
};

struct symbols {
    uint16_t machine; /* e_machine that is accepted */
    struct image *image[SYMBOLS_IMAGES];
    unsigned used;
    struct type_pool *types;
    struct source_file *source;
    unsigned sources;
};

void symbols_init(struct symbols *symbols, uint16_t machine);
void symbols_free(struct symbols *symbols);

/* Opens an ELF file. An image already there with the same path is answered again. NULL = *why is a
 * sentence for the user. */
struct image *symbols_add(struct symbols *symbols, const char *path, enum image_kind kind,
                          const char **why);
struct image *symbols_add_bytes(struct symbols *symbols, const char *name, const void *bytes,
                                size_t size, enum image_kind kind, const char **why);
/* By kind; NULL = none. */
struct image *symbols_kernel(const struct symbols *symbols);
struct image *symbols_program(const struct symbols *symbols, const char *name);

/* A kernel begins to run where it is loaded, before paging puts it where it is linked: the linked
 * address of such a one; any other as it is. */
uint32_t image_linked(const struct image *image, uint32_t address);

/* What covers the address, linked or loaded; NULL = nothing. */
const struct symbol *image_symbol(const struct image *image, uint32_t address);
const struct symbol *image_symbol_named(const struct image *image, const char *name);
const struct function *image_function(const struct image *image, uint32_t address);
const struct function *image_function_named(const struct image *image, const char *name);
const struct line_row *image_line(const struct image *image, uint32_t address);
/* `file` may be the end of a path; NULL = of any file. */
const struct global *image_global(const struct image *image, const char *file, const char *name);

/* Addresses at which line `line` of `file` begins (the first row of each stretch), at most `room`;
 * if that line has no code, those of the next line that has, and *line says so. `file` may be the
 * end of the path. */
unsigned image_addresses(const struct image *image, const char *file, unsigned *line,
                         uint32_t *address, unsigned room);
/* The full name that DWARF has for such a file; NULL = no such. */
const char *image_file(const struct image *image, const char *file);

/* "name", "name+5" or "" (nothing covers it), cut at `room`. Answers `to`. */
const char *image_describe(const struct image *image, uint32_t address, char *to, size_t room);

/* Bytes of the file at a virtual address, for reading constants and code without a machine. */
bool image_bytes(const struct image *image, uint32_t address, void *to, uint32_t length);

/* Text of a line, without its newline; NULL = no such line or file. */
const char *source_line(struct symbols *symbols, const char *file, unsigned line);
unsigned source_lines(struct symbols *symbols, const char *file);

#endif
