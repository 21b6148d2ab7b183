/* commands_source: source lines and disassembly. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

#define LINES 10u

/* --- list ------------------------------------------------------------------------------------- */

static bool show_lines(struct session *session, const char *file, unsigned first, unsigned last)
{
    struct output *out = &session->out;
    unsigned lines = source_lines(&session->symbols, file);
    if (lines == 0)
        return out_error(out, "The source file %s cannot be read.", file);
    if (first > lines)
        return out_error(out, "Line number %u out of range; \"%s\" has %u lines.", first,
                         say_file(file), lines);
    if (last > lines)
        last = lines;
    out_string(out, "file", "%s", file);
    out_array(out, "lines");
    for (unsigned line = first; line <= last; line++) {
        const char *text = source_line(&session->symbols, file, line);
        out_text(out, "%u\t%s\n", line, text);
        out_object(out, NULL);
        out_number(out, "line", line);
        out_string(out, "text", "%s", text);
        out_close(out);
    }
    out_close(out);
    session->list_file = file;
    session->list_first = first;
    session->list_last = last;
    return true;
}

static bool around(struct session *session, const char *file, unsigned line)
{
    unsigned first = line > LINES / 2 ? line - LINES / 2 : 1;
    return show_lines(session, file, first, first + LINES - 1);
}

/* Where `list` begins when nothing was listed yet: here, or at main. */
static bool list_default(struct session *session)
{
    if (session->cpu != NULL) {
        const struct frame *frame = frames_current(session);
        const struct line_row *row =
            frame->image == NULL ? NULL : image_line(frame->image, frame_lookup_pc(frame));
        if (row != NULL)
            return around(session, row->file, row->line);
    }
    for (unsigned i = session->symbols.used; i-- > 0;) {
        const struct image *image = session->symbols.image[i];
        const struct function *function = image_function_named(image, "main");
        if (function == NULL && image->functions > 0)
            function = &image->function[0];
        if (function != NULL && function->file != NULL)
            return around(session, function->file, function->line);
    }
    return out_error(&session->out, "No source file is known here; say list FILE:LINE.");
}

static bool list_next(struct session *session)
{
    if (session->list_file == NULL)
        return list_default(session);
    if (session->list_last == 0)
        return around(session, session->list_file, session->list_line);
    return show_lines(session, session->list_file, session->list_last + 1,
                      session->list_last + LINES);
}

static bool list_before(struct session *session)
{
    if (session->list_file == NULL || session->list_last == 0)
        return list_next(session);
    if (session->list_first <= 1)
        return out_error(&session->out, "Already at the start of %s.",
                         say_file(session->list_file));
    unsigned first = session->list_first > LINES ? session->list_first - LINES : 1;
    return show_lines(session, session->list_file, first, session->list_first - 1);
}

/* FILE:LINE or LINE need no code there; a function is listed where it is declared. */
static bool list_at(struct session *session, const char *text)
{
    uint32_t address[POINT_LOCATIONS];
    struct image *image[POINT_LOCATIONS];
    char *end;
    unsigned long line = strtoul(text, &end, 10);
    if (isdigit((unsigned char)*text) && *end == '\0' && session->list_file != NULL)
        return around(session, session->list_file, (unsigned)line);
    if (session_location(session, text, address, image, POINT_LOCATIONS) == 0)
        return false;
    struct image *where = image[0] != NULL ? image[0] : session_image(session, address[0]);
    const struct function *function = where == NULL ? NULL : image_function(where, address[0]);
    const struct line_row *row = where == NULL ? NULL : image_line(where, address[0]);
    if (function != NULL && function->file != NULL && strpbrk(text, ":*") == NULL &&
        function->body == address[0])
        return around(session, function->file, function->line);
    if (row == NULL)
        return out_error(&session->out, "No source is known for %s.", text);
    return around(session, row->file, row->line);
}

bool cmd_list(struct session *session, const struct command_args *args)
{
    const char *comma = strchr(args->text, ',');
    char *end;
    if (*args->text == '\0')
        return list_next(session);
    if (strcmp(args->text, "-") == 0)
        return list_before(session);
    if (comma == NULL)
        return list_at(session, args->text);
    unsigned long first = strtoul(args->text, &end, 10), last = strtoul(comma + 1, NULL, 10);
    if (first == 0 || (end != comma && *end != ' ') || (last < first && last != 0))
        return out_error(&session->out, "Lines are named as FIRST,LAST.");
    if (session->list_file == NULL && !list_default(session))
        return false;
    return show_lines(session, session->list_file, (unsigned)first,
                      last == 0 ? (unsigned)first + LINES - 1 : (unsigned)last);
}

/* --- disassemble ------------------------------------------------------------------------------ */

/* The function or symbol around an address. */
static bool whole_of(struct session *session, uint32_t address, uint32_t *low, uint32_t *high,
                     const char **name)
{
    struct image *image = session_image(session, address);
    if (image == NULL)
        return false;
    const struct function *function = image_function(image, address);
    const struct symbol *symbol = image_symbol(image, address);
    if (function != NULL) {
        *low = function->low;
        *high = function->high;
        *name = function->name;
        return true;
    }
    if (symbol == NULL)
        return false;
    *low = symbol->address;
    *name = symbol->name;
    *high = symbol->address + symbol->size;
    const struct symbol *end = image->symbol + image->symbols;
    if (symbol->size == 0) { /* up to the next one */
        *high = image->high;
        for (const struct symbol *next = image->symbol; next < end; next++)
            if (next->address > symbol->address) {
                *high = next->address;
                break;
            }
    }
    return true;
}

static void say_row(struct session *session, const struct arch_insn *insn, bool fine, bool raw,
                    const char *name, uint32_t low)
{
    struct output *out = &session->out;
    char operand[160] = "", bytes[64] = "";
    bool here = session->cpu != NULL && insn->address == session->cpu->ops->pc(session->cpu);
    if (fine)
        show_operand_symbol(session, insn, operand, sizeof operand);
    for (unsigned i = 0; raw && i < insn->size; i++)
        snprintf(bytes + strlen(bytes), sizeof bytes - strlen(bytes), "%02x ", insn->bytes[i]);
    out_text(out, "%s%s0x%08" PRIx32 "%s", here ? "=> " : "   ", out_style(out, OUT_ADDRESS),
             insn->address, out_style(out, OUT_PLAIN));
    if (name != NULL)
        out_text(out, " <+%" PRIu32 ">", insn->address - low);
    out_text(out, ":\t%s%s%s%s\n", bytes, raw ? "\t" : "", fine ? insn->text : "(bad)", operand);
    out_object(out, NULL);
    out_number(out, "address", insn->address);
    out_string(out, "instruction", "%s%s", fine ? insn->text : "(bad)", operand);
    out_close(out);
}

static void say_source_row(struct session *session, uint32_t address, unsigned *last)
{
    struct output *out = &session->out;
    struct image *image = session_image(session, address);
    const struct line_row *row = image == NULL ? NULL : image_line(image, address);
    if (row == NULL || row->line == *last)
        return;
    const char *text = source_line(&session->symbols, row->file, row->line);
    if (*last == 0)
        out_text(out, "%s:\n", say_file(row->file));
    if (text != NULL)
        out_text(out, "%s%u\t%s%s\n", out_style(out, OUT_DIM), row->line, text,
                 out_style(out, OUT_PLAIN));
    *last = row->line;
}

static bool say_range(struct session *session, uint32_t low, uint32_t high, const char *name,
                      bool raw, bool source)
{
    struct output *out = &session->out;
    unsigned last_line = 0;
    if (name != NULL)
        out_text(out, "Dump of assembler code for function %s:\n", name);
    out_array(out, "instructions");
    for (uint32_t address = low; address < high;) {
        struct arch_insn insn;
        uint8_t byte;
        if (!session_peek(session, address, &byte, 1)) {
            out_close(out);
            return out_error(out, "Cannot access memory at address 0x%" PRIx32, address);
        }
        if (source)
            say_source_row(session, address, &last_line);
        bool fine = show_instruction_at(session, address, &insn);
        insn.address = address;
        say_row(session, &insn, fine, raw, name, low);
        address += fine ? insn.size : 1;
        if (address < low)
            break;
    }
    out_close(out);
    out_text(out, "End of assembler dump.\n");
    return true;
}

bool cmd_disassemble(struct session *session, const struct command_args *args)
{
    uint32_t low, high;
    const char *name = NULL, *comma = strchr(args->text, ',');
    bool raw = strchr(args->format, 'r') != NULL, source = strchr(args->format, 's') != NULL;
    if (args->format[strspn(args->format, "rs")] != '\0')
        return out_error(&session->out, "Unknown modifier in /%s: r and s are known.",
                         args->format);
    if (comma != NULL) {
        char first[256];
        int64_t length;
        snprintf(first, sizeof first, "%.*s", (int)(comma - args->text), args->text);
        comma += 1 + strspn(comma + 1, " \t");
        if (!show_address_of(session, first, &low))
            return false;
        if (*comma == '+') {
            if (!session_number(session, comma + 1, &length))
                return false;
            high = low + (uint32_t)length;
        } else if (!show_address_of(session, comma, &high)) {
            return false;
        }
        return say_range(session, low, high, NULL, raw, source);
    }
    uint32_t address;
    if (*args->text != '\0') {
        if (!show_address_of(session, args->text, &address))
            return false;
    } else if (!session_needs_machine(session)) {
        return false;
    } else {
        address = frame_lookup_pc(frames_current(session));
    }
    if (!whole_of(session, address, &low, &high, &name))
        return out_error(&session->out,
                         "No function contains 0x%08" PRIx32
                         "; give a range: disassemble START,+LENGTH",
                         address);
    return say_range(session, low, high, name, raw, source);
}
