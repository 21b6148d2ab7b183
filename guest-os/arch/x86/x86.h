/* The trap frame, and C names for the instructions that C has no words for. */
#ifndef X86_X86_H
#define X86_X86_H

#include <stddef.h>
#include <stdint.h>

typedef unsigned int uint;
typedef unsigned short ushort;

/*
 * The registers of an interrupted program, as they lie on the kernel stack. The processor
 * pushes from the bottom of this struct up to eip (esp and ss only when it comes from ring 3),
 * the vector stub pushes trapno and, where the processor does not, err; alltraps the rest.
 */
struct trapframe {
    /* pushed by pushal */
    uint edi;
    uint esi;
    uint ebp;
    uint oesp; /* esp inside pushal; popal skips it */
    uint ebx;
    uint edx;
    uint ecx;
    uint eax;

    /* pushed by alltraps; fs and gs are not touched, see struct context */
    ushort es;
    ushort padding1;
    ushort ds;
    ushort padding2;

    uint trapno;
    uint err;

    /* pushed by the processor */
    uint eip;
    ushort cs;
    ushort padding3;
    uint eflags;
    uint esp;
    ushort ss;
    ushort padding4;
};

_Static_assert(offsetof(struct trapframe, trapno) == 40, "alltraps pushes 10 words");
_Static_assert(sizeof(struct trapframe) == 68, "17 words in all");

static inline uint8_t inb(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t inw(uint16_t port)
{
    uint16_t value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

/* `count` words from the port into memory, and the other way. */
static inline void insw(uint16_t port, void *dst, uint32_t count)
{
    __asm__ volatile("cld; rep insw" : "+D"(dst), "+c"(count) : "d"(port) : "memory");
}

static inline void outsw(uint16_t port, const void *src, uint32_t count)
{
    __asm__ volatile("cld; rep outsw" : "+S"(src), "+c"(count) : "d"(port) : "memory");
}

static inline void insb(uint16_t port, void *dst, uint32_t count)
{
    __asm__ volatile("cld; rep insb" : "+D"(dst), "+c"(count) : "d"(port) : "memory");
}

/* The address whose translation failed in the last page fault. */
static inline uint32_t read_cr2(void)
{
    uint32_t value;

    __asm__ volatile("movl %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint32_t read_cr3(void)
{
    uint32_t value;

    __asm__ volatile("movl %%cr3, %0" : "=r"(value));
    return value;
}

static inline void write_cr3(uint32_t value)
{
    __asm__ volatile("movl %0, %%cr3" : : "r"(value) : "memory");
}

#endif
