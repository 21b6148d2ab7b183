/* cpu: what is the same for every CPU: a debugger's access to memory and to registers by name. */
#include "cpu/cpu.h"

#include <string.h>

bool cpu_peek(const struct cpu *cpu, uint32_t linear, void *to, uint32_t length)
{
    uint8_t *bytes = to;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t physical, value;
        if (!cpu->ops->translate(cpu, linear + i, &physical) ||
            !bus_peek(cpu->memory, physical, 1, &value))
            return false;
        bytes[i] = (uint8_t)value;
    }
    return true;
}

bool cpu_poke(struct cpu *cpu, uint32_t linear, const void *from, uint32_t length)
{
    const uint8_t *bytes = from;
    uint32_t physical, value;
    for (uint32_t i = 0; i < length; i++)
        if (!cpu->ops->translate(cpu, linear + i, &physical) ||
            !bus_peek(cpu->memory, physical, 1, &value))
            return false;
    for (uint32_t i = 0; i < length; i++) {
        cpu->ops->translate(cpu, linear + i, &physical);
        if (!bus_poke(cpu->memory, physical, bytes[i]))
            return false;
        cpu->ops->memory_changed(cpu, physical, 1);
    }
    return true;
}

int cpu_register_number(const struct cpu *cpu, const char *name)
{
    for (int i = 0; cpu->ops->registers[i].name != NULL; i++)
        if (strcmp(cpu->ops->registers[i].name, name) == 0)
            return i;
    return -1;
}
