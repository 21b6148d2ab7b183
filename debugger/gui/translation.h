/* translation: one address on its way through a TLB, as plain data: what `tlb ADDRESS` answers, for
 * pictures. */
#ifndef DEBUGGER_GUI_TRANSLATION_H
#define DEBUGGER_GUI_TRANSLATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define TRANSLATION_ENTRIES 3u

enum translation_use { USE_FETCH, USE_LOAD, USE_STORE };

/* What the lookup comes to. */
enum translation_end {
    LOOKUP_NONE,    /* the address does not go through the TLB */
    LOOKUP_HIT,     /* and the access is allowed */
    LOOKUP_MISS,    /* no entry matches */
    LOOKUP_TWICE,   /* more than one does */
    LOOKUP_INVALID, /* V = 0 */
    LOOKUP_CLEAN,   /* D = 0, and it is a store */
};

struct translation_entry {
    unsigned number;
    uint32_t page, size, physical;
    char half[8]; /* "even", "odd": of an entry with two pages; "" = it has one */
    unsigned asid;
    bool valid, writable, global;
    bool has_page, has_asid; /* compares equal; G stands for any ASID */
};

struct translation {
    uint32_t address, physical;
    unsigned asid; /* of the present address space */
    enum translation_use use;
    enum translation_end end;
    /* That match, or come nearest to it. */
    struct translation_entry entry[TRANSLATION_ENTRIES];
    unsigned entries;
};

/* `answer` = NULL: LOOKUP_NONE. */
void translation_read(const json_t *answer, enum translation_use use, struct translation *to);

/* "TLB[58] matches, but V = 0". Answers `to`. */
const char *translation_text(const struct translation *from, char *to, size_t room);

#endif
