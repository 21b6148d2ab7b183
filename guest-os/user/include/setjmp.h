/* Jumping back to a function that has not returned yet. */
#ifndef SETJMP_H
#define SETJMP_H

/* Room for the registers that a function must keep on any processor, and where it stands. */
typedef unsigned jmp_buf[12];

int setjmp(jmp_buf where) __attribute__((returns_twice));
void longjmp(jmp_buf where, int value) __attribute__((noreturn));

#endif
