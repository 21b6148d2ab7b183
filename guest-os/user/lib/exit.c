/* The end of a program. */
#include "internal.h"

#include <stdlib.h>
#include <unistd.h>

/* Only there if the program uses streams. */
#pragma weak __stdio_flush_all

enum { EXIT_FUNCTIONS = 32 };
static void (*exit_functions[EXIT_FUNCTIONS])(void);
static int exit_function_count;

int atexit(void (*function)(void))
{
    if (exit_function_count == EXIT_FUNCTIONS)
        return -1;
    exit_functions[exit_function_count++] = function;
    return 0;
}

void exit(int status)
{
    while (exit_function_count > 0)
        exit_functions[--exit_function_count]();
    if (__stdio_flush_all != NULL)
        __stdio_flush_all();
    _exit(status);
}

void _Exit(int status)
{
    _exit(status);
}

/* The status that a Unix shell shows for an aborted program: there are no signals to raise. */
void abort(void)
{
    _exit(128 + 6);
}
