/* session_where: what the addresses and names of the present mean. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"

struct image *session_program(struct session *session)
{
    uint32_t space = session->cpu->ops->space(session->cpu);
    for (unsigned i = 0; i < session->spaces; i++)
        if (session->space[i].space == space)
            return session->space[i].image;
    struct process process = {0};
    struct image *image = process_current(session, &process) ? process.image : NULL;
    if (session->spaces < sizeof session->space / sizeof *session->space) {
        session->space[session->spaces].space = space;
        session->space[session->spaces++].image = image;
    }
    return image;
}

static struct image *firmware_at(struct session *session, uint32_t address)
{
    for (unsigned i = 0; i < session->symbols.used; i++) {
        struct image *image = session->symbols.image[i];
        if (image->kind == IMAGE_FIRMWARE && address >= image->low && address < image->high)
            return image;
    }
    return NULL;
}

/* Memory that is seen where it is, and has the kernel in it. */
static bool is_loaded_at(struct session *session, const struct image *kernel, uint32_t address)
{
    uint32_t physical;
    return kernel != NULL && image_linked(kernel, address) != address &&
           session->cpu->ops->translate(session->cpu, address, &physical) && physical == address;
}

struct image *session_image(struct session *session, uint32_t address)
{
    struct image *kernel = symbols_kernel(&session->symbols);
    if (kernel != NULL && address >= kernel->low && address < kernel->high)
        return kernel;
    if (session->cpu == NULL)
        return session->program;
    struct image *program = session_program(session);
    if (program != NULL && address >= program->low && address < program->high)
        return program;
    if (!session_in_kernel(session))
        return NULL;
    struct image *firmware = firmware_at(session, address);
    return firmware == NULL && is_loaded_at(session, kernel, address) ? kernel : firmware;
}

const char *session_symbol(struct session *session, uint32_t address, char *to, size_t room)
{
    struct image *image = session_image(session, address);
    if (image == NULL)
        snprintf(to, room, "%s", "");
    else
        image_describe(image, address, to, room);
    if (to[0] == '\0' && session->arch->copied_code != NULL && session->cpu != NULL)
        session->arch->copied_code(session, address, to, room);
    return to;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

const char *session_describe(struct session *session, uint32_t address, char *to, size_t room)
{
    struct image *image = session_image(session, address);
    const struct line_row *row = image == NULL ? NULL : image_line(image, address);
    session_symbol(session, address, to, room);
    size_t used = strlen(to);
    if (used == 0)
        snprintf(to, room, "0x%08" PRIx32, address);
    else if (row != NULL)
        snprintf(to + used, room - used, " (%s:%u)", last_part(row->file), row->line);
    return to;
}

/* What the CPU does not translate at present its kernel may, when it comes to it: a TLB that
 * software fills holds a part of the page table only. */
bool session_translate(struct session *session, uint32_t address, uint32_t *physical)
{
    const struct arch *arch = session->arch;
    if (session->cpu->ops->translate(session->cpu, address, physical))
        return true;
    if (arch->page_table == NULL || session->translating)
        return false;
    session->translating = true;
    bool found = arch->page_table(session, address, physical);
    session->translating = false;
    return found;
}

static bool peek_by_table(struct session *session, uint32_t address, void *to, uint32_t length)
{
    uint8_t *bytes = to;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t physical, value;
        if (!session_translate(session, address + i, &physical) ||
            !bus_peek(session->cpu->memory, physical, 1, &value))
            return false;
        bytes[i] = (uint8_t)value;
    }
    return true;
}

bool session_peek(struct session *session, uint32_t address, void *to, uint32_t length)
{
    if (session->cpu != NULL)
        return cpu_peek(session->cpu, address, to, length) ||
               (session->arch->page_table != NULL && peek_by_table(session, address, to, length));
    struct image *image = session_image(session, address);
    return image != NULL && image_bytes(image, address, to, length);
}

bool session_poke(struct session *session, uint32_t address, const void *from, uint32_t length)
{
    const uint8_t *bytes = from;
    uint32_t physical, ignored;
    if (cpu_poke(session->cpu, address, from, length))
        return true;
    for (uint32_t i = 0; i < length; i++)
        if (!session_translate(session, address + i, &physical) ||
            !bus_peek(session->cpu->memory, physical, 1, &ignored))
            return false;
    for (uint32_t i = 0; i < length; i++) {
        if (!session_translate(session, address + i, &physical) ||
            !bus_poke(session->cpu->memory, physical, bytes[i]))
            return false;
        machine_memory_changed(session->machine, physical, 1);
    }
    return true;
}

bool session_peek_word(struct session *session, uint32_t address, uint32_t *word)
{
    uint8_t b[4];
    if (!session_peek(session, address, b, sizeof b))
        return false;
    *word = arch_word(session->arch, b);
    return true;
}

bool session_peek_string(struct session *session, uint32_t address, char *to, size_t room)
{
    for (size_t i = 0; i + 1 < room; i++) {
        if (!session_peek(session, address + (uint32_t)i, to + i, 1)) {
            to[i] = '\0';
            return false;
        }
        if (to[i] == '\0')
            return true;
    }
    to[room - 1] = '\0';
    return true;
}

bool session_register(struct session *session, const char *name, uint64_t *value)
{
    int number = session->cpu == NULL ? -1 : cpu_register_number(session->cpu, name);
    return number >= 0 && session->cpu->ops->reg_get(session->cpu, (unsigned)number, value);
}

bool session_in_kernel(struct session *session)
{
    return session->cpu->ops->privilege(session->cpu) == 0;
}

struct scope session_scope(struct session *session)
{
    struct scope scope = {
        .arch = session->arch,
        .symbols = &session->symbols,
        .target = &session->target,
    };
    if (session->cpu != NULL)
        scope.frame = frames_current(session);
    return scope;
}

bool session_eval(struct session *session, const char *text, struct value *out)
{
    struct scope scope = session_scope(session);
    if (expression_eval(&scope, text, out))
        return true;
    return out_error(&session->out, "%s.", scope.why);
}

bool session_number(struct session *session, const char *text, int64_t *out)
{
    struct scope scope = session_scope(session);
    if (expression_number(&scope, text, out))
        return true;
    return out_error(&session->out, "%s.", scope.why);
}

/* --- locations ------------------------------------------------------------------------------- */

static unsigned at_line(struct session *session, const char *file, unsigned line, uint32_t *address,
                        struct image **image, unsigned room)
{
    unsigned found = 0;
    for (unsigned i = 0; i < session->symbols.used && found == 0; i++) {
        struct image *candidate = session->symbols.image[i];
        unsigned wanted = line;
        if (image_file(candidate, file) == NULL)
            continue;
        found = image_addresses(candidate, file, &wanted, address, room);
        for (unsigned j = 0; j < found; j++)
            image[j] = candidate;
    }
    if (found == 0)
        out_error(&session->out, "No line %u with code in a file \"%s\".", line, file);
    return found;
}

/* The file that a bare line number is about. */
static const char *default_file(struct session *session)
{
    if (session->cpu == NULL)
        return session->list_file;
    const struct frame *frame = frames_current(session);
    const struct line_row *row =
        frame->image == NULL ? NULL : image_line(frame->image, frame_lookup_pc(frame));
    return row != NULL ? row->file : session->list_file;
}

static bool in_one(struct image *candidate, const char *name, uint32_t *address)
{
    const struct function *function = image_function_named(candidate, name);
    const struct symbol *symbol = image_symbol_named(candidate, name);
    if (function != NULL)
        *address = function->body;
    else if (symbol != NULL)
        *address = symbol->address;
    return function != NULL || symbol != NULL;
}

static struct image *image_called(struct session *session, const char *name)
{
    for (unsigned i = 0; i < session->symbols.used; i++)
        if (strcmp(session->symbols.image[i]->name, name) == 0)
            return session->symbols.image[i];
    if (strcmp(name, "kernel") == 0)
        return symbols_kernel(&session->symbols);
    return process_program(session, name);
}

/* FUNCTION or IMAGE::FUNCTION. */
static unsigned at_function(struct session *session, const char *text, uint32_t *address,
                            struct image **image, unsigned room)
{
    char name[128];
    const char *colons = strstr(text, "::");
    unsigned found = 0;
    (void)room;
    if (colons != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)(colons - text), text);
        image[0] = image_called(session, name);
        if (image[0] == NULL) {
            out_error(&session->out, "No program named \"%s\".", name);
            return 0;
        }
        found = in_one(image[0], colons + 2, address);
    } else {
        for (unsigned i = 0; found == 0; i++) {
            image[0] = session->target.image(session, i);
            if (image[0] == NULL)
                break;
            found = in_one(image[0], text, address);
        }
    }
    if (found == 0)
        out_error(&session->out, "Function \"%s\" not defined.", text);
    return found;
}

unsigned session_location(struct session *session, const char *text, uint32_t *address,
                          struct image **image, unsigned room)
{
    char file[512];
    char *end;
    if (*text == '*') {
        int64_t number;
        if (!session_number(session, text + 1, &number))
            return 0;
        if (number < INT32_MIN || number > (int64_t)UINT32_MAX) {
            out_error(&session->out, "%s is no 32-bit address.", text + 1);
            return 0;
        }
        *address = (uint32_t)number;
        *image = NULL;
        return 1;
    }
    unsigned long line = strtoul(text, &end, 10);
    if (isdigit((unsigned char)*text) && *end == '\0') {
        const char *name = default_file(session);
        if (name != NULL)
            return at_line(session, name, (unsigned)line, address, image, room);
        out_error(&session->out, "No source file is current; say FILE:%lu.", line);
        return 0;
    }
    const char *colon = strrchr(text, ':');
    if (colon != NULL && isdigit((unsigned char)colon[1]) && (size_t)(colon - text) < sizeof file) {
        line = strtoul(colon + 1, &end, 10);
        snprintf(file, sizeof file, "%.*s", (int)(colon - text), text);
        if (*end == '\0')
            return at_line(session, file, (unsigned)line, address, image, room);
    }
    return at_function(session, text, address, image, room);
}
