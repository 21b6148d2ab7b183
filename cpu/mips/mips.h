/* mips: the processor's whole state, and the contracts between the files of cpu/mips.
 *
 *   models.c   what one model has that another has not, as data
 *   decode.c   a word -> struct mips_insn, from opcodes.def
 *   exec.inc   what each instruction does; compiled twice by run.c (plain, observed)
 *   run.c      the loop: instructions, boundaries, limits               (calls everything below)
 *   engine.c   the same for who does not watch: blocks of decoded instructions (blocks.c, choose.c,
 *              fuse.c)
 *   mmu.c      segments, TLB, the soft TLB, loads and stores
 *   cp0.c      the system control coprocessor's registers, Count and Compare
 *   trap.c     micro-programs of exceptions and RFE                      (rows of steps.def)
 *   registers.c the debugger's names
 *   pipeline.c which instruction was in which stage, worked out afterwards (costs: timing.h)
 *
 * Two models are described: "r3000", the processor of System/161, and "mips32", a MIPS32 Release 1
 * like the 4Kc.
 *
 * Sources: Kane, MIPS RISC Architecture (R2000, R3000); IDT R30xx Family Software Reference Manual;
 * the System/161 machine, where it adds to the R3000: LL, SC, SYNC, WAIT, CACHE, Count, Compare,
 * PRId and Config selects, results of loads ready for the next instruction. MIPS32 Architecture for
 * Programmers, vols. 2 and 3 (Release 1); MIPS32 4K Processor Core Family Software User's Manual.
 *
 * Where they leave room, or part:
 * - A fetch that fails is found at its target, not at the jump: EPC = the target (IDT), not the
 *   jump (System/161).
 * - BD is set for what follows any branch, taken or not. A branch in a delay slot is undefined:
 * ours jumps, and what follows it, at the first one's target, is the second one's slot.
 * - BadVAddr changes with AdEL, AdES, TLBL, TLBS and Mod only; Context and EntryHi with the last
 *   three only. Cause.CE is 0 but after CpU.
 * - User mode may use coprocessor 0 when Status.CU0 is set (Kane); System/161 refuses that.
 *   There are no coprocessors 1 to 3: always CpU, whatever Status.CU says (System/161).
 * - BadVAddr and EPC are read-only; of Context only PTEBase can be written (Kane).
 * - Random counts down with every tick (Kane), System/161's counts up.
 * - Division by zero is undefined: ours leaves HI 0, LO 7fffffff or, for a negative dividend and
 * for DIVU, ffffffff (System/161). The most negative number divided by -1 is itself, remainder 0.
 * - Fields that should be zero are not looked at, but in the operations of coprocessor 0, which are
 *   RI when they are not exactly right; so is MFC0 or MTC0 of a register that is not there.
 * - Two matching TLB entries: Status.TS is set and nothing matches until reset.
 * - BcondZ with a code that is none of the four is RI (System/161); the PlayStation's branches.
 * - A store to ROM is a bus error, and so is a fetch from a device (System/161).
 * - SWL and SWR read the word, and write it with their bytes in it.
 * - SC stores when memory still holds what LL found (System/161), on both models.
 * - A software interrupt is taken before the instruction behind the MTC0 that raised it, as are
 *   all effects of coprocessor 0: there are no hazards to wait for.
 * - Count counts the ticks in which this processor worked: none while it waits.
 *
 * Of MIPS32 in particular:
 * - Addresses of kuseg are physical ones while Status.ERL is set.
 * - There are no EJTAG, no Watch registers, no soft reset and no NMI; Status.RE and RP cannot be
 * set. MFC0 of a register that is not there reads 0.
 * - A TLB write of an entry that another one would match too is a machine check, sets Status.TS and
 *   writes nothing (4K).
 * - While WAIT holds it with IP7 enabled, time is its own: Count goes on, and the timer wakes it.
 * - A register that MUL leaves undefined, HI and LO, keeps its value. A slot that a branch likely
 *   leaves out takes no tick.
 * - BadVAddr, EntryHi and Context stay as they are after an address error.
 *
 * The bus is little-endian (emu/base/bus.h), this processor is big-endian: it turns values round,
 * so that the byte at an address is the same byte for everybody. */
#ifndef CPU_MIPS_MIPS_H
#define CPU_MIPS_MIPS_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/cpu.h"
#include "emu/base/irq.h"

enum mips_gpr { MIPS_A0 = 4, MIPS_SP = 29, MIPS_RA = 31 };

enum mips_status {
    MIPS_IEC = 1u << 0, /* R3000 */
    MIPS_KUC = 1u << 1,
    MIPS_IEP = 1u << 2,
    MIPS_KUP = 1u << 3,
    MIPS_IEO = 1u << 4,
    MIPS_KUO = 1u << 5,
    MIPS_IE = 1u << 0, /* MIPS32 */
    MIPS_EXL = 1u << 1,
    MIPS_ERL = 1u << 2,
    MIPS_UM = 1u << 4,
    MIPS_IM = 0xffu << 8,
    MIPS_TS = 1u << 21,
    MIPS_BEV = 1u << 22,
    MIPS_CU0 = 1u << 28,
};

#define MIPS_CU 0xf0000000u /* does not fit an int, so no enumerator */
#define MIPS_BD 0x80000000u /* Cause */

enum mips_cause_bits {
    MIPS_EXCCODE_SHIFT = 2,
    MIPS_EXCCODE = 31u << 2,
    MIPS_IP_SOFT = 3u << 8,
    MIPS_IP2 = 1u << 10,
    MIPS_IP7 = 1u << 15,
    MIPS_IP_PINS = 0x3fu << 10,
    MIPS_IP = 0xffu << 8,
    MIPS_IV = 1u << 23, /* MIPS32 */
    MIPS_CE_SHIFT = 28,
    MIPS_CE = 3u << 28,
};

/* EntryLo and EntryHi of the R3000. */
enum mips_entry {
    MIPS_LO_G = 1u << 8,
    MIPS_LO_V = 1u << 9,
    MIPS_LO_D = 1u << 10,
    MIPS_LO_N = 1u << 11,
    MIPS_LO_FLAGS = 15u << 8,
    MIPS_HI_ASID = 63u << 6,
};

/* ... and of MIPS32. */
enum mips_entry32 {
    MIPS32_LO_G = 1u << 0,
    MIPS32_LO_V = 1u << 1,
    MIPS32_LO_D = 1u << 2,
    MIPS32_LO_BITS = 0x03ffffffu,
    MIPS32_HI_ASID = 255u,
    MIPS32_PAGEMASK = 0x01ffe000u,
};

#define MIPS_VPN           0xfffff000u
#define MIPS_CONTEXT_PTE   0xffe00000u
#define MIPS_CONTEXT_VPN   0x001ffffcu
#define MIPS_INDEX_P       0x80000000u
#define MIPS_INDEX_SLOT    0x00003f00u
#define MIPS_SLOT_SHIFT    8u
#define MIPS32_VPN2        0xffffe000u
#define MIPS32_CONTEXT_PTE 0xff800000u
#define MIPS32_CONTEXT_VPN 0x007ffff0u

/* Cause.ExcCode */
enum mips_exception {
    MIPS_INT,
    MIPS_MOD,
    MIPS_TLBL,
    MIPS_TLBS,
    MIPS_ADEL,
    MIPS_ADES,
    MIPS_IBE,
    MIPS_DBE,
    MIPS_SYS,
    MIPS_BP,
    MIPS_RI,
    MIPS_CPU,
    MIPS_OV,
    MIPS_TR,          /* MIPS32 */
    MIPS_MCHECK = 24, /* MIPS32 */
    MIPS_EXCEPTIONS,
};

/* What made a micro-program begin: `a` of TRACE_TRAP. */
enum mips_cause {
    MIPS_CAUSE_INSTRUCTION, /* SYSCALL, BREAK, TEQ and its like */
    MIPS_CAUSE_FAULT,
    MIPS_CAUSE_INTERRUPT,
    MIPS_CAUSE_RETURN, /* no exception: RFE, ERET */
    MIPS_CAUSES,
};

#define MIPS_TLB_ENTRIES 64u

/* What a register of coprocessor 0 is, beyond a word of struct mips_state of which some bits can be
 * written. */
enum mips_cp0_kind {
    MIPS_CP0_NONE,
    MIPS_CP0_PLAIN,
    MIPS_CP0_MODE,     /* what is executed next may depend on it */
    MIPS_CP0_COUNT,    /* time passes in it */
    MIPS_CP0_COMPARE,  /* a write takes the timer's interrupt back */
    MIPS_CP0_RANDOM,   /* made of time */
    MIPS_CP0_WIRED,    /* a write puts Random back */
    MIPS_CP0_CONSTANT, /* `writable` is its value */
    MIPS_CP0_LINKED,   /* bits 31..4 of the address of the last LL */
};

struct mips_cp0 {
    uint8_t kind;
    uint16_t offset; /* in struct mips_state */
    uint32_t writable;
};

/* What one model has that another has not. */
struct mips_model {
    const char *name;
    uint8_t isa;        /* enum mips_isa */
    uint32_t config[2]; /* Config by select, at reset */
    uint32_t reset_vector;
    uint32_t vector_base[2];             /* by Status.BEV */
    uint32_t refill, general, interrupt; /* offsets from it; the last with Cause.IV */
    uint32_t refill_last;                /* a miss above it uses the general vector */
    uint32_t status_reset;
    uint32_t status_hardware;           /* bits that it sets and nobody else */
    uint32_t status_stack;              /* an exception moves these bits up by two, RFE down */
    uint32_t exl, erl;                  /* of Status; 0: it has none */
    uint32_t user_mask, user_value;     /* (Status & mask) == value: user mode */
    uint32_t enable_mask, enable_value; /* ... interrupts are taken */

    uint32_t entryhi_vpn, entryhi_asid; /* bits */
    uint32_t entrylo_bits, lo_g, lo_v, lo_d;
    uint32_t context_pte, context_vpn;
    uint8_t context_shift; /* down, from an address to context_vpn */
    uint8_t lo_shift;      /* up, from EntryLo to the page's address */
    uint8_t asid_shift, index_shift;
    bool pairs;                     /* an entry is of two pages, whose size PageMask says */
    uint8_t tlb_entries, tlb_wired; /* Random never names the first `tlb_wired`, at reset */

    bool interrupt_once;                  /* at Compare, Count begins anew (System/161) */
    bool lenient;                         /* MFC0 of what is not there is no error */
    uint8_t count_shift;                  /* Count counts every 2^n ticks */
    uint8_t multiply_ticks, divide_ticks; /* until HI and LO are there */
    uint8_t exception_stage; /* of the five that takes all exceptions; 0: the one that found it */
    uint8_t interrupt_ticks; /* from an interrupt to its vector; 0: as any other exception */
    struct mips_cp0 cp0[32]; /* by number, select 0 */
};

extern const struct mips_model mips_r3000, mips_mips32;

/* By its name, which is also cpu_ops.name: "r3000", "mips32". NULL: there is none. */
const struct mips_model *mips_model_named(const char *name);

/* A check that failed, on its way to the loop that delivers the exception. `step` is the row of
 * steps.def that says which; a and b are its operands. */
struct mips_fault {
    uint16_t step;
    uint8_t exception;
    uint8_t unit;     /* of CpU */
    bool miss;        /* no TLB entry matched */
    uint32_t address; /* of the exceptions that have one */
    uint32_t a, b;
};

/* A micro-program in progress: enough to stop between any two steps, save, load and go on. */
struct mips_micro {
    uint8_t program;   /* enum mips_program of trap.h, 0 = none */
    uint8_t state;     /* row of steps.def that comes next, 0 = the first */
    uint8_t cause;     /* enum mips_cause */
    uint8_t exception; /* enum mips_exception */
    uint8_t reason;    /* row of steps.def: the check that failed */
    uint8_t unit;
    uint8_t miss;
    uint8_t nested; /* EXL was set: EPC stays */
    uint32_t done;  /* micro-steps done since the last instruction boundary: cpu_ops.micro */
    uint32_t address;
    uint32_t a, b; /* operands of the check */
};

struct mips_tlb_entry {
    uint32_t hi, lo; /* as EntryHi and EntryLo; a pair's first page */
    uint32_t lo1;    /* a pair's second */
    uint32_t mask;   /* as PageMask */
};

struct mips_state {
    uint32_t gpr[32]; /* the first is always 0 */
    uint32_t hi, lo;
    uint32_t pc, next_pc;    /* next_pc is behind pc, or the target of the branch in front of pc */
    uint32_t branch_pc;      /* where that branch is; 0 when in_slot is */
    uint8_t in_slot;         /* the instruction at pc is in a delay slot */
    uint8_t waiting;         /* WAIT was executed */
    uint8_t linked;          /* LL was executed, and no exception since */
    uint8_t compare_written; /* Compare was ever written: the timer runs */
    uint8_t stopped;         /* does nothing until mips_start */
    uint8_t reserved[3];
    uint32_t index, entrylo, context, badvaddr, count_register, entryhi, compare, status, cause,
        epc;
    uint32_t linked_address, linked_value;
    uint32_t config, wired;
    uint32_t entrylo1, pagemask, errorepc; /* MIPS32 */
    uint64_t count;                        /* instructions and exceptions completed */
    uint64_t cycles;     /* ticks this processor worked since reset: Random is made of it */
    uint64_t random_top; /* value of cycles at which Random named the last entry */
    uint64_t hilo_ready; /* value of cycles from which on HI and LO can be used */
    struct mips_tlb_entry tlb[MIPS_TLB_ENTRIES];
    struct mips_micro micro;
};

_Static_assert(sizeof(struct mips_state) % 8 == 0, "a state block");

/* MIPS_MIXED: for writing, a page that has decoded code: a write there may change it. */
enum mips_intent { MIPS_FETCH, MIPS_READ, MIPS_WRITE, MIPS_MIXED, MIPS_INTENTS };

/* Soft TLB: from page to host bytes. The tag has the ASID in it, so that changing it costs nothing;
 * what the TLB changes loses its page. Derived: not part of the state. */
#define MIPS_SOFT_ENTRIES 256u

struct mips_blocks;

struct mips_soft_entry {
    uint32_t tag;      /* page | ASID << 4 | 8; 0 = empty */
    uint32_t physical; /* of the page */
    uintptr_t host;    /* host address of a byte, less its own */
};

static inline uint8_t *mips_soft_bytes(const struct mips_soft_entry *entry, uint32_t address)
{
    return (uint8_t *)(entry->host + address);
}

/* Entries of the TLB by their page's or pair's number: 1 + entry, 0 = end. Derived, as the soft TLB
 * is. */
#define MIPS_TLB_CHAINS 64u

struct mips_chains {
    uint8_t first[MIPS_TLB_CHAINS];
    uint8_t next[MIPS_TLB_ENTRIES];
    uint8_t large; /* entries with a page mask: who searches must look at all */
};

struct mips {
    struct cpu cpu; /* first: a struct cpu * is a struct mips * */
    const struct mips_model *model;
    struct mips_state s;

    struct mips_fault fault; /* set whenever a function below answered false */
    struct mips_soft_entry soft[2][MIPS_INTENTS][MIPS_SOFT_ENTRIES]; /* by user mode */
    struct mips_chains chains;
    const struct cpu_observer *observer; /* NULL = plain */
    bool stop_requested;                 /* an observer hook said stop */
    char state_name[24];
    struct mips_blocks *blocks;
    bool leaving;       /* the engine: an instruction has to go one by one */
    uint32_t sink;      /* what is written to register 0 by the engine */
    uint32_t target;    /* what next_pc will be behind the instruction in progress */
    bool slot_left_out; /* ... which is a branch likely that is not taken */
};

/* A new processor, after reset. Reset leaves number 0 running and every other one stopped. */
struct mips *mips_create(const struct mips_model *model, unsigned number, struct clock *clock,
                         struct bus *memory, struct trace *trace);

/* From now on both, and who shares with either, see it at once when one of them changes code. All
 * processors on one bus have to be told; right after mips_create. */
void mips_share_code(struct mips *c, struct mips *with);

/* A stopped processor's run() answers CPU_HALTED, whatever its pins do. It starts at `pc` with two
 * of its registers set and the rest as they were; to start one that runs moves it. */
void mips_start(struct mips *c, uint32_t pc, uint32_t a0, uint32_t sp);
/* Takes effect at its next instruction boundary. */
void mips_stop(struct mips *c);

/* Sink of irq_line: pins 0 to 4 are Cause.IP2 to IP6; IP7 belongs to the timer inside. */
void mips_pin(void *mips, unsigned pin, bool level);

static inline bool mips_user(const struct mips *c)
{
    return (c->s.status & c->model->user_mask) == c->model->user_value;
}

/* Does the processor take an interrupt before its next instruction? */
static inline bool mips_interrupted(const struct mips *c)
{
    return (c->s.status & c->s.cause & MIPS_IP) != 0 &&
           (c->s.status & c->model->enable_mask) == c->model->enable_value;
}

/* Does WAIT hold the processor? It ends with any pin, whatever is masked (System/161). */
static inline bool mips_waits(const struct mips *c)
{
    return c->s.waiting != 0 && (c->s.cause & MIPS_IP_PINS) == 0 && !mips_interrupted(c);
}

/* Waiting, it lives through the time until its own timer wakes it. */
static inline bool mips_wakes_itself(const struct mips *c)
{
    return !c->model->interrupt_once && (c->s.status & MIPS_IP7) != 0;
}

/* Where something is that was read or written, and what was there before. */
struct mips_place {
    uint32_t physical;
    uint32_t old;
};

/* --- mmu.c ------------------------------------------------------------------------------------
 * size is 1, 2 or 4. On false c->fault is set and nothing has changed. */
bool mips_fetch(struct mips *c, uint32_t address, uint32_t *word);
bool mips_load(struct mips *c, uint32_t address, unsigned size, uint32_t *value,
               struct mips_place *place);
bool mips_store(struct mips *c, uint32_t address, unsigned size, uint32_t value,
                struct mips_place *place);
/* The soft TLB's entry of a page of memory, or NULL: *faulted, or not memory, whose physical
 * address is in *device then. */
const struct mips_soft_entry *mips_reach(struct mips *c, uint32_t address, enum mips_intent intent,
                                         bool *faulted, uint32_t *device);
/* The checks of an access without the access. `address` need not be aligned. */
bool mips_check(struct mips *c, uint32_t address, enum mips_intent intent, uint32_t *physical);

/* No side effects: who matches, for `tlb`, `why` and cpu_ops.translate. */
enum mips_match { MIPS_UNMAPPED, MIPS_MATCH, MIPS_MISS, MIPS_TWICE };
struct mips_lookup {
    enum mips_match match;
    unsigned entry; /* when one matched */
};
struct mips_lookup mips_look_up(const struct mips *c, uint32_t address);
bool mips_translate(const struct mips *c, uint32_t address, uint32_t *physical);

void mips_tlb_probe(struct mips *c);
void mips_tlb_read(struct mips *c);
/* False: a machine check. */
bool mips_tlb_write_indexed(struct mips *c);
bool mips_tlb_write_random(struct mips *c);
/* What was written to Status or came with a return changed it from `old`. */
void mips_status_changed(struct mips *c, uint32_t old);
/* Code was decoded in this page: from now on a write must be looked at. */
void mips_soft_forbid_writes(struct mips *c, uint32_t physical);
/* Forgets all that is derived from the TLB, which may have changed. */
void mips_soft_flush(struct mips *c);

/* --- blocks.c ----------------------------------------------------------------------------------
 */
bool mips_page_has_code(const struct mips *c, uint32_t physical);
/* Bytes were changed; a length of 0 means any. */
void mips_code_written(struct mips *c, uint32_t physical, uint32_t length);

/* --- cp0.c ------------------------------------------------------------------------------------ */
/* False: there is no such register. */
bool mips_cp0_get(const struct mips *c, unsigned number, unsigned select, uint32_t *value);
bool mips_cp0_set(struct mips *c, unsigned number, unsigned select, uint32_t value);
unsigned mips_random(const struct mips *c);
static inline bool mips_timer_runs(const struct mips *c)
{
    return c->s.compare_written != 0 || !c->model->interrupt_once;
}
/* Until Count reaches Compare, if the timer runs. */
uint64_t mips_ticks_to_compare(const struct mips *c);
/* Count has reached Compare, and gone `beyond` it. */
void mips_timer_passed(struct mips *c, uint32_t beyond);

/* Time goes by for this processor: the clock, Count, and the timer's interrupt. IP7 is raised when
 * Count reaches Compare. System/161: Count starts again from 0 then, and the timer runs when
 * Compare was ever written; what an action took beyond that is not lost. A distance of 0 is the
 * longest, 2^32. */
static inline void mips_charge(struct mips *c, unsigned ticks)
{
    unsigned shift = c->model->count_shift;
    uint64_t before = c->s.cycles;
    c->cpu.clock->s.now += ticks;
    c->s.cycles += ticks;
    uint32_t counts = (uint32_t)((c->s.cycles >> shift) - (before >> shift));
    uint32_t distance = c->s.compare - c->s.count_register;
    c->s.count_register += counts;
    if (counts != 0 && distance - 1 < counts && mips_timer_runs(c))
        mips_timer_passed(c, counts - distance);
}

/* --- trap.c ----------------------------------------------------------------------------------- */
/* c->fault begins its delivery: s.pc is still the instruction that failed. */
void mips_raise(struct mips *c);
void mips_interrupt(struct mips *c);
void mips_begin_return(struct mips *c);
/* One micro-step. True = more to do. The last step of a program adds one to s.count. */
bool mips_micro_step(struct mips *c);
/* All that is left of it. Nobody watches. */
void mips_micro_run(struct mips *c);
/* mips_raise or mips_begin_return and all micro-steps, at once. `owed` ticks have gone by and were
 * not charged; Count does not reach Compare in them. */
void mips_raise_whole(struct mips *c, unsigned owed);
void mips_return_whole(struct mips *c, unsigned owed);
bool mips_micro_valid(const struct mips_micro *micro);

/* c->fault := this; answers false, so that callers can `return mips_fail(...)`. */
bool mips_fail(struct mips *c, uint16_t step, enum mips_exception exception, uint32_t a,
               uint32_t b);
bool mips_fail_at(struct mips *c, uint16_t step, enum mips_exception exception, uint32_t address,
                  uint32_t a, uint32_t b);

/* The rows of registers.c's table, in this order: what TRACE_SET events call `a`. */
enum mips_register {
    MIPS_REG_GPR, /* and 31 more */
    MIPS_REG_HI = 32,
    MIPS_REG_LO,
    MIPS_REG_PC,
    MIPS_REG_NEXT_PC,
    MIPS_REG_INDEX,
    MIPS_REG_RANDOM,
    MIPS_REG_ENTRYLO,
    MIPS_REG_CONTEXT,
    MIPS_REG_BADVADDR,
    MIPS_REG_COUNT,
    MIPS_REG_ENTRYHI,
    MIPS_REG_COMPARE,
    MIPS_REG_STATUS,
    MIPS_REG_CAUSE,
    MIPS_REG_EPC,
    MIPS_REG_PRID,
    MIPS_REG_CONFIG,
    MIPS_REG_CONFIG1,
    MIPS_REG_LLBIT,
    MIPS_REG_LLADDR,
    MIPS_REG_ENTRYLO1, /* MIPS32 has these, too */
    MIPS_REG_PAGEMASK,
    MIPS_REG_WIRED,
    MIPS_REG_ERROREPC,
    MIPS_REGISTERS,
};

#endif
