/* picture_paths: one call of a program by every path, one above the other on one scale of ticks. */
#include "debugger/gui/picture_paths.h"

#include <stdio.h>
#include <string.h>

#include "debugger/gui/picture.h"
#include "debugger/story_say.h"

#define LEFT  12
#define RIGHT (PICTURE_WIDTH - 12)
#define TOP   (5 * PICTURE_CELL_H / 2)
#define BLOCK (5 * PICTURE_CELL_H) /* of one path, the gap below it included */
#define BAR   18
#define LANE  20 /* of an entry of a page */
#define LANES 5

/* The parts of a bar: the library's own time, then the phases. */
struct part {
    const char *name;
    enum draw_ink ink;
    enum draw_fill fill;
};

static const struct part library = {"outside", INK_USER, FILL_HATCH};

static const struct part parts[STORY_PHASES] = {
    [PHASE_GATE] = {"gate", INK_CPU, FILL_SOLID},
    [PHASE_SAVE] = {"save", INK_SAVE, FILL_SOLID},
    [PHASE_TRAP] = {"trap", INK_STUB, FILL_SOLID},
    [PHASE_DISPATCH] = {"dispatch", INK_STUB, FILL_HATCH},
    [PHASE_HANDLER] = {"handler", INK_KERNEL, FILL_HATCH},
    [PHASE_RESTORE] = {"restore", INK_SAVE, FILL_SOLID},
    [PHASE_RETURN] = {"return", INK_CPU, FILL_SOLID},
};

struct block {
    struct draw_list *list;
    const struct watched_run *run;
    const struct watched_call *call;
    struct watched_sum sum;
    ticks scale; /* of the whole width */
    int y;
};

static ticks length_of(const struct watched_sum *sum)
{
    ticks length = sum->library;
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++)
        length += sum->ticks[phase];
    return length;
}

/* --- one path --------------------------------------------------------------------------------- */

static int draw_part(const struct block *b, int x, ticks length, const struct part *part)
{
    char text[80], number[32];
    int width = (int)((double)length / (double)b->scale * (RIGHT - LEFT));
    if (length == 0)
        return x;
    width = width < 2 ? 2 : width;
    draw_box(b->list, x, b->y + PICTURE_CELL_H + 2, width, BAR, part->ink, INK_NONE)->fill =
        part->fill;
    snprintf(text, sizeof text, "%s: %s ticks", part->name,
             story_say_ticks(length, number, sizeof number));
    draw_hit(b->list, x, b->y + PICTURE_CELL_H + 2, width, BAR, "", text);
    return x + width;
}

static void draw_bar(const struct block *b)
{
    int x = draw_part(b, LEFT, b->sum.library, &library);
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++)
        x = draw_part(b, x, b->sum.ticks[phase], &parts[phase]);
}

static int draw_number(const struct block *b, int x, ticks length, const char *name,
                       enum draw_ink ink)
{
    char number[32];
    int y = b->y + 2 * PICTURE_CELL_H;
    draw_text(b->list, x, y, ink, "%s", name)->bold = true;
    x += (draw_cells(name) + 1) * PICTURE_CELL_W;
    story_say_ticks(length, number, sizeof number);
    draw_text(b->list, x, y, INK_TEXT, "%s", number);
    return x + (draw_cells(number) + 1) * PICTURE_CELL_W;
}

static void draw_numbers(const struct block *b)
{
    int x = LEFT;
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++)
        if (b->sum.there[phase])
            x = draw_number(b, x, b->sum.ticks[phase],
                            phase == PHASE_GATE ? b->run->delivery : parts[phase].name,
                            parts[phase].ink);
    if (!b->call->open)
        draw_number(b, x, b->sum.library, library.name, library.ink);
}

static void draw_facts(const struct block *b)
{
    char text[80], number[32];
    const struct watched_trap *trap = watched_trap(b->run, b->call, 0);
    int y = b->y + 3 * PICTURE_CELL_H;
    draw_text(b->list, LEFT + 10 * PICTURE_CELL_W, b->y, INK_CPU, "%s",
              paths_trap_text(b->run, b->call, text, sizeof text))
        ->bold = true;
    draw_text(b->list, LEFT + 32 * PICTURE_CELL_W, b->y, INK_TEXT, "%u mode switch%s",
              b->sum.switches, b->sum.switches == 1 ? "" : "es");
    if (trap != NULL)
        draw_text(b->list, LEFT + 50 * PICTURE_CELL_W, b->y, INK_TEXT,
                  "words saved: %u by the CPU, %u by code", b->sum.words_cpu, b->sum.words_code);
    if (b->call->open)
        snprintf(text, sizeof text, "does not return");
    else
        snprintf(text, sizeof text, "%s ticks",
                 story_say_ticks(b->sum.whole, number, sizeof number));
    draw_text(b->list, RIGHT - draw_cells(text) * PICTURE_CELL_W, b->y, INK_TEXT, "%s", text)
        ->bold = true;
    if (trap == NULL)
        draw_text(b->list, LEFT, y, INK_DIM, "done without the kernel, or by a thread of it");
    else
        draw_text(b->list, LEFT, y, INK_KERNEL, "%s%s%s %s → %s", b->call->worker,
                  b->call->worker[0] == '\0' ? "" : " → ", trap->is_switch ? "switch in" : "table",
                  trap->dispatch,
                  trap->symbol[PHASE_HANDLER][0] == '\0' ? "?" : trap->symbol[PHASE_HANDLER]);
}

static void draw_block(const struct block *b)
{
    draw_text(b->list, LEFT, b->y, INK_TITLE, "%s", b->run->path)->bold = true;
    if (b->call == NULL) {
        draw_text(b->list, LEFT + 10 * PICTURE_CELL_W, b->y, INK_DIM, "makes no such call");
        return;
    }
    draw_bar(b);
    draw_numbers(b);
    draw_facts(b);
}

/* --- a page of calls -------------------------------------------------------------------------- */

/* By its number, which the profile gives a name: a free entry is empty, the program's are before
 * the kernel's, what is done is good. */
static struct part state_part(const struct watched_run *run, unsigned state)
{
    static const struct {
        const char *word;
        enum draw_ink ink;
        enum draw_fill fill;
    } looks[] = {
        {"FREE", INK_NONE, FILL_SOLID},       {"ALLOC", INK_USER, FILL_SOLID},
        {"SUBMITTED", INK_SAVE, FILL_HATCH},  {"BUSY", INK_KERNEL, FILL_SOLID},
        {"FSC_BLOCKED", INK_BAD, FILL_HATCH}, {"DONE", INK_GOOD, FILL_SOLID},
    };
    const char *name = paths_state_name(run, state);
    for (unsigned i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].word, name) == 0)
            return (struct part){name, looks[i].ink, looks[i].fill};
    return (struct part){name, INK_DIM, FILL_HATCH};
}

struct strip {
    struct draw_list *list;
    const struct watched_run *run;
    ticks from, to;
    int left, y;
};

static int x_of(const struct strip *s, ticks tick)
{
    ticks span = s->to > s->from ? s->to - s->from : 1;
    return s->left + (int)((double)(tick - s->from) / (double)span * (RIGHT - s->left));
}

static void draw_state(const struct strip *s, unsigned i)
{
    const struct watched_state *state = &s->run->state[i];
    ticks end = s->to;
    char text[80], number[32];
    for (unsigned j = i + 1; j < s->run->states && end == s->to; j++)
        if (s->run->state[j].entry == state->entry && !s->run->state[j].dropped)
            end = s->run->state[j].tick;
    struct part part = state_part(s->run, state->state);
    if (part.ink == INK_NONE || state->entry >= LANES || state->dropped)
        return;
    int x = x_of(s, state->tick), width = x_of(s, end) - x, y = s->y + state->entry * LANE;
    width = width < 2 ? 2 : width;
    draw_box(s->list, x, y + 2, width, LANE - 4, part.ink, INK_NONE)->fill = part.fill;
    snprintf(text, sizeof text, "entry %u: %s, %s ticks", state->entry, part.name,
             story_say_ticks(end - state->tick, number, sizeof number));
    draw_hit(s->list, x, y + 2, width, LANE - 4, "", text);
}

static void draw_legend(const struct strip *s, int y)
{
    char text[80];
    snprintf(text, sizeof text, "The page of %s, over time:", s->run->path);
    draw_text(s->list, LEFT, y, INK_TITLE, "%s", text)->bold = true;
    int x = LEFT + (draw_cells(text) + 1) * PICTURE_CELL_W;
    for (unsigned i = 0; i < s->run->state_names; i++) {
        struct part part = state_part(s->run, s->run->state_name[i].number);
        if (part.ink == INK_NONE)
            continue;
        draw_box(s->list, x, y + 5, 14, 14, part.ink, INK_NONE)->fill = part.fill;
        draw_text(s->list, x + 20, y, INK_TEXT, "%s", part.name);
        x += 20 + (draw_cells(part.name) + 1) * PICTURE_CELL_W;
    }
}

static void draw_page(struct draw_list *list, const struct watched_run *run, int y)
{
    struct strip s = {.list = list,
                      .run = run,
                      .from = run->state[0].tick,
                      .to = run->state[run->states - 1].tick,
                      .left = LEFT + 10 * PICTURE_CELL_W,
                      .y = y + PICTURE_CELL_H};
    draw_legend(&s, y);
    for (unsigned i = 0; i < run->entries && i < LANES; i++)
        draw_text(list, LEFT, s.y + (int)i * LANE - 2, INK_DIM, "entry %u", i);
    for (unsigned i = 0; i < run->states; i++)
        draw_state(&s, i);
    if (run->entries > LANES)
        draw_text(list, LEFT, s.y + LANES * LANE, INK_DIM, "and %u entries more",
                  run->entries - LANES);
}

/* --- the whole -------------------------------------------------------------------------------- */

void picture_paths(const struct paths *paths, const struct watched_call *const call[LAUNCH_PATHS],
                   struct draw_list *list)
{
    struct block block[LAUNCH_PATHS];
    ticks scale = 1;
    draw_begin(list, (struct draw_metrics){PICTURE_CELL_W, PICTURE_CELL_H}, PICTURE_WIDTH,
               PICTURE_HEIGHT);
    struct draw_item *title =
        draw_text(list, LEFT, 3, INK_TITLE, "%s", paths_call_text(paths, call));
    title->bold = true;
    title->w = RIGHT - LEFT - 30 * PICTURE_CELL_W;
    draw_text(list, RIGHT - 28 * PICTURE_CELL_W, 3, INK_DIM, "%s: by every path, in ticks",
              paths->options.machine)
        ->w = 28 * PICTURE_CELL_W;
    for (unsigned i = 0; i < paths->runs; i++) {
        block[i] = (struct block){
            .list = list, .run = &paths->run[i], .call = call[i], .y = TOP + (int)i * BLOCK};
        if (call[i] != NULL)
            watched_add(&block[i].sum, block[i].run, call[i]);
        ticks length = length_of(&block[i].sum);
        scale = length > scale ? length : scale;
    }
    int y = TOP + (int)paths->runs * BLOCK;
    for (unsigned i = 0; i < paths->runs; i++) {
        block[i].scale = scale + scale / 50; /* room for parts that are wider than their ticks */
        draw_block(&block[i]);
        if (paths->run[i].states > 0)
            draw_page(list, &paths->run[i], y);
    }
}
