/* pane_tables: the panes that show answers of commands: trapframe, processes, frames, page walk,
 * micro-steps. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/pane.h"
#include "debugger/story_say.h"

/* True: the answer is an error, which has been shown. */
static bool refused(const json_t *answer, struct draw_list *list, struct box box)
{
    const char *error = view_string(answer, "error");
    if (answer == NULL)
        error = "There is nothing to show: no profile says where this kernel keeps such things.";
    if (*error != '\0')
        pane_nothing(list, box, error);
    return *error != '\0';
}

/* --- trapframe -------------------------------------------------------------------------------- */

static enum draw_ink author_ink(const char *author)
{
    if (strncmp(author, "CPU", 3) == 0)
        return INK_CPU;
    if (strncmp(author, "vector", 6) == 0)
        return INK_STUB;
    return strncmp(author, "not", 3) == 0 ? INK_DIM : INK_SAVE;
}

#define LAST 28 /* column of what a word was at the last trap */

static void draw_last(const struct view *view, struct draw_list *list, struct box box, int row)
{
    const json_t *last = json_object_get(view->trapframe, "last_trap");
    const char *what = view_string(last, "what"), *why = view_string(last, "why");
    char tick[32] = "";
    bool known = view_true(last, "known");
    if (known)
        story_say_ticks((uint64_t)view_number(last, "tick"), tick, sizeof tick);
    pane_text(list, box, 0, row, INK_DIM, "≠ last trap: %s%s%s%s%s", what, known ? " at tick " : "",
              tick, known && *why != '\0' ? "; " : "", why);
}

/* The last thing that has happened brought it: what a quiz asks for. */
static bool is_newest(const struct view *view, const json_t *word)
{
    const struct scene *scene = view->scene;
    int64_t address = view_number(word, "address");
    for (unsigned i = 0; scene != NULL && i < scene->words; i++)
        if (scene->word[i].address == address)
            return scene->word[i].beat == view->beat || scene->word[i].changed_beat == view->beat;
    return false;
}

/* "CPU: push EFLAGS"; without room for which of its steps it was, "CPU". */
static void draw_author(const char *author, struct draw_list *list, struct box box, int column,
                        int row)
{
    bool fits = draw_cells(author) <= pane_columns(list, box) - column;
    pane_text(list, box, column, row, author_ink(author), "%.*s",
              fits ? 24 : (int)strcspn(author, ":"), author);
}

static void draw_word(const struct view *view, const json_t *word, struct draw_list *list,
                      struct box box, int row)
{
    const char *author = view_string(word, "pushed_by"), *since = view_string(word, "since");
    int columns = pane_columns(list, box);
    bool there =
        json_object_get(word, "value") != NULL && json_is_integer(json_object_get(word, "value"));
    bool changed = there && strncmp(since, "was ", 4) == 0;
    bool asked = view->hide && there && is_newest(view, word);
    char value[24];
    snprintf(value, sizeof value, there ? "%08" PRIx64 : "........",
             (uint64_t)view_number(word, "value"));
    draw_box(list, box.x, box.y + row * list->metrics.cell_h + 2, list->metrics.cell_w / 2,
             list->metrics.cell_h - 4, author_ink(author), INK_NONE);
    pane_text(list, box, 1, row, INK_DIM, "%08" PRIx32, (uint32_t)view_number(word, "address"));
    pane_text(list, box, 10, row, INK_TEXT, "%-8.8s", view_string(word, "field"))->bold = true;
    pane_value(view, list, box, 19, row, changed || asked, there ? INK_TEXT : INK_DIM, value);
    if (!asked && json_is_integer(json_object_get(word, "last")))
        pane_text(list, box, LAST, row, INK_CHANGED, "≠%0*" PRIx64, (int)strlen(value),
                  (uint64_t)view_number(word, "last"));
    int meaning = columns >= 86 ? 24 : 16, at = LAST + 10;
    struct box narrow = {box.x, box.y, (at + meaning) * list->metrics.cell_w, box.h};
    if (!asked)
        pane_text(list, narrow, at, row, INK_TEXT, "%s", view_string(word, "meaning"));
    at += meaning + 1;
    draw_author(author, list, box, at, row);
    at += 25;
    if (columns > at + 8)
        pane_text(list, box, at, row, changed ? INK_CHANGED : INK_DIM, "%s", since);
}

void pane_trapframe(const struct view *view, const struct pane_state *state, struct draw_list *list,
                    struct box box)
{
    if (refused(view->trapframe, list, box))
        return;
    const json_t *words = json_object_get(view->trapframe, "words");
    int count = (int)json_array_size(words), rows = pane_rows(list, box) - 2;
    pane_text(list, box, 0, 0, INK_DIM, "%s at %08" PRIx32 ", of pid %" PRId64 " %s%s",
              view_string(view->trapframe, "type"),
              (uint32_t)view_number(view->trapframe, "address"),
              view_number(view->trapframe, "pid"), view_string(view->trapframe, "program"),
              view_true(view->trapframe, "returned") ? ", over: as it was at the return" : "");
    draw_last(view, list, box, 1);
    int first = pane_first_row(state, count, rows);
    for (int i = 0; i < rows && first + i < count; i++)
        draw_word(view, json_array_get(words, (size_t)(first + i)), list, box, i + 2);
}

/* --- processes -------------------------------------------------------------------------------- */

void pane_processes(const struct view *view, const struct pane_state *state, struct draw_list *list,
                    struct box box)
{
    if (refused(view->processes, list, box))
        return;
    const json_t *all = json_object_get(view->processes, "processes");
    int count = (int)json_array_size(all), rows = pane_rows(list, box) - 1;
    pane_text(list, box, 0, 0, INK_DIM, "   pid parent  state       name            space");
    int first = pane_first_row(state, count, rows);
    for (int i = 0; i < rows && first + i < count; i++) {
        const json_t *process = json_array_get(all, (size_t)(first + i));
        bool here = *view_string(process, "current") != '\0';
        if (here)
            pane_mark(list, box, i + 1);
        pane_text(list, box, 0, i + 1, INK_TEXT, "%s", here ? "▶" : " ");
        pane_text(list, box, 2, i + 1, INK_TEXT, "%4" PRId64 " %6" PRId64 "  %-11.11s %-15.15s",
                  view_number(process, "pid"), view_number(process, "parent"),
                  view_string(process, "state"), view_string(process, "name"))
            ->bold = here;
        pane_text(list, box, 43, i + 1, INK_DIM, "%08" PRIx32,
                  (uint32_t)view_number(process, "space"));
    }
}

/* --- frames ----------------------------------------------------------------------------------- */

static const char *file_of(const json_t *frame)
{
    const char *file = view_string(frame, "file"), *slash = strrchr(file, '/');
    return slash == NULL ? file : slash + 1;
}

void pane_frames(const struct view *view, const struct pane_state *state, struct draw_list *list,
                 struct box box)
{
    if (refused(view->frames, list, box))
        return;
    const json_t *all = json_object_get(view->frames, "frames");
    int count = (int)json_array_size(all), rows = pane_rows(list, box);
    int first = pane_first_row(state, count, rows);
    bool user = !view->kernel;
    for (int i = 1; i < first; i++)
        user |= view_true(json_array_get(all, (size_t)i), "trapped");
    for (int row = 0, i = first; row < rows && i < count; i++, row++) {
        const json_t *frame = json_array_get(all, (size_t)i);
        const char *name = view_string(frame, "function");
        char action[32], line[16] = "";
        user |= view_true(frame, "trapped") && i > 0;
        if (view_true(frame, "trapped") && i > 0 && row < rows)
            pane_text(list, box, 0, row++, INK_CPU, "    ─── a trap ───");
        if (row >= rows)
            break;
        if (json_object_get(frame, "line") != NULL)
            snprintf(line, sizeof line, ":%" PRId64, view_number(frame, "line"));
        pane_text(list, box, 0, row, INK_DIM, "#%-2d", i);
        pane_text(list, box, 4, row, user ? INK_USER : INK_KERNEL, "%-18.18s",
                  *name == '\0' ? "??" : name)
            ->bold = i == 0;
        pane_text(list, box, 23, row, INK_TEXT, "%s%s", file_of(frame), line);
        snprintf(action, sizeof action, "frame %d", i);
        draw_hit(list, box.x, box.y + row * list->metrics.cell_h, box.w, list->metrics.cell_h,
                 action, action);
    }
}

/* --- page walk -------------------------------------------------------------------------------- */

static int draw_entry(const json_t *entry, const char *name, struct draw_list *list, struct box box,
                      int row)
{
    if (entry == NULL)
        return row;
    bool present = view_number(entry, "value") & 1;
    pane_text(list, box, 0, row, present ? INK_GOOD : INK_BAD, "%s %s[%" PRId64 "]",
              present ? "✔" : "✘", name, view_number(entry, "index"));
    pane_text(list, box, 13, row, INK_DIM, "at %08" PRIx32,
              (uint32_t)view_number(entry, "address"));
    pane_text(list, box, 26, row, INK_TEXT, "%08" PRIx32, (uint32_t)view_number(entry, "value"))
        ->bold = true;
    pane_text(list, box, 2, row + 1, INK_DIM, "%s", view_string(entry, "bits"));
    return row + 2;
}

void pane_walk(const struct view *view, const struct pane_state *state, struct draw_list *list,
               struct box box)
{
    if (view->walk_text[0] != '\0') {
        pane_lines(view->walk_text, state, list, box);
        return;
    }
    if (refused(view->walk, list, box))
        return;
    const json_t *walk = view->walk;
    pane_text(list, box, 0, 0, INK_TEXT, "%s %08" PRIx32 "   CR3 %08" PRIx32, view->walk_of,
              (uint32_t)view_number(walk, "linear"), (uint32_t)view_number(walk, "cr3"))
        ->bold = true;
    int row = draw_entry(json_object_get(walk, "pde"), "PDE", list, box, 1);
    row = draw_entry(json_object_get(walk, "pte"), "PTE", list, box, row);
    if (*view_string(walk, "stopped") != '\0')
        pane_text(list, box, 0, row, INK_BAD, "stopped: %s", view_string(walk, "stopped"));
    else if (json_object_get(walk, "user") == NULL)
        pane_text(list, box, 0, row, INK_GOOD, "= physical %08" PRIx32 "  paging is off",
                  (uint32_t)view_number(walk, "physical"));
    else
        pane_text(list, box, 0, row, INK_GOOD, "= physical %08" PRIx32 "  %s, %s",
                  (uint32_t)view_number(walk, "physical"),
                  view_true(walk, "user") ? "user" : "kernel only",
                  view_true(walk, "writable") ? "writable" : "read only");
}

/* --- micro-steps ------------------------------------------------------------------------------ */

void pane_steps(const struct view *view, const struct pane_state *state, struct draw_list *list,
                struct box box)
{
    const json_t *all = json_object_get(view->steps, "steps");
    int count = (int)json_array_size(all), rows = pane_rows(list, box);
    if (count == 0) {
        pane_nothing(list, box, "No trap has been delivered yet.");
        return;
    }
    bool within = view->now.micro > 0;
    int done = (int)view_number(view->steps, "done");
    int first = done - rows * 2 / 3 + state->scroll;
    if (first > count - rows)
        first = count - rows;
    if (first < 0)
        first = 0;
    for (int i = 0; i < rows && first + i < count; i++) {
        const json_t *step = json_array_get(all, (size_t)(first + i));
        bool last = within && first + i == done - 1, failed = view_true(step, "failed");
        bool ahead = first + i >= done;
        char lines[64], title[32];
        if (last)
            pane_mark(list, box, i);
        view_step_lines(view, (size_t)(first + i + 1), lines, sizeof lines);
        snprintf(title, sizeof title, "to micro-step %d", first + i + 1);
        draw_hit(list, box.x, box.y + i * list->metrics.cell_h, box.w, list->metrics.cell_h, lines,
                 title);
        pane_text(list, box, 0, i, INK_DIM, "%2d", first + i + 1);
        pane_text(list, box, 3, i,
                  ahead    ? INK_DIM
                  : failed ? INK_BAD
                           : INK_CPU,
                  "%-20.20s", view_string(step, "name"))
            ->bold = last;
        pane_text(list, box, 24, i,
                  ahead    ? INK_DIM
                  : failed ? INK_BAD
                           : INK_TEXT,
                  "%s%s", view_string(step, "detail"), failed ? "  ✘" : "");
    }
}
