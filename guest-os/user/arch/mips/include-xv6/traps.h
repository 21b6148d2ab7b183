/* Exception codes of the R3000, as Cause has them. */
#ifndef XV6_TRAPS_H
#define XV6_TRAPS_H

#define T_INTERRUPT     0
#define T_MODIFIED      1
#define T_TLB_LOAD      2
#define T_TLB_STORE     3
#define T_ADDRESS_LOAD  4
#define T_ADDRESS_STORE 5
#define T_BUS_FETCH     6
#define T_BUS_DATA      7
#define T_SYSCALL       8
#define T_BRKPT         9
#define T_ILLOP         10
#define T_DEVICE        11 /* coprocessor unusable */
#define T_OFLOW         12

#endif
