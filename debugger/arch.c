/* arch: all that the debugger knows of one architecture, in one description. */
#include "debugger/arch.h"

#include <string.h>

static const struct arch *const archs[] = {&arch_x86, &arch_mips};

#define ARCHS (sizeof archs / sizeof *archs)

const struct arch *arch_named(const char *name)
{
    for (unsigned i = 0; i < ARCHS; i++)
        if (strcmp(archs[i]->name, name) == 0)
            return archs[i];
    return NULL;
}

const struct arch *arch_of(const struct cpu *cpu)
{
    for (unsigned i = 0; i < ARCHS; i++)
        for (const char *const *model = archs[i]->cpus; *model != NULL; model++)
            if (strcmp(*model, cpu->ops->name) == 0)
                return archs[i];
    return NULL;
}

const char *arch_register(const struct arch *arch, unsigned number)
{
    const char *name = number < arch->registers ? arch->register_names[number] : NULL;
    return name == NULL ? "" : name;
}

uint64_t arch_number(const struct arch *arch, const uint8_t *bytes, unsigned size)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size && i < 8; i++)
        number |= (uint64_t)bytes[arch->big_endian ? size - 1 - i : i] << 8 * i;
    return number;
}

uint32_t arch_word(const struct arch *arch, const uint8_t bytes[4])
{
    return (uint32_t)arch_number(arch, bytes, 4);
}
