/* session: one debugged machine and everything that is known about it; one door in, session_do. */
#ifndef DEBUGGER_SESSION_H
#define DEBUGGER_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "cpu/cpu.h"
#include "debugger/arch.h"
#include "debugger/command.h"
#include "debugger/console.h"
#include "debugger/expression.h"
#include "debugger/output.h"
#include "debugger/profile.h"
#include "debugger/stops.h"
#include "debugger/symbols.h"
#include "emu/machine/machine.h"
#include "emu/machine/timeline.h"

#define SESSION_FRAMES    128u
#define SESSION_VARIABLES 64u
#define SESSION_HISTORY   256u
#define SESSION_DISPLAYS  32u

enum session_status { SESSION_OK, SESSION_ERROR, SESSION_QUIT };

struct session_variable {
    char name[32];
    struct value value;
};

struct session_display {
    unsigned number; /* 0 = unused */
    bool enabled;
    char format[16]; /* of print or x: "4xw"; "" = print */
    char *text;
};

struct session {
    struct machine *machine;
    struct timeline *timeline;
    struct cpu *cpu;    /* whose turn it is, or the chosen one */
    struct cpu *chosen; /* by `cpu N`, until the machine runs or travels; NULL = none */
    const struct arch *arch;
    struct symbols symbols;
    /* The kernel's first path, with what all have in common. NULL = none: the commands that need it
     * say so. */
    struct profile *profile;
    struct stops stops;
    struct stop stop; /* why the machine stopped last */
    struct output out;
    struct target target;        /* this machine, for expressions */
    struct target kernel_target; /* the same, with $process and the kernel's names only */
    struct value process;        /* $process, a pointer to the kernel's structure */
    struct value address;        /* $address, of which its page table is asked */
    bool translating;            /* ... at this moment */
    /* Where the profile's `process current` lies, by processor, once it is found; 0 = not yet. */
    uint32_t current_place[MACHINE_PROCESSORS];

    struct frame frame[SESSION_FRAMES]; /* of the present; 0 is the innermost */
    unsigned frames;                    /* 0 = not unwound yet */
    unsigned current;                   /* selected by frame, up, down */

    struct image *program;      /* given on the command line; NULL = none */
    const char *program_folder; /* where ELF files of the guest's programs are; NULL = nowhere */
    bool program_input;         /* `console` goes to the program's standard input, not COM1 */
    struct {                    /* which program an address space runs; dropped at every stop */
        uint32_t space;
        struct image *image;
    } space[16];
    unsigned spaces;

    struct value history[SESSION_HISTORY]; /* $1 is history[0] */
    unsigned history_used, history_dropped;
    struct session_variable variable[SESSION_VARIABLES];
    unsigned variables;
    struct session_display display[SESSION_DISPLAYS];
    unsigned next_display;
    struct console console;
    struct { /* who was running when the user was told last */
        bool known;
        bool kernel;
        int64_t pid;
    } told;

    const char *list_file;          /* where `list` goes on */
    unsigned list_first, list_last; /* what was shown last; 0 = nothing */
    unsigned list_line;             /* else around here */
    uint32_t x_address;             /* where `x` goes on */
    char x_letter;
    uint32_t x_size, x_count;
    bool intel;          /* set disassembly-flavor */
    bool hide_addresses; /* set print address off */
    bool hide_arguments; /* set print frame-arguments none */
    bool confirm;

    void (*slice)(void *context); /* called now and then while the machine runs on; may be NULL */
    void (*pulse)(void *context); /* ... while the past is searched or replayed, which must not be
                                     disturbed; may be NULL */
    void *slice_context;          /* of both */
    volatile sig_atomic_t
        *interrupted;    /* set by Ctrl-C until the command is over; NULL = cannot be */
    uint64_t insn_limit; /* of one running command; UINT64_MAX = none */
    char *last_line;     /* for RET */
    unsigned source_depth;
    bool quit;
    int exit_status;
};

/* `machine`, `timeline` and `cpu` stay the caller's. Without a machine (NULL) only what needs no
 * running guest works. */
void session_init(struct session *session, struct machine *machine, struct timeline *timeline,
                  FILE *text, FILE *errors);
void session_free(struct session *session);

/* The one door in: does one line, as typed. An empty line repeats what repeats. */
enum session_status session_do(struct session *session, const char *line);

/* After the machine ran, travelled or was written to: drops frames and other derived knowledge. */
void session_changed(struct session *session);

/* --- what belongs to the present (session_where.c) */
/* Of the address space that the CPU is in; NULL = none known. */
struct image *session_program(struct session *session);
/* The image that this address has in the present address space; NULL = none known. */
struct image *session_image(struct session *session, uint32_t address);
/* "write+5 (usys.S:9)" or "write+5"; plain hexadecimal when nothing covers it. Answers `to`. */
const char *session_describe(struct session *session, uint32_t address, char *to, size_t room);
/* Without the source position; "" when nothing covers it. */
const char *session_symbol(struct session *session, uint32_t address, char *to, size_t room);
bool session_peek(struct session *session, uint32_t address, void *to, uint32_t length);
bool session_poke(struct session *session, uint32_t address, const void *from, uint32_t length);
/* Where an address is in memory, by the CPU or by the kernel's own page table. */
bool session_translate(struct session *session, uint32_t address, uint32_t *physical);
bool session_peek_word(struct session *session, uint32_t address, uint32_t *word);
/* A NUL-terminated guest string, at most room - 1 bytes of it; false = not readable. */
bool session_peek_string(struct session *session, uint32_t address, char *to, size_t room);
bool session_register(struct session *session, const char *name, uint64_t *value);
bool session_in_kernel(struct session *session);

/* --- expressions in the present */
/* Of the selected frame. */
struct scope session_scope(struct session *session);
/* Of the selected frame; says why on failure. */
bool session_eval(struct session *session, const char *text, struct value *out);
bool session_number(struct session *session, const char *text, int64_t *out);
/* Makes it the newest $N; answers N. */
unsigned session_remember(struct session *session, const struct value *value);
void session_set_variable(struct session *session, const char *name, const struct value *value);

/* A place in code: FILE:LINE, LINE, FUNCTION, *EXPR, PROGRAM::FUNCTION. Breakpoint addresses
 * (behind prologues). Returns how many; 0 = said why. images[i] is NULL for `*EXPR`. */
unsigned session_location(struct session *session, const char *text, uint32_t *address,
                          struct image **image, unsigned room);

/* --- paths into the kernel (paths.c) */
/* On the instruction of a trap with this vector: the path, NULL = it is no call; and the number, by
 * the path's expression, -1 = not known. A number that no path of this vector has is the first's.
 */
const struct profile *path_of_call(struct session *session, unsigned vector, int64_t *number);
/* " by linux"; "" for the kernel's first path, which goes without saying. */
const char *path_by(const struct session *session, const struct profile *path);
/* Is it one of those? Asked there, too. */
bool path_wants(struct session *session, unsigned vector, const struct wanted_call *wanted);

/* --- processes, through the profile (processes.c) */
struct process {
    uint32_t address; /* of the kernel's structure; 0 = none */
    int64_t pid, parent;
    char name[32];
    char state[32];
    uint32_t space;     /* 0 = unknown */
    uint32_t trapframe; /* 0 = none */
    struct image *image;
};
/* The one the CPU runs at present; false = none or not known. */
bool process_current(struct session *session, struct process *process);
/* Only the address of its structure: cheap enough to ask while running. 0 = none. */
uint32_t process_current_address(struct session *session);
/* The process that was there has ended, or another one has its place. */
bool process_ended(struct session *session, uint32_t address, int64_t pid);
/* Calls `each` for all of them, until it answers false. False = the profile or the kernel's
 * structures do not allow it; said why. */
bool process_each(struct session *session,
                  bool (*each)(void *context, const struct process *process), void *context);
/* An expression of the profile, or of the first path that has it, with $process set. False with why
 * in `scope`. */
bool process_eval(struct session *session, enum profile_expression which, uint32_t process,
                  struct value *out, struct scope *scope);
/* What the kernel's own page table has for an address, as the profile says: a word as the CPU's TLB
 * has it. False with why in `scope`. */
bool process_page_table(struct session *session, uint32_t address, uint32_t *entry,
                        struct scope *scope);
/* The ELF image of the program that is called this; NULL = not found. */
struct image *process_program(struct session *session, const char *name);

/* --- frames (frames.c) */
/* Unwinds the present, when not done yet. At least one frame, always. */
unsigned frames_unwind(struct session *session);
struct frame *frames_current(struct session *session);
/* Only the innermost frame with its cfa, cheaply; false when the cfa is not known. Leaves the
 * session's frames alone. */
bool frames_innermost(struct session *session, struct frame *frame);
/* The trapframe that lies at this address of a kernel stack: fills in a frame of the interrupted
 * code. */
bool frames_from_trapframe(struct session *session, const struct profile *path, uint32_t address,
                           struct frame *out);
/* Is pc in the kernel's way in from a trap, or out of it? */
bool frames_entry_code(struct session *session, const struct image *image, uint32_t pc);

/* --- shared ways to say things (say.c) */
/* "#1  0x... in f (a=1) at file.c:10", as gdb; `number` false = without "#1  ". JSON: into the open
 * container. */
void say_frame(struct session *session, unsigned level, bool number);
/* The source line of a frame, or its instruction when there is none. */
void say_source(struct session *session, unsigned level);
/* "=> 0x801 <main+4>:\tpush %ebp". */
void say_instruction(struct session *session, uint32_t address, bool arrow);
/* File's last part, as text shows it. */
const char *say_file(const char *path);
/* What the user is told after every stop, displays included. */
void say_stop(struct session *session);
bool session_needs_machine(struct session *session);
bool session_needs_profile(struct session *session);

#endif
