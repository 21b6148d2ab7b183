/* fpu_image: the x87's environment as FSTENV, FLDENV, FSAVE and FRSTOR lay it out in memory (SDM
 * vol. 1, figures 8-9 to 8-12). */
#include "cpu/x86/fpu_image.h"

enum { TAG_VALID, TAG_ZERO, TAG_SPECIAL, TAG_EMPTY };

/* Seven words of 16 bits, each in a slot of its own; the upper half of a wide slot is reserved and
 * stored as ones. */
enum { CONTROL, STATUS, TAGS, IP, CODE, DP, DATA, WORDS };

static unsigned tag_of(const struct x86_fpu_register *reg)
{
    switch (float80_classify((struct float80){reg->significand, reg->head})) {
    case FLOAT80_ZERO: return TAG_ZERO;
    case FLOAT80_NORMAL: return TAG_VALID;
    default: return TAG_SPECIAL;
    }
}

uint16_t x86_fpu_tags(const struct x86_fpu *fpu)
{
    unsigned tags = 0;
    for (unsigned n = 0; n < 8; n++)
        tags |= ((fpu->full >> n & 1) != 0 ? tag_of(&fpu->reg[n]) : TAG_EMPTY) << 2 * n;
    return (uint16_t)tags;
}

/* Real mode: linear addresses, the opcode beside them. Protected mode: selectors and offsets. */
static void words_of(const struct x86_fpu *f, bool wide, bool real, uint32_t word[WORDS])
{
    word[CONTROL] = 0xffff0000u | f->control;
    word[STATUS] = 0xffff0000u | f->status;
    word[TAGS] = 0xffff0000u | x86_fpu_tags(f);
    word[IP] = f->ip;
    word[CODE] = f->cs | (uint32_t)f->opcode << 16;
    word[DP] = f->dp;
    word[DATA] = 0xffff0000u | f->ds;
    if (!real)
        return;
    uint32_t ip = ((uint32_t)f->cs << 4) + f->ip, dp = ((uint32_t)f->ds << 4) + f->dp;
    word[IP] = 0xffff0000u | (ip & 0xffff);
    word[DP] = 0xffff0000u | (dp & 0xffff);
    word[CODE] = (wide ? ip >> 16 << 12 & 0x0ffff000u : ip >> 4 & 0xf000u) | f->opcode;
    word[DATA] = wide ? dp >> 16 << 12 & 0x0ffff000u : dp >> 4 & 0xf000u;
}

unsigned x86_fpu_put_environment(const struct x86_fpu *fpu, bool wide, bool real, uint8_t *to)
{
    uint32_t word[WORDS];
    unsigned size = wide ? 4 : 2;
    words_of(fpu, wide, real, word);
    for (unsigned n = 0; n < WORDS; n++)
        for (unsigned byte = 0; byte < size; byte++)
            to[n * size + byte] = (uint8_t)(word[n] >> 8 * byte);
    return WORDS * size;
}

/* Only empty or not counts: the other tags follow from the registers. */
static uint8_t full_of(uint32_t tags)
{
    uint8_t full = 0;
    for (unsigned n = 0; n < 8; n++)
        if ((tags >> 2 * n & 3) != TAG_EMPTY)
            full |= (uint8_t)(1u << n);
    return full;
}

unsigned x86_fpu_get_environment(struct x86_fpu *fpu, bool wide, bool real, const uint8_t *from)
{
    uint32_t word[WORDS] = {0};
    unsigned size = wide ? 4 : 2;
    for (unsigned n = 0; n < WORDS; n++)
        for (unsigned byte = 0; byte < size; byte++)
            word[n] |= (uint32_t)from[n * size + byte] << 8 * byte;
    fpu->control = (uint16_t)word[CONTROL];
    fpu->status = (uint16_t)word[STATUS];
    fpu->full = full_of(word[TAGS]);
    fpu->cs = fpu->ds = 0;
    if (real) {
        fpu->opcode = word[CODE] & 0x7ff;
        fpu->ip = (word[IP] & 0xffff) | (word[CODE] & 0x0ffff000u) << 4;
        fpu->dp = (word[DP] & 0xffff) | (word[DATA] & 0x0ffff000u) << 4;
    } else {
        fpu->opcode = wide ? word[CODE] >> 16 & 0x7ff : 0;
        fpu->ip = word[IP];
        fpu->cs = (uint16_t)word[CODE];
        fpu->dp = word[DP];
        fpu->ds = (uint16_t)word[DATA];
    }
    return WORDS * size;
}
