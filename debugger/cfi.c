/* cfi: call frame information: where a function's caller has left off, and where its registers are.
 */
#include "debugger/cfi.h"

#include <dwarf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES (1u << 20)
#define STATES  8u /* of DW_CFA_remember_state */

/* --- reading ---------------------------------------------------------------------------------- */

uint32_t cfi_fixed(struct cfi_reader *reader, unsigned size)
{
    uint32_t value = 0;
    if ((size_t)(reader->end - reader->at) < size) {
        reader->bad = true;
        reader->at = reader->end;
        return 0;
    }
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)reader->at[reader->big_endian ? size - 1 - i : i] << 8 * i;
    reader->at += size;
    return value;
}

uint64_t cfi_uleb(struct cfi_reader *reader)
{
    uint64_t value = 0;
    uint8_t byte = 0x80;
    for (unsigned shift = 0; (byte & 0x80) != 0 && !reader->bad; shift += 7) {
        byte = (uint8_t)cfi_fixed(reader, 1);
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
    }
    return value;
}

int64_t cfi_sleb(struct cfi_reader *reader)
{
    uint64_t value = 0;
    uint8_t byte = 0x80;
    unsigned shift = 0;
    for (; (byte & 0x80) != 0 && !reader->bad; shift += 7) {
        byte = (uint8_t)cfi_fixed(reader, 1);
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
    }
    if (shift < 64 && (byte & 0x40) != 0)
        value |= ~UINT64_C(0) << shift;
    return (int64_t)value;
}

static const uint8_t *skip(struct cfi_reader *reader, uint64_t length)
{
    const uint8_t *at = reader->at;
    if ((uint64_t)(reader->end - reader->at) < length) {
        reader->bad = true;
        reader->at = reader->end;
    } else {
        reader->at += length;
    }
    return at;
}

/* --- the table -------------------------------------------------------------------------------- */

struct section {
    struct image *image;
    Elf_Data *data;
    uint32_t address; /* of .eh_frame in memory */
    bool eh;
    bool big_endian;
    unsigned room;
};

/* An address as .eh_frame may have it: DW_EH_PE_absptr, udata4, sdata4, perhaps relative. */
static uint32_t encoded(const struct section *section, struct cfi_reader *reader, uint8_t how)
{
    uint32_t here =
        section->address + (uint32_t)(reader->at - (const uint8_t *)section->data->d_buf);
    unsigned size = (how & 7) == DW_EH_PE_udata2 ? 2 : 4;
    uint32_t value = cfi_fixed(reader, size);
    if (how == DW_EH_PE_sdata2 || how == (DW_EH_PE_sdata2 | DW_EH_PE_pcrel))
        value = (uint32_t)(int32_t)(int16_t)value;
    if ((how & 0x70) == DW_EH_PE_pcrel)
        value += here;
    return value;
}

/* The encoding of the addresses in the descriptions that belong to this CIE. */
static uint8_t address_encoding(const Dwarf_CIE *cie)
{
    const uint8_t *data = cie->augmentation_data;
    if (cie->augmentation == NULL || cie->augmentation[0] != 'z' || data == NULL)
        return DW_EH_PE_absptr;
    for (const char *letter = cie->augmentation + 1;
         *letter != '\0' && data < cie->augmentation_data + cie->augmentation_data_size; letter++) {
        if (*letter == 'R')
            return *data;
        if (*letter == 'P') /* a personality routine: its encoding, then its address */
            data += (*data & 7) == DW_EH_PE_udata2 ? 3 : 5;
        else if (*letter == 'L')
            data++;
    }
    return DW_EH_PE_absptr;
}

static void add(struct section *section, const Dwarf_CIE *cie, Dwarf_Off offset,
                const Dwarf_FDE *fde)
{
    struct image *image = section->image;
    uint8_t how = section->eh ? address_encoding(cie) : DW_EH_PE_absptr;
    struct cfi_reader reader = {fde->start, fde->end, section->big_endian, false};
    uint32_t low = encoded(section, &reader, how);
    uint32_t length = encoded(section, &reader, how & 7);
    if (cie->augmentation != NULL && cie->augmentation[0] == 'z')
        skip(&reader, cfi_uleb(&reader));
    if (reader.bad || length == 0 || image->frames == ENTRIES)
        return;
    if (image->frames == section->room) {
        section->room = section->room == 0 ? 256 : section->room * 2;
        void *more = realloc(image->frame, section->room * sizeof *image->frame);
        if (more == NULL)
            return;
        image->frame = more;
    }
    image->frame[image->frames++] = (struct frame_description){
        .low = low,
        .high = low + length,
        .data = section->data,
        .cie = offset,
        .eh = section->eh,
        .code = reader.at,
        .end = fde->end,
    };
}

static bool is_cie(const Dwarf_CFI_Entry *entry)
{
    return entry->CIE_id == DW_CIE_ID_64;
}

static void read_section(struct section *section, const unsigned char *ident)
{
    Dwarf_Off offset = 0, next, at = UINT64_MAX;
    Dwarf_CFI_Entry entry, common;
    while (dwarf_next_cfi(ident, section->data, section->eh, offset, &next, &entry) == 0) {
        if (!is_cie(&entry)) {
            Dwarf_Off owner = entry.fde.CIE_pointer, behind;
            bool known = owner == at || (dwarf_next_cfi(ident, section->data, section->eh, owner,
                                                        &behind, &common) == 0 &&
                                         is_cie(&common));
            at = known ? owner : UINT64_MAX;
            if (known)
                add(section, &common.cie, owner, &entry.fde);
        }
        if (next <= offset)
            break;
        offset = next;
    }
}

static int compare(const void *a, const void *b)
{
    const struct frame_description *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

void cfi_index(struct image *image)
{
    struct section section = {.image = image};
    const char *ident = elf_getident(image->elf, NULL);
    Elf_Scn *scn = NULL;
    size_t names;
    if (ident == NULL || elf_getshdrstrndx(image->elf, &names) != 0)
        return;
    section.big_endian = ident[EI_DATA] == ELFDATA2MSB;
    while ((scn = elf_nextscn(image->elf, scn)) != NULL) {
        GElf_Shdr header;
        if (gelf_getshdr(scn, &header) == NULL || header.sh_type == SHT_NOBITS ||
            (header.sh_flags & SHF_COMPRESSED) != 0)
            continue;
        const char *name = elf_strptr(image->elf, names, header.sh_name);
        section.eh = name != NULL && strcmp(name, ".eh_frame") == 0;
        if (name == NULL || (!section.eh && strcmp(name, ".debug_frame") != 0))
            continue;
        section.data = elf_rawdata(scn, NULL);
        section.address = (uint32_t)header.sh_addr;
        if (section.data != NULL && section.data->d_buf != NULL)
            read_section(&section, (const unsigned char *)ident);
    }
    if (image->frames > 0)
        qsort(image->frame, image->frames, sizeof *image->frame, compare);
}

/* --- rules ------------------------------------------------------------------------------------ */

struct program {
    struct cfi_reader reader;
    const Dwarf_CIE *cie;
    uint32_t location, pc;
    struct cfi_rules now, initial;
    struct cfi_rules kept[STATES];
    unsigned states;
};

static void rule(struct program *p, uint64_t reg, enum cfi_kind kind, int64_t offset)
{
    if (reg < ARCH_REGISTERS)
        p->now.reg[reg] = (struct cfi_rule){.kind = kind, .offset = (int32_t)offset};
}

static void expression_rule(struct program *p, struct cfi_rule *to, enum cfi_kind kind)
{
    uint64_t length = cfi_uleb(&p->reader);
    const uint8_t *block = skip(&p->reader, length);
    if (to != NULL && !p->reader.bad)
        *to = (struct cfi_rule){.kind = kind, .expression = block, .length = length};
}

static struct cfi_rule *rule_of(struct program *p, uint64_t reg)
{
    return reg < ARCH_REGISTERS ? &p->now.reg[reg] : NULL;
}

static void cfa(struct program *p, uint64_t reg, int64_t offset)
{
    p->now.cfa = (struct cfi_rule){.kind = CFI_REGISTER, .offset = (int32_t)offset};
    p->now.cfa_register = (unsigned)reg;
}

static void restore(struct program *p, uint64_t reg)
{
    if (reg < ARCH_REGISTERS)
        p->now.reg[reg] = p->initial.reg[reg];
}

static int64_t factored(struct program *p, int64_t value)
{
    return value * p->cie->data_alignment_factor;
}

/* The offsets of registers and of the CFA. */
static void offset_operation(struct program *p, uint8_t operation)
{
    struct cfi_reader *r = &p->reader;
    uint64_t reg = operation == DW_CFA_def_cfa_offset || operation == DW_CFA_def_cfa_offset_sf
                       ? p->now.cfa_register
                       : cfi_uleb(r);
    switch (operation) {
    case DW_CFA_offset_extended: rule(p, reg, CFI_AT, factored(p, (int64_t)cfi_uleb(r))); break;
    case DW_CFA_offset_extended_sf: rule(p, reg, CFI_AT, factored(p, cfi_sleb(r))); break;
    case DW_CFA_GNU_negative_offset_extended:
        rule(p, reg, CFI_AT, -factored(p, (int64_t)cfi_uleb(r)));
        break;
    case DW_CFA_val_offset: rule(p, reg, CFI_IS, factored(p, (int64_t)cfi_uleb(r))); break;
    case DW_CFA_val_offset_sf: rule(p, reg, CFI_IS, factored(p, cfi_sleb(r))); break;
    case DW_CFA_def_cfa:
    case DW_CFA_def_cfa_offset: cfa(p, reg, (int64_t)cfi_uleb(r)); break;
    case DW_CFA_def_cfa_sf:
    case DW_CFA_def_cfa_offset_sf: cfa(p, reg, factored(p, cfi_sleb(r))); break;
    default: cfa(p, reg, p->now.cfa.offset); break; /* DW_CFA_def_cfa_register */
    }
}

static void state_operation(struct program *p, uint8_t operation)
{
    struct cfi_reader *r = &p->reader;
    uint64_t reg;
    switch (operation) {
    case DW_CFA_restore_extended: restore(p, cfi_uleb(r)); break;
    case DW_CFA_undefined: rule(p, cfi_uleb(r), CFI_LOST, 0); break;
    case DW_CFA_same_value: rule(p, cfi_uleb(r), CFI_SAME, 0); break;
    case DW_CFA_register:
        reg = cfi_uleb(r);
        rule(p, reg, CFI_REGISTER, (int64_t)cfi_uleb(r));
        break;
    case DW_CFA_remember_state:
        r->bad |= p->states == STATES;
        if (!r->bad)
            p->kept[p->states++] = p->now;
        break;
    case DW_CFA_restore_state:
        r->bad |= p->states == 0;
        if (!r->bad)
            p->now = p->kept[--p->states];
        break;
    case DW_CFA_def_cfa_expression: expression_rule(p, &p->now.cfa, CFI_IS_EXPRESSION); break;
    case DW_CFA_expression: expression_rule(p, rule_of(p, cfi_uleb(r)), CFI_AT_EXPRESSION); break;
    case DW_CFA_val_expression:
        expression_rule(p, rule_of(p, cfi_uleb(r)), CFI_IS_EXPRESSION);
        break;
    case DW_CFA_GNU_args_size: cfi_uleb(r); break;
    case DW_CFA_nop: break;
    default: r->bad = true; break;
    }
}

/* True: the location has moved past the address that is asked for. */
static bool advances(struct program *p, uint64_t by)
{
    p->location += (uint32_t)(by * p->cie->code_alignment_factor);
    return p->location > p->pc;
}

static bool is_offset(uint8_t operation)
{
    switch (operation) {
    case DW_CFA_offset_extended:
    case DW_CFA_offset_extended_sf:
    case DW_CFA_GNU_negative_offset_extended:
    case DW_CFA_val_offset:
    case DW_CFA_val_offset_sf:
    case DW_CFA_def_cfa:
    case DW_CFA_def_cfa_sf:
    case DW_CFA_def_cfa_offset:
    case DW_CFA_def_cfa_offset_sf:
    case DW_CFA_def_cfa_register: return true;
    default: return false;
    }
}

static bool run(struct program *p)
{
    struct cfi_reader *r = &p->reader;
    while (r->at < r->end && !r->bad) {
        uint8_t operation = (uint8_t)cfi_fixed(r, 1), low = operation & 0x3f;
        bool over = false;
        switch (operation & 0xc0) {
        case DW_CFA_advance_loc: over = advances(p, low); break;
        case DW_CFA_offset: rule(p, low, CFI_AT, factored(p, (int64_t)cfi_uleb(r))); break;
        case DW_CFA_restore: restore(p, low); break;
        default:
            if (operation == DW_CFA_set_loc)
                p->location = cfi_fixed(r, 4), over = p->location > p->pc;
            else if (operation >= DW_CFA_advance_loc1 && operation <= DW_CFA_advance_loc4)
                over = advances(p, cfi_fixed(r, 1u << (operation - DW_CFA_advance_loc1)));
            else if (is_offset(operation))
                offset_operation(p, operation);
            else
                state_operation(p, operation);
            break;
        }
        if (over)
            return true;
    }
    return !r->bad;
}

static const struct frame_description *description_at(const struct image *image, uint32_t pc)
{
    unsigned low = 0, high = image->frames;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (image->frame[middle].low <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 || pc >= image->frame[low - 1].high ? NULL : &image->frame[low - 1];
}

bool cfi_rules_at(const struct image *image, uint32_t pc, struct cfi_rules *rules)
{
    const struct frame_description *found = description_at(image, pc);
    const char *ident = elf_getident(image->elf, NULL);
    Dwarf_CFI_Entry entry;
    Dwarf_Off next;
    if (found == NULL ||
        dwarf_next_cfi((const unsigned char *)ident, found->data, found->eh, found->cie, &next,
                       &entry) != 0 ||
        !is_cie(&entry))
        return false;
    bool big = ident[EI_DATA] == ELFDATA2MSB;
    struct program p = {.cie = &entry.cie, .location = found->low, .pc = pc};
    p.reader = (struct cfi_reader){entry.cie.initial_instructions,
                                   entry.cie.initial_instructions_end, big, false};
    if (!run(&p))
        return false;
    p.initial = p.now;
    p.reader = (struct cfi_reader){found->code, found->end, big, false};
    if (!run(&p))
        return false;
    *rules = p.now;
    return true;
}
