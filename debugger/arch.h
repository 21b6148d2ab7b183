/* arch: the few facts of an instruction set that symbols, frames and stepping need. */
#ifndef DEBUGGER_ARCH_H
#define DEBUGGER_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#define ARCH_REGISTERS 40u /* DWARF register numbers 0..39 that we follow through frames */

/* What an instruction does to the flow of control, as far as step, next and finish ask. */
enum arch_flow { FLOW_PLAIN, FLOW_CALL, FLOW_RETURN, FLOW_TRAP, FLOW_TRAP_RETURN, FLOW_JUMP };

struct arch_insn {
    uint32_t address;
    unsigned size;
    enum arch_flow flow;
    bool repeats;    /* a string instruction with a repeat prefix: one address, many rounds */
    unsigned vector; /* FLOW_TRAP: the number it names */
    uint8_t bytes[16];
    char text[200]; /* mnemonic, a tab, operands */
};

struct arch {
    const char *name;                  /* cpu_ops.name: "x86" */
    uint16_t elf_machine;              /* e_machine of its programs */
    unsigned pc, sp, fp;               /* DWARF numbers */
    unsigned registers;                /* DWARF numbers in use */
    const char *const *register_names; /* by DWARF number; NULL = no such */
    uint32_t preserved; /* bits of the registers that a callee keeps (and of the flags, of which
                           nobody says otherwise) */
    const char *result, *result_high; /* registers of a function's result, its high half */
    uint32_t reloaded_sp; /* stack pointer of the caller when a function has just been entered
                             and nothing is known of it: sp plus this, return address at sp */
};

const struct arch *arch_named(const char *name);

/* Disassembles one instruction of `length` available bytes (at most 16). False = not an
 * instruction. `intel` = Intel syntax instead of AT&T. */
bool arch_decode(const struct arch *arch, unsigned bits, bool intel, uint32_t address,
                 const uint8_t *bytes, unsigned length, struct arch_insn *insn);

#endif
