/* Calls with numbers and arguments by chance: each may fail, and may end its process, but nobody
 * else. */
#include "linuxtests.h"

#include <string.h>

static char area[8192];
static uint32_t state;

/* Xorshift, 32 bits: G. Marsaglia, "Xorshift RNGs", 2003. */
static uint32_t chance(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* An argument: small numbers, and addresses that are good, bad, and at the edges. */
static uint32_t argument(void)
{
    uint32_t here = (uint32_t)area;

    switch (chance() % 8) {
    case 0: return chance() % 16;
    case 1: return 0u - chance() % 101;
    case 2: return 0x80000000u + chance() % 8192 - 4096;
    case 3: return here + chance() % sizeof area;
    case 4: return here & ~4095u;
    case 5: return chance() % 5 * 4096;
    case 6: return (uint32_t) "/etc/motd";
    default: return chance();
    }
}

/* Would the process wait, or hit others, as it should? */
static bool left_out(uint32_t number)
{
    static const uint8_t numbers[] = {2, 37, 120, 162, 168, 179, 190};

    return number == 407 || memchr(numbers, (int)number, number < 256 ? sizeof numbers : 0);
}

static void make_calls(void)
{
    for (int fd = 0; fd < 16; fd++)
        close(fd);
    for (unsigned i = 0; i < sizeof area; i++)
        area[i] = (char)(chance() % 3 ? chance() : 0);
    for (int i = 0; i < 300; i++) {
        uint32_t number = chance() % 450, result;

        if (left_out(number))
            continue;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "0"(number), "b"(argument()), "c"(argument()), "d"(argument()),
                           "S"(argument()), "D"(argument())
                         : "memory");
    }
}

bool check_anything(void)
{
    for (uint32_t i = 1; i <= 60; i++) {
        state = i * 2654435761u;
        if (in_child(make_calls) < 0)
            return false;
    }
    return foo() == 8192;
}
