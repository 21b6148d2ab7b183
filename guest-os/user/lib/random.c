/*
 * Random numbers: the additive generator that C programs meet on Linux, so that one which never
 * calls srand() sees the same numbers here. Each number is the sum of those 3 and 31 before it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { LENGTH = 31, SEPARATION = 3, WARM_UP = 310 };

static uint32_t history[LENGTH];
static unsigned next; /* the place of the oldest number, which the next one replaces */
static bool seeded;

static uint32_t step(void)
{
    uint32_t number = history[next] += history[(next + LENGTH - SEPARATION) % LENGTH];
    next = (next + 1) % LENGTH;
    return number;
}

/* The first 31 numbers are those of Park and Miller's "minimal standard" generator. */
void srand(unsigned seed)
{
    int64_t number = (int32_t)(seed != 0 ? seed : 1);
    for (int i = 0; i < LENGTH; i++) {
        history[i] = (uint32_t)number;
        number = number * 16807 % 0x7fffffff;
        number += number < 0 ? 0x7fffffff : 0;
    }
    next = SEPARATION;
    seeded = true;
    for (int i = 0; i < WARM_UP; i++)
        step();
}

int rand(void)
{
    if (!seeded)
        srand(1);
    return (int)(step() >> 1);
}

/* A counter in steps of 2^32 / golden ratio, its bits well mixed: every seed gives all values. */
int rand_r(unsigned *seed)
{
    unsigned x = *seed += 0x9e3779b9u;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return (int)((x ^ x >> 16) & RAND_MAX);
}

long random(void)
{
    return rand();
}

void srandom(unsigned seed)
{
    srand(seed);
}
