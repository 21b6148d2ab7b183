/* The registers of an interrupted program, as common_exception lays them on the kernel stack. */
#ifndef MIPS_TRAPFRAME_H
#define MIPS_TRAPFRAME_H

/* Where exception.S finds each; the struct below is checked against these. */
#define TF_AT     0
#define TF_V0     4
#define TF_A0     12
#define TF_T0     28
#define TF_S0     60
#define TF_T8     92
#define TF_GP     100
#define TF_SP     104
#define TF_S8     108
#define TF_RA     112
#define TF_LO     116
#define TF_HI     120
#define TF_STATUS 124
#define TF_CAUSE  128
#define TF_EPC    132
#define TF_VADDR  136
#define TF_SIZE   140

/*
 * What is taken from the kernel stack for it: below the trapframe, the room where a C function may
 * put its four argument registers; above it, a word that keeps the stack a multiple of 8.
 */
#define ARGUMENT_ROOM 16
#define TF_ROOM       (TF_SIZE + 4)

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct trapframe {
    uint32_t tf_at;
    uint32_t tf_v0; /* of a system call: its number, then its result or the error number */
    uint32_t tf_v1;
    uint32_t tf_a0;
    uint32_t tf_a1;
    uint32_t tf_a2;
    uint32_t tf_a3; /* after a system call: 0, or 1 for an error */
    uint32_t tf_t0;
    uint32_t tf_t1;
    uint32_t tf_t2;
    uint32_t tf_t3;
    uint32_t tf_t4;
    uint32_t tf_t5;
    uint32_t tf_t6;
    uint32_t tf_t7;
    uint32_t tf_s0;
    uint32_t tf_s1;
    uint32_t tf_s2;
    uint32_t tf_s3;
    uint32_t tf_s4;
    uint32_t tf_s5;
    uint32_t tf_s6;
    uint32_t tf_s7;
    uint32_t tf_t8;
    uint32_t tf_t9;
    uint32_t tf_gp;
    uint32_t tf_sp;
    uint32_t tf_s8;
    uint32_t tf_ra;
    uint32_t tf_lo;
    uint32_t tf_hi;
    uint32_t tf_status; /* the exception has pushed its stack of modes already */
    uint32_t tf_cause;
    uint32_t tf_epc;
    uint32_t tf_vaddr;
};

_Static_assert(offsetof(struct trapframe, tf_a0) == TF_A0, "exception.S relies on it");
_Static_assert(offsetof(struct trapframe, tf_s0) == TF_S0, "exception.S relies on it");
_Static_assert(offsetof(struct trapframe, tf_gp) == TF_GP, "exception.S relies on it");
_Static_assert(offsetof(struct trapframe, tf_vaddr) == TF_VADDR, "exception.S relies on it");
_Static_assert(sizeof(struct trapframe) == TF_SIZE, "exception.S relies on it");
#endif

#endif
