/* window_verbs: the window's own lines. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/window_parts.h"
#include "debugger/show.h"

#define SLOWEST 4000u
#define FASTEST 30u

static const struct {
    const char *name;
    void (*perform)(struct window *window, const char *argument);
} verbs[] = {
#define VERB(name, function, argument, help) {name, function},
#include "debugger/gui/verbs.def"
#undef VERB
};

bool window_verb(struct window *window, const char *line)
{
    size_t length = strcspn(line, " ");
    for (unsigned i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strlen(verbs[i].name) == length && memcmp(verbs[i].name, line, length) == 0) {
            line += length;
            verbs[i].perform(window, line + strspn(line, " "));
            return true;
        }
    return false;
}

void window_focus(struct window *window, unsigned pane)
{
    bool seen = layout_seen(&window->layout, pane) != NULL;
    if (!layout_show(&window->layout, pane))
        return;
    window->state[window->focus].focused = false;
    window->focus = pane;
    window->state[pane].focused = true;
    if (window->zoomed >= 0)
        window->zoomed = (int)pane;
    if (!seen || window->zoomed >= 0) {
        window_place(window);
        window_look_again(window);
    }
}

void verb_pane(struct window *window, const char *argument)
{
    int pane = pane_number(argument);
    if (pane >= 0) {
        window_focus(window, (unsigned)pane);
        return;
    }
    fprintf(window->command_file, "No pane is named \"%s\".\n", argument);
    window->failed = true;
}

void verb_focus(struct window *window, const char *argument)
{
    unsigned by = strcmp(argument, "previous") == 0 ? panes_count - 1 : 1, pane = window->focus;
    do
        pane = (pane + by) % panes_count;
    while (pane != window->focus && layout_seen(&window->layout, pane) == NULL);
    window_focus(window, pane);
}

void verb_zoom(struct window *window, const char *argument)
{
    (void)argument;
    window->zoomed = window->zoomed < 0 ? (int)window->focus : -1;
    window_place(window);
    window_look_again(window);
}

void verb_scroll(struct window *window, const char *argument)
{
    int rows = atoi(argument);
    struct pane_state *state = &window->state[window->focus];
    if (window->show_keys) {
        window->keys_scroll += rows;
        return;
    }
    state->scroll += panes[window->focus].takes_text ? -rows : rows;
    if (panes[window->focus].takes_text && state->scroll < 0)
        state->scroll = 0;
}

void verb_play(struct window *window, const char *argument)
{
    (void)argument;
    window->playing = !window->playing && !window->running;
    window->next_beat = 0;
}

void verb_pause(struct window *window, const char *argument)
{
    (void)argument;
    window->playing = false;
    window->interrupted = window->running;
}

void verb_slower(struct window *window, const char *argument)
{
    (void)argument;
    window->beat = window->beat * 3 / 2 < SLOWEST ? window->beat * 3 / 2 : SLOWEST;
}

void verb_faster(struct window *window, const char *argument)
{
    (void)argument;
    window->beat = window->beat * 2 / 3 > FASTEST ? window->beat * 2 / 3 : FASTEST;
}

void verb_latest(struct window *window, const char *argument)
{
    char line[40];
    (void)argument;
    snprintf(line, sizeof line, "goto %" PRIu64, timeline_frontier(window->session->timeline).tick);
    window_queue(window, line);
}

/* An address, or what an expression names as a place. */
static bool address_of(struct window *window, const char *text, uint32_t *address)
{
    struct session *session = window->session;
    bool known = false;
    if (window->running) {
        fprintf(window->command_file, "The machine runs.\n");
    } else {
        out_begin(&session->out, false);
        known = show_address_of(session, text, address);
        out_end(&session->out);
    }
    window->failed |= !known;
    return known;
}

void verb_memory(struct window *window, const char *argument)
{
    uint32_t address;
    if (!address_of(window, argument, &address))
        return;
    window->view.memory = address & ~15u;
    window->view.memory_given = true;
    window->view.memory_before = UINT32_MAX;
    window->state[pane_number("memory")].scroll = 0;
    window_focus(window, (unsigned)pane_number("memory"));
    window_look_again(window);
}

void verb_translate(struct window *window, const char *argument)
{
    uint32_t address = 0;
    bool given = *argument != '\0';
    if (given && !address_of(window, argument, &address))
        return;
    window->view.walk_given = given;
    window->view.walk_address = address;
    window_focus(window, (unsigned)pane_number("walk"));
    window_look_again(window);
}

void verb_look(struct window *window, const char *argument)
{
    struct box box = window->picture[REGION_TIMEBAR].box;
    if (strcmp(argument, "all") == 0) {
        window->bar = (struct timebar){.all = true};
        timebar_follow(&window->bar, &window->view);
        return;
    }
    timebar_zoom(&window->bar, &window->view, box, -1, strcmp(argument, "in") == 0 ? 0.5 : 2);
}

void verb_quiz(struct window *window, const char *argument)
{
    (void)argument;
    window->quiz = !window->quiz;
    window->answered = false;
    window_look_again(window);
}

void verb_answer(struct window *window, const char *argument)
{
    (void)argument;
    window->answered = true;
    window->view.hide = false;
}

void verb_scale(struct window *window, const char *argument)
{
    double factor = atof(argument);
    if (*argument == '+')
        window->scale *= 1.1;
    else if (*argument == '-')
        window->scale /= 1.1;
    else if (factor > 0)
        window->scale = factor;
    if (window->scale < 0.3)
        window->scale = 0.3;
    if (window->scale > 6)
        window->scale = 6;
    window_place(window);
}

void verb_dark(struct window *window, const char *argument)
{
    (void)argument;
    window->palette = window->palette == PALETTE_LIGHT ? PALETTE_DARK : PALETTE_LIGHT;
    window->stale = true;
}

void verb_fullscreen(struct window *window, const char *argument)
{
    (void)argument;
    window->full_screen = !window->full_screen;
    SDL_SetWindowFullscreen(window->screen.window,
                            window->full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    window_place(window);
}

static const char *write_picture(const SDL_Surface *surface, const char *path)
{
    size_t length = strlen(path);
    bool ppm = length > 4 && strcmp(path + length - 4, ".ppm") == 0;
    if (length == 0)
        return "picture needs the name of a file";
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return strerror(errno);
    errno = 0;
    bool written = painter_write(surface, file, ppm);
    written &= fclose(file) == 0;
    return written ? NULL : errno != 0 ? strerror(errno) : "the picture cannot be written";
}

void verb_picture(struct window *window, const char *argument)
{
    if (!window->running) {
        window_look(window);
        window_catch_up(window);
    }
    window_frame(window);
    SDL_Surface *surface = screen_surface(&window->screen);
    const char *why =
        surface == NULL ? "the display has no picture" : write_picture(surface, argument);
    if (why == NULL)
        return;
    fprintf(window->command_file, "%s: %s\n", argument, why);
    window->failed = true;
}

void verb_keys(struct window *window, const char *argument)
{
    (void)argument;
    window->show_keys = !window->show_keys;
    window->keys_scroll = 0;
    window->stale = true;
}

void verb_close(struct window *window, const char *argument)
{
    (void)argument;
    window->closing = true;
    window->interrupted = window->running;
}

void verb_leave(struct window *window, const char *argument)
{
    (void)argument;
    if (window->show_keys)
        verb_keys(window, "");
    else if (window->running || window->playing)
        verb_pause(window, "");
    else if (window->zoomed >= 0)
        verb_zoom(window, "");
    else
        window_focus(window, (unsigned)pane_number("code"));
}
