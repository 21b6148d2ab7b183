/* scene: the story of the present moment as plain data: every fact of one trap, and its beats.
 *
 * A scene is gathered from a session once (scene_gather) and then drawn by pure views. A *beat* is
 * one thing that happens: a micro-step of the processor, or a milestone of the software. Each fact
 * names the beat at which it becomes known; what never happens (or has not happened yet) has
 * SCENE_NEVER there. */
#ifndef DEBUGGER_GUI_SCENE_H
#define DEBUGGER_GUI_SCENE_H

#include "debugger/gui/pipe.h"
#include "debugger/gui/translation.h"
#include "debugger/stories.h"
#include "debugger/x86/tables.h"

#define SCENE_NAME    48u
#define SCENE_LINE    160u
#define SCENE_BEATS   256u
#define SCENE_CHECKS  64u
#define SCENE_STACK   6u /* words of the user's stack */
#define SCENE_ENTRIES 3u /* of the dispatch table */
#define SCENE_NEVER   0xffffu

enum scene_state {
    SCENE_NOTHING, /* no trap out of user mode yet: `heading` says so */
    SCENE_COMING,  /* the next instruction is a system call; nothing of it has happened */
    SCENE_STORY,
};

enum scene_author { AUTHOR_CPU, AUTHOR_STUB, AUTHOR_SAVE };

enum beat_kind {
    BEAT_USER,   /* the program is about to call, or to trap */
    BEAT_READ,   /* the CPU reads a word: a gate, a descriptor, the TSS */
    BEAT_CHECK,  /* the CPU makes a check */
    BEAT_PUSH,   /* the CPU pushes a word */
    BEAT_SET,    /* the CPU changes a register */
    BEAT_SAVE,   /* an instruction of the kernel pushes words of the frame */
    BEAT_PHASE,  /* a function of the kernel begins */
    BEAT_RESULT, /* the kernel writes the result into the frame */
    BEAT_POP,    /* the CPU pops a word of the frame */
    BEAT_FAULT,  /* a check failed: the CPU gives this delivery up */
    BEAT_BACK,   /* user mode again */
};

struct scene_beat {
    uint8_t kind;                /* enum beat_kind */
    uint8_t phase;               /* enum story_phase */
    uint8_t ring;                /* in which the CPU is when it has happened */
    bool failed;                 /* a check that failed */
    uint16_t step;               /* row of steps.def; 0 = software */
    uint16_t cost;               /* ticks */
    ticks tick;                  /* when it began */
    struct timeline_position at; /* where the machine stands when it has happened */
    uint32_t sp;                 /* its stack pointer then */
    char name[SCENE_NAME];       /* "push SS", "trap()" */
    char text[SCENE_LINE];       /* a sentence: what it is for */
    char value[SCENE_LINE];      /* what it read, wrote or compared: quiz mode hides it */
    char manual[SCENE_NAME];     /* where it is written; "" for software */
};

struct scene_phase {
    bool there;
    uint16_t beat;
    uint64_t spent;          /* ticks */
    bool over;               /* `spent` is final */
    char symbol[SCENE_NAME]; /* "sys_write" */
    char where[SCENE_NAME];  /* "sysfile.c:66" */
    char insn[SCENE_NAME];   /* its first instruction */
};

struct scene_word {
    uint32_t address, value, now;
    uint8_t author; /* enum scene_author */
    uint8_t size;   /* of the field: 2 or 4 */
    bool changed;   /* now differs from value */
    uint16_t beat, changed_beat, popped_beat;
    char field[16];           /* "eax" */
    char by[SCENE_NAME];      /* "CPU", "vector64", "alltraps" */
    char meaning[SCENE_NAME]; /* "GDT[3] ring 3" */
    char changer[SCENE_NAME]; /* "syscall (syscall.c:72)" */
};

struct scene_check {
    uint16_t beat;
    bool passed, returning; /* of the return instruction */
    char name[SCENE_NAME];
    char words[SCENE_LINE];  /* "gate.DPL 3 >= CPL 3" */
    char text[SCENE_LINE];   /* the rule */
    char remedy[SCENE_LINE]; /* of one that failed */
};

/* A descriptor of the GDT or LDT as the CPU read it. */
struct scene_descriptor {
    uint16_t beat; /* both halves are known */
    uint16_t selector;
    uint32_t address;
    uint8_t bytes[8];
    struct x86_descriptor is;
    char name[SCENE_NAME], where[SCENE_NAME]; /* "code, ring 0, readable", "GDT[1]" */
};

struct scene_x86 {
    uint32_t idtr_base, idtr_limit;
    uint32_t gate_address;
    uint8_t gate_bytes[8];
    struct x86_gate gate;
    char gate_name[SCENE_NAME];
    uint16_t gate_limit_beat, gate_high_beat, gate_low_beat;
    struct scene_descriptor code, stack;
    uint32_t tss_base, esp0;
    uint16_t ss0;
    uint16_t esp0_beat, ss0_beat;
    uint16_t esp_beat; /* ESP becomes the inner one */
};

/* The R3000 and its like: only registers of coprocessor 0 change. */
struct scene_mips {
    uint32_t epc, cause, badvaddr, vector;
    uint32_t status, pushed;  /* before and after the exception */
    uint32_t popping, popped; /* before and after the return */
    bool refill;              /* a TLB miss, which has a vector of its own */
    bool exl;                 /* MIPS32: a bit EXL in place of three pairs */
    char cause_words[SCENE_NAME];
    bool addressed; /* an exception that has an address: BadVAddr */
    uint16_t epc_beat, cause_beat, badvaddr_beat, status_beat, vector_beat, pop_beat;
    struct pipe pipe;
    struct translation lookup;  /* of the access that failed, or of the trapping instruction */
    uint16_t lookup_beat;       /* ... that is known; 0 = before the trap */
    struct translation present; /* of what the instruction at the present moment accesses */
};

struct scene_entry {
    int64_t number;
    uint32_t address, value;
    char name[SCENE_NAME]; /* of the function; "" = empty */
};

struct scene_dispatch {
    bool is_switch, known;
    uint16_t beat;                /* the dispatcher begins */
    char number_from[SCENE_NAME]; /* "$eax" */
    char table[SCENE_NAME];       /* or the function with the switch */
    uint32_t table_address, entries;
    struct scene_entry entry[SCENE_ENTRIES]; /* the call's own and its neighbours */
    unsigned used, own;                      /* own: index of the call's */
    char source[SCENE_LINE];                 /* the line that calls, or the case's */
    char source_where[SCENE_NAME];
};

/* Why the CPU refused, in words. */
struct scene_fault {
    bool there;
    uint16_t beat;
    uint32_t vector, error;
    bool has_error, has_address;
    uint32_t address;        /* that a page fault is about */
    char title[SCENE_NAME];  /* "#GP general protection" */
    char check[SCENE_LINE];  /* what should have been so */
    char reason[SCENE_LINE]; /* the rule or the fact */
    char remedy[2 * SCENE_LINE];
};

enum scene_machine { SCENE_X86, SCENE_MIPS };

struct scene {
    enum scene_state state;
    enum scene_machine machine;
    char user_mode[16], kernel_mode[16]; /* "ring 3", "kernel" */
    char delivery[16];                   /* what the gate phase is called: "exception" */
    char sp_name[8];                     /* "ESP" */
    struct timeline_position when;       /* of the trap */
    char heading[256];                   /* write(1, "hi\n", 3) = 3 */
    char question[256];                  /* the same without the result */
    char call[SCENE_NAME];               /* "write"; "#PF page fault"; "timer" */
    bool is_call, is_interrupt;
    int64_t pid, number;
    char program[SCENE_NAME];
    uint32_t vector;
    enum story_end end;
    ticks tick, took; /* took: up to the end, or to the present */
    struct story_sums sums;
    unsigned interrupts;
    ticks interrupted, away;

    char user_symbol[SCENE_NAME]; /* of the trapping instruction: "write+5" */
    char user_insn[SCENE_NAME];   /* "int $0x40" */
    char user_caller[SCENE_NAME]; /* "main+19 (hello.c:6)" */
    char user_source[SCENE_LINE]; /* the caller's line, or the trapping one */
    uint32_t user_pc, return_pc, user_sp;
    struct scene_entry stack[SCENE_STACK]; /* the user's: value, and its meaning as a name */
    unsigned stack_words;

    struct scene_phase phase[STORY_PHASES];
    struct scene_beat beat[SCENE_BEATS];
    unsigned beats;
    uint16_t present_beat; /* the one that the present moment is behind, and its stack pointer; */
    uint32_t present_sp;   /* 0 = the scene is of no moment */
    struct scene_check check[SCENE_CHECKS];
    unsigned checks;
    struct scene_word word[STORY_WORDS]; /* from the top of the kernel stack downwards */
    unsigned words;
    struct scene_x86 x86;
    struct scene_mips mips;
    struct scene_dispatch dispatch;
    bool has_result, failed;
    int32_t result;
    char result_field[16];        /* of the frame: "eax" */
    char result_name[SCENE_NAME]; /* "ENOENT" */
    uint16_t result_beat;
    struct scene_fault fault;
};

/* Looks for the trap that the present moment belongs to (or the last one before it) and fills in
 * all that is known of it, as far as the timeline's frontier knows. The machine is at the present
 * again; the session's frames are dropped. False = interrupted, or the profile or the kernel's
 * symbols are not known; said why to session->out. */
bool scene_gather(struct session *session, struct scene *scene);

/* The same of the trap that began at this position, which the timeline has passed. */
bool scene_gather_trap(struct session *session, struct timeline_position trap, struct scene *scene);

/* The beat that has happened last at a position; 0 before all of them. */
unsigned scene_beat_at(const struct scene *scene, struct timeline_position position);

/* One sentence for a beat, for a caption and for those who cannot see the picture. `hide`: without
 * its value. Answers `to`. */
const char *scene_say_beat(const struct scene *scene, unsigned beat, bool hide, char *to,
                           size_t room);

#endif
