/* page: the entries of the TLB taken apart, whatever the model: an entry of MIPS32 has two pages.
 */
#include "debugger/mips/page.h"

#define CACHE_SHIFT 3u /* of EntryLo.C of MIPS32: 2 is uncached */

unsigned mips_pages(const struct mips *c)
{
    return c->model->pairs ? 2 : 1;
}

struct mips_page mips_page(const struct mips *c, unsigned entry, unsigned half)
{
    const struct mips_model *model = c->model;
    const struct mips_tlb_entry *e = &c->s.tlb[entry];
    uint32_t size = model->pairs ? ((e->mask | 0x1fff) + 1) / 2 : 4096;
    uint32_t lo = half == 0 ? e->lo : e->lo1;
    return (struct mips_page){
        .address = (e->hi & model->entryhi_vpn & ~e->mask) + half * size,
        .size = size,
        .physical = (lo << model->lo_shift & MIPS_VPN) & ~(size - 1),
        .asid = (e->hi & model->entryhi_asid) >> model->asid_shift,
        .valid = (lo & model->lo_v) != 0,
        .writable = (lo & model->lo_d) != 0,
        .global = (e->lo & model->lo_g) != 0,
        .uncached = model->pairs ? (lo >> CACHE_SHIFT & 7) == 2 : (lo & MIPS_LO_N) != 0,
    };
}

bool mips_page_has(const struct mips *c, unsigned entry, uint32_t address, struct mips_page *page)
{
    for (unsigned half = 0; half < mips_pages(c); half++) {
        *page = mips_page(c, entry, half);
        if (address - page->address < page->size)
            return true;
    }
    return false;
}

unsigned mips_asid(const struct mips *c)
{
    return (c->s.entryhi & c->model->entryhi_asid) >> c->model->asid_shift;
}
