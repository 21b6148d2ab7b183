/* Who owns what among the files of arch/mips; the portable kernel sees only arch.h. */
#ifndef MIPS_BOARD_H
#define MIPS_BOARD_H

#include <stdbool.h>
#include <stdint.h>

/* Where the board shows the file system image: physical 0x10000000, in kseg0. */
#define ROM_DISK 0x90000000u

struct trapframe;

/* hostcard.c */
void hostcard_init(void);
void hostcard_exit(uint32_t status);

/* lamebus.c */
void lamebus_init(void);
uint32_t lamebus_memory_size(void);
int lamebus_find(uint32_t vendor, uint32_t device, int nth);
uint32_t lamebus_read(int slot, uint32_t offset);
void lamebus_write(int slot, uint32_t offset, uint32_t value);
void *lamebus_buffer(int slot, uint32_t offset);
void lamebus_on_interrupt(int slot, void (*handler)(int slot));
void lamebus_mask(int slot, bool on);
void lamebus_interrupt(void);
void lamebus_power_off(void);
unsigned lamebus_cpus(void);
void lamebus_start_cpu(unsigned number, void (*entry)(void));
void lamebus_stop_others(void);
void lamebus_interrupt_cpu(unsigned number);
void lamebus_acknowledge_cpu(void);

enum { VENDOR_SYSTEM161 = 1, DEVICE_TIMER = 2, DEVICE_DISK = 3, DEVICE_SERIAL = 4 };

/* cpus.c */
void cpus_give_stacks(char *stacks);

/* lser.c */
void lser_init(void);

/* ltimer.c */
void ltimer_init(void);

/* mmu.c */
void mmu_init(void);

/* trap.c */
void exception_init(void);
bool probe_word(uint32_t address, uint32_t *value);

#endif
