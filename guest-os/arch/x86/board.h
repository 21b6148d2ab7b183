/* Who owns what among the files of arch/x86; the portable kernel sees only arch.h. */
#ifndef X86_BOARD_H
#define X86_BOARD_H

#include "arch/x86/mmu.h"
#include "kernel/param.h"

#include <stdbool.h>
#include <stdint.h>

/* Memory beyond this is left alone. */
#define MAX_MEMORY (256u * 1024 * 1024)

struct proc;

/* Where each processor sees its own local APIC. Intel SDM vol. 3, 10.4.1. */
#define LAPIC_ADDRESS 0xfee00000u

/* cpus.c */
unsigned cpus_find(void);
void cpus_give_stacks(char *first, uint32_t distance);

/* fpu.c */
void fpu_init(void);
void fpu_switch(const struct proc *p);
void fpu_leave(struct proc *p);
void fpu_forget(struct proc *p);
void fpu_fork(struct proc *child, const struct proc *parent);
void fpu_wanted(void);
void fpu_get(struct proc *p, uint8_t image[108]);
void fpu_set(struct proc *p, const uint8_t image[108]);

/* fwcfg.c */
void fwcfg_init(void);

/* ide.c */
void ide_interrupt(void);

/* kbd.c */
void kbd_init(void);
void kbd_interrupt(void);

/* lapic.c */
unsigned lapic_find(void);
void lapic_init(void);
void lapic_acknowledge(void);
void lapic_stop_others(void);
void lapic_interrupt(unsigned number);
void lapic_start(unsigned number, uint32_t page);

/* mmu.c */
void mmu_map_memory(uint32_t top);
void mmu_map_device(uint32_t address);
void mmu_unmap(uintptr_t page);

/* mp.c */
unsigned mp_processors(uint8_t ids[NCPU]);

/* pic.c */
void pic_init(void);
void pic_enable(int irq);
bool pic_acknowledge(int irq);

/* pit.c */
void pit_init(void);

/* seg.c */
void seg_init(void);
void seg_set_kernel_stack(uint32_t esp);
uint64_t seg_tls(uint32_t base, uint32_t limit, bool writable, bool wide, bool in_pages);
void seg_set_tls(const uint64_t descriptors[NSEGS - SEG_TLS]);

/* trap.c */
void tvinit(void);
void trap_init_cpu(void);

/* uart.c */
void uart_init(void);
void uart_start(void);
void uart_interrupt(void);
void uart_console_putc(int c);

/* vga.c */
void vga_init(void);
void vga_putc(int c);

#endif
