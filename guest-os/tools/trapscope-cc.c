/*
 * trapscope-cc: compile C for Turnstile, by running a cross compiler with the flags, headers and
 * libraries that make its programs. Every other option goes to that compiler as it is.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TRAPSCOPE_VERSION
#define TRAPSCOPE_VERSION "unknown"
#endif

static const char usage[] =
    "usage: trapscope-cc [-o OUT] [--xv6|--posix] [--machine x86|mips] [--path NAME] [-c]\n"
    "                    [-D.. -I.. -O.. -g] FILE.c...\n"
    "\n"
    "Compiles C files to a program of Turnstile, the guest OS of trapscope. Without -o the\n"
    "program is named after the first file. Run it with: trapscope run PROGRAM\n"
    "\n"
    "  --posix        the C library of <stdio.h>, <unistd.h> and so on\n"
    "  --xv6          the world of \"types.h\" and \"user.h\"; chosen by itself when a file\n"
    "                 includes \"user.h\" and not <stdio.h>\n"
    "  --machine M    the machine to compile for; x86 is the default\n"
    "  --path NAME    the way into the kernel that the program's calls take; --path list shows\n"
    "                 those that the machine has, the default first\n"
    "  --verbose      show the compiler's command line\n"
    "  --help, --version\n"
    "\n"
    "Other options go to the compiler. Exit status: the compiler's.\n";

/* An i486 without floating-point unit. */
static const char *const x86_flags[] = {
    "-march=i486", "-mno-80387",       "-mno-fp-ret-in-387",   "-mno-mmx",
    "-mno-sse",    "-mlong-double-64", "-fcf-protection=none", "-mpreferred-stack-boundary=2",
    NULL,
};

/* An R3000 without floating-point unit: big-endian MIPS I, o32, data reached by absolute addresses.
 * A division looks at its divisor and breaks (code 7) when it is 0. */
static const char *const mips_flags[] = {
    "-EB",         "-march=r3000",  "-mabi=32", "-mfp32",          "-msoft-float",
    "-mno-shared", "-mno-abicalls", "-G0",      "-mdivide-breaks", NULL,
};

/* A machine that Turnstile runs on, and the compiler for it. */
struct machine {
    const char *name;
    const char *compiler;
    const char *package; /* that the compiler comes in */
    const char *const *flags;
};

static const struct machine machines[] = {
    {"x86", "i686-linux-gnu-gcc", "gcc-i686-linux-gnu", x86_flags},
    {"mips", "mips-linux-gnu-gcc", "gcc-mips-linux-gnu", mips_flags},
};

/* What makes code run on Turnstile: no shared libraries, and nothing of the host's. */
static const char *const turnstile_flags[] = {
    "-fno-pic",
    "-fno-pie",
    "-fno-stack-protector",
    "-fno-omit-frame-pointer",
    "-fno-asynchronous-unwind-tables",
    "-nostdinc",
    NULL,
};

/* Defaults that a user's own options may change. Without -O, as for any C compiler, every line and
 * every variable can be followed in a debugger. */
static const char *const default_flags[] = {"-std=gnu17", "-g", NULL};

/* Programs of xv6's world take liberties that its makefile allows. */
static const char *const xv6_flags[] = {"-fno-builtin", "-fno-strict-aliasing", NULL};

static const char *const link_flags[] = {
    "-static", "-nostdlib", "-no-pie", "-Wl,--build-id=none", "-Wl,-z,max-page-size=0x1000", NULL,
};

/* One segment at address 0 that holds code and data, as the makefile of xv6 links. */
static const char *const xv6_link_flags[] = {
    "-Wl,-N", "-Wl,-Ttext,0", "-Wl,-e,_start", "-Wl,--no-warn-rwx-segments", NULL,
};

enum world { WORLD_UNKNOWN, WORLD_POSIX, WORLD_XV6 };

struct options {
    const struct machine *machine;
    enum world world;
    const char *path; /* NULL = the machine's first one */
    bool verbose;
    bool link;         /* neither -c nor -S nor -E */
    bool output_named; /* -o was given */
    const char **pass; /* for the compiler, in order: options and files */
    int pass_count;
    const char **files; /* those of `pass` that are files */
    int file_count;
};

static void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("trapscope-cc: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

static char *format_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *format_text(const char *format, ...)
{
    char *text;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        fail("out of memory");
    va_end(args);
    return text;
}

static bool ends_in(const char *s, const char *tail)
{
    size_t length = strlen(s), tail_length = strlen(tail);
    return length >= tail_length && strcmp(s + length - tail_length, tail) == 0;
}

static const struct machine *find_machine(const char *name)
{
    const struct machine *end = machines + sizeof machines / sizeof machines[0];
    for (const struct machine *m = machines; m < end; m++)
        if (strcmp(name, m->name) == 0)
            return m;
    fail("unknown machine '%s'; choose x86 or mips", name);
}

/* Options of the compiler whose argument is the next word. */
static bool takes_argument(const char *option)
{
    static const char *const with_argument[] = {
        "-o",       "-D",      "-I", "-U", "-MF", "-MT", "-MQ",      "-include",
        "-isystem", "-iquote", "-x", "-T", "-L",  "-l",  "-Xlinker",
    };
    for (size_t i = 0; i < sizeof with_argument / sizeof with_argument[0]; i++)
        if (strcmp(option, with_argument[i]) == 0)
            return true;
    return false;
}

static void add_file(struct options *o, const char *path)
{
    static const char *const not_c[] = {".cc", ".cpp", ".cxx", ".C", ".rs", ".go", ".py"};
    struct stat st;
    if (stat(path, &st) != 0)
        fail("cannot read %s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        fail("%s is a directory; name a C file", path);
    for (size_t i = 0; i < sizeof not_c / sizeof not_c[0]; i++)
        if (ends_in(path, not_c[i]))
            fail("%s: only C (.c), assembly (.S, .s) and objects (.o, .a) can be compiled", path);
    o->files[o->file_count++] = path;
    o->pass[o->pass_count++] = path;
}

/* Handle one of our own options, or say that it is none. *i moves on past its argument. */
static bool own_option(struct options *o, char **argv, int *i)
{
    const char *a = argv[*i];
    if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
        fputs(usage, stdout);
        exit(0);
    } else if (strcmp(a, "--version") == 0) {
        puts("trapscope-cc " TRAPSCOPE_VERSION);
        exit(0);
    } else if (strcmp(a, "--xv6") == 0) {
        o->world = WORLD_XV6;
    } else if (strcmp(a, "--posix") == 0) {
        o->world = WORLD_POSIX;
    } else if (strcmp(a, "--verbose") == 0) {
        o->verbose = true;
    } else if (strncmp(a, "--machine=", 10) == 0) {
        o->machine = find_machine(a + 10);
    } else if (strcmp(a, "--machine") == 0) {
        if (argv[++*i] == NULL)
            fail("--machine needs a name; choose x86 or mips");
        o->machine = find_machine(argv[*i]);
    } else if (strncmp(a, "--path=", 7) == 0) {
        o->path = a + 7;
    } else if (strcmp(a, "--path") == 0) {
        if (argv[++*i] == NULL)
            fail("--path needs a name; --path list shows which there are");
        o->path = argv[*i];
    } else {
        return strcmp(a, "-lm") == 0; /* its functions are in the C library */
    }
    return true;
}

static struct options parse_options(int argc, char **argv)
{
    struct options o = {
        .machine = machines,
        .link = true,
        .pass = allocate((size_t)argc + 1, sizeof *o.pass),
        .files = allocate((size_t)argc + 1, sizeof *o.files),
    };
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        if (own_option(&o, argv, &i))
            continue;
        if (a[0] != '-') {
            add_file(&o, a);
            continue;
        }
        if (a[1] == '-')
            fail("unknown option %s; see trapscope-cc --help", a);
        o.pass[o.pass_count++] = a;
        if (strncmp(a, "-o", 2) == 0)
            o.output_named = true;
        if (strcmp(a, "-c") == 0 || strcmp(a, "-S") == 0 || strcmp(a, "-E") == 0)
            o.link = false;
        if (takes_argument(a)) {
            if (i + 1 == argc)
                fail("%s needs an argument", a);
            o.pass[o.pass_count++] = argv[++i];
        }
    }
    bool lists = o.path != NULL && strcmp(o.path, "list") == 0;
    if (o.file_count == 0 && !lists)
        fail("no file to compile; see trapscope-cc --help");
    return o;
}

/* Does a line include this header, by "" or <>, with or without a folder in front? */
static bool includes(const char *line, const char *header)
{
    line += strspn(line, " \t");
    if (*line++ != '#')
        return false;
    line += strspn(line, " \t");
    if (strncmp(line, "include", 7) != 0)
        return false;
    line += 7 + strspn(line + 7, " \t");
    if (*line != '"' && *line != '<')
        return false;
    size_t length = 1 + strcspn(line + 1, "\">"), wanted = strlen(header);
    return length > wanted && strncmp(line + length - wanted, header, wanted) == 0 &&
           strchr("\"</", line[length - wanted - 1]) != NULL;
}

/* What one file's headers say: "user.h" means xv6, unless it is a header of the program's own. */
static enum world world_of_file(FILE *f)
{
    enum world world = WORLD_UNKNOWN;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, f) > 0) {
        if (includes(line, "stdio.h") || includes(line, "stdlib.h") || includes(line, "unistd.h"))
            world = WORLD_POSIX;
        else if (includes(line, "user.h") && world == WORLD_UNKNOWN)
            world = WORLD_XV6;
    }
    free(line);
    return world;
}

static enum world find_world(const struct options *o)
{
    enum world world = o->world;
    for (int i = 0; i < o->file_count && world == WORLD_UNKNOWN; i++) {
        FILE *f = ends_in(o->files[i], ".c") ? fopen(o->files[i], "r") : NULL;
        if (f == NULL)
            continue;
        world = world_of_file(f);
        fclose(f);
    }
    return world == WORLD_UNKNOWN ? WORLD_POSIX : world;
}

/* Beside this program in a build folder, or in share/ of where it is installed. */
static char *find_sysroot(const char *machine)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        fail("cannot tell where trapscope-cc itself is: %s", strerror(errno));
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    static const char *const places[] = {"guest-os", "../share/trapscope"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char *sysroot = format_text("%s/%s/%s/sysroot", self, places[i], machine);
        if (access(sysroot, R_OK) == 0)
            return sysroot;
        free(sysroot);
    }
    fail("the libraries of Turnstile are not in %s/guest-os/%s/sysroot; run ./dev build", self,
         machine);
}

/* The paths of the machine: lines "NAME SUMMARY", the default first. */
static FILE *open_paths(const char *sysroot)
{
    char *name = format_text("%s/lib/paths/list", sysroot);
    FILE *list = fopen(name, "r");
    if (list == NULL)
        fail("cannot read %s: %s", name, strerror(errno));
    free(name);
    return list;
}

static void print_paths(const char *sysroot)
{
    FILE *list = open_paths(sysroot);
    for (int c; (c = getc(list)) != EOF;)
        putchar(c);
    fclose(list);
}

/* The path that was asked for, or the default one. */
static char *find_path(const struct options *o, const char *sysroot)
{
    FILE *list = open_paths(sysroot);
    char *line = NULL, *names = format_text("%s", "");
    size_t size = 0;
    while (getline(&line, &size, list) > 0) {
        line[strcspn(line, " \n")] = '\0';
        if (o->path == NULL || strcmp(o->path, line) == 0) {
            fclose(list);
            free(names);
            return line;
        }
        char *more = format_text("%s%s%s", names, names[0] == '\0' ? "" : ", ", line);
        free(names);
        names = more;
    }
    if (o->path == NULL)
        fail("%s/lib/paths/list names no path", sysroot);
    fail("%s has no path '%s'; it has: %s", o->machine->name, o->path, names);
}

/* The folder of the compiler's own headers: stddef.h and the like. NULL: there is no compiler. */
static char *find_compiler_headers(const char *compiler)
{
    int fds[2];
    if (pipe(fds) != 0)
        fail("cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0)
        fail("cannot start %s: %s", compiler, strerror(errno));
    if (pid == 0) {
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        execlp(compiler, compiler, "-print-file-name=include", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    FILE *answer = fdopen(fds[0], "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t length = answer != NULL ? getline(&line, &size, answer) : -1;
    if (answer != NULL)
        fclose(answer);
    int status;
    waitpid(pid, &status, 0);
    if (length <= 0 || status != 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}

struct command {
    const char **words;
    int count;
};

static void command_add(struct command *c, const char *word)
{
    c->words[c->count++] = word;
}

static void command_add_list(struct command *c, const char *const *words)
{
    for (; *words != NULL; words++)
        command_add(c, *words);
}

/* FILE.c without folder and .c; "a.out" for anything else. */
static char *output_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;
    if (!ends_in(name, ".c") || strlen(name) == 2)
        return format_text("a.out");
    return format_text("%.*s", (int)strlen(name) - 2, name);
}

static void add_compiling(struct command *c, const struct options *o, enum world world,
                          const char *sysroot)
{
    const struct machine *m = o->machine;
    char *headers = find_compiler_headers(m->compiler);
    if (headers == NULL)
        fail("no compiler for %s (%s) is installed; run: sudo apt install %s", m->name, m->compiler,
             m->package);
    command_add_list(c, m->flags);
    command_add_list(c, turnstile_flags);
    command_add_list(c, default_flags);
    if (world == WORLD_XV6)
        command_add_list(c, xv6_flags);
    command_add_list(c, o->pass);
    command_add(c, "-isystem");
    command_add(c, format_text("%s/%s", sysroot, world == WORLD_XV6 ? "include-xv6" : "include"));
    command_add(c, "-isystem");
    command_add(c, headers);
}

static void add_linking(struct command *c, const struct options *o, enum world world,
                        const char *sysroot, const char *path)
{
    if (!o->output_named) {
        command_add(c, "-o");
        command_add(c, output_name(o->files[0]));
    }
    command_add_list(c, link_flags);
    bool xv6 = world == WORLD_XV6;
    if (xv6) {
        command_add_list(c, xv6_link_flags);
    } else {
        command_add(c, "-T");
        command_add(c, format_text("%s/lib/user.ld", sysroot));
    }
    command_add(c, format_text("%s/lib/%s", sysroot, xv6 ? "crt0-xv6.o" : "crt0.o"));
    /* Each of the two libraries needs the other one. */
    command_add(c, "-Wl,--start-group");
    command_add(c, format_text("%s/lib/%s", sysroot, xv6 ? "libxv6.a" : "libc.a"));
    command_add(c, format_text("%s/lib/paths/%s/libsys.a", sysroot, path));
    command_add(c, "-Wl,--end-group");
}

int main(int argc, char **argv)
{
    enum { MOST_OWN_WORDS = 64 };
    struct options o = parse_options(argc, argv);
    enum world world = find_world(&o);
    char *sysroot = find_sysroot(o.machine->name);
    if (o.path != NULL && strcmp(o.path, "list") == 0) {
        print_paths(sysroot);
        free(sysroot);
        free(o.files);
        free(o.pass);
        return 0;
    }
    const char *path = find_path(&o, sysroot);
    struct command c = {allocate((size_t)argc + MOST_OWN_WORDS, sizeof *c.words), 0};
    command_add(&c, o.machine->compiler);
    add_compiling(&c, &o, world, sysroot);
    if (o.link)
        add_linking(&c, &o, world, sysroot, path);
    if (o.verbose) {
        for (int i = 0; i < c.count; i++)
            fprintf(stderr, "%s%c", c.words[i], i + 1 < c.count ? ' ' : '\n');
    }
    execvp(o.machine->compiler, (char *const *)c.words);
    fail("cannot run %s: %s", o.machine->compiler, strerror(errno));
}
