/* The kernel's file system on the host, seen from a test: a disk, a workload, and what there is. */
#ifndef HOST_FSRIG_H
#define HOST_FSRIG_H

#include <stdbool.h>
#include <stdint.h>

enum { RIG_BLOCK = 512 };

/* --- what the test gives --- */

void rig_disk_read(uint32_t block, uint8_t *data);
void rig_disk_write(uint32_t block, const uint8_t *data);
void rig_disk_barrier(void);
void rig_panic(const char *message) __attribute__((noreturn));

/* --- what the kernel does --- */

/* Start the file system on the disk, as the kernel does at boot. Once in a process's life. */
void rig_boot(void);
/* Do one file system call of the workload; each is one transaction. False: there are no more. */
bool rig_step(int step);
/* A number that stands for all names, kinds, sizes and contents that can be reached. */
uint64_t rig_tree(void);

#endif
