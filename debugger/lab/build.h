/* build: a submission becomes a kernel, programs and a file system, in a folder of our own.
 *
 *   WORK/copy   what was taken of the submission
 *   WORK/made   objects, kernel, bin/, fs.img
 *   WORK/tmp    the tools' own files */
#ifndef DEBUGGER_LAB_BUILD_H
#define DEBUGGER_LAB_BUILD_H

#include "debugger/lab/lab.h"
#include "emu/host/confine.h"

#define BUILD_UNITS 320u
#define BUILD_SAID  400u
#define BUILD_PATH  400u
#define BUILD_WORDS 96u

/* One file that is compiled, or one program that is linked. */
struct build_unit {
    char source[160]; /* inside the copy; of a program, its name */
    char input[BUILD_PATH], object[BUILD_PATH], log[BUILD_PATH];
    bool kernel;  /* else the programs' */
    bool library; /* ... all of them: linked with each */
    bool done;
    char said[BUILD_SAID]; /* the first error: "syscall.c:24:5: error: ..." */
};

/* A command line that grows. */
struct build_words {
    const char *word[BUILD_WORDS + 1];
    unsigned used;
};

struct build {
    const struct lab *lab;
    const char *folder; /* the submission's */
    char *work, *copy, *made;
    char *machine_folder; /* of Trapscope's own files for the machine */
    char *compiler;       /* trapscope-cc */
    char *mkfs;
    struct confine confine;
    char prefix_map[2 * BUILD_PATH];
    struct build_unit unit[BUILD_UNITS], program[BUILD_UNITS];
    unsigned units, programs;
    char **text; /* of build_join */
    unsigned texts, text_room;
    unsigned probes;
    /* What is missing is made up for, so that the rest is seen at work. */
    bool give_number, give_declaration, give_handler, give_stub;
    const char *macro; /* that has the number */
    const char *declaration, *declaring_file;
    const char *handler_file; /* compiled although no list has it */
    bool exports_done;        /* the part of the library with a list of its names is linked */
    bool kernel_there;
    char kernel_said[BUILD_SAID];
    char kernel[BUILD_PATH], image[BUILD_PATH];
};

/* Takes the submission. False: said why (our own trouble). `refused` as in tree.h. */
bool build_take(struct build *build, const struct lab *lab, const char *folder, bool trusted,
                void (*refused)(void *context, const char *path, const char *why), void *context);
void build_free(struct build *build);

/* The text of a file of the copy, C's comments blanked out, lines kept; to be freed. NULL = it is
 * not there. */
char *build_text(const struct build *build, const char *file);
/* Puts a file into the copy in place of one that is missing. */
void build_write(const struct build *build, const char *file, const char *line);
/* The line (from 1) of `text` in which `what` stands for the first or the last time; 0 = in none.
 */
unsigned build_line(const char *text, const char *what, bool last);

/* Compiles a little file of ours as if it stood in the copy, with the kernel's options or the
 * programs'. Answers the object, or NULL; `said` (unless NULL) then has the first error. Valid
 * until the next. */
const char *build_probe(struct build *build, bool kernel, const char *text, char said[BUILD_SAID]);

/* Compiles everything; links kernel and programs and makes the file system. False = interrupted. */
bool build_compile(struct build *build);
bool build_link(struct build *build);

/* NULL = there is no such file among those that were compiled. */
const struct build_unit *build_unit(const struct build *build, const char *source);
const struct build_unit *build_program(const struct build *build, const char *name);
/* Is the kernel's file in the list of such files? `line` (unless NULL): where. */
bool build_is_part(const struct build *build, const char *source, unsigned *line);
/* Is the program in the list of programs? `line` (unless NULL): where, or where it would be. */
bool build_listed(const struct build *build, const char *name, unsigned *line);

/* --- build_parts.c: what the files share */
void build_add(struct build_words *words, const char *word);
/* Words made of several parts live as long as the build; the result is theirs. */
const char *build_join(struct build *build, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void build_kernel_words(struct build *build, struct build_words *words);
void build_program_words(struct build *build, struct build_words *words);
/* Runs the jobs. False = interrupted. */
bool build_run(struct build *build, struct confine_job *job, unsigned jobs);
/* Done? Else what the tool said first, or how it ended. */
bool build_judge(struct build *build, const struct confine_job *job, const char *about,
                 char said[BUILD_SAID]);

#endif
