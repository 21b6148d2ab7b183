/* Calls with numbers and arguments by chance: each may fail, and may end its process, but nobody
 * else. */
#include "linuxtests.h"

#include <asm/unistd.h>
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
    static const uint32_t numbers[] = {
        __NR_fork,
        __NR_kill,
        __NR_clone,
        __NR_nanosleep,
        __NR_poll,
        __NR_rt_sigsuspend,
        __NR_clock_nanosleep_time64,
        __NR__newselect,
        __NR_pselect6,
        __NR_pselect6_time64,
        __NR_tkill,
        __NR_tgkill,
#ifdef __NR_vfork
        __NR_vfork,
#endif
    };

    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static void make_calls(void)
{
    for (int fd = 0; fd < 16; fd++)
        close(fd);
    for (unsigned i = 0; i < sizeof area; i++)
        area[i] = (char)(chance() % 3 ? chance() : 0);
    for (int i = 0; i < 300; i++) {
        const uint32_t arguments[5] = {argument(), argument(), argument(), argument(), argument()};
        uint32_t number = FIRST_CALL + chance() % 450;

        if (!left_out(number))
            call_of_number(number, arguments);
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
