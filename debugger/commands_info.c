/* commands_info: registers, symbols, lines and images. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

bool cmd_info(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    if (*args->text != '\0')
        return out_error(out, "Undefined info command: \"%s\".  Try \"info\".", args->text);
    out_text(out, "info is followed by one of:\n");
    out_array(out, "topics");
    for (unsigned i = 0; i < commands_count; i++) {
        if (strncmp(commands[i].name, "info ", 5) != 0)
            continue;
        out_text(out, "  %-18s %s\n", commands[i].name, commands[i].help);
        out_string(out, NULL, "%s", commands[i].name + 5);
    }
    out_close(out);
    return true;
}

/* --- registers -------------------------------------------------------------------------------- */

static void register_row(struct session *session, const struct cpu_register *r, uint64_t value)
{
    struct output *out = &session->out;
    char words[160] = "";
    const struct arch *arch = session->arch;
    bool address = strcmp(r->name, arch_register(arch, arch->pc)) == 0 ||
                   strcmp(r->name, arch_register(arch, arch->sp)) == 0 ||
                   strcmp(r->name, arch_register(arch, arch->fp)) == 0 ||
                   strcmp(r->name, arch_register(arch, arch->link)) == 0;
    if (address)
        session_symbol(session, (uint32_t)value, words, sizeof words);
    else if (!arch->register_meaning(session->cpu, r->name, (uint32_t)value, words, sizeof words) &&
             r->bits == 32 && strcmp(r->group, "general") == 0)
        snprintf(words, sizeof words, "%" PRId32, (int32_t)value);
    out_cell(out, "%s", r->name);
    out_cell_number(out, (int64_t)value, "0x%0*" PRIx64, (r->bits + 3) / 4, value);
    out_cell(out, "%s", words);
}

static bool wanted(const struct cpu_register *r, const char *names)
{
    char word[32];
    if (*names == '\0')
        return strcmp(r->group, "general") == 0 || strchr(r->name, '.') == NULL;
    while (command_word(&names, word, sizeof word) != NULL) {
        const char *name = word[0] == '$' ? word + 1 : word;
        if (strcmp(name, r->name) == 0 || strcmp(name, r->group) == 0 || strcmp(name, "all") == 0)
            return true;
    }
    return false;
}

static bool known_names(struct session *session, const char *names)
{
    char word[32];
    while (command_word(&names, word, sizeof word) != NULL) {
        bool known = false;
        for (const struct cpu_register *r = session->cpu->ops->registers; r->name != NULL; r++)
            known |= wanted(r, word);
        if (!known)
            return out_error(&session->out, "Invalid register `%s'", word);
    }
    return true;
}

/* The registers that were saved by the frames further in, where they are known. */
static bool value_in_frame(struct session *session, const struct cpu_register *r, unsigned number,
                           uint64_t *value)
{
    const struct frame *frame = frames_current(session);
    for (unsigned i = 0; !frame->innermost && i < session->arch->registers; i++) {
        const char *name = session->arch->register_names[i];
        if (name == NULL || strcmp(name, r->name) != 0)
            continue;
        *value = frame->reg[i];
        return (frame->known >> i & 1) != 0;
    }
    return session->cpu->ops->reg_get(session->cpu, number, value);
}

bool cmd_info_registers(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {{"", "name", false, OUT_VARIABLE},
                                                {"", "value", false, OUT_PLAIN},
                                                {"", "meaning", false, OUT_DIM}};
    if (!session_needs_machine(session) || !known_names(session, args->text))
        return false;
    const struct cpu_register *registers = session->cpu->ops->registers;
    out_table(&session->out, "registers", 0, columns, 3);
    for (unsigned i = 0; registers[i].name != NULL; i++) {
        uint64_t value;
        bool all = strcmp(args->text, "") == 0;
        bool shown = wanted(&registers[i], args->text);
        /* Without names: what a program sees, not the system's tables. */
        if (all && strcmp(registers[i].group, "general") != 0 &&
            strcmp(registers[i].group, "segment") != 0)
            shown = false;
        if (shown && value_in_frame(session, &registers[i], i, &value))
            register_row(session, &registers[i], value);
    }
    out_table_end(&session->out);
    return true;
}

/* --- symbols and lines ------------------------------------------------------------------------ */

bool cmd_info_symbol(struct session *session, const struct command_args *args)
{
    uint32_t address;
    char words[256];
    if (*args->text == '\0')
        return out_error(&session->out, "Argument required (address).");
    if (!show_address_of(session, args->text, &address))
        return false;
    struct image *image = session_image(session, address);
    session_symbol(session, address, words, sizeof words);
    if (words[0] == '\0')
        return out_error(&session->out, "No symbol matches %s.", args->text);
    out_text(&session->out, "%s of %s\n", words, image->name);
    out_string(&session->out, "symbol", "%s", words);
    out_string(&session->out, "image", "%s", image->name);
    return true;
}

bool cmd_info_line(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    uint32_t address[POINT_LOCATIONS];
    struct image *image[POINT_LOCATIONS];
    unsigned found = 1;
    char from[128], to[128];
    if (*args->text != '\0') {
        found = session_location(session, args->text, address, image, POINT_LOCATIONS);
    } else {
        if (!session_needs_machine(session))
            return false;
        address[0] = frame_lookup_pc(frames_current(session));
    }
    out_array(out, "lines");
    for (unsigned i = 0; i < found; i++) {
        struct image *where = session_image(session, address[i]);
        if (where == NULL && *args->text != '\0')
            where = image[i];
        const struct line_row *row = where == NULL ? NULL : image_line(where, address[i]);
        if (row == NULL) {
            out_text(out, "No line number information available for address 0x%08" PRIx32 "\n",
                     address[i]);
            continue;
        }
        image_describe(where, row->address, from, sizeof from);
        image_describe(where, row->end, to, sizeof to);
        out_text(out,
                 "Line %u of \"%s\" starts at address 0x%08" PRIx32 " <%s> and ends at "
                 "0x%08" PRIx32 " <%s>.\n",
                 row->line, say_file(row->file), row->address, from, row->end, to);
        out_object(out, NULL);
        out_string(out, "file", "%s", row->file);
        out_number(out, "line", row->line);
        out_number(out, "start", row->address);
        out_number(out, "end", row->end);
        out_close(out);
    }
    out_close(out);
    return found > 0;
}

bool cmd_info_source(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    (void)args;
    if (!session_needs_machine(session))
        return false;
    const struct frame *frame = frames_current(session);
    const struct line_row *row =
        frame->image == NULL ? NULL : image_line(frame->image, frame_lookup_pc(frame));
    if (row == NULL)
        return out_error(out, "No source file is known for this frame.");
    unsigned lines = source_lines(&session->symbols, row->file);
    out_text(out, "Current source file is %s, line %u\nIt belongs to %s (%s).\n", row->file,
             row->line, frame->image->name, frame->image->path);
    if (lines == 0)
        out_text(out, "The file itself cannot be read here.\n");
    else
        out_text(out, "Contains %u lines.\n", lines);
    out_string(out, "file", "%s", row->file);
    out_number(out, "line", row->line);
    out_number(out, "lines", lines);
    return true;
}

static const char *const kinds[] = {"kernel", "program", "firmware"};

bool cmd_info_images(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {
        {"Name", "name", false, OUT_PLAIN},      {"Kind", "kind", false, OUT_PLAIN},
        {"From", "low", false, OUT_ADDRESS},     {"To", "high", false, OUT_ADDRESS},
        {"Symbols", "symbols", true, OUT_PLAIN}, {"Lines", "rows", true, OUT_PLAIN},
        {"File", "path", false, OUT_FILE},
    };
    struct output *out = &session->out;
    (void)args;
    out_table(out, "images", 0, columns, sizeof columns / sizeof *columns);
    for (unsigned i = 0; i < session->symbols.used; i++) {
        const struct image *image = session->symbols.image[i];
        out_cell(out, "%s", image->name);
        out_cell(out, "%s", kinds[image->kind]);
        out_cell_number(out, image->low, "0x%08" PRIx32, image->low);
        out_cell_number(out, image->high, "0x%08" PRIx32, image->high);
        out_cell_number(out, image->symbols, "%u", image->symbols);
        out_cell_number(out, image->rows, "%u", image->rows);
        out_cell(out, "%s", image->path);
    }
    out_table_end(out);
    return true;
}
