/* walk: the page walk of an address, each entry's bits, where it stopped and why. */
#include <stdio.h>
#include <string.h>

#include "cpu/x86/x86.h"
#include "debugger/x86/parts.h"

#define PDE_LARGE 0x80u

static const char *entry_bits(uint32_t entry, bool directory, char *to, size_t room)
{
    static const struct {
        uint32_t bit;
        const char *set, *clear;
    } names[] = {
        {1, "present", "not present"}, {2, "writable", "read only"},
        {4, "user", "supervisor"},     {8, "write-through", NULL},
        {16, "cache off", NULL},       {32, "accessed", NULL},
        {64, "dirty", NULL},           {128, NULL, NULL},
        {256, "global", NULL},
    };
    size_t used = 0;
    to[0] = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names && used < room; i++) {
        const char *word = entry & names[i].bit ? names[i].set : names[i].clear;
        if (names[i].bit == PDE_LARGE && directory && entry & PDE_LARGE)
            word = "4 MiB";
        if (names[i].bit == 64 && directory && !(entry & PDE_LARGE))
            word = NULL; /* a directory entry that points to a table has no dirty bit */
        if (word != NULL)
            used += (size_t)snprintf(to + used, room - used, "%s%s", used ? ", " : "", word);
        if (names[i].bit == 1 && !(entry & 1))
            break; /* all other bits are the system's own */
    }
    return to;
}

static void say_entry(struct session *session, const char *key, const char *what, unsigned index,
                      uint32_t address, uint32_t entry, bool directory)
{
    struct output *out = &session->out;
    char bits[120];
    entry_bits(entry, directory, bits, sizeof bits);
    out_text(out, "  %s[%u] at physical %08x = %08x   %s%08x   %s\n", what, index, address, entry,
             entry & 1 ? (directory && !(entry & PDE_LARGE) ? "table " : "page ") : "-> ",
             entry & 0xfffff000u, bits);
    out_object(out, key);
    out_number(out, "index", index);
    out_number(out, "address", address);
    out_number(out, "value", entry);
    out_string(out, "bits", "%s", bits);
    out_close(out);
}

static void say_result(struct session *session, const struct x86_walk *walk, uint32_t linear)
{
    struct output *out = &session->out;
    uint32_t byte;
    if (!walk->present) {
        const char *level = walk->stopped_at_pde ? "page directory entry" : "page table entry";
        out_text(out,
                 "  stopped: the %s is not present (bit 0 is 0); any access is a page fault "
                 "with CR2 = %08x\n",
                 level, linear);
        out_string(out, "stopped", "%s is not present", level);
        return;
    }
    bool mapped = bus_peek(session->cpu->memory, walk->physical, 1, &byte);
    out_text(out, "  = physical %08x   %s, %s%s%s\n", walk->physical,
             walk->user ? "user and kernel" : "kernel only",
             walk->writable ? "read and write" : "read only", walk->large ? ", a 4 MiB page" : "",
             mapped ? "" : ", where no memory answers");
    out_number(out, "physical", walk->physical);
    out_boolean(out, "user", walk->user);
    out_boolean(out, "writable", walk->writable);
    out_boolean(out, "large", walk->large);
    out_boolean(out, "memory", mapped);
}

void x86_say_walk(struct session *session, uint32_t linear)
{
    const struct x86 *x86 = (const struct x86 *)session->cpu;
    struct output *out = &session->out;
    struct x86_walk walk;
    x86_walk(x86, linear, &walk);
    out_number(out, "linear", linear);
    out_number(out, "cr3", x86->s.cr3);
    if (!(x86->s.cr0 & X86_CR0_PG)) {
        out_text(out, "%08x: paging is off (CR0.PG = 0): physical = linear%s\n", linear,
                 x86->s.a20 ? "" : ", with address line 20 held at 0");
        out_number(out, "physical", walk.physical);
        return;
    }
    out_text(out, "%08x = directory %u, table %u, offset %03x   CR3 %08x%s\n", linear, linear >> 22,
             linear >> 12 & 0x3ff, linear & 0xfff, x86->s.cr3,
             x86->s.cr0 & X86_CR0_WP ? "" : "   CR0.WP = 0: the kernel may write read-only pages");
    say_entry(session, "pde", "PDE", linear >> 22, walk.pde_address, walk.pde, true);
    if (!walk.large && !walk.stopped_at_pde)
        say_entry(session, "pte", "PTE", linear >> 12 & 0x3ff, walk.pte_address, walk.pte, false);
    say_result(session, &walk, linear);
}
