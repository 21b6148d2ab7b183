/* build_all: every file compiled, the kernel and the programs linked. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lab/build.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/tree.h"

/* --- which files there are -------------------------------------------------------------------- */

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), more = strlen(end);
    return length > more && strcmp(name + length - more, end) == 0;
}

static bool is_source(const char *name)
{
    return ends_in(name, ".c") || ends_in(name, ".S");
}

static void add_unit(struct build *build, const char *source, bool kernel)
{
    if (build->units == BUILD_UNITS || strlen(source) >= sizeof build->unit[0].source)
        return;
    unsigned n = build->units;
    struct build_unit *unit = &build->unit[build->units++];
    *unit = (struct build_unit){.kernel = kernel};
    snprintf(unit->source, sizeof unit->source, "%s", source);
    snprintf(unit->input, sizeof unit->input, "%s", source);
    snprintf(unit->object, sizeof unit->object, "%s/%u.o", build->made, n);
    snprintf(unit->log, sizeof unit->log, "%s/%u.log", build->made, n);
}

static int is_source_entry(const struct dirent *entry)
{
    return is_source(entry->d_name);
}

static void add_folder(struct build *build, const char *folder, bool kernel)
{
    struct dirent **entry = NULL;
    char *path = file_join(build->copy, folder);
    int found = scandir(path, &entry, is_source_entry, alphasort);
    for (int i = 0; i < found; i++) {
        bool top = strcmp(folder, ".") == 0;
        add_unit(build,
                 build_join(build, "%s%s%s", top ? "" : folder, top ? "" : "/", entry[i]->d_name),
                 kernel);
        free(entry[i]);
    }
    free(entry);
    free(path);
}

/* Calls `each` for the lines "file PATH" of a kernel's configuration, until it answers true. */
static bool each_listed(const struct build *build,
                        bool (*each)(void *context, const char *path, unsigned line), void *context)
{
    char *text = build_text(build, lab_text(build->lab->data, "list.file")), *rest = text;
    bool found = false;
    unsigned number = 0;
    for (char *line; text != NULL && !found && (line = strsep(&rest, "\n")) != NULL;) {
        char path[120];
        number++;
        if (sscanf(line, " file %119s", path) == 1)
            found = each(context, path, number);
    }
    free(text);
    return found;
}

/* A file that is listed and not there is an error of the compiler's, but for the one that the lab
 * asks for. */
static bool add_listed(void *context, const char *path, unsigned line)
{
    struct build *build = context;
    (void)line;
    if (!is_source(path) || strstr(path, "..") != NULL || path[0] == '/')
        return false;
    const char *source = build_join(build, "%s%s", lab_text(build->lab->data, "list.base"), path);
    char *text = build_text(build, source);
    if (text != NULL || strcmp(source, build->handler_file) != 0)
        add_unit(build, source, true);
    free(text);
    return false;
}

struct part {
    const char *path;
    unsigned line;
};

static bool is_that(void *context, const char *path, unsigned line)
{
    struct part *part = context;
    part->line = line;
    return strcmp(path, part->path) == 0;
}

bool build_is_part(const struct build *build, const char *source, unsigned *line)
{
    struct part part = {.path = source};
    bool found = each_listed(build, is_that, &part);
    if (line != NULL)
        *line = found ? part.line : 0;
    return found;
}

/* Is the file itself named as one that is linked with every program? */
static bool is_library(const struct build *build, const char *source)
{
    const char *file;
    for (size_t i = 0; (file = lab_item(build->lab->data, "user.library", i)) != NULL; i++)
        if (strcmp(file, source) == 0)
            return true;
    return false;
}

static void find_units(struct build *build)
{
    const json_t *data = build->lab->data;
    const char *folder;
    build->units = 0;
    for (size_t i = 0; (folder = lab_item(data, "kernel", i)) != NULL; i++)
        add_folder(build, folder, true);
    if (lab_text(data, "list.file") != NULL) {
        each_listed(build, add_listed, build);
        char *handler = build_text(build, build->handler_file);
        if (handler != NULL && build_unit(build, build->handler_file) == NULL)
            add_unit(build, build->handler_file, true);
        free(handler);
    }
    add_folder(build, lab_text(data, "user.folder"), false);
    unsigned programs = build->units;
    for (size_t i = 0; (folder = lab_item(data, "user.library", i)) != NULL; i++) {
        char *stubs = build_text(build, folder);
        if (stubs == NULL)
            add_folder(build, folder, false);
        else if (build_unit(build, folder) == NULL)
            add_unit(build, folder, false);
        free(stubs);
    }
    for (unsigned i = 0; i < build->units; i++)
        build->unit[i].library =
            !build->unit[i].kernel && (i >= programs || is_library(build, build->unit[i].source));
}

const struct build_unit *build_unit(const struct build *build, const char *source)
{
    for (unsigned i = 0; i < build->units; i++)
        if (strcmp(build->unit[i].source, source) == 0)
            return &build->unit[i];
    return NULL;
}

const struct build_unit *build_program(const struct build *build, const char *name)
{
    for (unsigned i = 0; i < build->programs; i++)
        if (strcmp(build->program[i].source, name) == 0)
            return &build->program[i];
    return NULL;
}

/* --- compiling -------------------------------------------------------------------------------- */

static void compile_words(struct build *build, const struct build_unit *unit,
                          struct build_words *words)
{
    const char *declared = build->declaring_file;
    if (unit->kernel)
        build_kernel_words(build, words);
    else
        build_program_words(build, words);
    if (build->give_declaration && declared != NULL && strcmp(declared, unit->source) == 0) {
        build_add(words, "-include");
        build_add(words, build_join(build, "%s/declaration.h", build->made));
    }
    build_add(words, "-c");
    build_add(words, unit->input);
    build_add(words, "-o");
    build_add(words, unit->object);
}

/* Runs one job for each unit, with its words. */
static bool do_units(struct build *build, struct build_unit *unit, unsigned units,
                     void (*make)(struct build *, const struct build_unit *, struct build_words *))
{
    struct confine_job *job = bug_alloc(units + 1, sizeof *job);
    struct build_words *words = bug_alloc(units + 1, sizeof *words);
    for (unsigned i = 0; i < units; i++) {
        make(build, &unit[i], &words[i]);
        job[i] =
            (struct confine_job){.argv = words[i].word, .folder = build->copy, .log = unit[i].log};
    }
    bool done = build_run(build, job, units);
    for (unsigned i = 0; done && i < units; i++)
        unit[i].done = build_judge(build, &job[i], unit[i].source, unit[i].said);
    free(words);
    free(job);
    return done;
}

/* --- linking ---------------------------------------------------------------------------------- */

static bool kernel_compiled(struct build *build)
{
    for (unsigned i = 0; i < build->units; i++)
        if (build->unit[i].kernel && !build->unit[i].done) {
            snprintf(build->kernel_said, sizeof build->kernel_said, "%s", build->unit[i].said);
            return false;
        }
    return true;
}

/* Objects go by a response file: there may be many. */
static bool write_objects(struct build *build, const char *path)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return false;
    for (unsigned i = 0; i < build->units; i++)
        if (build->unit[i].kernel)
            fprintf(file, "\"%s\"\n", build->unit[i].object);
    return fclose(file) == 0;
}

/* Trapscope's own, where the lab is about a library. */
static void take_kernel(struct build *build)
{
    char *path = file_join(build->machine_folder, "turnstile.elf");
    build->kernel_there = tree_put(build->work, "made", "turnstile.elf", path);
    free(path);
}

static bool link_kernel(struct build *build)
{
    struct build_words words = {.used = 0};
    const json_t *data = build->lab->data;
    if (lab_item(data, "link", 0) == NULL) {
        take_kernel(build);
        return true;
    }
    const char *objects = build_join(build, "%s/objects", build->made);
    build->kernel_there = false;
    if (!kernel_compiled(build))
        return true;
    if (!write_objects(build, objects)) {
        snprintf(build->kernel_said, sizeof build->kernel_said, "the disk is full");
        return true;
    }
    const char *word;
    for (size_t i = 0; (word = lab_item(data, "link", i)) != NULL; i++)
        build_add(&words, word);
    build_add(&words, "-T");
    build_add(&words, build_join(build, "%s/kernel.ld", build->lab->folder));
    if (build->give_handler)
        build_add(&words, build_join(build, "-Wl,--defsym=%s=0", build->lab->handler));
    build_add(&words, "-o");
    build_add(&words, build->kernel);
    build_add(&words, build_join(build, "@%s", objects));
    struct confine_job job = {.argv = words.word,
                              .folder = build->copy,
                              .log = build_join(build, "%s/kernel.log", build->made)};
    if (!build_run(build, &job, 1))
        return false;
    build->kernel_there = build_judge(build, &job, "the kernel", build->kernel_said);
    return true;
}

/* Is it of the part of the library of which only listed names are seen outside? */
static bool is_exporting(const struct build *build, const struct build_unit *unit)
{
    const char *folder = lab_text(build->lab->data, "user.exports.folder");
    return folder != NULL && unit->library && strncmp(unit->source, folder, strlen(folder)) == 0;
}

static bool run_tool(struct build *build, struct build_words *words, bool *done)
{
    struct confine_job job = {.argv = words->word,
                              .folder = build->copy,
                              .log = build_join(build, "%s/tool.log", build->made)};
    if (!build_run(build, &job, 1))
        return false;
    *done = build_judge(build, &job, "the library", NULL);
    return true;
}

/* One object of these files, with the listed names only. False = interrupted. */
static bool link_exports(struct build *build)
{
    const json_t *data = build->lab->data;
    const char *symbols = lab_text(data, "user.exports.symbols"), *tools = lab_text(data, "tools");
    const char *object = build_join(build, "%s/exports.o", build->made);
    struct build_words link = {.used = 0}, hide = {.used = 0};
    build->exports_done = false;
    if (symbols == NULL)
        return true;
    build_add(&link, build_join(build, "%sld", tools));
    build_add(&link, "-r");
    for (unsigned i = 0; i < build->units; i++)
        if (is_exporting(build, &build->unit[i]) && build->unit[i].done)
            build_add(&link, build->unit[i].object);
    build_add(&link, "-o");
    build_add(&link, object);
    build_add(&hide, build_join(build, "%sobjcopy", tools));
    build_add(&hide, build_join(build, "--keep-global-symbols=%s", symbols));
    build_add(&hide, object);
    return run_tool(build, &link, &build->exports_done) &&
           (!build->exports_done || run_tool(build, &hide, &build->exports_done));
}

static void program_words(struct build *build, const struct build_unit *program,
                          struct build_words *words)
{
    const json_t *data = build->lab->data;
    build_program_words(build, words);
    build_add(words, program->input);
    for (unsigned i = 0; i < build->units; i++)
        if (build->unit[i].library && build->unit[i].done && !is_exporting(build, &build->unit[i]))
            build_add(words, build->unit[i].object);
    if (build->exports_done)
        build_add(words, build_join(build, "%s/exports.o", build->made));
    if (build->give_stub && lab_text(data, "user.given") != NULL)
        build_add(words,
                  build_join(build, "%s/%s", build->lab->folder, lab_text(data, "user.given")));
    build_add(words, "-o");
    build_add(words, program->object);
}

static void add_program(struct build *build, const char *name, const char *input)
{
    unsigned n = build->programs;
    if (n == BUILD_UNITS)
        return;
    struct build_unit *program = &build->program[build->programs++];
    *program = (struct build_unit){.kernel = false};
    snprintf(program->source, sizeof program->source, "%s", name);
    snprintf(program->object, sizeof program->object, "%s/bin/%s", build->made, name);
    snprintf(program->log, sizeof program->log, "%s/bin%u.log", build->made, n);
    snprintf(program->input, sizeof program->input, "%s", input);
}

/* Programs of the list whose source is in the copy, and was compiled; and the lab's, if it is a
 * source. */
static bool link_programs(struct build *build)
{
    const char *probe = lab_text(build->lab->data, "probe");
    build->programs = 0;
    if (probe != NULL)
        add_program(build, "probe", build_join(build, "%s/%s", build->lab->folder, probe));
    for (unsigned i = 0; i < build->units; i++) {
        const struct build_unit *unit = &build->unit[i];
        const char *slash = strrchr(unit->source, '/');
        const char *file = slash == NULL ? unit->source : slash + 1;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
        if (unit->kernel || !unit->done || !ends_in(file, ".c") || unit->library ||
            !build_listed(build, name, NULL))
            continue;
        add_program(build, name, build_join(build, "%s", unit->object));
    }
    return do_units(build, build->program, build->programs, program_words);
}

/* --- the file system -------------------------------------------------------------------------- */

static int is_program(const struct dirent *entry)
{
    return strchr(entry->d_name, '.') == NULL;
}

/* Trapscope's own programs, but for those that the user has; init and sh are always there. */
static void write_manifest(struct build *build, const char *path)
{
    struct dirent **entry = NULL;
    char *folder = file_join(build->machine_folder, "bin");
    const char *first = lab_text(build->lab->data, "init"); /* of the lab's own */
    FILE *file = fopen(path, "we");
    if (file != NULL && first != NULL)
        fprintf(file, "%s/%s=/bin/init\n%s/init=/bin/init.full\n", build->lab->folder, first,
                folder);
    int found = scandir(folder, &entry, is_program, alphasort);
    for (int i = 0; i < found; i++) {
        const char *name = entry[i]->d_name;
        bool needed = strcmp(name, "init") == 0 || strcmp(name, "sh") == 0;
        if (file != NULL && build_program(build, name) == NULL &&
            !(first != NULL && strcmp(name, "init") == 0) &&
            strcmp(name, lab_text(build->lab->data, "test.program")) != 0 &&
            (needed || build_listed(build, name, NULL)))
            fprintf(file, "%s/%s=/bin/%s\n", folder, name, name);
        free(entry[i]);
    }
    free(entry);
    free(folder);
    for (unsigned i = 0; file != NULL && i < build->programs; i++)
        if (build->program[i].done && strlen(build->program[i].source) <= 14)
            fprintf(file, "%s=/bin/%s\n", build->program[i].object, build->program[i].source);
    if (file != NULL)
        fclose(file);
}

static bool make_image(struct build *build)
{
    const char *manifest = build_join(build, "%s/manifest", build->made);
    struct build_words words = {.used = 0};
    const char *word;
    write_manifest(build, manifest);
    build_add(&words, build->mkfs);
    for (size_t i = 0; (word = lab_item(build->lab->data, "mkfs", i)) != NULL; i++)
        build_add(&words, word);
    build_add(&words, build->image);
    build_add(&words, build_join(build, "%u", lab_number(build->lab->data, "blocks")));
    build_add(&words, manifest);
    struct confine_job job = {.argv = words.word,
                              .folder = build->copy,
                              .log = build_join(build, "%s/mkfs.log", build->made)};
    if (!build_run(build, &job, 1))
        return false;
    if (build->kernel_there)
        build->kernel_there = build_judge(build, &job, "the file system", build->kernel_said);
    return true;
}

bool build_compile(struct build *build)
{
    find_units(build);
    if (build->give_declaration) {
        FILE *file = fopen(build_join(build, "%s/declaration.h", build->made), "we");
        if (file != NULL) {
            fprintf(file, "%s\n", build->declaration);
            fclose(file);
        }
    }
    return do_units(build, build->unit, build->units, compile_words);
}

bool build_link(struct build *build)
{
    return link_kernel(build) && link_exports(build) && link_programs(build) && make_image(build);
}
