/* What belongs to a process's kernel stack. */
#ifndef ASM_THREAD_INFO_H
#define ASM_THREAD_INFO_H

#include "kernel/param.h"

#define THREAD_SIZE KSTACKSIZE

#endif
