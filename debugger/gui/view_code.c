/* view_code: the source around the present line, its instructions, and how we came here. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/view.h"
#include "debugger/show.h"

#define SOURCE_BEFORE 40u /* lines of source on each side of the present one */
#define SOURCE_AFTER  40u
#define INSNS_BEFORE  24u /* instructions, where there is no source */
#define INSNS_AFTER   48u
#define LINE_INSNS    24u /* of the present source line */

static struct view_line *add(struct view *view)
{
    if (view->lines == VIEW_LINES)
        return NULL;
    struct view_line *line = &view->line[view->lines++];
    *line = (struct view_line){0};
    return line;
}

static void expand_tabs(const char *from, char *to, size_t room)
{
    size_t used = 0;
    for (; *from != '\0' && used + 5 < room; from++) {
        if (*from != '\t') {
            to[used++] = *from;
            continue;
        }
        do
            to[used++] = ' ';
        while (used % 4 != 0 && used + 5 < room);
    }
    to[used] = '\0';
}

static unsigned breakpoint_at(const struct session *session, uint32_t address)
{
    for (unsigned i = 0; i < POINTS; i++) {
        const struct point *point = &session->stops.point[i];
        for (unsigned j = 0; point->number != 0 && point->enabled && j < point->locations; j++)
            if (point->location[j].address == address)
                return point->number;
    }
    return 0;
}

/* One instruction; answers where the next begins, `address` itself = nothing readable there. */
static uint32_t add_instruction(struct view *view, struct session *session, uint32_t address)
{
    struct arch_insn insn;
    char symbol[128];
    if (!show_instruction_at(session, address, &insn))
        return address;
    struct view_line *line = add(view);
    if (line == NULL)
        return address;
    line->address = address;
    show_operand_symbol(session, &insn, symbol, sizeof symbol);
    const char *tab = strchr(insn.text, '\t');
    if (tab == NULL)
        snprintf(line->text, sizeof line->text, "%.60s", insn.text);
    else
        snprintf(line->text, sizeof line->text, "%-7.*s %.90s%.90s", (int)(tab - insn.text),
                 insn.text, tab + 1, symbol);
    line->present = address == view->pc;
    if (line->present)
        view->present = view->lines - 1;
    line->breakpoint = breakpoint_at(session, address);
    return address + insn.size;
}

/* Where the instructions of the row at pc begin: its own address, never behind pc. */
static void add_row(struct view *view, struct session *session, const struct image *image,
                    const struct line_row *row)
{
    uint32_t offset = view->pc - image_linked(image, view->pc);
    uint32_t address = row->address + offset, end = row->end + offset;
    if (view->pc - address > 16 * LINE_INSNS)
        address = view->pc;
    for (unsigned i = 0; i < LINE_INSNS && address < end; i++) {
        uint32_t next = add_instruction(view, session, address);
        if (next == address)
            break;
        /* Decoding went past pc: what begins there is what runs. */
        if (address < view->pc && next > view->pc)
            next = view->pc;
        address = next;
    }
}

static unsigned source_breakpoint(struct session *session, const struct line_row *row,
                                  unsigned number)
{
    for (unsigned i = 0; i < POINTS; i++) {
        const struct point *point = &session->stops.point[i];
        for (unsigned j = 0; point->number != 0 && point->enabled && j < point->locations; j++) {
            struct image *image = session_image(session, point->location[j].address);
            const struct line_row *at =
                image == NULL ? NULL : image_line(image, point->location[j].address);
            if (at != NULL && at->line == number && strcmp(at->file, row->file) == 0)
                return point->number;
        }
    }
    return 0;
}

static void gather_source(struct view *view, struct session *session, const struct image *image,
                          const struct line_row *row)
{
    unsigned first = row->line > SOURCE_BEFORE ? row->line - SOURCE_BEFORE : 1;
    for (unsigned n = first; n <= row->line + SOURCE_AFTER; n++) {
        const char *text = source_line(&session->symbols, row->file, n);
        struct view_line *line = text == NULL ? NULL : add(view);
        if (line == NULL)
            break;
        line->source = true;
        line->number = n;
        expand_tabs(text, line->text, sizeof line->text);
        line->breakpoint = source_breakpoint(session, row, n);
        if (n != row->line)
            continue;
        line->present = true;
        view->present = view->lines - 1;
        add_row(view, session, image, row);
    }
}

/* Instructions of a stretch without source: from the symbol's beginning, or from pc. */
static void gather_instructions(struct view *view, struct session *session,
                                const struct image *image)
{
    const struct symbol *symbol = image == NULL ? NULL : image_symbol(image, view->pc);
    uint32_t address = view->pc, start = view->pc;
    if (symbol != NULL) {
        start = symbol->address + (view->pc - image_linked(image, view->pc));
        uint32_t window = 8 * INSNS_BEFORE;
        for (address = start; view->pc - address > window;) {
            struct arch_insn insn;
            if (!show_instruction_at(session, address, &insn) || insn.size == 0) {
                address = view->pc;
                break;
            }
            address += insn.size;
        }
        if (address > view->pc)
            address = view->pc;
    }
    for (unsigned i = 0; i < INSNS_BEFORE * 8 + INSNS_AFTER && view->lines < VIEW_LINES; i++) {
        uint32_t next = add_instruction(view, session, address);
        if (next == address || (address > view->pc && view->lines - view->present > INSNS_AFTER))
            break;
        address = address < view->pc && next > view->pc ? view->pc : next;
    }
}

/* Who called, or what was interrupted. */
static void gather_why(struct view *view, struct session *session)
{
    char where[VIEW_TEXT - 40];
    view->code_why[0] = '\0';
    if (view->now.micro > 0 || frames_unwind(session) < 2)
        return;
    const struct frame *caller = &session->frame[1];
    session_describe(session, frame_lookup_pc(caller), where, sizeof where);
    if (caller->trapped)
        snprintf(view->code_why, sizeof view->code_why, "trapped out of %s", where);
    else
        snprintf(view->code_why, sizeof view->code_why, "called from %s", where);
}

void view_gather_code(struct view *view, struct session *session)
{
    struct image *image = session_image(session, view->pc);
    const struct line_row *row = image == NULL ? NULL : image_line(image, view->pc);
    bool source = row != NULL && source_line(&session->symbols, row->file, row->line) != NULL;
    char symbol[100];
    view->lines = view->present = 0;
    session_symbol(session, view->pc, symbol, sizeof symbol);
    snprintf(view->code_title, sizeof view->code_title, "%s%s%s",
             row == NULL ? "" : say_file(row->file), row == NULL ? "" : "  ",
             symbol[0] != '\0' ? symbol : "no symbols");
    if (source)
        gather_source(view, session, image, row);
    else
        gather_instructions(view, session, image);
    gather_why(view, session);
}
