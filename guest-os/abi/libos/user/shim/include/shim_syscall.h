/*
 * The macros that make a system call of the library OS. Each call NAME has three functions:
 *
 *   __shim_NAME       as the table calls it: words in, a word out
 *   shim_NAME         as C calls it
 *   shim_do_NAME      what it does
 *
 * DEFINE_SHIM_SYSCALL(name, n, function, result type, type, argument, ...) makes the first two of
 * the third, for n arguments; SHIM_SYSCALL_RETURN_ENOSYS(name, n, result type, type, argument, ...)
 * makes them of nothing. Results below 0 are errors: the numbers of <errno.h> made negative.
 */
#ifndef SHIM_SYSCALL_H
#define SHIM_SYSCALL_H

#include <errno.h>

/* Not more than an int, which a pointer is not. */
#define DEFINE_SHIM_SYSCALL(name, n, ...) SHIM_DEFINE_##n(name, __VA_ARGS__)

#define SHIM_DEFINE_0(name, function, r)                                                           \
    long __shim_##name(void)                                                                       \
    {                                                                                              \
        return (long)function();                                                                   \
    }                                                                                              \
    r shim_##name(void)                                                                            \
    {                                                                                              \
        return (r)__shim_##name();                                                                 \
    }

#define SHIM_DEFINE_1(name, function, r, t1, a1)                                                   \
    long __shim_##name(long word1)                                                                 \
    {                                                                                              \
        return (long)function((t1)word1);                                                          \
    }                                                                                              \
    r shim_##name(t1 a1)                                                                           \
    {                                                                                              \
        return (r)__shim_##name((long)a1);                                                         \
    }

#define SHIM_DEFINE_2(name, function, r, t1, a1, t2, a2)                                           \
    long __shim_##name(long word1, long word2)                                                     \
    {                                                                                              \
        return (long)function((t1)word1, (t2)word2);                                               \
    }                                                                                              \
    r shim_##name(t1 a1, t2 a2)                                                                    \
    {                                                                                              \
        return (r)__shim_##name((long)a1, (long)a2);                                               \
    }

#define SHIM_DEFINE_3(name, function, r, t1, a1, t2, a2, t3, a3)                                   \
    long __shim_##name(long word1, long word2, long word3)                                         \
    {                                                                                              \
        return (long)function((t1)word1, (t2)word2, (t3)word3);                                    \
    }                                                                                              \
    r shim_##name(t1 a1, t2 a2, t3 a3)                                                             \
    {                                                                                              \
        return (r)__shim_##name((long)a1, (long)a2, (long)a3);                                     \
    }

#define SHIM_SYSCALL_RETURN_ENOSYS(name, n, ...) SHIM_ENOSYS_##n(name, __VA_ARGS__)

#define SHIM_ENOSYS_1(name, r, t1, a1)                                                             \
    long __shim_##name(long word1)                                                                 \
    {                                                                                              \
        (void)word1;                                                                               \
        return -ENOSYS;                                                                            \
    }                                                                                              \
    r shim_##name(t1 a1)                                                                           \
    {                                                                                              \
        return (r)__shim_##name((long)a1);                                                         \
    }

#define SHIM_ENOSYS_2(name, r, t1, a1, t2, a2)                                                     \
    long __shim_##name(long word1, long word2)                                                     \
    {                                                                                              \
        (void)word1, (void)word2;                                                                  \
        return -ENOSYS;                                                                            \
    }                                                                                              \
    r shim_##name(t1 a1, t2 a2)                                                                    \
    {                                                                                              \
        return (r)__shim_##name((long)a1, (long)a2);                                               \
    }

#define SHIM_ENOSYS_3(name, r, t1, a1, t2, a2, t3, a3)                                             \
    long __shim_##name(long word1, long word2, long word3)                                         \
    {                                                                                              \
        (void)word1, (void)word2, (void)word3;                                                     \
        return -ENOSYS;                                                                            \
    }                                                                                              \
    r shim_##name(t1 a1, t2 a2, t3 a3)                                                             \
    {                                                                                              \
        return (r)__shim_##name((long)a1, (long)a2, (long)a3);                                     \
    }

#endif
