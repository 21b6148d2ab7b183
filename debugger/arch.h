/* arch: all that the debugger knows of one architecture, in one description.
 *
 * The commands ask it; debugger/x86 and debugger/mips fill it in, and they alone know a processor's
 * own headers. */
#ifndef DEBUGGER_ARCH_H
#define DEBUGGER_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpu/cpu.h"

#define ARCH_REGISTERS 40u /* DWARF register numbers 0..39 that we follow through frames */

struct explain;
struct explain_fault;
struct frame;
struct image;
struct machine;
struct operands;
struct session;
struct story;
struct symbol;
struct type;

/* What an instruction does to the flow of control, as far as step, next and finish ask. */
enum arch_flow { FLOW_PLAIN, FLOW_CALL, FLOW_RETURN, FLOW_TRAP, FLOW_TRAP_RETURN, FLOW_JUMP };

struct arch_insn {
    uint32_t address;
    unsigned size;
    enum arch_flow flow;
    bool repeats;    /* a string instruction with a repeat prefix: one address, many rounds */
    unsigned vector; /* FLOW_TRAP: the number it names */
    bool has_target; /* MIPS: a jump, call or branch, to here */
    uint32_t target;
    bool always; /* ... whatever the registers hold */
    uint8_t bytes[16];
    char text[200]; /* mnemonic, a tab, operands */
};

/* How a trap came about. */
enum arch_trap {
    ARCH_SOFTWARE,  /* an instruction that is there for it */
    ARCH_FAULT,     /* an instruction that failed */
    ARCH_REFILL,    /* so did this one, but it is part of any work: a TLB entry is fetched */
    ARCH_INTERRUPT, /* a device */
};

enum arch_program { ARCH_DELIVERY, ARCH_RETURN, ARCH_WALK };

/* A row of the CPU's steps.def. */
struct arch_step {
    const char *id, *name, *text, *manual;
    const char *format, *remedy; /* NULL = it has none */
    enum arch_program program;
};

/* How a switch finds the case of a number: comparisons and a table of jumps, then the first call
 * that the case makes. */
enum arch_switch_kind { ARCH_SWITCH_COMPARE, ARCH_SWITCH_TABLE, ARCH_SWITCH_CALL };

#define ARCH_SWITCH_STEPS 16u

struct arch_switch_step {
    enum arch_switch_kind kind;
    uint32_t pc;
    uint32_t address; /* COMPARE: where it goes on; TABLE: of the entry; CALL: what is called */
    uint32_t value;   /* COMPARE: the branch is taken; TABLE: what the entry holds */
};

struct arch_switch {
    struct arch_switch_step step[ARCH_SWITCH_STEPS];
    unsigned steps;
    uint32_t handler;
};

struct arch {
    const char *name;        /* machine.architecture: "x86" */
    const char *const *cpus; /* cpu_ops.name of all its models; ends with NULL */
    uint16_t elf_machine;    /* e_machine of its programs */
    bool big_endian;
    bool refills;                      /* there are traps of the kind ARCH_REFILL */
    unsigned pc, sp, fp;               /* DWARF numbers */
    unsigned link;                     /* ... of the register, real or not, that stands for the
                                          return address in call frame information */
    bool calls_push;                   /* a call puts its return address onto the stack, else into
                                          `link` */
    unsigned registers;                /* DWARF numbers in use */
    unsigned general;                  /* the first ones are the general registers */
    const char *const *register_names; /* by DWARF number; NULL = no such */
    uint64_t preserved; /* bits of the registers that a callee keeps (and of the flags, of which
                           nobody says otherwise) */
    const char *result, *result_high; /* registers of a function's result; of one of two words, */
    const char *result_low;           /* its halves */
    const char *user, *kernel;        /* names of the modes: "ring 3" */
    const char *delivery;             /* what `journey` calls the delivery of a trap: "gate" */
    const char *software_trap;        /* what a vector is called that a program asks for: "int" */
    const char *page_command;         /* that shows how an address is translated */

    /* Disassembles one instruction of `length` available bytes (at most 16). False = not an
     * instruction. `intel` = Intel syntax instead of AT&T, where there are two. */
    bool (*decode)(unsigned bits, bool intel, uint32_t address, const uint8_t *bytes,
                   unsigned length, struct arch_insn *insn);
    /* A cheap look before decode(): may these first four bytes be a trap instruction? */
    bool (*may_trap)(const uint8_t bytes[4]);
    /* The instruction at a linear address, by the registers that the CPU has now. False = the bytes
     * are not there or are no instruction. */
    bool (*operands)(struct session *session, uint32_t linear, struct operands *out);
    /* What is at pc belongs to the branch in front of it: no place to stop at. */
    bool (*in_delay_slot)(const struct cpu *cpu);
    bool delay_slots; /* there are any: a jump lies two instructions before its target */

    /* --- traps: TRACE_TRAP events */
    enum arch_trap (*trap)(const struct trace_event *trap);
    const char *(*trap_kind)(const struct trace_event *trap); /* "software", "NMI" */
    /* Without a profile: may it be a system call? */
    bool (*may_be_call)(const struct trace_event *trap);
    /* A call of the firmware, which is no trap of a kernel's. */
    bool (*is_firmware_call)(const struct cpu *cpu, const struct trace_event *trap);
    /* Is it a mistake, or a breakpoint, for `why`? */
    bool (*is_exception)(const struct trace_event *trap);
    const char *(*vector_name)(uint32_t vector);  /* "#GP"; "" = the CPU has no name for it */
    const char *(*vector_title)(uint32_t vector); /* "#GP general protection"; NULL likewise */
    bool (*vector_has_error)(uint32_t vector);    /* an error code goes with it */
    /* The address that goes with an exception, while it is the newest. False = none does. */
    bool (*fault_address)(const struct cpu *cpu, uint32_t vector, uint32_t *address);

    /* --- micro-steps */
    bool (*step)(unsigned row, struct arch_step *out); /* false = no such row */
    char *(*step_fill)(const struct trace_event *event, const char *format, char *out, size_t size);
    /* Marks that the CPU makes in entries by itself: they are nobody's writes. */
    bool (*step_marks)(unsigned row);

    /* --- registers */
    /* What a register's value means, where the hardware says: "[ ZF IF ]". False = a number. */
    bool (*register_meaning)(const struct cpu *cpu, const char *name, uint32_t value, char *to,
                             size_t room);

    /* --- frames */
    /* From entry or exit code whose trapframe is not known: what the trap interrupted. Fills in
     * frame->cfa, too. */
    bool (*interrupted)(struct session *session, struct frame *frame, struct frame *out);
    /* Member of a trapframe that holds this register: "tf_epc" for pc. */
    const char *(*trapframe_register)(const char *member);
    /* What the words of a trapframe do not say by themselves. May be NULL. */
    void (*trapframe_complete)(struct session *session, const struct type *type, uint32_t address,
                               struct frame *out);
    /* What a trapframe's member means, where that is the hardware's: "GDT[4] ring 3". "" = it is
     * not. */
    void (*field_meaning)(struct session *session, const char *member, uint32_t value, char *to,
                          size_t room);

    /* Follows the dispatch function that gets the trapframe, where the number lies at this offset.
     * NULL = not for this architecture; false = it does not come to a call that depends on it. */
    bool (*follow_switch)(const struct image *kernel, const struct symbol *function,
                          uint32_t number_field, uint32_t number, struct arch_switch *out);

    /* Names code that kernels copy to where the CPU looks for it; "" = it is none of that. May be
     * NULL. */
    void (*copied_code)(struct session *session, uint32_t address, char *to, size_t room);
    /* Where software fills the TLB: what the kernel's own page table makes of an address. NULL =
     * the CPU knows it all. */
    bool (*page_table)(struct session *session, uint32_t linear, uint32_t *physical);

    /* --- explanations */
    /* Fills in the words of a fault; the machine is at fault->when. */
    void (*explain)(struct session *session, const struct explain *explain,
                    struct explain_fault *fault);
    /* What fault number `i` of a chain came in the middle of: ", while delivering 1". */
    void (*explain_chain)(const struct explain *explain, unsigned i, char *to, size_t room);
    /* Why the program cannot use this address at present; NULL = it can, as far as that goes. */
    const char *(*pointer_problem)(const struct cpu *cpu, uint32_t address, bool writes);
    /* How an address is translated at present, for `walk`. */
    void (*say_walk)(struct session *session, uint32_t linear);
    /* The delivery, under its line of `journey`. */
    void (*say_delivery)(struct session *session, const struct story *story);
    /* In front of `trapframe`'s table: what the hardware keeps elsewhere. May be NULL. */
    void (*say_trap_registers)(struct session *session, const struct story *story);
    /* The faults of a CPU that has shut down, a line each, innermost last, cut at `room`. */
    void (*shutdown_text)(const struct cpu *cpu, char *to, size_t room);
};

/* NULL = there is none. */
const struct arch *arch_named(const char *name);
const struct arch *arch_of(const struct cpu *cpu);

const char *arch_register(const struct arch *arch, unsigned number); /* "" = no such */

/* A word as it lies in memory. */
uint32_t arch_word(const struct arch *arch, const uint8_t bytes[4]);
/* `size` bytes as they lie in memory, at most 8. */
uint64_t arch_number(const struct arch *arch, const uint8_t *bytes, unsigned size);

extern const struct arch arch_x86, arch_mips;

#endif
