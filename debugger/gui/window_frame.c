/* window_frame: the picture of the window: composed of regions, of which only those are painted
 * that have changed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "debugger/gui/keys.h"
#include "debugger/gui/window_parts.h"
#include "debugger/story_say.h"

#define COLUMNS 64 /* 1280 / 20: pixels of width for one of the font's size, at scale 1 */
#define ROWS    36 /* 720 / 20 */

/* --- places ----------------------------------------------------------------------------------- */

static void give(struct window *window, unsigned region, struct box box)
{
    struct region_picture *picture = &window->picture[region];
    picture->box = box;
    picture->used = box.w > 0 && box.h > 0;
    picture->hash = 0;
}

struct placing {
    struct window *window;
};

static void give_pane(void *context, const struct layout_node *node, unsigned pane)
{
    struct placing *placing = context;
    give(placing->window, REGION_PANES + pane, node->box);
}

static void choose_font(struct window *window)
{
    const char *why;
    int by_width = window->screen.size.w / COLUMNS, by_height = window->screen.size.h / ROWS;
    double pixels = (by_width < by_height ? by_width : by_height) * window->scale;
    painter_resize(window->painter, pixels < 9 ? 9u : (unsigned)pixels, &why);
}

void window_place(struct window *window)
{
    screen_surface(&window->screen);
    choose_font(window);
    struct draw_metrics cell = painter_metrics(window->painter);
    int pad = cell.cell_h / 4, w = window->screen.size.w, h = window->screen.size.h;
    int header = 2 * cell.cell_h + pad, buttons = cell.cell_h + 2 * pad;
    int bar = 3 * cell.cell_h;
    for (unsigned i = 0; i < REGIONS; i++)
        window->picture[i].used = false;
    give(window, REGION_HEADER, (struct box){0, 0, w, header});
    give(window, REGION_TIMEBAR, (struct box){0, h - buttons - bar, w, bar});
    give(window, REGION_BUTTONS, (struct box){0, h - buttons, w, buttons});
    struct box middle = {0, header, w, h - header - bar - buttons};
    if (middle.h < 0)
        middle.h = 0;
    layout_place(&window->layout, middle, cell.cell_w, cell.cell_h);
    struct placing placing = {window};
    if (window->zoomed >= 0)
        give(window, REGION_PANES + (unsigned)window->zoomed, middle);
    else
        layout_each(&window->layout, give_pane, &placing);
    window->stale = true;
}

/* --- header ----------------------------------------------------------------------------------- */

/* What is being done, and how far it is. */
static void compose_progress(const struct view *view, struct draw_list *list, int x, int y)
{
    char tick[40], far[64] = "";
    if (view->searching) {
        story_say_ticks(view->searched, tick, sizeof tick);
        snprintf(far, sizeof far, "   at tick %s", tick);
    }
    draw_text(list, x, y, INK_GOOD, "%s%s   Esc %s", view->command, far,
              view->searching ? "interrupts" : "pauses")
        ->bold = true;
}

static void compose_header(const struct window *window, struct draw_list *list, struct box box)
{
    const struct view *view = &window->view;
    struct draw_metrics cell = list->metrics;
    int pad = cell.cell_h / 8, y = box.y + pad, x = cell.cell_w;
    char tick[40];
    enum draw_ink mode = view->kernel ? INK_KERNEL : INK_USER;
    draw_box(list, box.x, box.y, box.w, box.h, INK_PANEL, INK_NONE);
    int badge = (draw_cells(view->mode) + 2) * cell.cell_w;
    draw_box(list, x, y, badge, cell.cell_h, mode, INK_NONE);
    draw_text(list, x + cell.cell_w, y, INK_PAPER, "%s", view->mode)->bold = true;
    x += badge + cell.cell_w;
    draw_text(list, x, y, INK_TEXT, "%s", view->process)->bold = true;
    x += (draw_cells(view->process) + 2) * cell.cell_w;
    draw_text(list, x, y, INK_DIM, "tick");
    story_say_ticks(view->now.tick, tick, sizeof tick);
    x += 5 * cell.cell_w;
    draw_text(list, x, y, INK_TEXT, "%s", tick)->bold = true;
    x += (draw_cells(tick) + 2) * cell.cell_w;
    bool past = view->now.micro > 0 /* one ahead is a trap's instruction */
                    ? timeline_compare(view->now, view->frontier) < 0
                    : view->now.count + 1 < view->frontier.count;
    const char *when = view->searching ? "under way"
                       : view->running ? "running"
                       : past          ? "in the past"
                                       : "the latest moment";
    draw_text(list, x, y,
              view->running ? INK_GOOD
              : past        ? INK_CPU
                            : INK_DIM,
              "%s", when)
        ->bold = view->running || past;
    if (window->quiz) {
        x += (draw_cells(when) + 2) * cell.cell_w;
        draw_text(list, x, y, INK_BAD, "%s", view->hide ? "quiz: a tells" : "quiz")->bold = true;
    }
    if (view->running)
        compose_progress(view, list, cell.cell_w, y + cell.cell_h);
    else
        draw_text(list, cell.cell_w, y + cell.cell_h, view->reason_ink, "%s",
                  view->hide && view->now.micro > 0 ? "what does the processor do next?"
                                                    : view->reason)
            ->bold = true;
    draw_line(list, box.x, box.y + box.h - 1, box.x + box.w, box.y + box.h - 1, INK_EDGE);
}

/* --- buttons ---------------------------------------------------------------------------------- */

/* What a button says and does now. */
struct button {
    const char *label, *action;
    bool on;
};

static struct button button_of(const struct window *window, const struct key *key)
{
    bool stops = (strcmp(key->action, "play") == 0 && window->playing) ||
                 (strcmp(key->action, "continue") == 0 && window->view.running);
    bool on = stops || (strcmp(key->action, "quiz") == 0 && window->quiz) ||
              (strcmp(key->action, "zoom") == 0 && window->zoomed >= 0);
    return (struct button){stops ? "pause" : key->button, stops ? "pause" : key->action, on};
}

static int button_width(const struct button *button, struct draw_metrics cell)
{
    return (draw_cells(button->label) + 1) * cell.cell_w;
}

static void draw_button(const struct window *window, const struct key *key, struct draw_list *list,
                        struct box box, int x)
{
    struct draw_metrics cell = list->metrics;
    struct button button = button_of(window, key);
    char title[120];
    int w = button_width(&button, cell), y = box.y + cell.cell_h / 4;
    draw_box(list, x, y - 2, w, cell.cell_h + 4, button.on ? INK_MARK : INK_PAPER, INK_EDGE);
    draw_text(list, x + cell.cell_w / 2, y, INK_TEXT, "%s", button.label)->bold = button.on;
    snprintf(title, sizeof title, "%s  %s", key->chord, key->help);
    draw_hit(list, x, box.y, w, box.h, button.action, title);
}

/* The last one, the list of keys, is there however little room there is: from it all is reached. */
static void compose_buttons(const struct window *window, struct draw_list *list, struct box box)
{
    struct draw_metrics cell = list->metrics;
    int x = cell.cell_w / 2, last = 0;
    draw_box(list, box.x, box.y, box.w, box.h, INK_PANEL, INK_NONE);
    for (unsigned i = 0; i < keys_count; i++)
        if (keys[i].button[0] != '\0')
            last = (int)i;
    struct button keys_button = button_of(window, &keys[last]);
    int room = box.w - button_width(&keys_button, cell) - cell.cell_w;
    for (int i = 0; i < last; i++) {
        if (keys[i].button[0] == '\0')
            continue;
        struct button button = button_of(window, &keys[i]);
        if (x + button_width(&button, cell) > room)
            break;
        draw_button(window, &keys[i], list, box, x);
        x += button_width(&button, cell) + cell.cell_w / 2;
    }
    draw_button(window, &keys[last], list, box, x);
}

/* --- panes ------------------------------------------------------------------------------------ */

/* The panes that share a place with this one, itself among them. */
static unsigned sharing(const struct window *window, unsigned pane, unsigned number[])
{
    const struct layout_node *node =
        window->zoomed >= 0 ? NULL : layout_seen(&window->layout, pane);
    number[0] = pane;
    if (node == NULL || node->kind != LAYOUT_TABS)
        return 1;
    for (unsigned i = 0; i < node->parts; i++)
        number[i] = window->layout.node[node->part[i]].pane;
    return node->parts;
}

/* Its own title, and those of all that share its place: cut short when there is no room. */
static void compose_title(const struct window *window, unsigned pane, struct draw_list *list,
                          struct box box)
{
    struct draw_metrics cell = list->metrics;
    unsigned number[LAYOUT_PARTS], parts = sharing(window, pane, number);
    int x = box.x + cell.cell_w / 2, all = cell.cell_w;
    draw_box(list, box.x, box.y, box.w, cell.cell_h, INK_PANEL, INK_NONE);
    for (unsigned i = 0; i < parts; i++)
        all += (draw_cells(panes[number[i]].title) + 1) * cell.cell_w + cell.cell_w / 2;
    for (unsigned i = 0; i < parts; i++) {
        const struct pane *other = &panes[number[i]];
        char action[40], title[160], name[40];
        bool front = number[i] == pane;
        snprintf(name, sizeof name, "%.*s", all > box.w && !front ? 3 : 30, other->title);
        int w = (draw_cells(name) + 1) * cell.cell_w;
        if (front)
            draw_box(list, x, box.y, w, cell.cell_h, INK_PAPER, INK_NONE);
        draw_text(list, x + cell.cell_w / 2, box.y, front ? INK_TITLE : INK_DIM, "%s", name)->bold =
            front;
        snprintf(action, sizeof action, "pane %s", other->name);
        snprintf(title, sizeof title, "Alt+%s  %s", other->key, other->help);
        draw_hit(list, x, box.y, w, cell.cell_h, action, title);
        x += w + cell.cell_w / 2;
    }
    if (strcmp(panes[pane].name, "code") == 0 && !window->view.running)
        draw_text_in(list, x + cell.cell_w, box.y, box.x + box.w - x - cell.cell_w, INK_TEXT,
                     window->view.code_title);
}

static void compose_pane(const struct window *window, unsigned pane, struct draw_list *list,
                         struct box box)
{
    struct draw_metrics cell = list->metrics;
    bool focused = window->focus == pane;
    draw_box(list, box.x, box.y, box.w, box.h, INK_PAPER, INK_NONE);
    compose_title(window, pane, list, box);
    draw_clip(list, box.x, box.y + cell.cell_h, box.w, box.h - cell.cell_h);
    struct box inside = {box.x + cell.cell_w, box.y + cell.cell_h + 2, box.w - 2 * cell.cell_w,
                         box.h - cell.cell_h - 4};
    if (inside.w > 0 && inside.h > 0)
        panes[pane].draw(&window->view, &window->state[pane], list, inside);
    if (window->view.running &&
        !panes[pane].takes_text) /* it is of the moment when it was set off */
        draw_box(list, box.x, box.y + cell.cell_h, box.w, box.h - cell.cell_h, INK_PAPER, INK_NONE)
            ->shown = 0.6F;
    draw_unclip(list);
    struct draw_item *edge =
        draw_box(list, box.x, box.y, box.w, box.h, INK_NONE, focused ? INK_FOCUS : INK_EDGE);
    edge->bold = focused;
}

/* --- the list of keys ------------------------------------------------------------------------- */

static void compose_keys(const struct window *window, struct draw_list *list, struct box box)
{
    struct draw_metrics cell = list->metrics;
    int rows = (box.h - 2 * cell.cell_h) / cell.cell_h,
        all = (int)keys_count + (int)panes_count + 2;
    int first = window->keys_scroll;
    if (first > all - rows)
        first = all - rows;
    if (first < 0)
        first = 0;
    draw_box(list, box.x, box.y, box.w, box.h, INK_PAPER, INK_FOCUS)->bold = true;
    draw_hit(list, box.x, box.y, box.w, box.h, "keys", "Esc closes the list");
    draw_clip(list, box.x, box.y + cell.cell_h / 2, box.w, box.h - cell.cell_h);
    int y = box.y + cell.cell_h, x = box.x + 2 * cell.cell_w;
    for (int i = first; i < all && i < first + rows; i++, y += cell.cell_h) {
        unsigned pane = (unsigned)i - keys_count - 1;
        if (i == (int)keys_count + 1 - 1) {
            draw_text(list, x, y, INK_TITLE, "To a pane")->bold = true;
        } else if (i > (int)keys_count && pane < panes_count) {
            draw_text(list, x, y, INK_TEXT, "Alt+%s", panes[pane].key)->bold = true;
            draw_text(list, x + 16 * cell.cell_w, y, INK_TEXT, "%s: %s", panes[pane].title,
                      panes[pane].help);
        } else if (i < (int)keys_count && keys[i].action == NULL) {
            draw_text(list, x, y, INK_TITLE, "%s", keys[i].chord)->bold = true;
        } else if (i < (int)keys_count) {
            draw_text(list, x, y, INK_TEXT, "%s", keys[i].chord)->bold = true;
            draw_text(list, x + 16 * cell.cell_w, y, INK_TEXT, "%s", keys[i].help);
            draw_hit(list, x, y, box.w - 4 * cell.cell_w, cell.cell_h, keys[i].action,
                     keys[i].help);
        }
    }
    draw_unclip(list);
}

/* --- the timeline ----------------------------------------------------------------------------- */

static void compose_timebar(const struct window *window, struct draw_list *list, struct box box)
{
    timebar_draw(&window->bar, &window->landmarks, window->session, &window->view, window->hint,
                 list, box);
}

/* --- composing and painting ------------------------------------------------------------------- */

static void compose(struct window *window, unsigned region)
{
    struct region_picture *picture = &window->picture[region];
    draw_begin(&picture->list, painter_metrics(window->painter), window->screen.size.w,
               window->screen.size.h);
    switch (region) {
    case REGION_HEADER: compose_header(window, &picture->list, picture->box); break;
    case REGION_TIMEBAR: compose_timebar(window, &picture->list, picture->box); break;
    case REGION_BUTTONS: compose_buttons(window, &picture->list, picture->box); break;
    case REGION_OVERLAY: compose_keys(window, &picture->list, picture->box); break;
    default: compose_pane(window, region - REGION_PANES, &picture->list, picture->box); break;
    }
}

static uint64_t hash_of(const struct window *window, const struct draw_list *list)
{
    uint64_t hash = XXH3_64bits_withSeed(list->item, list->used * sizeof *list->item,
                                         (uint64_t)window->palette + 1);
    hash = XXH3_64bits_withSeed(list->strings, list->strings_used, hash);
    return hash == 0 ? 1 : hash;
}

static void place_overlay(struct window *window)
{
    struct box box = {window->screen.size.w / 12, window->screen.size.h / 12,
                      window->screen.size.w * 5 / 6, window->screen.size.h * 5 / 6};
    struct region_picture *picture = &window->picture[REGION_OVERLAY];
    picture->used = window->show_keys;
    picture->box = box;
}

void window_frame(struct window *window)
{
    struct pixels before = window->screen.size;
    SDL_Surface *surface = screen_surface(&window->screen);
    SDL_Rect dirty[REGIONS];
    int count = 0;
    window->last_frame = window_now();
    if (surface == NULL)
        return;
    if (surface->w != before.w || surface->h != before.h)
        window_place(window); /* it is on another display now */
    bool all = window->stale || window->show_keys;
    place_overlay(window);
    for (unsigned i = 0; i < REGIONS; i++) {
        /* The overlay comes last: it lies over the others. */
        unsigned region = i + 1 < REGIONS ? (i < REGION_OVERLAY ? i : i + 1) : REGION_OVERLAY;
        struct region_picture *picture = &window->picture[region];
        if (!picture->used)
            continue;
        compose(window, region);
        uint64_t hash = hash_of(window, &picture->list);
        if (hash == picture->hash && !all)
            continue;
        picture->hash = hash;
        struct painter_box box = {picture->box.x, picture->box.y, picture->box.w, picture->box.h};
        painter_draw(window->painter, surface, window->palette, &picture->list, &box);
        dirty[count++] = (SDL_Rect){box.x, box.y, box.w, box.h};
    }
    window->stale = false;
    if (count > 0)
        screen_show(&window->screen, dirty, count);
}

/* --- what is where ---------------------------------------------------------------------------- */

static const char *hit_in(const struct region_picture *picture, int x, int y, const char **title)
{
    const struct draw_list *list = &picture->list;
    for (size_t i = list->used; i-- > 0;) {
        const struct draw_item *item = &list->item[i];
        if (item->kind != DRAW_HIT || x < item->x || x >= item->x + item->w || y < item->y ||
            y >= item->y + item->h)
            continue;
        *title = list->strings + item->text;
        return list->strings + item->action;
    }
    return NULL;
}

const char *window_hit(const struct window *window, int x, int y, const char **title)
{
    *title = "";
    if (window->show_keys)
        return hit_in(&window->picture[REGION_OVERLAY], x, y, title);
    for (unsigned i = 0; i < REGIONS; i++) {
        const struct region_picture *picture = &window->picture[i];
        const char *action =
            picture->used && i != REGION_OVERLAY ? hit_in(picture, x, y, title) : NULL;
        if (action != NULL)
            return action;
    }
    return NULL;
}

int window_pane_at(const struct window *window, int x, int y)
{
    for (unsigned i = REGION_PANES; i < REGIONS; i++) {
        const struct region_picture *picture = &window->picture[i];
        if (picture->used && x >= picture->box.x && x < picture->box.x + picture->box.w &&
            y >= picture->box.y && y < picture->box.y + picture->box.h)
            return (int)(i - REGION_PANES);
    }
    return -1;
}
