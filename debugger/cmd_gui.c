/* cmd_gui: `trapscope gui`, and `gui` in the debugger: a session in a window. */
#include "debugger/cmd_gui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/debuggee.h"
#include "debugger/gui/window.h"
#include "debugger/options.h"
#include "debugger/show.h"

#define LONGEST 4096 /* of a line in a file of commands */

struct gui {
    struct debuggee debuggee;
    struct window_config config;
    const char *scale, *size;
    struct option_list scripts, commands;
    bool dark, batch;
};

/* --- from the terminal debugger --------------------------------------------------------------- */

bool cmd_gui(struct session *session, const struct command_args *args)
{
    struct window_config config = {0};
    const char *why;
    (void)args;
    if (!session_needs_machine(session))
        return false;
    if (window_has(session))
        return out_error(&session->out, "This is the window.");
    struct window *window = window_open(session, &config, &why);
    if (window == NULL)
        return out_error(&session->out, "No window: %s.", why);
    window_begin(window);
    session->quit = !window_run(window);
    window_close(window);
    if (!session->quit)
        say_stop(session);
    return true;
}

/* --- the subcommand --------------------------------------------------------------------------- */

static bool read_size(struct gui *gui)
{
    char end;
    if (gui->size == NULL)
        return true;
    return sscanf(gui->size, "%dx%d%c", &gui->config.width, &gui->config.height, &end) == 2 &&
           gui->config.width > 0 && gui->config.width <= 16384 && gui->config.height > 0 &&
           gui->config.height <= 16384;
}

static bool read_scale(struct gui *gui)
{
    char *end;
    if (gui->scale == NULL)
        return true;
    gui->config.scale = strtod(gui->scale, &end);
    return end != gui->scale && *end == '\0' && gui->config.scale >= 0.3 && gui->config.scale <= 6;
}

/* A line of the debugger's or of the window's own. False = it failed: the place was told. */
static bool perform_file(struct window *window, const char *path)
{
    char line[LONGEST];
    unsigned number = 0;
    bool fine = true;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        options_trouble("gui", "-x %s: %s", path, strerror(errno));
        return false;
    }
    while (fine && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        fine = *line == '\0' || *line == '#' || window_do(window, line);
    }
    if (!fine)
        options_trouble("gui", "%s:%u: \"%s\" failed", path, number, line);
    fclose(file);
    return fine;
}

static bool perform(struct window *window, struct gui *gui)
{
    bool fine = true;
    for (unsigned i = 0; i < gui->scripts.used && fine; i++)
        fine = perform_file(window, gui->scripts.item[i]);
    for (unsigned i = 0; i < gui->commands.used && fine; i++) {
        fine = window_do(window, gui->commands.item[i]);
        if (!fine)
            options_trouble("gui", "-ex \"%s\" failed", gui->commands.item[i]);
    }
    return fine;
}

static int run(struct gui *gui, int argc, char **argv)
{
    const char *why;
    int status = debuggee_begin(&gui->debuggee, argc, argv, stdout, stderr, stderr);
    if (status != 0)
        return status;
    struct session *session = gui->debuggee.session;
    struct window *window = window_open(session, &gui->config, &why);
    if (window == NULL) {
        status = options_trouble("gui", "%s", why);
    } else {
        debuggee_run_to_start(&gui->debuggee);
        window_begin(window);
        bool fine = perform(window, gui);
        if (!gui->batch)
            window_run(window);
        else if (!fine)
            status = 1;
        window_close(window);
    }
    int trouble = debuggee_end(&gui->debuggee);
    return status != 0 ? status : trouble;
}

int cmd_gui_main(int argc, char **argv)
{
    struct gui gui = {.debuggee = {.command = "gui"}};
    struct option_set set = {
        .command = "gui",
        .usage = "[OPTION...] [PROGRAM [ARG...]]",
        .about =
            "Opens a window on a program and the kernel under it, or, without PROGRAM, on the\n"
            "machine at power-on. PROGRAM is as for `trapscope run`. The key ? lists the keys.",
    };
    int rest;
    options_share(&gui.debuggee.options, &set,
                  OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_INSNS | OPTIONS_PROFILE | OPTIONS_PATH);
    option_add(&set, (struct option_row){"--scale", OPTION_TEXT, &gui.scale, "FACTOR",
                                         "size of the text; 1 is 106 by 30 characters"});
    option_add(&set, (struct option_row){"--size", OPTION_TEXT, &gui.size, "WxH",
                                         "of the window, in pixels; 1280x720"});
    option_add(&set, (struct option_row){"--dark", OPTION_FLAG, &gui.dark, NULL,
                                         "light text on a dark ground"});
    option_add(&set, (struct option_row){"--full-screen", OPTION_FLAG, &gui.config.full_screen,
                                         NULL, "the window is the whole screen"});
    option_add(&set, (struct option_row){"--layout", OPTION_TEXT, &gui.config.layout, "LAYOUT",
                                         "where the panes are: see the manual"});
    option_add(&set, (struct option_row){"-x", OPTION_LIST, &gui.scripts, "FILE",
                                         "do the commands in FILE first"});
    option_add(&set, (struct option_row){"-ex", OPTION_LIST, &gui.commands, "COMMAND",
                                         "then do COMMAND, the debugger's or the window's own"});
    option_add(&set,
               (struct option_row){"-batch", OPTION_FLAG, &gui.batch, NULL,
                                   "then leave; no display is needed: -ex \"picture F.png\""});
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    gui.config.unseen = gui.batch;
    gui.config.palette = gui.dark ? PALETTE_DARK : PALETTE_LIGHT;
    if (!read_size(&gui))
        return options_trouble("gui", "--size %s: a size is WIDTHxHEIGHT, as 1280x720", gui.size);
    if (!read_scale(&gui))
        return options_trouble("gui", "--scale %s: a factor is a number from 0.3 to 6", gui.scale);
    return run(&gui, argc - rest, argv + rest);
}
