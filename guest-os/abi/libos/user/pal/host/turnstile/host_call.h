/* How this host, Turnstile's kernel, is asked: int $49, the only trap of a program over the library
 * OS. */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include <stdint.h>

enum {
#define PAL(number, name, ...) HOST_##name = number,
#include "abi/libos/pal_calls.def"
#undef PAL
};

#define WORD(value)      ((uint32_t)(value))
#define ADDRESS(pointer) ((uint32_t)(uintptr_t)(pointer))

/* The result, or an error number made negative. */
int32_t host_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c);

#endif
