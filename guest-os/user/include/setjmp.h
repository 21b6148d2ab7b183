/* Jumping back to a function that has not returned yet. */
#ifndef SETJMP_H
#define SETJMP_H

/* ebx, esi, edi, ebp, esp, eip */
typedef unsigned jmp_buf[6];

int setjmp(jmp_buf where) __attribute__((returns_twice));
void longjmp(jmp_buf where, int value) __attribute__((noreturn));

#endif
