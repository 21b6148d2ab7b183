/* translation: one address on its way through a TLB, as plain data. */
#include "debugger/gui/translation.h"

#include <inttypes.h>
#include <stdio.h>

#include "debugger/gui/scene_parts.h"
#include "debugger/gui/view.h"

static void read_entry(const json_t *from, struct translation_entry *to)
{
    *to = (struct translation_entry){.number = (unsigned)view_number(from, "entry"),
                                     .page = (uint32_t)view_number(from, "page"),
                                     .size = (uint32_t)view_number(from, "size"),
                                     .physical = (uint32_t)view_number(from, "physical"),
                                     .asid = (unsigned)view_number(from, "asid"),
                                     .valid = view_true(from, "valid"),
                                     .writable = view_true(from, "writable"),
                                     .global = view_true(from, "global"),
                                     .has_page = view_true(from, "has_page"),
                                     .has_asid = view_true(from, "has_asid")};
    scene_text(to->half, sizeof to->half, "%s", view_string(from, "half"));
}

static bool matches(const struct translation_entry *entry)
{
    return entry->has_page && entry->has_asid;
}

static enum translation_end end_of(const struct translation *t)
{
    unsigned found = 0, match = 0;
    for (unsigned i = 0; i < t->entries; i++)
        if (matches(&t->entry[i])) {
            found++;
            match = i;
        }
    if (found != 1)
        return found == 0 ? LOOKUP_MISS : LOOKUP_TWICE;
    if (!t->entry[match].valid)
        return LOOKUP_INVALID;
    return t->use == USE_STORE && !t->entry[match].writable ? LOOKUP_CLEAN : LOOKUP_HIT;
}

void translation_read(const json_t *answer, enum translation_use use, struct translation *to)
{
    const json_t *compared = json_object_get(answer, "compared"), *entry;
    size_t index;
    *to = (struct translation){.use = use, .end = LOOKUP_NONE};
    if (compared == NULL)
        return;
    to->address = (uint32_t)view_number(answer, "address");
    to->physical = (uint32_t)view_number(answer, "physical");
    to->asid = (unsigned)view_number(answer, "asid");
    json_array_foreach(compared, index, entry) if (to->entries < TRANSLATION_ENTRIES)
        read_entry(entry, &to->entry[to->entries++]);
    to->end = end_of(to);
}

static unsigned match_of(const struct translation *t)
{
    for (unsigned i = 0; i < t->entries; i++)
        if (matches(&t->entry[i]))
            return t->entry[i].number;
    return 0;
}

const char *translation_text(const struct translation *from, char *to, size_t room)
{
    unsigned match = match_of(from);
    switch (from->end) {
    case LOOKUP_NONE: snprintf(to, room, "not through the TLB"); break;
    case LOOKUP_HIT: snprintf(to, room, "[%u]: physical %08" PRIx32, match, from->physical); break;
    case LOOKUP_MISS: snprintf(to, room, "no entry has this page and ASID"); break;
    case LOOKUP_TWICE: snprintf(to, room, "two entries match: TLB shut down"); break;
    case LOOKUP_INVALID: snprintf(to, room, "[%u] matches, but is not valid", match); break;
    case LOOKUP_CLEAN: snprintf(to, room, "[%u] matches, but takes no store", match); break;
    }
    return to;
}
