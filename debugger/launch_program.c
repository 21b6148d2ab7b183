/* launch_program: the word PROGRAM becomes bytes: a host's ELF or C file, or a guest program's
 * name. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "debugger/launch.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/terminal.h"
#include "emu/machine/elf32.h"

#define MOST_PROGRAM   (UINT64_C(16) << 20)
#define MOST_ARGUMENTS 4096u /* what the guest's exec takes, pointers and all */
#define MOST_WORDS     30u

static bool is_c_file(const char *path)
{
    size_t length = strlen(path);
    return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

/* A name with a slash is a host's file, and so is one of a file here that can be nothing else. */
static bool is_host_file(const char *name)
{
    if (strchr(name, '/') != NULL || is_c_file(name))
        return true;
    const char *why;
    size_t size;
    uint8_t *bytes = file_read(name, MOST_PROGRAM, &size, &why);
    bool elf = bytes != NULL && elf32_has_magic(bytes, size);
    free(bytes);
    return elf;
}

/* Where the words of a command line are on their way to. */
struct target {
    const char *command; /* for messages */
    const char *path;    /* into the kernel; NULL = the usual one */
    bool mips;
};

static int read_program(struct program *program, const struct target *target, const char *path)
{
    const char *command = target->command;
    const char *why;
    struct elf32 elf;
    program->elf = file_read(path, MOST_PROGRAM, &program->elf_size, &why);
    if (program->elf == NULL) {
        options_trouble(command, "%s: %s", path, why);
        return access(path, F_OK) == 0 ? EXIT_NOT_RUNNABLE : EXIT_NOT_FOUND;
    }
    why = elf32_read_program(target->mips ? ELF32_MIPS : ELF32_I386, program->elf,
                             program->elf_size, &elf);
    if (why == NULL)
        return 0;
    options_trouble(command, "%s: %s", path, why);
    return EXIT_NOT_RUNNABLE;
}

/* --- compiling ------------------------------------------------------------------------------- */

/* Waits for the compiler; a signal that asks us to end ends it, too. */
static bool wait_for(pid_t child, int *status)
{
    while (waitpid(child, status, 0) < 0) {
        if (errno != EINTR)
            return false;
        if (terminal_signal() != 0)
            kill(child, SIGTERM);
    }
    return WIFEXITED(*status) && WEXITSTATUS(*status) == 0;
}

static int run_compiler(const struct target *target, const char *compiler, const char *source,
                        const char *output)
{
    const char *command = target->command;
    pid_t child = fork();
    if (child < 0)
        return options_trouble(command, "%s: could not be started: %s", compiler, strerror(errno));
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO); /* standard output is the guest's */
        /* A name that begins with a dash would be an option. */
        const char *file = source[0] == '-' ? file_join(".", source) : source;
        const char *path = target->path;
        execl(compiler, compiler, "--machine", target->mips ? "mips" : "x86", "-o", output, file,
              path == NULL ? NULL : "--path", path, (char *)NULL);
        _exit(127);
    }
    int status;
    if (wait_for(child, &status))
        return 0;
    if (terminal_signal() != 0)
        return EXIT_SIGNAL + terminal_signal();
    options_trouble(command, "%s: was not compiled: see the lines above", source);
    return EXIT_TROUBLE;
}

static char *make_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    char *path =
        file_join(folder == NULL || folder[0] == '\0' ? "/tmp" : folder, "trapscope-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0) {
        free(path);
        return NULL;
    }
    close(fd);
    return path;
}

static int compile(struct program *program, const struct target *target, const char *source)
{
    const char *command = target->command;
    if (access(source, R_OK) != 0) {
        bool absent = errno == ENOENT;
        options_trouble(command, "%s: %s", source, strerror(errno));
        return absent ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE;
    }
    char *folder = file_own_folder();
    char *compiler = folder == NULL ? NULL : file_join(folder, "trapscope-cc");
    char *output = make_temporary();
    int status;
    if (compiler == NULL || access(compiler, X_OK) != 0)
        status = options_trouble(command,
                                 "%s: trapscope-cc is not beside this program: build it "
                                 "with ./dev build",
                                 source);
    else if (output == NULL)
        status = options_trouble(command, "no temporary file can be made: %s", strerror(errno));
    else
        status = run_compiler(target, compiler, source, output);
    if (status == 0)
        status = read_program(program, target, output);
    if (output != NULL)
        unlink(output);
    free(output);
    free(compiler);
    free(folder);
    return status;
}

/* --- arguments ------------------------------------------------------------------------------- */

/* The guest knows the program by its file's name without folder and ".c". */
static char *guest_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash == NULL ? path : slash + 1);
    if (name == NULL)
        bug("no memory for a file's name");
    if (is_c_file(name))
        name[strlen(name) - 2] = '\0';
    return name;
}

static int keep_arguments(struct program *program, const char *command, int argc, char **argv)
{
    char *name = guest_name(argv[0]);
    size_t size = strlen(name) + 1;
    for (int i = 1; i < argc; i++)
        size += strlen(argv[i]) + 1;
    if (size > MOST_ARGUMENTS || argc > (int)MOST_WORDS) {
        free(name);
        return options_trouble(command,
                               "the arguments are too long: the guest takes %u words and %u bytes",
                               MOST_WORDS, MOST_ARGUMENTS);
    }
    program->arguments = bug_alloc(1, size);
    program->arguments_size = size;
    char *to = stpcpy(program->arguments, name) + 1;
    for (int i = 1; i < argc; i++)
        to = stpcpy(to, argv[i]) + 1;
    free(name);
    return 0;
}

int launch_program(struct program *program, const char *command, const struct options *options,
                   int argc, char **argv)
{
    struct target target = {command, options->path, launch_is_mips(options)};
    *program = (struct program){0};
    int status = 0;
    if (argv[0][0] == '\0') {
        options_trouble(command, "the program has an empty name: give a file or a name");
        return EXIT_NOT_FOUND;
    }
    if (options->path != NULL && !is_c_file(argv[0]))
        status = options_trouble(
            command, "--path: is for a C file, which is compiled for it: %s is none", argv[0]);
    else if (options->path != NULL && !launch_judge_path(command, options))
        status = EXIT_TROUBLE;
    else if (is_host_file(argv[0]))
        status = is_c_file(argv[0]) ? compile(program, &target, argv[0])
                                    : read_program(program, &target, argv[0]);
    if (status == 0)
        status = keep_arguments(program, command, argc, argv);
    if (status != 0)
        launch_program_free(program);
    return status;
}

void launch_program_free(struct program *program)
{
    free(program->arguments);
    free(program->elf);
    *program = (struct program){0};
}
