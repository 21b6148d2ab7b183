/* dwarf_index: the tables of an image that come from DWARF: lines and functions, sorted. */
#include "debugger/dwarf_index.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

/* More rows or functions than bytes in the file would be a forgery. */
#define UNITS 65536u

static bool grow(void **array, unsigned used, unsigned *room, size_t size)
{
    if (used < *room)
        return true;
    unsigned wanted = *room == 0 ? 256 : *room * 2;
    void *grown = realloc(*array, wanted * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *room = wanted;
    return true;
}

static int compare_rows(const void *a, const void *b)
{
    const struct line_row *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* The file's name with the folder of the unit's compilation, where that is needed. */
static const char *absolute_name(struct image *image, Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (file == NULL || file[0] == '/' || folder == NULL)
        return file;
    for (unsigned i = image->joins; i-- > 0;)
        if (image->joined[i].relative == file)
            return image->joined[i].absolute;
    struct joined_name *grown = realloc(image->joined, (image->joins + 1) * sizeof *image->joined);
    size_t room = strlen(folder) + strlen(file) + 2;
    if (grown == NULL)
        return file;
    image->joined = grown;
    char *name = bug_alloc(room, 1);
    snprintf(name, room, "%s/%s", folder, file);
    image->joined[image->joins++] = (struct joined_name){file, name};
    return name;
}

static const char *line_file(struct image *image, Dwarf_Die *unit, Dwarf_Line *line)
{
    const char *file = dwarf_linesrc(line, NULL, NULL);
    return file == NULL ? "?" : absolute_name(image, unit, file);
}

/* Several rows of one address become one: the last that begins a statement, or the last. */
static bool add_row(struct image *image, struct line_row row, unsigned first, unsigned *room)
{
    struct line_row *last = image->rows > first ? &image->row[image->rows - 1] : NULL;
    if (last != NULL && last->address == row.address) {
        if (last->statement && !row.statement)
            last->end = row.end;
        else
            *last = row;
        return true;
    }
    if (!grow((void **)&image->row, image->rows, room, sizeof *image->row))
        return false;
    image->row[image->rows++] = row;
    return true;
}

static void add_unit_lines(struct image *image, Dwarf_Die *unit, unsigned *room)
{
    Dwarf_Lines *lines;
    size_t count;
    unsigned first = image->rows;
    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i + 1 < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i), *next = dwarf_onesrcline(lines, i + 1);
        Dwarf_Addr address, end;
        int number;
        bool sequence_end, statement;
        if (line == NULL || next == NULL || dwarf_lineendsequence(line, &sequence_end) != 0 ||
            sequence_end || dwarf_lineaddr(line, &address) != 0 ||
            dwarf_lineaddr(next, &end) != 0 || dwarf_lineno(line, &number) != 0 || number <= 0 ||
            dwarf_linebeginstatement(line, &statement) != 0)
            continue;
        if (address > end || address < image->low || end > image->high)
            continue;
        struct line_row row = {(uint32_t)address, (uint32_t)end, line_file(image, unit, line),
                               (unsigned)number, statement};
        if (!add_row(image, row, first, room))
            return;
    }
}

/* Sorted, and none reaches into the next. */
static void tidy_rows(struct image *image)
{
    if (image->rows == 0)
        return;
    qsort(image->row, image->rows, sizeof *image->row, compare_rows);
    for (unsigned i = 0; i + 1 < image->rows; i++)
        if (image->row[i].end > image->row[i + 1].address)
            image->row[i].end = image->row[i + 1].address;
}

const struct line_row *image_line(const struct image *image, uint32_t address)
{
    address = image_linked(image, address);
    unsigned low = 0, high = image->rows;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (image->row[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    /* Rows of the same address: the last one is what the line program ended up saying. */
    if (low == 0 || address >= image->row[low - 1].end)
        return NULL;
    return &image->row[low - 1];
}

static bool is_end_of(const char *path, const char *file)
{
    size_t all = strlen(path), some = strlen(file);
    if (some > all || strcmp(path + all - some, file) != 0)
        return false;
    return some == all || file[0] == '/' || path[all - some - 1] == '/';
}

const char *image_file(const struct image *image, const char *file)
{
    for (unsigned i = 0; i < image->rows; i++)
        if (is_end_of(image->row[i].file, file))
            return image->row[i].file;
    return NULL;
}

/* The smallest line >= `line` of the file that has code; 0 = none. */
static unsigned next_line(const struct image *image, const char *file, unsigned line)
{
    unsigned best = 0;
    for (unsigned i = 0; i < image->rows; i++) {
        const struct line_row *row = &image->row[i];
        if (row->statement && row->line >= line && (best == 0 || row->line < best) &&
            is_end_of(row->file, file))
            best = row->line;
    }
    return best;
}

unsigned image_addresses(const struct image *image, const char *file, unsigned *line,
                         uint32_t *address, unsigned room)
{
    *line = next_line(image, file, *line);
    unsigned found = 0;
    const struct function *last = NULL;
    for (unsigned i = 0; *line != 0 && i < image->rows && found < room; i++) {
        const struct line_row *row = &image->row[i];
        if (!row->statement || row->line != *line || row->address == row->end ||
            !is_end_of(row->file, file))
            continue;
        /* Once in a function: a line comes back whenever the compiler moved code about. */
        const struct function *function = image_function(image, row->address);
        if (found > 0 && (function == last || row->address == image->row[i - 1].address))
            continue;
        last = function;
        address[found++] =
            function != NULL && row->address == function->low ? function->body : row->address;
    }
    return found;
}

static int compare_functions(const void *a, const void *b)
{
    const struct function *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

/* Behind the prologue: where the second row of the function begins, as compilers mark it. */
static uint32_t body_of(const struct image *image, uint32_t low, uint32_t high)
{
    const struct line_row *first = image_line(image, low);
    if (first == NULL)
        return low;
    for (const struct line_row *row = first + 1; row < image->row + image->rows; row++) {
        if (row->address >= high)
            break;
        if (row->address > low && row->statement && row->address < row->end)
            return row->address;
    }
    return low;
}

struct index_room {
    struct image *image;
    Dwarf_Die *unit;
    unsigned room;
};

/* One entry for each range: a compiler may have split off the cold part. */
static int add_function(Dwarf_Die *die, void *context)
{
    struct index_room *index = context;
    struct image *image = index->image;
    Dwarf_Attribute attribute;
    Dwarf_Addr base, low, high;
    const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
    int line = 0;
    ptrdiff_t at = 0;
    if (name == NULL)
        return DWARF_CB_OK;
    dwarf_decl_line(die, &line);
    while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
        if (low >= high || low < image->low || high > image->high)
            continue;
        if (!grow((void **)&image->function, image->functions, &index->room,
                  sizeof *image->function))
            return DWARF_CB_ABORT;
        image->function[image->functions++] = (struct function){
            .low = (uint32_t)low,
            .high = (uint32_t)high,
            .name = name,
            .file = absolute_name(image, index->unit, dwarf_decl_file(die)),
            .line = line > 0 ? (unsigned)line : 0,
            .die = dwarf_dieoffset(die),
        };
    }
    return DWARF_CB_OK;
}

static int compare_globals(const void *a, const void *b)
{
    const struct global *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void add_unit_globals(struct image *image, Dwarf_Die *unit, unsigned *room)
{
    Dwarf_Die die;
    if (dwarf_child(unit, &die) != 0)
        return;
    do {
        Dwarf_Attribute attribute;
        if (dwarf_tag(&die) != DW_TAG_variable || !dwarf_hasattr(&die, DW_AT_location))
            continue;
        const char *name = dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &attribute));
        if (name == NULL)
            continue;
        if (!grow((void **)&image->global, image->globals, room, sizeof *image->global))
            return;
        image->global[image->globals++] = (struct global){
            name, absolute_name(image, unit, dwarf_decl_file(&die)), dwarf_dieoffset(&die)};
    } while (dwarf_siblingof(&die, &die) == 0);
}

const struct global *image_global(const struct image *image, const char *file, const char *name)
{
    unsigned low = 0, high = image->globals;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (strcmp(image->global[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < image->globals && strcmp(image->global[low].name, name) == 0; low++) {
        const struct global *global = &image->global[low];
        if (file == NULL || (global->file != NULL && is_end_of(global->file, file)))
            return global;
    }
    return NULL;
}

void dwarf_sort(struct image *image)
{
    tidy_rows(image);
    if (image->globals != 0)
        qsort(image->global, image->globals, sizeof *image->global, compare_globals);
    if (image->functions != 0)
        qsort(image->function, image->functions, sizeof *image->function, compare_functions);
}

void dwarf_index(struct image *image)
{
    image->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    if (image->dwarf == NULL)
        return;
    struct index_room functions = {image, NULL, 0};
    unsigned rows = 0, globals = 0, units = 0;
    Dwarf_Off offset = 0, next;
    size_t header;
    while (units++ < UNITS &&
           dwarf_nextcu(image->dwarf, offset, &next, &header, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(image->dwarf, offset + header, &unit) != NULL) {
            add_unit_lines(image, &unit, &rows);
            add_unit_globals(image, &unit, &globals);
            functions.unit = &unit;
            dwarf_getfuncs(&unit, add_function, &functions, 0);
        }
        if (next <= offset)
            break;
        offset = next;
    }
    dwarf_sort(image);
    for (unsigned i = 0; i < image->functions; i++)
        image->function[i].body = body_of(image, image->function[i].low, image->function[i].high);
}

const struct function *image_function(const struct image *image, uint32_t address)
{
    address = image_linked(image, address);
    unsigned low = 0, high = image->functions;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (image->function[middle].low <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || address >= image->function[low - 1].high)
        return NULL;
    return &image->function[low - 1];
}

const struct function *image_function_named(const struct image *image, const char *name)
{
    for (unsigned i = 0; i < image->functions; i++)
        if (strcmp(image->function[i].name, name) == 0)
            return &image->function[i];
    return NULL;
}
