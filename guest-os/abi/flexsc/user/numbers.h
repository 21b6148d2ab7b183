/* The numbers of the flexsc path's own calls. */
#ifndef NUMBERS_H
#define NUMBERS_H

enum {
#define SYSCALL(number, name, ...) FLEX_##name = number,
#include "abi/flexsc/calls.def"
#undef SYSCALL
};

#endif
