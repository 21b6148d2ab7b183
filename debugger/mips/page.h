/* page: the entries of the TLB taken apart, whatever the model: an entry of MIPS32 has two pages.
 */
#ifndef DEBUGGER_MIPS_PAGE_H
#define DEBUGGER_MIPS_PAGE_H

#include "cpu/mips/mips.h"

struct mips_page {
    uint32_t address; /* the first one of it */
    uint32_t size;
    uint32_t physical;
    unsigned asid;
    bool valid, writable, global, uncached;
};

/* How many pages an entry has: 1 or 2. */
unsigned mips_pages(const struct mips *c);
/* Page `half` of an entry. */
struct mips_page mips_page(const struct mips *c, unsigned entry, unsigned half);
/* The half of an entry that an address would be in, by its page alone; false = in none. */
bool mips_page_has(const struct mips *c, unsigned entry, uint32_t address, struct mips_page *page);

unsigned mips_asid(const struct mips *c); /* of the present address space */

#endif
