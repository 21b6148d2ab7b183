/* cfi: call frame information: where a function's caller has left off, and where its registers are.
 *
 * Source: DWARF 5, 6.4; for .eh_frame, LSB 5.0, 10.6. Read here and not by libdw, which knows the
 * registers of some architectures only. Pure: bytes of a file in, rules out. Hostile bytes give no
 * rules, or wrong ones, within the file's bounds. */
#ifndef DEBUGGER_CFI_H
#define DEBUGGER_CFI_H

#include "debugger/arch.h"
#include "debugger/symbols.h"

enum cfi_kind {
    CFI_UNSAID, /* the calling convention knows */
    CFI_SAME,   /* as in this frame */
    CFI_LOST,
    CFI_AT,            /* in memory at CFA + offset */
    CFI_IS,            /* CFA + offset itself */
    CFI_REGISTER,      /* in register number `offset` of this frame */
    CFI_AT_EXPRESSION, /* in memory at what the expression gives, which starts with the CFA */
    CFI_IS_EXPRESSION,
};

struct cfi_rule {
    enum cfi_kind kind;
    int32_t offset;
    const uint8_t *expression;
    size_t length;
};

struct cfi_rules {
    /* The CFA: CFI_REGISTER: `cfa_register` + offset; CFI_IS_EXPRESSION. */
    struct cfi_rule cfa;
    unsigned cfa_register;
    struct cfi_rule reg[ARCH_REGISTERS];
};

/* At an address of the image. False = nothing describes it. */
bool cfi_rules_at(const struct image *image, uint32_t pc, struct cfi_rules *rules);

/* The image's table of descriptions; when it is opened. */
void cfi_index(struct image *image);

/* A block of bytes, read in order; past its end everything is 0 and `bad`. */
struct cfi_reader {
    const uint8_t *at, *end;
    bool big_endian, bad;
};
uint32_t cfi_fixed(struct cfi_reader *reader, unsigned size); /* 1, 2 or 4 bytes */
uint64_t cfi_uleb(struct cfi_reader *reader);
int64_t cfi_sleb(struct cfi_reader *reader);

#endif
