/* launch_paths: the ways into Turnstile's kernel that a machine has, as its sysroot lists them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/launch.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"

#define MOST_LIST 4096u

/* "NAME SUMMARY" becomes a path; the text is cut. */
static bool take_path(char *line, struct launch_path *path)
{
    size_t length = strcspn(line, " ");
    if (length == 0 || line[length] == '\0')
        return false;
    line[length] = '\0';
    snprintf(path->name, sizeof path->name, "%s", line);
    snprintf(path->summary, sizeof path->summary, "%s", line + length + 1);
    return true;
}

unsigned launch_paths(const char *machine, struct launch_path path[LAUNCH_PATHS])
{
    const char *why;
    size_t size;
    unsigned used = 0;
    char *name = launch_asset(machine, "sysroot/lib/paths/list");
    char *text = name == NULL ? NULL : (char *)file_read(name, MOST_LIST, &size, &why);
    char *rest = text;
    for (char *line; used < LAUNCH_PATHS && (line = strsep(&rest, "\n")) != NULL;)
        used += take_path(line, &path[used]);
    free(text);
    free(name);
    return used;
}

bool launch_judge_path(const char *command, const struct options *options)
{
    struct launch_path path[LAUNCH_PATHS];
    char names[LAUNCH_PATHS * (sizeof path->name + 2)] = "", *to = names;
    unsigned paths = launch_paths(options->machine, path);
    for (unsigned i = 0; i < paths; i++) {
        if (strcmp(path[i].name, options->path) == 0)
            return true;
        to = stpcpy(stpcpy(to, i == 0 ? "" : ", "), path[i].name);
    }
    options_trouble(command, "--path %s: the paths of this machine are: %s", options->path, names);
    return false;
}
