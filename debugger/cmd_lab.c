/* cmd_lab: `trapscope lab`: exercises "add a system call": a copy to start with, and what is done
 * of it. */
#include "debugger/cmd_lab.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debugger/lab/build.h"
#include "debugger/lab/judge.h"
#include "debugger/lab/lab.h"
#include "debugger/lab/report.h"
#include "debugger/options.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/terminal.h"
#include "emu/host/tree.h"

#define NOT_DONE 1

struct request {
    const char *lab, *results;
    bool json, trusted;
};

/* --- start ------------------------------------------------------------------------------------ */

static bool is_empty(const char *path)
{
    DIR *folder = opendir(path);
    unsigned entries = 0;
    while (folder != NULL && readdir(folder) != NULL)
        entries++;
    if (folder != NULL)
        closedir(folder);
    return entries == 2; /* . and .. */
}

static bool write_name(const struct lab *lab, const char *to)
{
    char *path = file_join(to, LAB_FILE);
    FILE *file = fopen(path, "wxe");
    bool done = file != NULL && fprintf(file, "%s\n", lab->name) > 0;
    if (file != NULL)
        done = fclose(file) == 0 && done;
    free(path);
    return done;
}

static int start(const char *name, const char *to)
{
    struct lab lab;
    const char *why;
    struct tree_copy copy = {.limits = {10000, 16, UINT64_C(16) << 20, UINT64_C(256) << 20}};
    if (!lab_open(&lab, name))
        return EXIT_TROUBLE;
    int status = 0;
    char *from = file_join(lab.folder, "copy");
    if (mkdir(to, 0777) != 0 && !(errno == EEXIST && is_empty(to)))
        status = options_trouble("lab", "%s: %s", to,
                                 errno == EEXIST ? "is there already: name a new folder"
                                                 : strerror(errno));
    else if (!tree_copy(&copy, from, to, &why))
        status = options_trouble("lab", "%s: %s", to, why);
    else if (!write_name(&lab, to))
        status = options_trouble("lab", "%s: %s", to, strerror(errno));
    else
        printf("%s\n%s/README.md says what to do; trapscope lab check %s says how far it is.\n",
               lab_text(lab.data, "title"), to, to);
    free(from);
    lab_close(&lab);
    return status;
}

/* --- check ------------------------------------------------------------------------------------ */

static void refused(void *context, const char *path, const char *why)
{
    struct judge *judge = context;
    char line[700];
    size_t used = strlen(judge->refused);
    snprintf(line, sizeof line, "%s%.300s %s", used == 0 ? "" : "; ", path, why);
    for (char *at = line; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    snprintf(judge->refused + used, sizeof judge->refused - used, "%s", line);
}

/* The lab of a copy, from its file LAB; "" = it says none. */
static void read_name(const char *folder, char name[64])
{
    struct stat status;
    char *path = file_join(folder, LAB_FILE);
    const char *why;
    size_t size = 0;
    uint8_t *bytes = NULL;
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        bytes = file_read(path, 4096, &size, &why);
    snprintf(name, 64, "%.*s", bytes == NULL ? 0 : (int)strcspn((const char *)bytes, " \r\n"),
             bytes == NULL ? "" : (const char *)bytes);
    free(bytes);
    free(path);
}

/* What was built, for --turnstile. */
static void keep(const struct judge *judge, const char *folder, FILE *to)
{
    const struct build *build = judge->build;
    const char *name = lab_text(judge->lab->data, "test.program");
    const struct build_unit *test = build_program(build, name);
    if (!build->kernel_there)
        return;
    bool done = tree_put(folder, "build", "turnstile.elf", build->kernel) &&
                tree_put(folder, "build", "fs.img", build->image);
    bool program =
        done && test != NULL && test->done && tree_put(folder, "build", name, test->object);
    if (done)
        fprintf(to, "built: %s/build/turnstile.elf and fs.img%s%s\n", folder, program ? ", " : "",
                program ? name : "");
    else
        fprintf(to, "not kept in %s/build: %s\n", folder, strerror(errno));
}

static int tell(const struct judge *judge, const struct request *request, const char *folder)
{
    if (request->json) {
        report_json(judge, stdout);
    } else {
        report_text(judge, stdout, isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL);
        keep(judge, folder, stdout);
    }
    if (request->results != NULL && !report_gradescope(judge, request->results))
        return options_trouble("lab", "%s: %s", request->results, strerror(errno));
    return judge_done(judge) ? 0 : NOT_DONE;
}

static int check(const struct request *request, const char *folder)
{
    struct lab lab;
    char name[64];
    int status = EXIT_TROUBLE;
    if (access(folder, X_OK) != 0)
        return options_trouble("lab", "%s: %s", folder, strerror(errno));
    read_name(folder, name);
    if (request->lab == NULL && name[0] == '\0')
        return options_trouble(
            "lab", "%s: has no file " LAB_FILE " that says which lab it is: give --lab NAME",
            folder);
    if (!lab_open(&lab, request->lab != NULL ? request->lab : name))
        return EXIT_TROUBLE;
    struct judge *judge = bug_alloc(1, sizeof *judge);
    struct build *build = bug_alloc(1, sizeof *build);
    judge->lab = &lab;
    judge->build = build;
    char *real = realpath(folder, NULL);
    if (real == NULL)
        options_trouble("lab", "%s: %s", folder, strerror(errno));
    else if (build_take(build, &lab, real, request->trusted, refused, judge))
        status = judge_all(judge) ? tell(judge, request, folder) : EXIT_SIGNAL + terminal_signal();
    build_free(build);
    free(real);
    free(build);
    free(judge);
    lab_close(&lab);
    return status;
}

/* --- the command line ------------------------------------------------------------------------- */

static int list(void)
{
    char **name = lab_names();
    for (unsigned i = 0; name[i] != NULL; i++) {
        struct lab lab;
        if (lab_open(&lab, name[i])) {
            printf("%-8s  %s\n", lab.name, lab_text(lab.data, "title"));
            lab_close(&lab);
        }
        free(name[i]);
    }
    free(name);
    return 0;
}

static int act(const struct request *request, int words, char **word)
{
    if (words >= 1 && strcmp(word[0], "list") == 0 && words == 1)
        return list();
    if (words >= 1 && strcmp(word[0], "start") == 0) {
        if (words == 3)
            return start(word[1], word[2]);
        return options_trouble("lab",
                               "start needs a lab and a new folder: trapscope lab start xv6 DIR");
    }
    if (words >= 1 && strcmp(word[0], "check") == 0) {
        if (words == 2)
            return check(request, word[1]);
        return options_trouble("lab", "check needs a folder: trapscope lab check DIR");
    }
    return options_trouble("lab",
                           "what shall be done? trapscope lab list, start NAME DIR or check DIR");
}

/* Options may stand anywhere. */
int cmd_lab(int argc, char **argv)
{
    enum { MOST_WORDS = 4 };
    struct request request = {0};
    char *word[MOST_WORDS];
    int words = 0, rest;
    struct option_set set = {
        .command = "lab",
        .usage = "list | start NAME DIR | check [OPTION...] DIR",
        .about =
            "Exercises: add a system call to a kernel. `list` names them. `start` writes a copy "
            "of\n"
            "Turnstile in which a call is missing, with a sheet that says what to do, into the "
            "new\n"
            "folder DIR. `check` builds what is in DIR (in a folder of its own, without running\n"
            "anything that is in it), boots it, and tells of each place that had to be edited\n"
            "whether it is done, missing or wrong. Exit status: 0 all is done, 1 not yet,\n"
            "125 our own trouble.",
    };
    option_add(&set, (struct option_row){"--json", OPTION_FLAG, &request.json, NULL,
                                         "tell it as one JSON object"});
    option_add(&set, (struct option_row){"--results", OPTION_TEXT, &request.results, "FILE",
                                         "write Gradescope's results.json as well"});
    option_add(&set, (struct option_row){"--lab", OPTION_TEXT, &request.lab, "NAME",
                                         "which lab it is, whatever the copy says"});
    option_add(&set,
               (struct option_row){"--trust", OPTION_FLAG, &request.trusted, NULL,
                                   "the copy is your own: go on where it cannot be confined"});
    for (int i = 0; i < argc;) {
        switch (options_parse(&set, argc - i, argv + i, &rest)) {
        case OPTIONS_DONE: return 0;
        case OPTIONS_BAD: return EXIT_TROUBLE;
        case OPTIONS_GO_ON: break;
        }
        i += rest;
        if (i < argc && words == MOST_WORDS)
            return options_trouble("lab",
                                   "too many words: trapscope lab --help shows what it takes");
        if (i < argc)
            word[words++] = argv[i];
    }
    terminal_watch_signals();
    return act(&request, words, word);
}
