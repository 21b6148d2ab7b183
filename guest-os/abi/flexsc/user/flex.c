/*
 * A program's side of the syscall page: entries are taken, submitted, waited for and given back.
 *
 * Whoever waits looks at the entry's status for a while: on another processor the syscall thread
 * makes the call meanwhile, and nobody traps. If that did not help, flexsc_wait() gives the
 * processor away.
 */
#include <flex.h>
#include "numbers.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

enum {
    LOOKS = 1000, /* at an entry that nobody has taken yet, before flexsc_wait() */
    LOOKS_LEAST = 16,
    LOOKS_BUSY = 20000, /* at one whose call is being made, which takes another processor */
};

static struct fsc_page *page;    /* 0: there is none */
static bool asked;               /* whether there was one to be had */
static bool posted[FSC_ENTRIES]; /* nobody waits for it: it is free again when it is done */
static unsigned looks = LOOKS;

int flex_trap(uint32_t number, uint32_t num_args, const uint32_t *arg)
{
    uint32_t a[FSC_ARGS] = {0};
    int result;

    for (uint32_t i = 0; i < num_args; i++)
        a[i] = arg[i];
    __asm__ volatile("int $48"
                     : "=a"(result)
                     : "0"(number), "d"(a[0]), "c"(a[1]), "b"(a[2]), "D"(a[3]), "S"(a[4])
                     : "memory");
    return result;
}

int flexsc_register(void *va)
{
    int result;

    if (page)
        return 0;
    asked = true;
    result = flex_trap(FLEX_flexsc_register, 1, (uint32_t[]){(uint32_t)va});
    if (result > 0)
        page = (struct fsc_page *)result;
    return result < 0 ? result : 0;
}

/* What was posted and is done is free again. */
static void reclaim(void)
{
    for (int i = 0; i < FSC_ENTRIES; i++)
        if (posted[i] && page->entry[i].status == FSC_DONE) {
            posted[i] = false;
            page->entry[i].status = FSC_FREE;
        }
}

int flexsc_wait(void)
{
    int result = page ? flex_trap(FLEX_flexsc_wait, 0, NULL) : 0;

    if (page)
        reclaim();
    return result;
}

static struct fsc_entry *take_entry(void)
{
    for (;;) {
        for (int i = 0; i < FSC_ENTRIES; i++)
            if (page->entry[i].status == FSC_FREE) {
                page->entry[i].status = FSC_ALLOC;
                return &page->entry[i];
            }
        flexsc_wait();
    }
}

static struct fsc_entry *submit(uint32_t number, uint32_t num_args, const uint32_t *arg)
{
    struct fsc_entry *e;

    reclaim();
    e = take_entry();
    e->number = number;
    e->num_args = num_args;
    for (uint32_t i = 0; i < FSC_ARGS; i++)
        e->arg[i] = i < num_args ? arg[i] : 0;
    __asm__ volatile("" : : : "memory");
    e->status = FSC_SUBMITTED;
    return e;
}

void flex_post(uint32_t number, uint32_t num_args, const uint32_t *arg)
{
    if (page)
        posted[submit(number, num_args, arg) - page->entry] = true;
    else
        flex_trap(number, num_args, arg);
}

/*
 * Look until the call is done, or until that seems not to help. Returns whether it is done. How
 * long an entry that nobody takes is looked at is learnt: on a machine of one processor it is in
 * vain.
 */
static bool look(const struct fsc_entry *e)
{
    unsigned untaken = 0;

    for (unsigned n = 0; n < LOOKS_BUSY; n++)
        switch (e->status) {
        case FSC_DONE: looks = LOOKS; return true;
        case FSC_BLOCKED: return false;
        case FSC_BUSY: break;
        default:
            if (++untaken < looks)
                break;
            looks = looks / 2 > LOOKS_LEAST ? looks / 2 : LOOKS_LEAST;
            return false;
        }
    return false;
}

static void await(const struct fsc_entry *e)
{
    if (look(e))
        return;
    while (e->status != FSC_DONE) {
        reclaim();
        flexsc_wait();
    }
}

int flex_call(uint32_t number, uint32_t num_args, const uint32_t *arg)
{
    struct fsc_entry *e;
    int result;

    if (!page)
        return flex_trap(number, num_args, arg);
    e = submit(number, num_args, arg);
    await(e);
    __asm__ volatile("" : : : "memory");
    result = e->result;
    e->status = FSC_FREE;
    return result;
}

/* Until all that was posted is done. */
static void flush(void)
{
    for (int i = 0; page && i < FSC_ENTRIES; i++)
        while (posted[i])
            flexsc_wait();
}

/* The stubs of usys.S. */
int flex_stub(uint32_t number, uint32_t num_args, const uint32_t *arg);

int flex_stub(uint32_t number, uint32_t num_args, const uint32_t *arg)
{
    bool by_trap = number == FLEX_TURNSTILE + SYS_fork || number == FLEX_TURNSTILE + SYS_exec ||
                   number == FLEX_TURNSTILE + SYS_exit;
    int result;

    if (!asked)
        flexsc_register(NULL);
    if (by_trap)
        flush();
    result = by_trap ? flex_trap(number, num_args, arg) : flex_call(number, num_args, arg);
    if (number == FLEX_TURNSTILE + SYS_fork && result == 0) {
        page = NULL;
        asked = false;
    }
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}
