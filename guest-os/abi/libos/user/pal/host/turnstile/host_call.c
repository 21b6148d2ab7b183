/* The trap itself. */
#include "host_call.h"

int32_t host_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
    int32_t result;

    __asm__ volatile("int $49" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}
