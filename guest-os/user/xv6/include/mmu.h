/* Page arithmetic for programs that count in pages. */
#ifndef XV6_MMU_H
#define XV6_MMU_H

#define PGSIZE         4096
#define PGROUNDUP(sz)  (((sz) + PGSIZE - 1) & ~(PGSIZE - 1))
#define PGROUNDDOWN(a) ((a) & ~(PGSIZE - 1))
#define PTXSHIFT       12
#define PDXSHIFT       22
#define PDX(va)        (((uint)(va) >> PDXSHIFT) & 0x3FF)
#define PTX(va)        (((uint)(va) >> PTXSHIFT) & 0x3FF)
#define NPDENTRIES     1024
#define NPTENTRIES     1024
#define PTE_P          0x001
#define PTE_W          0x002
#define PTE_U          0x004
#define PTE_PS         0x080
#define FL_IF          0x00000200

#endif
