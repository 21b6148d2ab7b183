/* build: a submission becomes a kernel, programs and a file system, in a folder of our own. */
#include "debugger/lab/build.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debugger/launch.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/tree.h"

#define MOST_TEXT (UINT64_C(1) << 20)

static const struct tree_limits limits = {
    .files = 600, .depth = 8, .file_size = UINT64_C(512) << 10, .size = UINT64_C(8) << 20};

/* --- taking ----------------------------------------------------------------------------------- */

/* What can be part of the build; the rest of the folder may be anything. */
static bool wants(void *context, const char *path, bool folder)
{
    static const char *const ends[] = {".c",   ".h",       ".S",        ".inc",
                                       ".def", "Makefile", "conf.kern", "pal-symbols"};
    (void)context;
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    size_t length = strlen(name);
    if (folder)
        return name[0] != '.' && strcmp(path, "build") != 0;
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t more = strlen(ends[i]);
        if (length >= more && strcmp(name + length - more, ends[i]) == 0)
            return name[0] != '.';
    }
    return false;
}

static bool make_folders(struct build *build)
{
    build->work = tree_temporary();
    if (build->work == NULL)
        return false;
    build->copy = file_join(build->work, "copy");
    build->made = file_join(build->work, "made");
    char *programs = file_join(build->made, "bin"), *tools = file_join(build->work, "tmp");
    bool done = mkdir(build->copy, 0700) == 0 && mkdir(build->made, 0700) == 0 &&
                mkdir(programs, 0700) == 0 && mkdir(tools, 0700) == 0;
    free(programs);
    free(tools);
    return done;
}

/* Where the tools are, and Trapscope's own libraries and programs for the guest. */
static bool find_tools(struct build *build)
{
    char *own = file_own_folder();
    build->compiler = own == NULL ? NULL : file_join(own, "trapscope-cc");
    free(own);
    build->machine_folder = launch_asset(build->lab->machine, "turnstile.elf");
    build->mkfs = launch_asset("labs", "mkfs");
    if (build->compiler == NULL || build->machine_folder == NULL || build->mkfs == NULL)
        return false;
    *strrchr(build->machine_folder, '/') = '\0';
    build->confine = (struct confine){
        .readable = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache",
                     build->machine_folder, build->lab->folder, build->compiler, build->mkfs},
        .writable = build->work,
        .processor_seconds = 60,
        .real_seconds = 1200,
        .memory = UINT64_C(1) << 30,
        .file_size = UINT64_C(64) << 20,
    };
    return true;
}

bool build_take(struct build *build, const struct lab *lab, const char *folder, bool trusted,
                void (*refused)(void *context, const char *path, const char *why), void *context)
{
    const char *why;
    struct tree_copy copy = {
        .limits = limits, .wants = wants, .refused = refused, .context = context};
    *build = (struct build){.lab = lab, .folder = folder};
    if (!trusted && !confine_available()) {
        options_trouble(
            "lab", "this host cannot keep the compiler to the copy (its kernel has no Landlock): "
                   "if the copy is your own, give --trust");
        return false;
    }
    if (!make_folders(build)) {
        options_trouble("lab", "no temporary folder can be made: %s", strerror(errno));
        return false;
    }
    if (!find_tools(build)) {
        options_trouble("lab",
                        "the files of the guest are not beside this program: build them with "
                        "./dev build");
        return false;
    }
    build->confine.trusted = trusted;
    snprintf(build->prefix_map, sizeof build->prefix_map, "-fdebug-prefix-map=%s=%s", build->copy,
             folder);
    snprintf(build->kernel, sizeof build->kernel, "%s/turnstile.elf", build->made);
    snprintf(build->image, sizeof build->image, "%s/fs.img", build->made);
    if (!tree_copy(&copy, folder, build->copy, &why)) {
        options_trouble("lab", "%s: %s", folder, why);
        return false;
    }
    return true;
}

void build_free(struct build *build)
{
    if (build->work != NULL)
        tree_remove(build->work);
    for (unsigned i = 0; i < build->texts; i++)
        free(build->text[i]);
    free(build->text);
    free(build->work);
    free(build->copy);
    free(build->made);
    free(build->machine_folder);
    free(build->compiler);
    free(build->mkfs);
}

/* --- texts ------------------------------------------------------------------------------------ */

/* Comments become blanks; what is inside quotes is no comment. */
static void blank_comments(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\'') {
            char quote = *at++;
            while (*at != '\0' && *at != quote && *at != '\n')
                at += 1 + (*at == '\\' && at[1] != '\0');
            if (*at == '\0')
                return;
        } else if (at[0] == '/' && at[1] == '*') {
            for (; *at != '\0' && !(at[0] == '*' && at[1] == '/'); at++)
                *at = *at == '\n' ? '\n' : ' ';
            if (*at == '\0')
                return;
            at[0] = at[1] = ' ';
        } else if (at[0] == '/' && at[1] == '/') {
            while (*at != '\0' && *at != '\n')
                *at++ = ' ';
            if (*at == '\0')
                return;
        }
    }
}

char *build_text(const struct build *build, const char *file)
{
    const char *why;
    size_t size;
    char *path = file_join(build->copy, file);
    char *text = (char *)file_read(path, MOST_TEXT, &size, &why);
    free(path);
    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < size; i++) /* it ends where it ends */
        if (text[i] == '\0')
            text[i] = ' ';
    blank_comments(text);
    return text;
}

void build_write(const struct build *build, const char *file, const char *line)
{
    char *path = file_join(build->copy, file);
    FILE *to = fopen(path, "we");
    if (to != NULL) {
        fprintf(to, "%s\n", line);
        fclose(to);
    }
    free(path);
}

unsigned build_line(const char *text, const char *what, bool last)
{
    unsigned line = 1, found = 0;
    size_t length = strlen(what);
    for (const char *at = text; *at != '\0'; at++) {
        if (strncmp(at, what, length) == 0 && (last || found == 0))
            found = line;
        line += *at == '\n';
    }
    return found;
}

/* --- the list of programs --------------------------------------------------------------------- */

/* Does a word of the text stand there? */
static bool is_word(const char *at, const char *word)
{
    size_t length = strlen(word);
    return strncmp(at, word, length) == 0 && strchr(" \t\\\n", at[length]) != NULL;
}

bool build_listed(const struct build *build, const char *name, unsigned *line)
{
    const json_t *data = build->lab->data;
    const char *file = lab_text(data, "programs.file"),
               *variable = lab_text(data, "programs.variable");
    char word[80];
    unsigned at_line = 0;
    bool inside = false, found = false;
    if (file == NULL)
        return true; /* every source is a program */
    snprintf(word, sizeof word, "%s%s", lab_text(data, "programs.prefix"), name);
    char *text = build_text(build, file);
    unsigned number = 1;
    for (char *at = text; at != NULL && *at != '\0' && !found; number++) {
        size_t length = strcspn(at, "\n"), rest = strspn(at, " \t");
        if (!inside && strncmp(at, variable, strlen(variable)) == 0)
            rest = strlen(variable) + strspn(at + strlen(variable), " \t:+?=");
        else if (!inside)
            rest = length;
        inside = rest < length && at[rest] != '#' && at[length - 1] == '\\';
        if (rest < length)
            at_line = number;
        for (size_t i = rest; i < length && at[rest] != '#' && at[i] != '#'; i++)
            if ((i == rest || isspace((unsigned char)at[i - 1])) && is_word(at + i, word))
                found = true;
        at += length + (at[length] == '\n');
    }
    free(text);
    if (line != NULL)
        *line = found ? at_line : at_line + 1;
    return found;
}

/* --- probes ----------------------------------------------------------------------------------- */

const char *build_probe(struct build *build, bool kernel, const char *text, char said[BUILD_SAID])
{
    struct build_words words = {.used = 0};
    const char *source = build_join(build, "%s/lab_probe_%u.c", build->copy, build->probes++);
    const char *object = build_join(build, "%s/probe.o", build->made);
    FILE *file = fopen(source, "we");
    if (file == NULL)
        return NULL;
    fputs(text, file);
    fclose(file);
    if (kernel)
        build_kernel_words(build, &words);
    else
        build_program_words(build, &words);
    build_add(&words, "-Werror=incompatible-pointer-types");
    build_add(&words, "-c");
    build_add(&words, strrchr(source, '/') + 1);
    build_add(&words, "-o");
    build_add(&words, object);
    struct confine_job job = {.argv = words.word,
                              .folder = build->copy,
                              .log = build_join(build, "%s/probe.log", build->made)};
    bool done = build_run(build, &job, 1) && build_judge(build, &job, "the headers", said);
    unlink(source);
    return done ? object : NULL;
}
