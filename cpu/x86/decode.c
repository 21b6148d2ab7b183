/* decode: the bytes of one instruction, taken apart once for every engine. */
#include "cpu/x86/decode.h"

#include <stddef.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "register offsets of AH and AX");

/* --- operand columns of opcodes.def ----------------------------------------------------------- */

enum operand_bits {
    MODRM = 1,
    BYTE = 2,
    WORD = 4,
    DWORD = 8,
    TO_REG = 16,
    IMM8 = 1 << 5,
    IMM8S = 2 << 5,
    IMM16 = 3 << 5,
    IMMV = 4 << 5,
    IMM_ENTER = 5 << 5,
    REL8 = 6 << 5,
    RELV = 7 << 5,
    FAR_POINTER = 8 << 5,
    IMM_MASK = 15 << 5,
    OPCODE_REGISTER = 1 << 9,
    ACCUMULATOR = 1 << 10,
    MOFFS = 1 << 11,
    M = 1 << 12,
    R = 1 << 13,
    L = 1 << 14,
    SEGMENT = 1 << 15,
    BY_CL = 1 << 16,
    ONE_TIME = 1 << 17,
    POP_OPERAND = 1 << 18,
    NONE = 0,
    Eb = MODRM | BYTE,
    Ew = MODRM | WORD,
    Ev = MODRM,
    Ed = MODRM | DWORD,
    EbGb = Eb,
    EvGv = Ev,
    EwGw = Ew,
    GbEb = Eb | TO_REG,
    GvEv = Ev | TO_REG,
    GvEw = Ev | TO_REG,
    EbIb = Eb | IMM8,
    EvIv = Ev | IMMV,
    EvIbs = Ev | IMM8S,
    AbIb = ACCUMULATOR | BYTE | IMM8,
    AvIv = ACCUMULATOR | IMMV,
    Zv = OPCODE_REGISTER,
    ZbIb = OPCODE_REGISTER | BYTE | IMM8,
    ZvIv = OPCODE_REGISTER | IMMV,
    Iv = IMMV,
    Ibs = IMM8S,
    Ib = IMM8,
    Iw = IMM16,
    IwIb = IMM_ENTER,
    Jb = REL8,
    Jv = RELV,
    Ap = FAR_POINTER,
    Xb = BYTE,
    Xv = NONE,
    AbOb = MOFFS | BYTE | TO_REG,
    AvOv = MOFFS | TO_REG,
    ObAb = MOFFS | BYTE,
    OvAv = MOFFS,
    /* Group opcodes say nothing themselves; their rows do. */
    G80 = 0,
    G81,
    G82,
    G83,
    GC0,
    GC1,
    GD0,
    GD1,
    GD2,
    GD3,
    G8F,
    GC6,
    GC7,
    GF6,
    GF7,
    GFE,
    GFF,
    G0F00,
    G0F01,
    G0FBA,
    G0FC7,
    GROUPS,
};

#define _      0
#define C      X86_ROW_C
#define Z      X86_ROW_Z
#define O      X86_ROW_O
#define CO     (X86_ROW_C | X86_ROW_O)
#define PAZSO  (X86_ROW_P | X86_ROW_A | X86_ROW_Z | X86_ROW_S | X86_ROW_O)
#define CPAZS  (X86_ROW_C | X86_ROW_P | X86_ROW_A | X86_ROW_Z | X86_ROW_S)
#define CPASO  (X86_ROW_C | X86_ROW_P | X86_ROW_A | X86_ROW_S | X86_ROW_O)
#define CPZSO  (X86_ROW_C | X86_ROW_P | X86_ROW_Z | X86_ROW_S | X86_ROW_O)
#define CPAZSO (C | PAZSO)

const struct x86_row_facts x86_rows[X86_ROWS] = {
    [X86_ROW_UNDEFINED] = {X86_DO_UNDEFINED, "UNDEFINED", NONE, {0, 0}, 0, 0},
#define OP(map, opcode, name, operands, clocks, memory, reads, writes)                             \
    [X86_ROW_##map##_##opcode] = {X86_DO_##name, #name, operands, {clocks, memory}, reads, writes},
#define OP8  OP
#define OP16 OP
#include "cpu/x86/opcodes.def"
#undef OP
#undef OP8
#undef OP16
};

#undef C
#undef Z
#undef O

/* --- from opcode bytes to rows ---------------------------------------------------------------- */

/* One table: one-byte opcodes, 0F opcodes, then eight entries for each group. */
enum map_base {
    BASE_ONE = 0,
    BASE_TWO = 256,
    BASE_GROUPS = 512,
    BASE_G80 = BASE_GROUPS + 8 * G80,
    BASE_G81 = BASE_GROUPS + 8 * G81,
    BASE_G82 = BASE_GROUPS + 8 * G82,
    BASE_G83 = BASE_GROUPS + 8 * G83,
    BASE_GC0 = BASE_GROUPS + 8 * GC0,
    BASE_GC1 = BASE_GROUPS + 8 * GC1,
    BASE_GD0 = BASE_GROUPS + 8 * GD0,
    BASE_GD1 = BASE_GROUPS + 8 * GD1,
    BASE_GD2 = BASE_GROUPS + 8 * GD2,
    BASE_GD3 = BASE_GROUPS + 8 * GD3,
    BASE_G8F = BASE_GROUPS + 8 * G8F,
    BASE_GC6 = BASE_GROUPS + 8 * GC6,
    BASE_GC7 = BASE_GROUPS + 8 * GC7,
    BASE_GF6 = BASE_GROUPS + 8 * GF6,
    BASE_GF7 = BASE_GROUPS + 8 * GF7,
    BASE_GFE = BASE_GROUPS + 8 * GFE,
    BASE_GFF = BASE_GROUPS + 8 * GFF,
    BASE_G0F00 = BASE_GROUPS + 8 * G0F00,
    BASE_G0F01 = BASE_GROUPS + 8 * G0F01,
    BASE_G0FBA = BASE_GROUPS + 8 * G0FBA,
    BASE_G0FC7 = BASE_GROUPS + 8 * G0FC7,
    TABLE_SIZE = BASE_GROUPS + 8 * GROUPS,
};

#define ROW1(at, row) [at] = row,
#define ROW4(at, row) ROW1(at, row) ROW1((at) + 1, row) ROW1((at) + 2, row) ROW1((at) + 3, row)
#define ROW8(at, row) ROW4(at, row) ROW4((at) + 4, row)

static const uint16_t row_of[TABLE_SIZE] = {
#define OP(map, opcode, ...)  ROW1(BASE_##map + opcode, X86_ROW_##map##_##opcode)
#define OP8(map, opcode, ...) ROW8(BASE_##map + opcode, X86_ROW_##map##_##opcode)
#define OP16(map, opcode, ...)                                                                     \
    ROW8(BASE_##map + opcode, X86_ROW_##map##_##opcode)                                            \
    ROW8(BASE_##map + opcode + 8, X86_ROW_##map##_##opcode)
#include "cpu/x86/opcodes.def"
#undef OP
#undef OP8
#undef OP16
};

/* --- decoding --------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *bytes;
    unsigned available, used;
    bool ended;
};

static uint32_t take(struct reader *r, unsigned size)
{
    if (r->used + size > r->available) {
        r->ended = true;
        r->used += size;
        return 0;
    }
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)r->bytes[r->used++] << 8 * i;
    return value;
}

uint16_t x86_register_offset(unsigned number, unsigned size)
{
    size_t base = offsetof(struct x86, s.gpr);
    if (size == 1)
        return (uint16_t)(base + 4 * (number & 3) + (number >> 2 & 1));
    return (uint16_t)(base + 4 * number);
}

static const uint16_t nothing = offsetof(struct x86, nothing);

struct prefixes {
    bool operand, address, lock;
    int segment; /* -1: none */
};

static unsigned prefix_bytes(struct reader *r, struct prefixes *p, struct x86_insn *insn)
{
    for (;;) {
        unsigned byte = take(r, 1);
        switch (byte) {
        case 0x26:
        case 0x2E:
        case 0x36:
        case 0x3E: p->segment = byte >> 3 & 3; break;
        case 0x64:
        case 0x65: p->segment = byte - 0x64 + X86_FS; break;
        case 0x66: p->operand = true; break;
        case 0x67: p->address = true; break;
        case 0xF0: p->lock = true; break;
        case 0xF2: insn->flags = (insn->flags & ~X86_INSN_REP) | X86_INSN_REPNE; break;
        case 0xF3: insn->flags = (insn->flags & ~X86_INSN_REPNE) | X86_INSN_REP; break;
        default: return byte;
        }
        if (r->ended || r->used >= X86_INSN_LONGEST)
            return 0;
    }
}

static void memory_16(struct reader *r, unsigned modrm, struct x86_insn *insn)
{
    static const uint8_t base[8] = {X86_EBX, X86_EBX, X86_EBP, X86_EBP,
                                    X86_ESI, X86_EDI, X86_EBP, X86_EBX};
    unsigned mod = modrm >> 6, rm = modrm & 7;
    insn->segment = rm == 2 || rm == 3 || (rm == 6 && mod != 0) ? X86_SS : X86_DS;
    insn->rm = x86_register_offset(base[rm], 2);
    insn->index = rm < 4 ? x86_register_offset(X86_ESI + (rm & 1), 2) : nothing;
    if (mod == 0 && rm == 6) {
        insn->rm = nothing;
        insn->disp = take(r, 2);
    } else if (mod == 1) {
        insn->disp = (uint32_t)(int8_t)take(r, 1);
    } else if (mod == 2) {
        insn->disp = take(r, 2);
    }
}

static void memory_32(struct reader *r, unsigned modrm, struct x86_insn *insn)
{
    unsigned mod = modrm >> 6, base = modrm & 7;
    insn->index = nothing;
    if (base == 4) {
        unsigned sib = take(r, 1);
        base = sib & 7;
        insn->scale = sib >> 6;
        if ((sib >> 3 & 7) != 4)
            insn->index = x86_register_offset(sib >> 3 & 7, 4);
        else
            insn->scale = 0;
    }
    bool no_base = mod == 0 && base == 5;
    insn->rm = no_base ? nothing : x86_register_offset(base, 4);
    insn->segment = !no_base && (base == X86_ESP || base == X86_EBP) ? X86_SS : X86_DS;
    if (mod == 1)
        insn->disp = (uint32_t)(int8_t)take(r, 1);
    else if (mod == 2 || no_base)
        insn->disp = take(r, 4);
}

static void immediate(struct reader *r, uint32_t operands, struct x86_insn *insn)
{
    unsigned size = insn->size == 2 ? 2 : 4;
    switch (operands & IMM_MASK) {
    case IMM8: insn->imm = take(r, 1); break;
    case IMM8S:
    case REL8: insn->imm = (uint32_t)(int8_t)take(r, 1); break;
    case IMM16: insn->imm = take(r, 2); break;
    case IMMV: insn->imm = take(r, size); break;
    case RELV: insn->imm = take(r, size); break;
    case IMM_ENTER:
        insn->imm = take(r, 2);
        insn->disp = take(r, 1);
        break;
    case FAR_POINTER:
        insn->imm = take(r, size);
        insn->disp = take(r, 2);
        break;
    }
    if ((operands & IMM_MASK) == RELV && size == 2)
        insn->imm = (uint32_t)(int16_t)insn->imm;
    if ((operands & IMM_MASK) != 0)
        insn->flags |= X86_INSN_IMMEDIATE;
}

/* False: the ModRM byte is not legal for the row. */
static bool modrm_operands(struct reader *r, uint32_t operands, unsigned modrm,
                           struct x86_insn *insn)
{
    bool memory = modrm < 0xC0 && (operands & R) == 0;
    insn->number = modrm >> 3 & 7;
    insn->reg = x86_register_offset(insn->number, insn->size);
    if (memory) {
        insn->flags |= X86_INSN_MEMORY;
        if ((insn->flags & X86_INSN_ADDRESS_32) != 0)
            memory_32(r, modrm, insn);
        else
            memory_16(r, modrm, insn);
    } else {
        insn->rm = x86_register_offset(modrm & 7, insn->size);
    }
    return memory || (operands & M) == 0;
}

static unsigned operand_size(uint32_t operands, bool wide)
{
    if ((operands & BYTE) != 0)
        return 1;
    if ((operands & WORD) != 0)
        return 2;
    return wide || (operands & DWORD) != 0 ? 4 : 2;
}

/* i486 PRM, ch. 26: a 32-bit division takes 16 clocks more than a 16-bit one. */
static bool is_long_division(const struct x86_insn *insn)
{
    unsigned what = x86_rows[insn->row].what;
    return insn->size == 4 && (what == X86_DO_DIV || what == X86_DO_IDIV);
}

/* The x87 remembers the opcode with its whole ModRM byte, and names its own registers with it. */
static void keep_modrm(struct x86_insn *insn, unsigned modrm)
{
    if (x86_rows[insn->row].what == X86_DO_ESC)
        insn->imm = modrm;
}

/* The source operand of MOVZX, MOVSX has a size of its own; byte registers are numbered apart. */
static void narrow_source(struct x86_insn *insn, unsigned modrm)
{
    bool byte = insn->row == X86_ROW_TWO_0xB6 || insn->row == X86_ROW_TWO_0xBE;
    if (byte && (insn->flags & X86_INSN_MEMORY) == 0)
        insn->rm = x86_register_offset(modrm & 7, 1);
}

static bool operands_of(struct reader *r, uint32_t operands, unsigned modrm, struct x86_insn *insn)
{
    if ((operands & MODRM) != 0) {
        if (!modrm_operands(r, operands, modrm, insn))
            return false;
        narrow_source(insn, modrm);
        keep_modrm(insn, modrm);
    }
    if ((operands & (OPCODE_REGISTER | ACCUMULATOR)) != 0)
        insn->rm = x86_register_offset((operands & ACCUMULATOR) != 0 ? X86_EAX : insn->opcode & 7,
                                       insn->size);
    if ((operands & MOFFS) != 0) {
        insn->flags |= X86_INSN_MEMORY;
        insn->reg = x86_register_offset(X86_EAX, insn->size);
        insn->rm = insn->index = nothing;
        insn->disp = take(r, (insn->flags & X86_INSN_ADDRESS_32) != 0 ? 4 : 2);
    }
    if ((operands & TO_REG) != 0)
        insn->flags |= X86_INSN_TO_REG;
    if ((operands & BY_CL) != 0)
        insn->reg = x86_register_offset(X86_ECX, 1);
    if ((operands & SEGMENT) != 0 && insn->number > X86_GS)
        return false;
    immediate(r, operands, insn);
    if ((operands & ONE_TIME) != 0) {
        insn->flags |= X86_INSN_IMMEDIATE;
        insn->imm = 1;
    }
    return true;
}

/* Finds the row; *modrm is taken when the row has one. */
static uint16_t find_row(struct reader *r, unsigned byte, struct x86_insn *insn, unsigned *modrm)
{
    uint16_t row = row_of[BASE_ONE + byte];
    if (byte == 0x0F) {
        byte = take(r, 1);
        row = r->ended ? X86_ROW_UNDEFINED : row_of[BASE_TWO + byte];
    }
    insn->opcode = (uint8_t)byte;
    if (x86_rows[row].what == X86_DO_GROUP) {
        *modrm = take(r, 1); /* the row's operands are the number of the group */
        return row_of[BASE_GROUPS + 8 * x86_rows[row].operands + (*modrm >> 3 & 7)];
    }
    if ((x86_rows[row].operands & MODRM) != 0)
        *modrm = take(r, 1);
    return row;
}

enum x86_decoded x86_decode(const uint8_t *bytes, unsigned available, bool code_32,
                            struct x86_insn *insn)
{
    struct reader r = {
        .bytes = bytes,
        .available = available < X86_INSN_LONGEST ? available : X86_INSN_LONGEST,
    };
    struct prefixes p = {.segment = -1};
    *insn = (struct x86_insn){.segment = X86_DS, .flags = code_32 ? X86_INSN_CODE_32 : 0};
    enum x86_decoded short_of = available < X86_INSN_LONGEST ? X86_DECODE_MORE : X86_DECODE_LONG;

    unsigned byte = prefix_bytes(&r, &p, insn);
    if (r.ended || r.used > X86_INSN_LONGEST ||
        (r.used == X86_INSN_LONGEST && r.bytes[r.used - 1] != byte))
        return r.ended ? short_of : X86_DECODE_LONG;
    if (code_32 != p.address)
        insn->flags |= X86_INSN_ADDRESS_32;
    unsigned modrm = 0;
    insn->row = find_row(&r, byte, insn, &modrm);
    if (r.ended)
        return short_of;
    uint32_t operands = x86_rows[insn->row].operands;
    insn->size = (uint8_t)operand_size(operands, code_32 != p.operand);
    bool legal = insn->row != X86_ROW_UNDEFINED && operands_of(&r, operands, modrm, insn);
    if (r.ended)
        return short_of;
    bool memory = (insn->flags & X86_INSN_MEMORY) != 0;
    if (!legal || (p.lock && ((operands & L) == 0 || !memory)))
        return X86_DECODE_UNDEFINED;
    if (p.segment >= 0)
        insn->segment = (uint8_t)p.segment;
    insn->clocks = x86_rows[insn->row].clocks[memory] + (is_long_division(insn) ? 16 : 0);
    insn->length = (uint8_t)r.used;
    return X86_DECODED;
}
