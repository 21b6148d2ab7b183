/* profile: what the debugger knows of one kernel: where its system-call machinery is, as data.
 * A kernel with several ways in, *paths*, has one struct profile for each, in the file's order;
 * what they have in common is in all of them.
 *
 * A profile is a text file, one fact a line; `#` begins a remark. Struct layouts never stand in it:
 * they come from the kernel's DWARF. The facts, in any order:
 *
 *   profile NAME                       architecture x86
 *   path NAME                          the facts behind it, up to the next `path`, are of one way
 * into the kernel; those in front of the first are of all ways vector N the trap that is a system
 * call numbers LOW HIGH                   of the calls of this path, where others have the same
 * vector number EXPR                        its number, asked in the user's registers at the trap
 *   argument EXPR                      argument `n`, counting from 0, as a word: $n is the index
 *   result EXPR                        the result, asked when back in the user
 *   error EXPR                         true when `result` (as $result) says failure
 *   errno EXPR                         the reason, after an error
 *   stage STAGE SYMBOL...              where it begins; * at the end matches any rest;
 *                                      STAGE: user save trap dispatch handler restore
 *   dispatch table SYMBOL | dispatch switch FUNCTION
 *   trapframe TYPE                     "struct trapframe"
 *   trapframe-pointer EXPR             in a frame of the trap stage: address of the frame
 *   trapframe-entry EXPR               where the CPU pushes nothing: in the save and restore
 *                                      stages, once the kernel's stack is in use
 *   trapframe-number FIELD             trapframe-result FIELD
 *   handler PREFIX                     of the functions in the table: sys_
 *   refusal FUNCTION                   through which the kernel says no to a call
 *   stack-bytes N                      of a process's kernel stack; 4096 when not said
 *   page-table EXPR                    what the kernel's own table has for $address, in the current
 *                                      process, $process: a word as the TLB has it
 *   entries EXPR                       an array in which the current process, $process, leaves
 * calls for the kernel to find, without a trap entry-state FIELD                  of such an entry:
 * what has become of it process current EXPR               pointer to the current process, 0 =
 * none; $cpu is the number of the processor that is looked at, here and everywhere process
 * pid|name|parent|state|space|trapframe|stack EXPR asked with $process set to such a pointer
 *   process list EXPR                  an array of processes, or a pointer to the first one
 *   process next EXPR                  the next one, for a list that is no array
 *   process used EXPR                  true when an element of the list is a process
 *   process ended EXPR                 true when it runs no more, but its parent has not asked yet
 *   syscall N NAME "RESULT" "PARAMETERS"   N: LOW to LOW + 511
 *                                      RESULT a C type; PARAMETERS in the words of syscalls.def
 *   errno-name N NAME "TEXT"           vector-name N "TEXT"           state-name N NAME */
#ifndef DEBUGGER_PROFILE_H
#define DEBUGGER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROFILE_SYSCALLS   512u
#define PROFILE_PARAMETERS 8u
#define PROFILE_SYMBOLS    16u
#define PROFILE_PATHS      16u

enum profile_stage {
    STAGE_USER,
    STAGE_SAVE,
    STAGE_TRAP,
    STAGE_DISPATCH,
    STAGE_HANDLER,
    STAGE_RESTORE,
    STAGES,
};

enum parameter_kind {
    PARAMETER_INT,
    PARAMETER_STRING,
    PARAMETER_IN,
    PARAMETER_OUT,
    PARAMETER_POINTER,
    PARAMETER_VECTOR,
    PARAMETER_WORD,
};

struct parameter {
    enum parameter_kind kind;
    char *name;
    char *type; /* PARAMETER_POINTER: what it points to */
    int length; /* IN, OUT: index of the parameter that is the length; -1 = none */
};

struct profile_syscall {
    unsigned number;
    char *name; /* NULL = no such call */
    char *result;
    struct parameter parameter[PROFILE_PARAMETERS];
    unsigned parameters;
};

/* Expressions, as written; NULL = the profile does not say. */
enum profile_expression {
    PROFILE_NUMBER,
    PROFILE_ARGUMENT,
    PROFILE_RESULT,
    PROFILE_ERROR,
    PROFILE_ERRNO,
    PROFILE_TRAPFRAME_POINTER,
    PROFILE_TRAPFRAME_ENTRY,
    PROFILE_PAGE_TABLE,
    PROFILE_ENTRIES,
    PROFILE_PROCESS_CURRENT,
    PROFILE_PROCESS_PID,
    PROFILE_PROCESS_NAME,
    PROFILE_PROCESS_PARENT,
    PROFILE_PROCESS_STATE,
    PROFILE_PROCESS_SPACE,
    PROFILE_PROCESS_TRAPFRAME,
    PROFILE_PROCESS_STACK,
    PROFILE_PROCESS_LIST,
    PROFILE_PROCESS_NEXT,
    PROFILE_PROCESS_USED,
    PROFILE_PROCESS_ENDED,
    PROFILE_EXPRESSIONS,
};

struct profile_name {
    unsigned number;
    char *name;
    char *text;
};

struct profile {
    struct profile *next; /* the next path of the same kernel */
    char *file;
    char *name;
    char *path;  /* its name; NULL = the kernel's only one */
    char by[40]; /* " by NAME" */
    char *architecture;
    unsigned vector;
    unsigned low, high; /* numbers of its calls */
    char *expression[PROFILE_EXPRESSIONS];
    char *stage[STAGES][PROFILE_SYMBOLS];
    unsigned stage_symbols[STAGES];
    bool is_switch;                            /* dispatch is a switch, not a table */
    char *dispatch;                            /* table's or function's symbol */
    char *trapframe_type;                      /* "struct trapframe" */
    char *trapframe_number, *trapframe_result; /* fields */
    char *handler_prefix;
    char *entry_state; /* field */
    char *refusal;     /* NULL = not said */
    unsigned stack_bytes;
    struct profile_syscall *syscall; /* by number - low, PROFILE_SYSCALLS of them */
    unsigned syscalls;               /* highest of them in use, plus 1 */
    struct profile_name *errno_name, *vector_name, *state_name;
    unsigned errno_names, vector_names, state_names;
};

/* Of a name, of a number, or (NULL and -1) any. */
struct wanted_call {
    const char *name; /* a profile's own */
    int64_t number;
};

/* The first path of the file. On NULL, `why` is a sentence with file and line. */
struct profile *profile_load(const char *path, char *why, size_t room);
struct profile *profile_parse(const char *path, const char *text, size_t length, char *why,
                              size_t room);
/* With all its paths. */
void profile_free(struct profile *profile);

/* The profile file for a kernel: `choice` is --profile's NAME or FILE or NULL; NAME.profile lies
 * beside the kernel. False = there is none; `why` names what was looked for. */
bool profile_find(const char *choice, const char *kernel, const char *architecture, char *path,
                  size_t path_room, char *why, size_t room);

bool profile_stage_has(const struct profile *profile, enum profile_stage stage, const char *symbol);

/* Of the kernel's paths, the first that ...; NULL = none, or no profile. `profile` is the first of
 * all. */
const struct profile *profile_of_vector(const struct profile *profile, unsigned vector);
const struct profile *profile_of_number(const struct profile *profile, unsigned vector,
                                        int64_t number);
const struct profile *profile_of_stage(const struct profile *profile, enum profile_stage stage,
                                       const char *symbol);
const struct profile *profile_named(const struct profile *profile, const char *path);

/* NULL = unknown. */
const struct profile_syscall *profile_syscall(const struct profile *profile, int64_t number);
const struct profile_syscall *profile_syscall_named(const struct profile *profile,
                                                    const char *name);
const struct profile_name *profile_errno(const struct profile *profile, int64_t number);
/* Of all paths. */
const char *profile_vector(const struct profile *profile, unsigned vector);

#endif
