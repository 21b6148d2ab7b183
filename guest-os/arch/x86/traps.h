/* Vector numbers. The first 32 are the processor's (Intel SDM vol. 3, 6.3.1). */
#ifndef X86_TRAPS_H
#define X86_TRAPS_H

#define T_DIVIDE 0
#define T_DEBUG  1
#define T_NMI    2
#define T_BRKPT  3
#define T_OFLOW  4
#define T_BOUND  5
#define T_ILLOP  6
#define T_DEVICE 7
#define T_DBLFLT 8
#define T_TSS    10
#define T_SEGNP  11
#define T_STACK  12
#define T_GPFLT  13
#define T_PGFLT  14
#define T_FPERR  16
#define T_ALIGN  17

#define T_IRQ0 32 /* the interrupt controllers' line 0; line n is T_IRQ0 + n */

#define IRQ_TIMER 0
#define IRQ_KBD   1
#define IRQ_COM2  3
#define IRQ_COM1  4 /* and COM3 */
#define IRQ_IDE   14

#define T_FLEXSC  48  /* system call of the flexsc path */
#define T_PAL     49  /* the one of the libos path */
#define T_SYSCALL 64  /* system call */
#define T_LINUX   128 /* system call of the Linux path */

#define T_CPU      254 /* interrupt that another processor sends */
#define T_SPURIOUS 255 /* of the local APIC: there was none */

#endif
