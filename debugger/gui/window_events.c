/* window_events: what the user does, as lines. */
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/keys.h"
#include "debugger/gui/window_parts.h"

#define WHEEL 3 /* rows */

/* --- typing ----------------------------------------------------------------------------------- */

static bool typing(const struct window *window)
{
    return panes[window->focus].takes_text && !window->show_keys;
}

static void changed(struct window *window)
{
    window->state[window->focus].scroll = 0;
}

static void insert(struct window *window, const char *text)
{
    struct pane_state *state = &window->state[window->focus];
    size_t used = strlen(state->input), length = strlen(text);
    if (used + length >= sizeof state->input)
        return;
    memmove(state->input + state->cursor + length, state->input + state->cursor,
            used - state->cursor + 1);
    memcpy(state->input + state->cursor, text, length);
    state->cursor += (unsigned)length;
    changed(window);
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static void move(struct pane_state *state, int by)
{
    if (by < 0 && state->cursor > 0)
        do
            state->cursor--;
        while (state->cursor > 0 && continues(state->input[state->cursor]));
    if (by > 0 && state->input[state->cursor] != '\0')
        do
            state->cursor++;
        while (continues(state->input[state->cursor]));
}

static void erase(struct pane_state *state)
{
    unsigned end = state->cursor;
    move(state, -1);
    memmove(state->input + state->cursor, state->input + end, strlen(state->input + end) + 1);
}

static void set_input(struct pane_state *state, const char *text)
{
    snprintf(state->input, sizeof state->input, "%s", text);
    state->cursor = (unsigned)strlen(state->input);
}

static void recall(struct window *window, int by)
{
    struct pane_state *state = &window->state[window->focus];
    if (by < 0 && window->recalled > 0)
        window->recalled--;
    else if (by > 0 && window->recalled < window->histories)
        window->recalled++;
    else
        return;
    set_input(state,
              window->recalled == window->histories ? "" : window->history[window->recalled]);
}

static void remember(struct window *window, const char *line)
{
    if (*line == '\0')
        return;
    if (window->histories == WINDOW_HISTORY) {
        free(window->history[0]);
        memmove(window->history, window->history + 1,
                (WINDOW_HISTORY - 1) * sizeof *window->history);
        window->histories--;
    }
    window->history[window->histories++] = strdup(line);
    window->recalled = window->histories;
}

/* To the guest go C's escapes as `console` understands them; a backslash that was typed is itself.
 */
static void to_guest(struct window *window, const char *text)
{
    char line[2 * PANE_INPUT + 16] = "console ";
    size_t used = strlen(line);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            line[used++] = '\\';
        line[used++] = *text;
    }
    line[used] = '\0';
    if (used == strlen("console "))
        strcpy(line, "console \\x0d");
    window_queue(window, line);
    if (!window->running && window->session->stop.kind == STOP_IDLE)
        window_queue(window, "continue");
}

static void enter(struct window *window)
{
    struct pane_state *state = &window->state[window->focus];
    char text[PANE_INPUT];
    strcpy(text, state->input);
    set_input(state, "");
    if ((int)window->focus == pane_number("console")) {
        to_guest(window, text);
        return;
    }
    remember(window, text);
    window_queue(window, text);
}

/* True = the key was one of the line that is being typed. */
static bool edit(struct window *window, SDL_Keycode symbol, unsigned modifiers)
{
    struct pane_state *state = &window->state[window->focus];
    if (modifiers != 0)
        return modifiers == KEY_SHIFT && symbol == SDLK_SPACE;
    switch (symbol) {
    case SDLK_RETURN:
    case SDLK_KP_ENTER: enter(window); break;
    case SDLK_BACKSPACE: erase(state); break;
    case SDLK_LEFT: move(state, -1); break;
    case SDLK_RIGHT: move(state, 1); break;
    case SDLK_HOME: state->cursor = 0; break;
    case SDLK_END: state->cursor = (unsigned)strlen(state->input); break;
    case SDLK_UP: recall(window, -1); break;
    case SDLK_DOWN: recall(window, 1); break;
    case SDLK_SPACE: break; /* comes as text */
    default: return false;
    }
    changed(window);
    return true;
}

/* --- keys ------------------------------------------------------------------------------------- */

static unsigned modifiers_of(uint16_t mod)
{
    return ((mod & KMOD_CTRL) != 0 ? KEY_CTRL : 0u) | ((mod & KMOD_SHIFT) != 0 ? KEY_SHIFT : 0u) |
           ((mod & KMOD_LALT) != 0 ? KEY_ALT : 0u);
}

/* Alt and a pane's own key. */
static bool to_pane(struct window *window, SDL_Keycode symbol)
{
    for (unsigned i = 0; i < panes_count; i++)
        if (symbol == (SDL_Keycode)panes[i].key[0]) {
            window_focus(window, i);
            return true;
        }
    return false;
}

static void key_down(struct window *window, const SDL_KeyboardEvent *event)
{
    unsigned modifiers = modifiers_of(event->keysym.mod);
    window->chord = (modifiers & (KEY_CTRL | KEY_ALT)) != 0;
    SDL_Keycode symbol = event->keysym.sym;
    if (typing(window) && edit(window, symbol, modifiers))
        return;
    const struct key *key = keys_pressed(symbol, modifiers);
    if (key != NULL)
        window_queue(window, key->action);
    else if (modifiers == KEY_ALT)
        to_pane(window, symbol);
}

static void text_input(struct window *window, const char *text)
{
    if (window->chord) /* the text of that key */
        return;
    if (typing(window)) {
        insert(window, text);
        return;
    }
    const struct key *key = keys_typed(text);
    if (key != NULL)
        window_queue(window, key->action);
}

/* --- the mouse -------------------------------------------------------------------------------- */

static bool in_timebar(const struct window *window, int x, int y)
{
    struct box box = window->picture[REGION_TIMEBAR].box;
    return x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
}

/* Each of the lines is a line of the queue. */
static void queue_lines(struct window *window, const char *lines)
{
    char line[WINDOW_LINE];
    while (*lines != '\0') {
        int length = (int)strcspn(lines, "\n");
        snprintf(line, sizeof line, "%.*s", length, lines);
        window_queue(window, line);
        lines += length + (lines[length] == '\n');
    }
}

static void to_tick(struct window *window, int x)
{
    char lines[128];
    timebar_line(
        &window->bar, &window->view,
        timebar_inside(window->picture[REGION_TIMEBAR].box, painter_metrics(window->painter)), x,
        lines, sizeof lines);
    queue_lines(window, lines);
}

/* What is under the mouse on the timeline. */
static void hint_landmark(struct window *window, int x)
{
    struct box box =
        timebar_inside(window->picture[REGION_TIMEBAR].box, painter_metrics(window->painter));
    timebar_hint(&window->bar, &window->landmarks, window->session, box, x, window->hint,
                 sizeof window->hint);
}

static void mouse_down(struct window *window, const SDL_MouseButtonEvent *event)
{
    const char *title, *action;
    int x = pixels_x(&window->screen.size, event->x), y = pixels_y(&window->screen.size, event->y);
    if (event->button != SDL_BUTTON_LEFT)
        return;
    if (in_timebar(window, x, y) && !window->show_keys) {
        window->dragging = true;
        to_tick(window, x);
        return;
    }
    action = window_hit(window, x, y, &title);
    int pane = window_pane_at(window, x, y);
    if (pane >= 0 && !window->show_keys)
        window_focus(window, (unsigned)pane);
    if (action != NULL && *action != '\0') {
        if (window->show_keys && strcmp(action, "keys") != 0)
            window_queue(window, "keys"); /* it closes, and what was chosen is done */
        queue_lines(window, action);
    } else if (pane >= 0 && event->clicks == 2 && !panes[pane].takes_text)
        window_queue(window, "zoom");
}

static void mouse_moved(struct window *window, int x, int y)
{
    const char *title = "";
    if (window->dragging)
        to_tick(window, x);
    if (in_timebar(window, x, y) && !window->show_keys) {
        hint_landmark(window, x);
        return;
    }
    window_hit(window, x, y, &title);
    snprintf(window->hint, sizeof window->hint, "%s", title);
}

static void wheel(struct window *window, int rows)
{
    int x, y;
    SDL_GetMouseState(&x, &y);
    x = pixels_x(&window->screen.size, x);
    y = pixels_y(&window->screen.size, y);
    int pane = window_pane_at(window, x, y);
    if (window->show_keys)
        window->keys_scroll -= rows * WHEEL;
    else if (in_timebar(window, x, y))
        timebar_zoom(
            &window->bar, &window->view,
            timebar_inside(window->picture[REGION_TIMEBAR].box, painter_metrics(window->painter)),
            x, rows > 0 ? 0.7 : 1 / 0.7);
    else if (pane >= 0)
        window->state[pane].scroll += (panes[pane].takes_text ? rows : -rows) * WHEEL;
    if (pane >= 0 && panes[pane].takes_text && window->state[pane].scroll < 0)
        window->state[pane].scroll = 0;
}

/* --- all -------------------------------------------------------------------------------------- */

static void window_event(struct window *window, const SDL_WindowEvent *event)
{
    if (event->event == SDL_WINDOWEVENT_SIZE_CHANGED || event->event == SDL_WINDOWEVENT_EXPOSED)
        window_place(window);
}

static void handle(struct window *window, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT: verb_close(window, ""); break;
    case SDL_WINDOWEVENT: window_event(window, &event->window); break;
    case SDL_KEYDOWN: key_down(window, &event->key); break;
    case SDL_TEXTINPUT: text_input(window, event->text.text); break;
    case SDL_MOUSEBUTTONDOWN: mouse_down(window, &event->button); break;
    case SDL_MOUSEBUTTONUP: window->dragging = false; break;
    case SDL_MOUSEMOTION:
        mouse_moved(window, pixels_x(&window->screen.size, event->motion.x),
                    pixels_y(&window->screen.size, event->motion.y));
        break;
    case SDL_MOUSEWHEEL: wheel(window, event->wheel.y); break;
    default: break;
    }
}

/*
 * Waiting is done by looking again and again. SDL 2.26's own way sends the window a message over a
 * second connection to the X server; when the window is closed at that moment the server may see
 * the end of the window first, and what it answers to the message (BadWindow) ends the program.
 */
static bool next_event(SDL_Event *event, int wait)
{
    enum { LOOK = 5 }; /* milliseconds; a frame of the picture has 16 */
    uint64_t begun = SDL_GetTicks64();

    while (!SDL_PollEvent(event)) {
        if (wait >= 0 && SDL_GetTicks64() - begun >= (uint64_t)wait)
            return false;
        SDL_Delay(LOOK);
    }
    return true;
}

void window_events(struct window *window, int wait)
{
    SDL_Event event;

    for (bool any = next_event(&event, wait); any; any = SDL_PollEvent(&event) != 0)
        handle(window, &event);
}
