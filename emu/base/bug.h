/* bug: our own mistakes end the program with a report; nothing a guest does may reach here. */
#ifndef EMU_BASE_BUG_H
#define EMU_BASE_BUG_H

/* Prints "file:line: trapscope bug: ..." to standard error and aborts. */
_Noreturn void bug_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

/* Stays on in every build: an invariant that is cheap enough to test always. */
#define bug_unless(condition)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            bug("this must hold: %s", #condition);                                                 \
    } while (0)

/* Allocation that cannot fail for sizes we choose; the guest never chooses one. */
void *bug_alloc(unsigned long count, unsigned long size) __attribute__((returns_nonnull));

#endif
