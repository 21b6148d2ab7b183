/* timebar: the timeline at the bottom of the window. */
#include "debugger/gui/timebar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/pane.h"
#include "debugger/story_say.h"

#define LEAST    8u  /* ticks that are seen at the closest */
#define SAMPLES  64u /* landmarks of one pixel that are looked at */
#define STEP_MIN 4   /* pixels of a tick from which on micro-steps are drawn */

static const struct {
    const char *name;
    enum draw_ink ink;
} kinds[LANDMARK_KINDS] = {
    [LANDMARK_CALL] = {"calls", INK_USER},
    [LANDMARK_IRQ] = {"interrupts", INK_STUB},
    [LANDMARK_FAULT] = {"faults", INK_BAD},
    [LANDMARK_SWITCH] = {"switches", INK_CPU},
};

/* --- which ticks are seen --------------------------------------------------------------------- */

static ticks end_of_all(const struct view *view)
{
    ticks end = view->frontier.tick > view->now.tick ? view->frontier.tick : view->now.tick;
    return end < LEAST ? LEAST : end;
}

/* Later ticks than this are not seen: a little is left behind the furthest landmark. */
static void bound(struct timebar *bar, const struct view *view)
{
    ticks most = end_of_all(view) + end_of_all(view) / 64 + LEAST, length = bar->to - bar->from;
    if (length >= most) {
        bar->all = true;
        bar->from = 0, bar->to = most;
        return;
    }
    if (bar->to > most + length / 2) {
        bar->to = most + length / 2;
        bar->from = bar->to > length ? bar->to - length : 0;
    }
}

void timebar_zoom(struct timebar *bar, const struct view *view, struct box box, int x,
                  double factor)
{
    ticks middle = x < 0 ? view->now.tick : timebar_tick(bar, box, x);
    double before = (double)(middle - (bar->from < middle ? bar->from : middle)) * factor;
    double after = (double)(bar->to > middle ? bar->to - middle : 0) * factor;
    if (before + after < LEAST)
        before = after = LEAST / 2;
    bar->all = before + after > 2 * (double)end_of_all(view);
    if (bar->all) {
        timebar_follow(bar, view);
        return;
    }
    bar->from = before < (double)middle ? middle - (ticks)before : 0;
    bar->to = bar->from + (ticks)before + (ticks)after + 1; /* all of it, also at power-on */
    bound(bar, view);
}

void timebar_follow(struct timebar *bar, const struct view *view)
{
    ticks length = bar->to - bar->from, now = view->now.tick;
    if (bar->all || bar->to <= bar->from) {
        bar->all = true;
        bar->from = 0;
        bar->to = end_of_all(view) + end_of_all(view) / 64 + LEAST;
        return;
    }
    if (now >= bar->from + length / 16 && now <= bar->to - length / 16)
        return;
    ticks before = now < bar->from + length / 16 ? length / 2 : length / 3;
    bar->from = now > before ? now - before : 0;
    bar->to = bar->from + length;
}

ticks timebar_tick(const struct timebar *bar, struct box box, int x)
{
    if (x <= box.x || box.w <= 0)
        return bar->from;
    if (x >= box.x + box.w)
        return bar->to;
    return bar->from + clock_convert(bar->to - bar->from, (uint32_t)box.w, (uint32_t)(x - box.x));
}

static int x_of(const struct timebar *bar, struct box box, ticks tick)
{
    if (tick <= bar->from)
        return box.x;
    if (tick >= bar->to)
        return box.x + box.w;
    ticks length = bar->to - bar->from, offset = tick - bar->from;
    for (; length >> 48 != 0; length >>= 1) /* so that the product fits */
        offset >>= 1;
    return box.x + (int)(offset * (ticks)box.w / length);
}

static bool steps_are_seen(const struct timebar *bar, struct box box)
{
    return (bar->to - bar->from) * STEP_MIN <= (ticks)(box.w > 0 ? box.w : 0);
}

void timebar_line(const struct timebar *bar, const struct view *view, struct box box, int x,
                  char *to, size_t room)
{
    const json_t *steps = json_object_get(view->steps, "steps");
    ticks tick = timebar_tick(bar, box, x);
    if (tick > view->frontier.tick)
        tick = view->frontier.tick;
    snprintf(to, room, "goto %" PRIu64, tick);
    for (size_t i = 0; steps_are_seen(bar, box) && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        ticks begin = (ticks)view_number(step, "tick"), cost = (ticks)view_number(step, "cost");
        if (tick >= begin && tick < begin + cost && i > 0)
            view_step_lines(view, i, to, room);
    }
}

struct box timebar_inside(struct box box, struct draw_metrics metrics)
{
    return (struct box){box.x + metrics.cell_w / 2, box.y + metrics.cell_h, box.w - metrics.cell_w,
                        box.h - metrics.cell_h - 2};
}

void timebar_hint(const struct timebar *bar, const struct landmarks *landmarks,
                  const struct session *session, struct box inside, int x, char *to, size_t room)
{
    char tick[32], name[64], took[40] = "";
    ticks from = timebar_tick(bar, inside, x - 3), until = timebar_tick(bar, inside, x + 3);
    size_t first = landmarks_at(landmarks, from), last = landmarks_at(landmarks, until + 1);
    story_say_ticks(timebar_tick(bar, inside, x), tick, sizeof tick);
    snprintf(to, room, "tick %s", tick);
    if (last - first > 1) {
        snprintf(to, room, "tick %s: %zu of them near", tick, last - first);
        return;
    }
    if (last == first) { /* inside the one before? */
        const struct landmark *before = first > 0 ? &landmarks->landmark[first - 1] : NULL;
        if (before == NULL || before->took == UINT32_MAX || before->tick + before->took < from)
            return;
        first--;
    }
    const struct landmark *landmark = &landmarks->landmark[first];
    landmarks_describe(landmarks, session, landmark, name, sizeof name);
    story_say_ticks(landmark->tick, tick, sizeof tick);
    if (landmark->took != UINT32_MAX && landmark->kind != LANDMARK_SWITCH)
        snprintf(took, sizeof took, ", took %" PRIu32, landmark->took);
    snprintf(to, room, "tick %s: %s%s, pid %" PRId64 " %s", tick, name, took,
             landmarks->process[landmark->who].pid, landmarks->process[landmark->who].name);
}

/* --- drawing ---------------------------------------------------------------------------------- */

struct lanes {
    const struct timebar *bar;
    const struct landmarks *landmarks;
    const struct session *session;
    struct draw_list *list;
    struct box box; /* of all lanes */
    struct box lane[LANDMARK_KINDS];
};

static struct lanes lanes_of(struct draw_list *list, struct box box)
{
    struct lanes lanes = {.list = list, .box = box};
    int first = box.h / 2, rest = (box.h - first) / 3;
    lanes.lane[LANDMARK_CALL] = (struct box){box.x, box.y, box.w, first - 2};
    lanes.lane[LANDMARK_IRQ] = (struct box){box.x, box.y + first, box.w, rest - 2};
    lanes.lane[LANDMARK_FAULT] = (struct box){box.x, box.y + first + rest, box.w, rest - 2};
    lanes.lane[LANDMARK_SWITCH] = (struct box){box.x, box.y + first + 2 * rest, box.w, rest - 2};
    return lanes;
}

/* One moment as long as it took: its beginning strong, the rest light, since calls of several
 * processes overlap. */
static void draw_landmark(const struct lanes *lanes, const struct landmark *landmark)
{
    struct draw_list *list = lanes->list;
    const struct box *lane = &lanes->lane[landmark->kind];
    ticks end = landmark->took == UINT32_MAX ? lanes->bar->to : landmark->tick + landmark->took;
    int x = x_of(lanes->bar, lanes->box, landmark->tick), w = x_of(lanes->bar, lanes->box, end) - x;
    int unit = list->metrics.cell_w / 6 + 1;
    if (landmark->kind == LANDMARK_SWITCH || w < unit)
        w = unit;
    draw_box(list, x, lane->y, w, lane->h, kinds[landmark->kind].ink, INK_NONE)->shown =
        landmark->kind == LANDMARK_CALL ? 0.25F : 1;
    if (landmark->kind == LANDMARK_CALL && landmark->tick >= lanes->bar->from)
        draw_box(list, x, lane->y, unit, lane->h, kinds[landmark->kind].ink, INK_NONE);
}

/* Its name, where there is room before the next one. */
static void draw_name(const struct lanes *lanes, const struct landmark *landmark, int until)
{
    struct draw_metrics cell = lanes->list->metrics;
    const struct box *lane = &lanes->lane[LANDMARK_CALL];
    char name[64];
    int x = x_of(lanes->bar, lanes->box, landmark->tick) + cell.cell_w / 2;
    landmarks_describe(lanes->landmarks, lanes->session, landmark, name, sizeof name);
    if (until - x < cell.cell_w * (draw_cells(name) < 3 ? draw_cells(name) : 3))
        return;
    draw_text(lanes->list, x, lane->y + (lane->h - cell.cell_h) / 2, INK_TEXT, "%s", name)->w =
        until - x;
}

/* How many of each kind lie in [from, to): sampled when there are many. */
static void count(const struct landmarks *landmarks, size_t from, size_t to, unsigned found[])
{
    size_t step = (to - from) / SAMPLES + 1;
    memset(found, 0, LANDMARK_KINDS * sizeof *found);
    for (size_t i = from; i < to; i += step)
        found[landmarks->landmark[i].kind] += (unsigned)step;
}

static void draw_density(const struct lanes *lanes)
{
    size_t from = landmarks_at(lanes->landmarks, lanes->bar->from);
    unsigned found[LANDMARK_KINDS];
    int width = 2;
    for (int x = lanes->box.x; x < lanes->box.x + lanes->box.w; x += width) {
        size_t to = landmarks_at(lanes->landmarks, timebar_tick(lanes->bar, lanes->box, x + width));
        count(lanes->landmarks, from, to, found);
        from = to;
        for (unsigned kind = 0; kind < LANDMARK_KINDS; kind++) {
            const struct box *lane = &lanes->lane[kind];
            if (found[kind] == 0)
                continue;
            draw_box(lanes->list, x, lane->y, width, lane->h, kinds[kind].ink, INK_NONE)->shown =
                found[kind] >= 16 ? 1 : 0.4F + 0.04F * (float)found[kind];
        }
    }
}

static void draw_landmarks(const struct lanes *lanes)
{
    const struct landmarks *landmarks = lanes->landmarks;
    size_t from = landmarks_at(landmarks, lanes->bar->from),
           to = landmarks_at(landmarks, lanes->bar->to);
    if (to - from > (size_t)(lanes->box.w > 0 ? lanes->box.w / 2 : 0)) {
        draw_density(lanes);
        return;
    }
    /* What began before and is not over reaches into the picture. */
    for (size_t i = from > 32 ? from - 32 : 0; i < from; i++)
        if (landmarks->landmark[i].took == UINT32_MAX ||
            landmarks->landmark[i].tick + landmarks->landmark[i].took > lanes->bar->from)
            draw_landmark(lanes, &landmarks->landmark[i]);
    for (size_t i = from; i < to; i++)
        draw_landmark(lanes, &landmarks->landmark[i]);
    int until = lanes->box.x + lanes->box.w;
    for (size_t i = to; i-- > from;) {
        const struct landmark *landmark = &landmarks->landmark[i];
        if (landmark->kind != LANDMARK_CALL)
            continue;
        draw_name(lanes, landmark, until);
        until = x_of(lanes->bar, lanes->box, landmark->tick) - 2;
    }
}

static void draw_steps(const struct lanes *lanes, const struct view *view)
{
    const json_t *steps = json_object_get(view->steps, "steps");
    int y = lanes->lane[LANDMARK_IRQ].y, h = lanes->box.y + lanes->box.h - y - 2;
    for (size_t i = 0; steps_are_seen(lanes->bar, lanes->box) && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        ticks begin = (ticks)view_number(step, "tick"), cost = (ticks)view_number(step, "cost");
        if (begin >= lanes->bar->to || begin + cost <= lanes->bar->from)
            continue;
        int x = x_of(lanes->bar, lanes->box, begin);
        int w = x_of(lanes->bar, lanes->box, begin + cost) - x;
        draw_box(lanes->list, x, y, w > 1 ? w - 1 : 1, h, INK_PANEL,
                 view_true(step, "failed") ? INK_BAD : INK_CPU);
        if (w > 4 * lanes->list->metrics.cell_w)
            draw_text(lanes->list, x + 3, y + (h - lanes->list->metrics.cell_h) / 2, INK_CPU, "%s",
                      view_string(step, "name"))
                ->w = w - 6;
    }
}

static void draw_legend(const struct timebar *bar, const struct landmarks *landmarks,
                        const char *hint, struct draw_list *list, struct box box)
{
    char from[32], to[32], number[32];
    int cell_w = list->metrics.cell_w, x = box.x;
    story_say_ticks(bar->from, from, sizeof from);
    story_say_ticks(bar->to, to, sizeof to);
    draw_text(list, x, box.y, INK_DIM, "%s", from);
    draw_text(list, box.x + box.w - draw_cells(to) * cell_w, box.y, INK_DIM, "%s", to);
    x += (draw_cells(from) + 3) * cell_w;
    int room = box.x + box.w - (draw_cells(to) + 2) * cell_w - x;
    if (*hint != '\0') {
        draw_text(list, x, box.y, INK_TEXT, "%s", hint)->w = room > 0 ? room : 1;
        return;
    }
    draw_clip(list, x, box.y, room > 0 ? room : 0, box.h);
    for (unsigned kind = 0; kind < LANDMARK_KINDS; kind++) {
        draw_box(list, x, box.y + list->metrics.cell_h / 4, cell_w, list->metrics.cell_h / 2,
                 kinds[kind].ink, INK_NONE);
        story_say_ticks(landmarks->total[kind], number, sizeof number);
        draw_text(list, x + 3 * cell_w / 2, box.y, INK_DIM, "%s %s", number, kinds[kind].name);
        x += (draw_cells(number) + (int)strlen(kinds[kind].name) + 4) * cell_w;
    }
    draw_unclip(list);
}

static void draw_present(const struct timebar *bar, const struct view *view, struct draw_list *list,
                         struct box box, int top)
{
    int x = x_of(bar, box, view->now.tick), unit = list->metrics.cell_w / 12 + 1;
    int end = x_of(bar, box, view->frontier.tick);
    if (end < box.x + box.w)
        draw_box(list, end, box.y, box.x + box.w - end, box.h, INK_HIDDEN, INK_NONE)->fill =
            FILL_HATCH;
    if (view->searching && view->searched >= bar->from && view->searched <= bar->to)
        draw_box(list, x_of(bar, box, view->searched), top, unit, box.y + box.h - top, INK_GOOD,
                 INK_NONE);
    if (view->now.tick < bar->from || view->now.tick > bar->to)
        return;
    draw_box(list, x - unit, top, 2 * unit + 1, box.y + box.h - top, INK_FOCUS, INK_NONE);
    draw_text(list, x - list->metrics.cell_w / 2, top - list->metrics.cell_h / 3, INK_TEXT, "▼");
}

void timebar_draw(const struct timebar *bar, const struct landmarks *landmarks,
                  const struct session *session, const struct view *view, const char *hint,
                  struct draw_list *list, struct box box)
{
    int cell_h = list->metrics.cell_h;
    struct box inside = timebar_inside(box, list->metrics);
    struct box legend = {inside.x, box.y, inside.w, cell_h};
    draw_box(list, box.x, box.y, box.w, box.h, INK_PAPER, INK_EDGE);
    if (inside.w <= 0 || inside.h <= 0 || bar->to <= bar->from)
        return;
    struct lanes lanes = lanes_of(list, inside);
    lanes.bar = bar;
    lanes.landmarks = landmarks;
    lanes.session = session;
    draw_clip(list, inside.x, box.y, inside.w, box.h);
    draw_landmarks(&lanes);
    draw_steps(&lanes, view);
    draw_present(bar, view, list, inside, inside.y);
    draw_unclip(list);
    draw_legend(bar, landmarks, hint, list, legend);
}
