/* cmd_show: `trapscope show`: one moment of a program as a picture, as text or as data. */
#include "debugger/cmd_show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/cmd_paths.h"
#include "debugger/debuggee.h"
#include "debugger/gui/draw_png.h"
#include "debugger/gui/draw_svg.h"
#include "debugger/gui/lesson.h"
#include "debugger/gui/moment.h"
#include "debugger/gui/picture.h"
#include "debugger/gui/picture_paths.h"
#include "debugger/gui/picture_tables.h"
#include "debugger/gui/view.h"
#include "emu/base/bug.h"

#define WORDS_ROOM 65536u

/* --- what ------------------------------------------------------------------------------------- */

struct show;

/* Where the machine stands when the text is asked for. */
enum show_when { WHEN_OVER, WHEN_TRAP, WHEN_ENTERED };

struct show_what {
    const char *name, *about;
    enum show_when when;
    /* The debugger's command that says the same; "" = a trap of this kind has no such thing. NULL:
     * what `trapscope paths` does. */
    void (*command)(const struct show *show, char *to, size_t room);
    /* NULL: from the scene alone; else from the command's answer, too. */
    void (*draw_answer)(const json_t *answer, const struct scene *scene, struct draw_list *list);
};

enum show_format { SHOW_TEXT, SHOW_JSON, SHOW_SVG, SHOW_PNG, SHOW_HTML, SHOW_FORMATS };

static const struct {
    const char *name, *ending;
} formats[SHOW_FORMATS] = {
    [SHOW_TEXT] = {"text", ".txt"}, [SHOW_JSON] = {"json", ".json"}, [SHOW_SVG] = {"svg", ".svg"},
    [SHOW_PNG] = {"png", ".png"},   [SHOW_HTML] = {"html", ".html"},
};

struct show {
    struct debuggee debuggee;
    struct moment moment;
    uint64_t insn_limit;
    const struct show_what *what;
    const char *format_name, *path, *palette_name, *address;
    enum show_format format;
    enum palette palette;
    struct scene *scene;
    struct paths *paths;
    FILE *file;
};

static unsigned last_beat(const struct scene *scene)
{
    return scene->beats > 0 ? scene->beats - 1 : 0;
}

static void journey_command(const struct show *show, char *to, size_t room)
{
    snprintf(to, room, "%s", show->scene->is_call ? "journey" : "why");
}

static void trapframe_command(const struct show *show, char *to, size_t room)
{
    (void)show;
    snprintf(to, room, "trapframe");
}

static void idt_command(const struct show *show, char *to, size_t room)
{
    (void)show;
    snprintf(to, room, "idt");
}

static void gdt_command(const struct show *show, char *to, size_t room)
{
    (void)show;
    snprintf(to, room, "gdt");
}

/* Of a page fault the address that it was about, else that of the trapping instruction. */
static void walk_command(const struct show *show, char *to, size_t room)
{
    const struct scene *scene = show->scene;
    if (show->address != NULL)
        snprintf(to, room, "walk %s", show->address);
    else
        snprintf(to, room, "walk 0x%" PRIx32,
                 scene->fault.has_address ? scene->fault.address : scene->user_pc);
}

static void dispatch_command(const struct show *show, char *to, size_t room)
{
    const struct scene *scene = show->scene;
    if (!scene->is_call)
        snprintf(to, room, "%s", "");
    else if (show->format == SHOW_TEXT || show->format == SHOW_JSON || scene->dispatch.is_switch)
        snprintf(to, room, "dispatch %" PRId64, scene->number);
    else
        snprintf(to, room, "dispatch all");
}

static void pipeline_command(const struct show *show, char *to, size_t room)
{
    (void)show;
    snprintf(to, room, "pipeline");
}

static void timeline_command(const struct show *show, char *to, size_t room)
{
    bool words = show->format == SHOW_TEXT || show->format == SHOW_JSON;
    snprintf(to, room, words ? "timeline" : "timeline all");
}

static const struct show_what whats[] = {
    {"journey", "a system call's whole way, or a fault's", WHEN_OVER, journey_command, NULL},
    {"trapframe", "each word of the frame, who pushed it, what it was at the last trap", WHEN_OVER,
     trapframe_command, picture_trapframe},
    {"idt", "the gates", WHEN_TRAP, idt_command, picture_idt},
    {"gdt", "the segments", WHEN_TRAP, gdt_command, picture_gdt},
    {"walk", "where an address is in memory: --address, or the fault's", WHEN_TRAP, walk_command,
     picture_walk},
    {"dispatch", "from the call's number to its function", WHEN_OVER, dispatch_command,
     picture_dispatch},
    {"pipeline", "MIPS: the instructions around it in the five stages", WHEN_ENTERED,
     pipeline_command, picture_pipeline},
    {"timeline", "calls, interrupts, faults, switches so far", WHEN_OVER, timeline_command,
     picture_timeline},
    {"paths", "a C file's call by every path into the kernel, side by side", WHEN_OVER, NULL, NULL},
};

#define WHATS (sizeof whats / sizeof *whats)

static bool choose_what(struct show *show, const char *name)
{
    for (unsigned i = 0; i < WHATS; i++)
        if (strcmp(name, whats[i].name) == 0) {
            show->what = &whats[i];
            return true;
        }
    options_trouble("show", "there is no %s to show: trapscope show --help lists what there is",
                    name);
    return false;
}

static bool choose_format(struct show *show)
{
    const char *ending = show->path == NULL ? NULL : strrchr(show->path, '.');
    show->format = SHOW_TEXT;
    for (unsigned i = 0; i < SHOW_FORMATS; i++) {
        bool named = show->format_name != NULL && strcmp(show->format_name, formats[i].name) == 0;
        bool ends =
            show->format_name == NULL && ending != NULL && strcmp(ending, formats[i].ending) == 0;
        if (!named && !ends)
            continue;
        show->format = (enum show_format)i;
        return true;
    }
    if (show->format_name == NULL)
        return true;
    options_trouble("show", "--format %s: there are svg, png, html, text and json",
                    show->format_name);
    return false;
}

static bool choose_palette(struct show *show)
{
    if (palette_named(show->palette_name, &show->palette))
        return true;
    options_trouble("show", "--palette %s: there are light and dark", show->palette_name);
    return false;
}

/* --- saying and drawing ----------------------------------------------------------------------- */

static void travel(struct show *show)
{
    const struct scene *scene = show->scene;
    struct session *session = show->debuggee.session;
    struct timeline_position where = scene->when;
    if (show->what->when == WHEN_OVER && scene->end == STORY_RETURNED)
        return;
    if (show->what->when == WHEN_ENTERED && scene->mips.vector_beat != SCENE_NEVER)
        where = scene->beat[scene->mips.vector_beat].at;
    else if (show->what->when == WHEN_OVER && scene->beats > 0)
        where = scene->beat[scene->beats - 1].at;
    timeline_seek(session->timeline, where);
    session_changed(session);
}

/* The command's answer, into `to`. */
static bool say(struct show *show, FILE *to)
{
    struct session *session = show->debuggee.session;
    FILE *before = session->out.text;
    char command[160], line[200];
    travel(show);
    show->what->command(show, command, sizeof command);
    snprintf(line, sizeof line, "%s%s", command, show->format == SHOW_JSON ? " --json" : "");
    session->out.text = to;
    bool fine = session_do(session, line) == SESSION_OK;
    session->out.text = before;
    return fine;
}

/* Its list, from the command's answer. False: the command refused, and has said why. */
static bool fill(struct show *show, struct draw_list *list)
{
    char command[160];
    if (show->what->draw_answer == NULL) {
        picture_journey(show->scene, last_beat(show->scene), false, list);
        return true;
    }
    travel(show);
    show->what->command(show, command, sizeof command);
    json_t *answer = view_ask(show->debuggee.session, command);
    const char *error = json_string_value(json_object_get(answer, "error"));
    bool fine = answer != NULL && error == NULL;
    if (fine)
        show->what->draw_answer(answer, show->scene, list);
    else
        options_trouble("show", "%s", error == NULL ? "there is nothing to show" : error);
    json_decref(answer);
    return fine;
}

/* What the command says, or another text, to be freed. NULL = it refused, and has said why. */
static char *command_text(struct show *show)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    bug_unless(memory != NULL);
    bool fine = say(show, memory);
    bug_unless(fclose(memory) == 0);
    if (fine)
        return text;
    free(text);
    return NULL;
}

/* `words` say the picture to those who cannot see it; `text` stands below it in a page. */
static bool write_drawn(struct show *show, const struct draw_list *list, const char *heading,
                        const char *words, const char *text)
{
    const char *why = NULL;
    bool fine = true;
    if (show->format == SHOW_PNG)
        fine = draw_png(show->file, list, show->palette, &why);
    else if (show->format == SHOW_HTML)
        lesson_page(show->file, list, show->palette, heading, words, text);
    else
        draw_svg(show->file, list, show->palette, &(struct svg_words){heading, words, "trapscope"});
    if (why != NULL)
        options_trouble("show", "%s", why);
    return fine;
}

static bool write_picture(struct show *show, const struct draw_list *list)
{
    char *text = show->format == SHOW_HTML ? command_text(show) : NULL;
    if (show->format == SHOW_HTML && text == NULL)
        return false;
    char *words = bug_alloc(1, WORDS_ROOM);
    picture_words(show->scene, last_beat(show->scene), words, WORDS_ROOM);
    bool fine = write_drawn(show, list, show->scene->heading, words, text);
    free(words);
    free(text);
    return fine;
}

static bool draw(struct show *show)
{
    struct draw_list list;
    draw_init(&list);
    bool fine = fill(show, &list) && write_picture(show, &list);
    draw_free(&list);
    return fine;
}

static bool find_and_show(struct show *show)
{
    char command[160];
    show->debuggee.session->insn_limit = show->insn_limit;
    debuggee_run_to_start(&show->debuggee);
    if (!moment_next(show->debuggee.session, &show->moment, show->scene))
        return moment_say_none(show->debuggee.session, &show->moment);
    show->what->command(show, command, sizeof command);
    if (command[0] == '\0') {
        options_trouble("show", "%s is no system call: it has no %s", show->scene->heading,
                        show->what->name);
        return false;
    }
    bool words = show->format == SHOW_TEXT || show->format == SHOW_JSON;
    return words ? say(show, show->file) : draw(show);
}

/* Opens the file, has it written and closes it. */
static int open_and_show(struct show *show, bool (*write)(struct show *show))
{
    show->file = show->path == NULL ? stdout : fopen(show->path, "we");
    if (show->file == NULL)
        return options_trouble("show", "%s: %s", show->path, strerror(errno));
    bool fine = write(show);
    bool written = fflush(show->file) == 0 && !ferror(show->file);
    if (show->path != NULL && fclose(show->file) != 0)
        written = false;
    if (!written)
        return options_trouble(
            "show", "%s: %s", show->path == NULL ? "standard output" : show->path, strerror(errno));
    if (!fine && show->path != NULL)
        remove(show->path);
    return fine ? 0 : EXIT_TROUBLE;
}

/* --- by every path ---------------------------------------------------------------------------- */

/* The first call, or the first of the name that is asked for. */
static const char *chosen_call(const struct show *show)
{
    const struct watched_run *run = &show->paths->run[0];
    return show->moment.syscall != NULL ? show->moment.syscall
           : run->calls > 0             ? run->call[0].name
                                        : "";
}

static bool draw_paths(struct show *show, const char *name)
{
    const struct watched_call *call[LAUNCH_PATHS];
    struct draw_list list;
    char *words = NULL;
    size_t size = 0;
    if (!paths_find(show->paths, name, 0, call))
        return false;
    FILE *memory = open_memstream(&words, &size);
    bug_unless(memory != NULL);
    paths_say(show->paths, name, false, memory);
    bug_unless(fclose(memory) == 0);
    draw_init(&list);
    picture_paths(show->paths, call, &list);
    bool fine = write_drawn(show, &list, paths_call_text(show->paths, call), words, words);
    draw_free(&list);
    free(words);
    return fine;
}

static bool write_paths(struct show *show)
{
    bool words = show->format == SHOW_TEXT || show->format == SHOW_JSON;
    const char *name = chosen_call(show);
    bool fine =
        words ? paths_say(show->paths, show->moment.syscall, show->format == SHOW_JSON, show->file)
              : draw_paths(show, name);
    if (!fine)
        options_trouble("show", "the program never calls %s",
                        name[0] == '\0' ? "the kernel" : name);
    return fine;
}

static int show_paths(struct show *show, int argc, char **argv)
{
    struct paths *paths = show->paths = bug_alloc(1, sizeof *paths);
    paths->command = "show";
    paths->options = show->debuggee.options;
    paths->options.insn_limit = show->insn_limit;
    if (paths->options.path != NULL)
        paths->wanted = (struct option_list){{paths->options.path}, 1};
    int status = 0;
    if (show->moment.fault)
        status = options_trouble("show", "--fault: paths are shown of system calls: leave it out");
    else if (paths->options.record != NULL || paths->options.replay != NULL)
        status = options_trouble("show", "--record and --replay: each path is a run of its own: "
                                         "leave them out");
    else
        status = paths_watch(paths, argc, argv);
    if (status == 0)
        status = open_and_show(show, write_paths);
    paths_free(paths);
    free(paths);
    return status;
}

/* --- the command ------------------------------------------------------------------------------ */

/* The session's own remarks about stops are nobody's answer here. */
static int show_program(struct show *show, int argc, char **argv)
{
    FILE *nowhere = fopen("/dev/null", "we");
    if (nowhere == NULL)
        return options_trouble("show", "/dev/null: %s", strerror(errno));
    int status = debuggee_begin(&show->debuggee, argc, argv, nowhere, stderr, stderr);
    if (status == 0) {
        status = open_and_show(show, find_and_show);
        int trouble = debuggee_end(&show->debuggee);
        status = status == 0 ? trouble : status;
    }
    fclose(nowhere);
    return status;
}

static void add_options(struct show *show, struct option_set *set)
{
    options_share(&show->debuggee.options, set,
                  OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_PROFILE | OPTIONS_PATH);
    option_add(set, (struct option_row){"--insn-limit", OPTION_NUMBER, &show->insn_limit, "N",
                                        "give up after N instructions; 100 million without this"});
    option_add(set, (struct option_row){"--syscall", OPTION_TEXT, &show->moment.syscall, "NAME",
                                        "the program's first call of NAME; else its first one"});
    option_add(set, (struct option_row){"--fault", OPTION_FLAG, &show->moment.fault, NULL,
                                        "the program's first fault instead"});
    option_add(set,
               (struct option_row){"--format", OPTION_TEXT, &show->format_name,
                                   "svg|png|html|text|json", "without it, FILE's ending says"});
    option_add(set, (struct option_row){"--address", OPTION_TEXT, &show->address, "EXPRESSION",
                                        "of a walk: $esp, &x, 0x1000"});
    option_add(set, (struct option_row){"--palette", OPTION_TEXT, &show->palette_name, "light|dark",
                                        "of a picture"});
    option_add(set, (struct option_row){"-o", OPTION_TEXT, &show->path, "FILE",
                                        "write to FILE, not to standard output"});
}

static void list_whats(char *to, size_t room)
{
    size_t used = (size_t)snprintf(to, room, "%s",
                                   "Runs a guest program until it has made a system call and shows "
                                   "that, as a picture, as\ntext or as JSON. WHAT is one of\n");
    for (unsigned i = 0; i < WHATS && used < room; i++)
        used +=
            (size_t)snprintf(to + used, room - used, "  %-10s %s\n", whats[i].name, whats[i].about);
    if (used < room)
        snprintf(
            to + used, room - used,
            "A program that makes no call is shown at its first fault. PROGRAM may be left out\n"
            "with --kernel, --bios, --disk or --restore: whatever that runs is the program.");
}

static int show(struct show *show, int argc, char **argv)
{
    char about[1500];
    struct option_set set = {
        .command = "show", .usage = "[OPTION...] WHAT [PROGRAM [ARG...]]", .about = about};
    int rest;
    list_whats(about, sizeof about);
    add_options(show, &set);
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    if (argc == rest || (argc - rest < 2 && !options_boot(&show->debuggee.options)))
        return options_trouble("show",
                               "show what of which program? trapscope show journey hello.c");
    if (!choose_what(show, argv[rest]))
        return EXIT_TROUBLE;
    /* Options may stand behind WHAT, too. */
    argv[rest] = argv[0];
    int again;
    enum options_answer answer = options_parse(&set, argc - rest, argv + rest, &again);
    if (answer != OPTIONS_GO_ON)
        return answer == OPTIONS_DONE ? 0 : EXIT_TROUBLE;
    bool boots = show->what->command != NULL && options_boot(&show->debuggee.options);
    if (again == argc - rest && !boots)
        return options_trouble("show", "which program? trapscope show %s hello.c",
                               show->what->name);
    if (!choose_format(show) || !choose_palette(show))
        return EXIT_TROUBLE;
    argc -= rest + again;
    argv += rest + again;
    return show->what->command == NULL ? show_paths(show, argc, argv)
                                       : show_program(show, argc, argv);
}

int cmd_show(int argc, char **argv)
{
    struct show *s = bug_alloc(1, sizeof *s);
    s->scene = bug_alloc(1, sizeof *s->scene);
    s->palette_name = "light";
    s->insn_limit = MOMENT_INSTRUCTIONS;
    s->debuggee.command = "show";
    int status = show(s, argc, argv);
    free(s->scene);
    free(s);
    return status;
}
