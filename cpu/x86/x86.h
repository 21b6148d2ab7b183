/* x86: the processor's whole state, and the contracts between the files of cpu/x86.
 *
 *   decode.c   bytes -> struct x86_insn, from opcodes.def
 *   exec.inc   what each instruction does; compiled twice by run.c (plain, observed)
 *   run.c      the loop: blocks, budget, boundaries                      (calls everything below)
 *   segments.c limits and rights of segments, loads of segment registers; descriptor.h
 *   far.c      far JMP, CALL, RET: code segments, call gates, other levels
 *   mmu.c      linear -> physical, page walks, the soft TLB
 *   trap.c     micro-programs of INT, exceptions, interrupts; boundaries (rows of steps.def)
 *   iret.c     micro-programs of IRET
 *   task.c     micro-programs of hardware task switches
 *   micro.h    how a micro-program is written; trap.h: what a debugger knows of them
 *   fpu.c      the x87, from fpu.def; fpu_numbers.c: what it computes; fpu_image.c: its environment
 * in memory; float80.c: arithmetic system.c   control and debug registers, descriptor-table and
 * other system instructions registers.c the debugger's names
 *
 * Sources: 80386 PRM (1986), i486 PRM (1990), Intel SDM vol. 2 and 3. Nothing here keeps host
 * pointers in struct x86_state: it is saved, hashed and compared byte by byte. */
#ifndef CPU_X86_X86_H
#define CPU_X86_X86_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/cpu.h"
#include "cpu/x86/fpu.h"
#include "emu/base/irq.h"

enum x86_gpr { X86_EAX, X86_ECX, X86_EDX, X86_EBX, X86_ESP, X86_EBP, X86_ESI, X86_EDI };

/* In the order of the instruction encoding; LDTR and TR follow for the code that treats all alike.
 */
enum x86_segment_number {
    X86_ES,
    X86_CS,
    X86_SS,
    X86_DS,
    X86_FS,
    X86_GS,
    X86_LDTR,
    X86_TR,
    X86_SEGMENTS
};

enum x86_eflags {
    X86_CF = 1u << 0,
    X86_FIXED = 1u << 1,
    X86_PF = 1u << 2,
    X86_AF = 1u << 4,
    X86_ZF = 1u << 6,
    X86_SF = 1u << 7,
    X86_TF = 1u << 8,
    X86_IF = 1u << 9,
    X86_DF = 1u << 10,
    X86_OF = 1u << 11,
    X86_IOPL = 3u << 12,
    X86_NT = 1u << 14,
    X86_RF = 1u << 16,
    X86_VM = 1u << 17,
    X86_AC = 1u << 18,
    X86_VIF = 1u << 19,
    X86_VIP = 1u << 20,
    X86_ID = 1u << 21,
    X86_ARITHMETIC = X86_CF | X86_PF | X86_AF | X86_ZF | X86_SF | X86_OF,
};

enum x86_cr0 {
    X86_CR0_PE = 1u << 0,
    X86_CR0_MP = 1u << 1,
    X86_CR0_EM = 1u << 2,
    X86_CR0_TS = 1u << 3,
    X86_CR0_ET = 1u << 4,
    X86_CR0_NE = 1u << 5,
    X86_CR0_WP = 1u << 16,
    X86_CR0_AM = 1u << 18,
    X86_CR0_NW = 1u << 29,
    X86_CR0_CD = 1u << 30,
};

#define X86_CR0_PG 0x80000000u /* does not fit an int, so no enumerator */

enum x86_cr4 {
    X86_CR4_TSD = 1u << 2,
    X86_CR4_DE = 1u << 3,
    X86_CR4_PSE = 1u << 4,
    X86_CR4_PGE = 1u << 7
};

enum x86_vector {
    X86_DE = 0,
    X86_DB = 1,
    X86_NMI = 2,
    X86_BP = 3,
    X86_OF_TRAP = 4,
    X86_BR = 5,
    X86_UD = 6,
    X86_NM = 7,
    X86_DF_ABORT = 8,
    X86_TS = 10,
    X86_NP = 11,
    X86_SS_FAULT = 12,
    X86_GP = 13,
    X86_PF_FAULT = 14,
    X86_MF = 16,
    X86_AC_FAULT = 17,
};

/* The hidden part is what counts; `attributes` are bytes 5 and 6 of the descriptor, limit bits
 * masked out: type 3..0, S 4, DPL 6..5, P 7, AVL 12, D/B 14, G 15. P = 0 in the hidden part means
 * that the register holds no usable segment (a null selector). */
struct x86_segment {
    uint16_t selector;
    uint16_t attributes;
    uint32_t base;
    uint32_t limit; /* in bytes, the last valid offset (expand-up); G is worked in already */
};

enum x86_attributes {
    X86_ATTR_TYPE = 0xf,
    X86_ATTR_ACCESSED = 1,
    X86_ATTR_WRITABLE = 2, /* data */
    X86_ATTR_READABLE = 2, /* code */
    X86_ATTR_EXPAND_DOWN = 4,
    X86_ATTR_CONFORMING = 4,
    X86_ATTR_CODE = 8,
    X86_ATTR_S = 1 << 4,
    X86_ATTR_DPL = 3 << 5,
    X86_ATTR_P = 1 << 7,
    X86_ATTR_BIG = 1 << 14,
    X86_ATTR_G = 1 << 15,
};

struct x86_table {
    uint32_t base;
    uint32_t limit; /* 16 bits */
};

/* What made a delivery begin. Everything but the first three sets EXT in error codes of nested
 * faults (SDM vol. 2, INT n). */
enum x86_cause {
    X86_CAUSE_INT_N,
    X86_CAUSE_INT3,
    X86_CAUSE_INTO,
    X86_CAUSE_FAULT, /* saved EIP = the instruction; RF set in the image */
    X86_CAUSE_TRAP,  /* #DB after an instruction: saved EIP = the next one */
    X86_CAUSE_ICEBP,
    X86_CAUSE_NMI,
    X86_CAUSE_INTR,
    X86_CAUSE_RETURN, /* no delivery: an IRET */
    X86_CAUSE_FAR,    /* no delivery: a far JMP or CALL to another task */
    X86_CAUSES,
};

/* An exception on its way from where it was found to the loop that delivers it. */
struct x86_fault {
    uint8_t vector;
    bool has_error;
    uint16_t error;
};

/* Reasons for the loop to look up at an instruction boundary. Plain runs test this one word. */
enum x86_attention {
    X86_ATTEND_INTR = 1,   /* the INTR pin is high (IF may still hold it off) */
    X86_ATTEND_NMI = 2,    /* an NMI edge waits */
    X86_ATTEND_SHADOW = 4, /* one boundary without INTR, NMI and #DB: after MOV SS, POP SS */
    X86_ATTEND_DEBUG = 8,  /* x86_attend_debug() */
    X86_ATTEND_HALT = 16,  /* HLT was executed */
    X86_ATTEND_MICRO = 32, /* a micro-program is in progress */
    X86_ATTEND_SHUTDOWN = 64,
    X86_ATTEND_STI = 128,     /* one boundary without INTR: after an STI that turned IF on */
    X86_ATTEND_INIT = 256,    /* an INIT edge waits */
    X86_ATTEND_STARTUP = 512, /* a startup IPI waits */
    X86_ATTEND_ASLEEP = 1024, /* until a startup IPI comes: not the first processor, after INIT */
};

/* A micro-program in progress: enough to stop between any two steps, save, load and go on.
 * trap.c and task.c own the meaning of the fields; x86_micro_valid judges one from a file. */
struct x86_micro {
    uint8_t program; /* enum x86_program of trap.h, 0 = none */
    uint8_t state;   /* row of steps.def: the step that comes next */
    uint8_t cause;   /* enum x86_cause, of a delivery */
    uint8_t vector;
    uint8_t has_error;
    uint8_t first_class; /* class of the event being delivered, for #DF (SDM vol. 3, 6.15) */
    uint8_t size;        /* of a stack slot: 2 or 4, by gate or operand size */
    uint8_t new_cpl;
    uint16_t error;
    uint8_t ext;         /* EXT bit for error codes of faults found on the way */
    uint8_t index;       /* which register a step that repeats comes to */
    uint8_t stack_moved; /* SS:ESP are the new ones already: a fault puts old_ss:old_esp back */
    uint8_t task_flags;  /* task.c */
    uint16_t selector;   /* of the code segment or TSS */
    uint32_t done;       /* micro-steps done since the last instruction boundary: cpu_ops.micro */
    uint32_t charged;    /* ticks charged so far of the published total */
    uint32_t total;      /* the published total of this case, once the case is known */
    uint32_t return_eip; /* what will be saved as EIP */
    uint32_t new_eip;
    uint32_t new_esp;
    uint32_t new_eflags; /* of a return: the image popped; of a delivery: the image to push */
    uint32_t old_esp;
    uint16_t new_ss;
    uint16_t old_tr; /* task.c */
    struct x86_segment old_ss;
    uint32_t gate_low, gate_high;
    uint32_t code_low, code_high;
    uint32_t stack_low, stack_high; /* descriptor of the new stack, or of a segment in turn */
    uint32_t word[18];              /* task.c: the new task's registers; V86 return: its segments */
};

struct x86_state {
    uint32_t gpr[8];
    uint32_t eip;
    uint32_t
        eflags; /* complete whenever run() has returned and whenever a hook or device sees it */
    struct x86_segment segment[X86_SEGMENTS];
    struct x86_table gdtr, idtr;
    uint32_t cr0, cr2, cr3, cr4;
    uint32_t dr[8]; /* 4 and 5 unused */
    uint8_t cpl;
    uint8_t intr_pin;
    uint8_t nmi_pin;
    uint8_t nmi_masked; /* from NMI delivery to the next IRET */
    uint8_t a20;        /* 1 = address line 20 passes */
    uint8_t shutdown;
    uint8_t debug_pending; /* DR6 bits 0..3 hit by data breakpoints; 6: BS; 7: BT */
    uint8_t startup;       /* the vector of the startup IPI that came last */
    uint32_t attention;    /* enum x86_attention */
    uint32_t reserved;
    uint64_t count;                 /* instructions and deliveries completed */
    uint64_t tsc_offset;            /* RDTSC = clock now + this */
    struct x86_fault last_fault[3]; /* the newest first; the three of a triple fault */
    uint32_t last_fault_eip[3];
    uint32_t last_fault_cr2[3];
    struct x86_micro micro;
    struct x86_fpu fpu;
};

_Static_assert(sizeof(struct x86_state) % 8 == 0, "a state block");

/* Soft TLB: from linear page to host bytes, for each kind of access and for supervisor [0] and
 * user [1]. Never holds: device pages, a page not yet accessed (and, to write, dirty) in its page
 * table, and, to write, a page that has decoded code or from which live entries were walked. So it
 * can never be told from no TLB at all: a change of a page table takes effect at once, which the
 * architecture allows and which makes a saved machine, whose TLB is empty, go on exactly as the one
 * that was not stopped. Derived: not part of the state. Empty after x86_tlb_init, not after
 * zeroing. */
#define X86_TLB_ENTRIES 256u
#define X86_TLB_SETS    8u
#define X86_TLB_TABLES  64u
#define X86_TLB_KNOWN   64u

struct x86_tlb_entry {
    uint32_t tag;      /* linear address of the page; 1 = empty */
    uint32_t physical; /* of the page */
    uint8_t *host;     /* byte 0 of the page */
};

struct x86_tlb {
    struct x86_tlb_entry read[2][X86_TLB_ENTRIES];
    struct x86_tlb_entry write[2][X86_TLB_ENTRIES];
    struct x86_tlb_entry code[2][X86_TLB_ENTRIES];
    /* As write, for pages that do have decoded code or live page tables: who writes must ask
     * x86_no_code_in and x86_table_changes first. */
    struct x86_tlb_entry mixed[2][X86_TLB_ENTRIES];
    /* mmu.c's own: flushing costs what was filled. */
    uint16_t filled[X86_TLB_SETS * X86_TLB_ENTRIES];
    uint8_t mark[X86_TLB_SETS * X86_TLB_ENTRIES];
    uint32_t table[X86_TLB_TABLES]; /* physical pages that live entries were walked from */
    uint64_t table_filter;          /* a bit for each of them: page number modulo 64 */
    uint64_t directories;           /* bit i: table[i] was read as a page directory */
    uint32_t noted[2]; /* the directory and the table that were put in there last; 1 = none */
    unsigned filled_count, table_count;
    /* Where memory is in the host: never stale, because the bus is wired once. */
    struct x86_host_page {
        uint32_t physical; /* of the page; 1 = none */
        struct bus_host host;
    } known[X86_TLB_KNOWN];
};

static inline uint8_t *x86_tlb_find(const struct x86_tlb_entry *set, uint32_t linear)
{
    const struct x86_tlb_entry *entry = &set[(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    return entry->tag == (linear & 0xfffff000u) ? entry->host + (linear & 0xfffu) : (uint8_t *)0;
}

#define X86_SEGMENT_MEMOS 16u

/* What CPUID says (SDM vol. 2, CPUID, tables 3-8 and 3-11). A local APIC came with the Pentium, but
 * i486 boards had it beside the processor, as the 82489DX. */
#define X86_SIGNATURE 0x480u

enum x86_feature {
    X86_FEATURE_FPU = 1 << 0,
    X86_FEATURE_DE = 1 << 2,
    X86_FEATURE_PSE = 1 << 3,
    X86_FEATURE_TSC = 1 << 4,
    X86_FEATURE_CX8 = 1 << 8,
    X86_FEATURE_APIC = 1 << 9,
    X86_FEATURE_PGE = 1 << 13,
    X86_FEATURE_CMOV = 1 << 15,
    X86_FEATURES = X86_FEATURE_FPU | X86_FEATURE_DE | X86_FEATURE_PSE | X86_FEATURE_TSC |
                   X86_FEATURE_CX8 | X86_FEATURE_APIC | X86_FEATURE_PGE | X86_FEATURE_CMOV,
};

struct x86_blocks; /* run.c's decoded blocks */

struct x86 {
    struct cpu cpu; /* first: a struct cpu * is a struct x86 * */
    char state_name[16];
    struct x86_state s;

    struct x86_fault fault; /* set whenever a function below answered false */
    struct x86_tlb tlb;
    struct x86_blocks *blocks;           /* of all that share memory with this one */
    struct x86 *peer;                    /* the next of these, in a circle */
    const struct cpu_observer *observer; /* NULL = plain */
    bool stop_requested;                 /* an observer hook said stop */
    struct x86_flags {              /* alu.h: the six arithmetic flags, while run.c is inside */
        uint32_t zero, carry, sign; /* a block; outside of it s.eflags holds them */
    } flags;
    uint32_t next_eip; /* where the instruction in progress goes on */
    uint32_t nothing;  /* always 0: the base or index that an address has not */
    bool repeating;    /* a REP instruction has more elements to do */
    bool leaving;      /* engine.c: not a fault, but to be done one by one */
    bool in_block;     /* the clock is ahead: a page walk must not ask a device */
    bool at_device;    /* engine.c: left for the device at device_at, with nothing to be marked */
    uint32_t device_at;
    uint16_t mode;   /* engine.c: enum x86_mode ... */
    bool mode_known; /* ... unless a segment register was loaded since */

    /* Wiring: asked for the vector when an INTR is accepted (the INTA cycles). */
    uint8_t (*acknowledge)(void *context);
    void *acknowledge_context;
    struct irq_line ferr; /* FERR#: an x87 exception that is not masked waits */

    /* What loading a selector came to, with these descriptor bytes in this GDT at this CPL:
     * execute.h. Of zeros: the null selector. */
    struct x86_segment_memo {
        uint64_t words;
        uint32_t linear; /* where they are */
        uint32_t key;    /* selector, CPL << 16 */
        struct x86_segment segment;
        uint32_t flat; /* blocks.h: X86_MODE_FLAT_..., all or none */
    } memo[X86_SEGMENT_MEMOS];
    struct x86_table memo_gdt;
};

/* A new i486 (plus CPUID, RDTSC, CMPXCHG8B, CMOVcc, 4 MiB and global pages, and a local APIC on the
 * board), after reset: number 0 at its reset vector, others waiting for a startup IPI. */
struct x86 *x86_create(unsigned number, struct clock *clock, struct bus *memory, struct bus *ports,
                       struct trace *trace);

/* Pins, for wiring: sinks of irq_line. */
void x86_intr_pin(void *x86, unsigned pin, bool level);
void x86_nmi_pin(void *x86, unsigned pin, bool level);
void x86_a20_pin(void *x86, unsigned pin, bool level);
/* The INIT pin's rising edge: a reset that leaves FPU, caches and time stamp as they are. Then
 * processor 0 begins where it does after a reset, and others wait for a startup IPI. */
void x86_init_pin(void *x86, unsigned pin, bool level);

/* A startup IPI: a processor that waits for one begins at vector * 4096 in real mode; for others it
 * means nothing (SDM vol. 3, 8.4.4). */
void x86_startup(void *x86, uint8_t vector);

/* Two processors with the same memory: each sees at once what the other changes in code and page
 * tables. Before the first run of c. */
void x86_share(struct x86 *c, struct x86 *with);

/* --- mmu.c ------------------------------------------------------------------------------------
 * Linear accesses. size is 1, 2 or 4; may cross a page (both pages are checked before anything is
 * read or written). On false c->fault is #PF and CR2 is set. `user` = check as CPL 3. */
enum x86_intent { X86_READ, X86_WRITE, X86_FETCH };

bool x86_linear_read(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t *out);
bool x86_linear_write(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t value);
/* Translates and checks, setting accessed and dirty bits as the access itself would. */
bool x86_linear_check(struct x86 *c, uint32_t linear, unsigned size, enum x86_intent intent,
                      bool user, uint32_t *physical);
/* No side effects at all; the reason is for `walk` and `why`. */
struct x86_walk {
    bool present;        /* translation exists */
    bool large;          /* a 4 MiB page */
    bool writable, user; /* the page's combined rights */
    bool stopped_at_pde;
    uint32_t pde_address, pde; /* physical address and content */
    uint32_t pte_address, pte; /* when a table was reached */
    uint32_t physical;
};
void x86_walk(const struct x86 *c, uint32_t linear, struct x86_walk *walk);
void x86_tlb_init(struct x86 *c);
void x86_tlb_flush(struct x86 *c, bool globals_too);
void x86_tlb_flush_page(struct x86 *c, uint32_t linear);
/* The page has decoded code from now on: it loses its write entries, for all that share it. */
void x86_tlb_forbid_writes(struct x86 *c, uint32_t physical);
/* Bytes changed by another way than x86_linear_write or a write entry (a debugger, DMA): drops what
 * was walked from them. Cheap. */
void x86_tlb_memory_changed(struct x86 *c, uint32_t physical, uint32_t length);
/* Before `size` bytes of RAM change at once: drops what was walked from them. False: more than that
 * hangs on them, x86_linear_write must do it. */
bool x86_table_changes(struct x86 *c, uint32_t physical, unsigned size);
/* As x86_linear_read and _write, for who wants to tell where it was and what was there before. A
 * `physical` is that of the first byte. */
bool x86_linear_read_at(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t *out,
                        uint32_t *physical);
bool x86_linear_write_at(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t value,
                         uint32_t *old, uint32_t *physical);

/* --- segments.c -------------------------------------------------------------------------------
 * Logical accesses with every segment check (limit, rights, null, expand-down, wrap), then as
 * x86_linear_*. #SS for SS, else #GP, error code 0. */
bool x86_seg_linear(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                    enum x86_intent intent, uint32_t *linear);
bool x86_seg_read(struct x86 *c, unsigned segment, uint32_t offset, unsigned size, uint32_t *out);

/* MOV/POP/Lxx to ES, SS, DS, FS, GS in the present mode. */
bool x86_load_segment(struct x86 *c, unsigned segment, uint16_t selector);
bool x86_lldt(struct x86 *c, uint16_t selector);
bool x86_ltr(struct x86 *c, uint16_t selector);
/* Descriptor words of a selector; false with error code (selector & ~3) | ext and the given vector
 * in c->fault when it is outside its table. */
bool x86_read_descriptor(struct x86 *c, uint16_t selector, uint8_t vector, uint32_t *low,
                         uint32_t *high);
/* LAR LSL VERR VERW: true = ZF set. A page fault answers through *faulted. */
bool x86_verify(struct x86 *c, uint16_t selector, bool writing, bool *faulted);
bool x86_lar(struct x86 *c, uint16_t selector, uint32_t *rights, bool *faulted);
bool x86_lsl(struct x86 *c, uint16_t selector, uint32_t *limit, bool *faulted);

/* Far JMP, CALL, RET in every mode, gates and task switches included. next_eip is the address
 * behind the instruction. They set CS:EIP (or begin a task-switch micro-program). They charge their
 * own ticks. */
bool x86_far_jump(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size,
                  uint32_t next_eip);
bool x86_far_call(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size,
                  uint32_t next_eip);
bool x86_far_return(struct x86 *c, unsigned size, uint16_t release);

/* --- trap.c -----------------------------------------------------------------------------------
 * Begin a micro-program; sets X86_ATTEND_MICRO. The loop then calls x86_micro_step until it says
 * that the program is over. A program charges all ticks of its case (X86-TRAPS table, i486). */
void x86_begin_trap(struct x86 *c, enum x86_cause cause, uint8_t vector, bool has_error,
                    uint16_t error, uint32_t return_eip);
void x86_begin_iret(struct x86 *c, unsigned size, uint32_t next_eip);
/* One micro-step. True = more to do. A fault inside becomes the next delivery (or #DF, or
 * shutdown) by itself. The last step of a program adds one to s.count (INT n and its delivery, an
 * IRET, a far transfer that switches tasks: the loop does not count these), and clears
 * X86_ATTEND_MICRO. */
bool x86_micro_step(struct x86 *c);
/* The same steps back to back, to the end of the program (and of what its faults begin): what a
 * plain run uses, several times faster than a loop around x86_micro_step. With an observer it makes
 * one step. True = more to do. */
bool x86_micro_run(struct x86 *c);
bool x86_micro_valid(const struct x86_micro *micro);
/* c->fault, found by the instruction at c->s.eip, begins its delivery. */
void x86_raise(struct x86 *c);
/* At an instruction boundary with attention set: begins what wins (X86-TRAPS 1.1), clears shadows.
 * True = the next instruction may execute; false = a micro-program began, or halted, or shut down.
 */
bool x86_boundary(struct x86 *c);

/* c->fault := vector; answers false, so that callers can `return x86_fault_set(...)`. */
bool x86_fault_error(struct x86 *c, uint8_t vector, uint16_t error);
bool x86_fault_plain(struct x86 *c, uint8_t vector);

/* The first rows of registers.c's table, in this order: what TRACE_SET events call `a`. */
enum x86_register {
    X86_REG_EAX,
    X86_REG_ECX,
    X86_REG_EDX,
    X86_REG_EBX,
    X86_REG_ESP,
    X86_REG_EBP,
    X86_REG_ESI,
    X86_REG_EDI,
    X86_REG_EIP,
    X86_REG_EFLAGS,
    X86_REG_ES,
    X86_REG_CS,
    X86_REG_SS,
    X86_REG_DS,
    X86_REG_FS,
    X86_REG_GS,
    X86_REG_LDTR,
    X86_REG_TR,
    X86_REG_CR0,
    X86_REG_CR2,
    X86_REG_CR3,
    X86_REG_CR4,
    X86_REG_CPL,
    X86_REG_DR6,
    X86_REG_DR7,
};

/* --- run.c ------------------------------------------------------------------------------------
 * Bytes of physical memory change through any path: decoded code there must go. Cheap when the
 * page holds none. */
void x86_code_written(struct x86 *c, uint32_t physical, uint32_t length);
/* True when the page holds decoded code, so that mmu.c must not give it a write entry. */
bool x86_page_has_code(const struct x86 *c, uint32_t physical);
/* A segment register, CPL, CR0, paging or the A20 pin changed: cached decisions about code are
 * stale. */
void x86_mode_changed(struct x86 *c);

/* TF, RF, DR7 or debug_pending may have changed: X86_ATTEND_DEBUG follows. The loop sets bit 6 (BS)
 * of debug_pending after an instruction that began with TF set, bits 0..3 after matching accesses,
 * and clears RF after each instruction that did not end in a micro-program. */
static inline void x86_attend_debug(struct x86 *c)
{
    if ((c->s.eflags & (X86_TF | X86_RF)) != 0 || (c->s.dr[7] & 0xff) != 0 ||
        c->s.debug_pending != 0)
        c->s.attention |= X86_ATTEND_DEBUG;
    else
        c->s.attention &= ~(uint32_t)X86_ATTEND_DEBUG;
}

static inline bool x86_protected(const struct x86 *c)
{
    return (c->s.cr0 & X86_CR0_PE) != 0;
}

static inline bool x86_v86(const struct x86 *c)
{
    return (c->s.eflags & X86_VM) != 0;
}

static inline unsigned x86_iopl(const struct x86 *c)
{
    return c->s.eflags >> 12 & 3;
}

#endif
