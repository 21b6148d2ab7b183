/* Instructions that C has no words for. Most of them fault in a user program. */
#ifndef XV6_X86_H
#define XV6_X86_H

static inline uchar inb(ushort port)
{
    uchar value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "d"(port));
    return value;
}

static inline void outb(ushort port, uchar value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "d"(port));
}

static inline void outw(ushort port, ushort value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "d"(port));
}

static inline void stosb(void *dst, int value, int count)
{
    __asm__ volatile("cld; rep stosb" : "+D"(dst), "+c"(count) : "a"(value) : "memory", "cc");
}

static inline void stosl(void *dst, int value, int count)
{
    __asm__ volatile("cld; rep stosl" : "+D"(dst), "+c"(count) : "a"(value) : "memory", "cc");
}

static inline uint readeflags(void)
{
    uint flags;
    __asm__ volatile("pushfl; popl %0" : "=r"(flags));
    return flags;
}

static inline void cli(void)
{
    __asm__ volatile("cli");
}

static inline void sti(void)
{
    __asm__ volatile("sti");
}

static inline uint xchg(volatile uint *where, uint value)
{
    __asm__ volatile("lock; xchgl %0, %1" : "+m"(*where), "+a"(value) : : "memory", "cc");
    return value;
}

static inline uint rcr2(void)
{
    uint value;
    __asm__ volatile("movl %%cr2, %0" : "=r"(value));
    return value;
}

static inline void lcr3(uint value)
{
    __asm__ volatile("movl %0, %%cr3" : : "r"(value));
}

#endif
