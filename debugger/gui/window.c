/* window: the debugger as a window: a session, its panes, its timeline. */
#define _GNU_SOURCE /* fopencookie */
#include "debugger/gui/window.h"

#include <stdlib.h>
#include <string.h>

#include "debugger/gui/window_parts.h"
#include "debugger/show.h"
#include "emu/base/bug.h"

#define WIDTH      1280
#define HEIGHT     720
#define FRAME      33u    /* milliseconds, while the machine runs */
#define PULSE      15u    /* milliseconds between looks at the user, while the past is searched */
#define IDLE_FRAME 200u   /* ... and only waits */
#define IDLE_INSNS 20000u /* of a slice in which the guest only waits */
#define IDLE_MOST  40     /* milliseconds that are waited at once for an idle guest */
#define BEAT       700u
#define APPEARS    160u    /* milliseconds */
#define CATCH_UP   500000u /* instructions that are replayed at once for the timeline */
#define NEAR       30000u  /* ticks of the timeline that are seen at first */
#define USUAL                                                                                      \
    "h(37 v(13 t(code), 11 t(registers,stack,frames,memory)),"                                     \
    " 69 v(18 t(stage,steps,trapframe,walk), 5 t(console,command,processes,devices)))"

uint64_t window_now(void)
{
    return SDL_GetTicks64();
}

void window_look_again(struct window *window)
{
    window->gather = true;
}

/* --- what is said ----------------------------------------------------------------------------- */

static ssize_t write_console(void *context, const char *bytes, size_t size)
{
    struct window *window = context;
    transcript_add(&window->console, bytes, size, window->session->machine->clock.s.now);
    return (ssize_t)size;
}

static ssize_t write_commands(void *context, const char *bytes, size_t size)
{
    struct window *window = context;
    transcript_add(&window->commands, bytes, size, 0);
    return (ssize_t)size;
}

static FILE *listen(struct window *window, cookie_write_function_t *write)
{
    FILE *file = fopencookie(window, "w", (cookie_io_functions_t){.write = write});
    bug_unless(file != NULL);
    setvbuf(file, NULL, _IONBF, 0);
    return file;
}

/* --- lines ------------------------------------------------------------------------------------ */

void window_queue(struct window *window, const char *line)
{
    if (window->lines == WINDOW_LINES || strlen(line) >= WINDOW_LINE)
        return;
    /* Whoever drags wants to be where the mouse is now. */
    if (window->lines > 0 && strncmp(line, "goto ", 5) == 0) {
        unsigned last = (window->first + window->lines - 1) % WINDOW_LINES;
        if (strncmp(window->line[last], "goto ", 5) == 0)
            window->lines--;
    }
    strcpy(window->line[(window->first + window->lines++) % WINDOW_LINES], line);
}

static void begin_running(struct window *window, const char *what)
{
    window->running = true;
    window->interrupted = 0;
    window->run_from = window->last_slice = window->last_pulse = window_now();
    snprintf(window->view.command, sizeof window->view.command, "%.70s", what);
}

static void end_running(struct window *window)
{
    window->running = window->view.running = window->view.searching = false;
    window->interrupted = 0;
}

static void perform(struct window *window, const char *line)
{
    if (window_verb(window, line))
        return;
    begin_running(window, line);
    fprintf(window->command_file, "%s(trapscope) %s%s\n", out_style(&window->session->out, OUT_DIM),
            line, out_style(&window->session->out, OUT_PLAIN));
    enum session_status status = session_do(window->session, line);
    window->over |= status == SESSION_QUIT;
    window->failed |= status == SESSION_ERROR;
    end_running(window);
    window->answered = false;
    window_look_again(window);
}

static void drop_line(struct window *window)
{
    window->first = (window->first + 1) % WINDOW_LINES;
    window->lines--;
}

static bool take_line(struct window *window)
{
    char line[WINDOW_LINE];
    if (window->lines == 0)
        return false;
    strcpy(line, window->line[window->first]);
    drop_line(window);
    perform(window, line);
    return true;
}

/* --- while a command is being done ------------------------------------------------------------ */

/* What is typed to the guest and what stops it does not wait until the command is over. */
static void take_urgent_lines(struct window *window)
{
    struct session *session = window->session;
    while (window->lines > 0) {
        const char *line = window->line[window->first];
        bool typed = strncmp(line, "console", 7) == 0;
        if (typed) {
            const char *text = line + 7 + (line[7] == ' ');
            console_line(&session->console, text);
        } else if (!window_verb(window, line)) {
            window->interrupted = 1; /* then it is its turn */
            return;
        }
        drop_line(window);
    }
}

static bool stops_it(const struct window *window, const char *line)
{
    return strcmp(line, "pause") == 0 || strcmp(line, "close") == 0 ||
           (strcmp(line, "leave") == 0 && !window->show_keys);
}

/* The window's own lines; others wait until the command is over, unless one that stops it is behind
 * them: whoever is impatient does not want them any more. */
static void take_own_lines(struct window *window)
{
    for (unsigned i = window->lines; i-- > 0;)
        if (stops_it(window, window->line[(window->first + i) % WINDOW_LINES])) {
            for (; i > 0; i--)
                drop_line(window);
            break;
        }
    while (window->lines > 0 && window_verb(window, window->line[window->first]))
        drop_line(window);
}

/* An idle guest's time passes as the user's does. */
static void wait_for_guest(struct window *window, ticks passed)
{
    uint64_t due = clock_convert(passed, window->session->machine->hz, 1000);
    uint64_t spent = window_now() - window->last_slice;
    if (due > spent)
        window_events(window, due - spent < IDLE_MOST ? (int)(due - spent) : IDLE_MOST);
}

static void slice(void *context)
{
    struct window *window = context;
    struct session *session = window->session;
    struct timeline_position now = timeline_now(session->timeline);
    uint64_t insns = now.count - window->view.now.count;
    ticks passed = now.tick - window->view.now.tick;
    bool past = timeline_compare(now, timeline_frontier(session->timeline)) < 0;
    bool idle = !past && insns < IDLE_INSNS;
    window_events(window, 0);
    if (idle)
        wait_for_guest(window, passed);
    take_urgent_lines(window);
    console_feed(&session->console, session->machine, session->program_input);
    window->view.now = now;
    window->last_slice = window_now();
    if (window_now() - window->last_frame < (idle ? IDLE_FRAME : FRAME))
        return;
    window->view.running = window_now() - window->run_from > 100;
    window->view.searching = false;
    if (!window->view.running)
        return;
    window->view.frontier = timeline_frontier(session->timeline);
    timebar_follow(&window->bar, &window->view);
    window_frame(window);
}

/* The past is searched or replayed: the machine is somewhere, the view is still of where the
 * command began. */
static void pulse(void *context)
{
    struct window *window = context;
    struct session *session = window->session;
    if (!window->running || window->config.unseen || window_now() - window->last_pulse < PULSE)
        return;
    window_events(window, 0);
    take_own_lines(window);
    window->last_pulse = window_now();
    window->view.running = window_now() - window->run_from > 100;
    if (!window->view.running || window_now() - window->last_frame < FRAME)
        return;
    window->view.searching = true;
    window->view.searched = timeline_now(session->timeline).tick;
    window_frame(window);
}

bool window_has(const struct session *session)
{
    return session->slice == slice;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* On an instruction that leaves user mode, or goes back there, or is known to trap. */
static bool at_trap(const struct window *window)
{
    struct session *session = window->session;
    const struct scene *scene = window->view.scene;
    struct arch_insn insn;
    if (scene != NULL && scene->state == SCENE_STORY &&
        scene->when.count == window->view.now.count && window->view.now.micro == 0)
        return true;
    return show_instruction_at(session, session->cpu->ops->pc(session->cpu), &insn) &&
           (insn.flow == FLOW_TRAP || insn.flow == FLOW_TRAP_RETURN);
}

/* In and around deliveries and returns step by step, elsewhere phase by phase. */
static void next_beat(struct window *window)
{
    struct session *session = window->session;
    bool within = window->view.now.micro > 0 || at_trap(window);
    if (session->stop.kind == STOP_MACHINE || session->stop.kind == STOP_IDLE) {
        window->playing = false;
        return;
    }
    window_queue(window, within ? "cycle" : "phase");
    window->next_beat = window_now() + window->beat;
}

static unsigned parts_seen(const struct window *window)
{
    unsigned parts = window->quiz ? VIEW_SCENE : 0; /* it knows what is newest */
    for (unsigned i = 0; i < panes_count; i++)
        if (window->zoomed >= 0 ? (unsigned)window->zoomed == i
                                : layout_seen(&window->layout, i) != NULL)
            parts |= panes[i].parts;
    return parts;
}

/* What is new appears within a moment. */
static bool appearing(struct window *window)
{
    uint64_t passed = window_now() - window->arrived;
    float before = window->view.shown;
    window->view.shown =
        window->config.unseen || passed >= APPEARS ? 1 : (float)passed / (float)APPEARS;
    return before < 1;
}

static int until_next(struct window *window)
{
    if (appearing(window))
        return FRAME / 2;
    if (!window->playing)
        return -1;
    uint64_t now = window_now();
    return window->next_beat > now ? (int)(window->next_beat - now) : 0;
}

void window_catch_up(struct window *window)
{
    while (!landmarks_catch_up(&window->landmarks, window->session, CATCH_UP))
        ;
    window->behind = false;
}

void window_look(struct window *window)
{
    if (!window->gather)
        return;
    window->view.quiz = window->quiz;
    window->view.hide = window->quiz && !window->answered;
    window->behind = !landmarks_catch_up(&window->landmarks, window->session, 0);
    view_gather(&window->view, window->session, parts_seen(window));
    timebar_follow(&window->bar, &window->view);
    window->gather = false;
    window->arrived = window_now();
    window->view.shown = window->config.unseen ? 1 : 0;
}

/* While older ones are still to be caught up with, the newest wait for their turn. */
static void note_event(void *context, struct session *session, const struct trace_event *event)
{
    struct window *window = context;
    if (!window->behind)
        landmarks_note(&window->landmarks, session, event);
}

static void note_ran(void *context, struct session *session, struct timeline_position from)
{
    struct window *window = context;
    if (!window->behind)
        landmarks_ran(&window->landmarks, session, from);
}

static bool last_trap(void *context, const struct trap_question *question,
                      struct trap_answer *answer)
{
    const struct window *window = context;
    return !window->behind && window->session->machine->processors == 1 &&
           landmarks_last_trap(&window->landmarks, question, answer);
}

void window_begin(struct window *window)
{
    ticks now = window->session->machine->clock.s.now;
    end_running(window);
    window->view.registers = 0; /* nothing has changed yet */
    if (window->session->stop.kind != STOP_NONE)
        window->bar = (struct timebar){false, now > NEAR / 3 ? now - NEAR / 3 : 0, now + NEAR};
    window_look_again(window);
}

bool window_do(struct window *window, const char *line)
{
    window->failed = false;
    perform(window, line);
    while (take_line(window)) /* what it has queued */
        ;
    window_look(window);
    return !window->failed;
}

bool window_run(struct window *window)
{
    if (window->over)
        return false;
    while (!window->closing && !window->over) {
        window_look(window);
        window_frame(window);
        if (take_line(window))
            continue;
        if (window->behind) {
            window->behind = !landmarks_catch_up(&window->landmarks, window->session, CATCH_UP);
            window_events(window, 0);
            continue;
        }
        window_events(window, until_next(window));
        if (window->playing && window->lines == 0 && window_now() >= window->next_beat)
            next_beat(window);
    }
    return !window->over;
}

/* --- opening and closing ---------------------------------------------------------------------- */

static void listen_to(struct window *window)
{
    struct session *session = window->session;
    transcript_init(&window->console);
    transcript_init(&window->commands);
    window->console_file = listen(window, write_console);
    window->command_file = listen(window, write_commands);
    window->out_before = session->out;
    window->console_before = session->console.to;
    window->slice_before = session->slice;
    window->pulse_before = session->pulse;
    window->slice_context_before = session->slice_context;
    window->interrupted_before = session->interrupted;
    out_init(&session->out, window->command_file, window->command_file);
    session->out.color = true;
    session->console.to = window->console_file;
    session->slice = slice;
    session->pulse = pulse;
    session->slice_context = window;
    session->interrupted = &window->interrupted;
    session->stops.event_hook = note_event;
    session->stops.ran_hook = note_ran;
    session->stops.last_trap_hook = last_trap;
    session->stops.event_context = window;
    window->view.console = &window->console;
    window->view.commands = &window->commands;
}

/* SDL falls back to a display that is none, unless one was named. */
static bool nobody_sees(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    return SDL_GetHint(SDL_HINT_VIDEODRIVER) == NULL && driver != NULL &&
           (strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0);
}

static bool open_screen(struct window *window, const char **why)
{
    const struct window_config *config = &window->config;
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (config->unseen)
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    else if (getenv("XDG_RUNTIME_DIR") == NULL && SDL_GetHint(SDL_HINT_VIDEODRIVER) == NULL)
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11"); /* Wayland would only complain, on stderr */
    if (SDL_Init(SDL_INIT_VIDEO) != 0 || nobody_sees()) {
        *why = "there is no display: a window needs X11 or Wayland; -batch with `picture FILE` "
               "needs none";
        return false;
    }
    if (screen_open(&window->screen, config->width > 0 ? config->width : WIDTH,
                    config->height > 0 ? config->height : HEIGHT,
                    SDL_WINDOW_RESIZABLE |
                        (config->full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0)) == NULL) {
        *why = "the display opens no window";
        return false;
    }
    window->full_screen = config->full_screen;
    window->painter = painter_create(20, why);
    return window->painter != NULL;
}

static void close_screen(struct window *window)
{
    painter_free(window->painter);
    screen_close(&window->screen);
    SDL_Quit();
}

struct window *window_open(struct session *session, const struct window_config *config,
                           const char **why)
{
    static char layout_why[160];
    struct window *window = bug_alloc(1, sizeof *window);
    *window = (struct window){.session = session, .config = *config, .zoomed = -1, .beat = BEAT};
    const char *layout = config->layout != NULL ? config->layout : USUAL;
    bug_unless(panes_count <= WINDOW_PANES);
    window->palette = config->palette;
    window->scale = config->scale > 0 ? config->scale : 1;
    if (!layout_read(&window->layout, layout, pane_number, layout_why, sizeof layout_why)) {
        *why = layout_why;
        free(window);
        return NULL;
    }
    if (!sdl_load(why)) {
        free(window);
        return NULL;
    }
    if (!open_screen(window, why)) {
        close_screen(window);
        free(window);
        return NULL;
    }
    for (unsigned i = 0; i < REGIONS; i++)
        draw_init(&window->picture[i].list);
    view_init(&window->view);
    landmarks_init(&window->landmarks, session);
    window->behind = !landmarks_catch_up(&window->landmarks, session, 0);
    listen_to(window);
    window_focus(window, (unsigned)pane_number("code"));
    window_place(window);
    view_gather(&window->view, session, 0);
    timebar_follow(&window->bar, &window->view);
    begin_running(window, "booting");
    SDL_StartTextInput();
    return window;
}

void window_close(struct window *window)
{
    struct session *session = window->session;
    session->out = window->out_before;
    session->console.to = window->console_before;
    session->slice = window->slice_before;
    session->pulse = window->pulse_before;
    session->slice_context = window->slice_context_before;
    session->interrupted = window->interrupted_before;
    session->stops.event_hook = NULL;
    session->stops.ran_hook = NULL;
    session->stops.last_trap_hook = NULL;
    landmarks_free(&window->landmarks);
    fclose(window->console_file);
    fclose(window->command_file);
    transcript_free(&window->console);
    transcript_free(&window->commands);
    view_free(&window->view);
    for (unsigned i = 0; i < REGIONS; i++)
        draw_free(&window->picture[i].list);
    for (unsigned i = 0; i < window->histories; i++)
        free(window->history[i]);
    close_screen(window);
    free(window);
}
