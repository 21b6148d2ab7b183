/* Random numbers. */
#include <stdlib.h>

static unsigned random_state = 1;

/* A counter in steps of 2^32 / golden ratio, its bits well mixed: every seed gives all values. */
int rand_r(unsigned *seed)
{
    unsigned x = *seed += 0x9e3779b9u;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return (int)((x ^ x >> 16) & RAND_MAX);
}

int rand(void)
{
    return rand_r(&random_state);
}

void srand(unsigned seed)
{
    random_state = seed;
}

long random(void)
{
    return rand();
}

void srandom(unsigned seed)
{
    srand(seed);
}
