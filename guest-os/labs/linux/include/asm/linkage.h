/* How the entry code calls the functions of the table. */
#ifndef ASM_LINKAGE_H
#define ASM_LINKAGE_H

#define asmlinkage /* with nothing on the stack: arguments are fetched with linux_argument() */

#endif
