/* The decoder against Capstone, and against rules of the manuals: prefixes, LOCK, 15 bytes. */
/* Capstone's own x86.h has the same enumerators as ours; nothing of it is needed for lengths. */
#define CAPSTONE_X86_H
typedef struct cs_x86 {
    int unused;
} cs_x86;
#include <capstone/capstone.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/decode.h"

#define BYTES(...) ((const uint8_t[16]){__VA_ARGS__})

static enum x86_decoded decode(const uint8_t *bytes, bool code_32, struct x86_insn *insn)
{
    return x86_decode(bytes, 15, code_32, insn);
}

/* SplitMix64, so that a failing case can be found again by its number. */
static uint64_t scramble(uint64_t n)
{
    n += 0x9e3779b97f4a7c15u;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
    n = (n ^ n >> 27) * 0x94d049bb133111ebu;
    return n ^ n >> 31;
}

/* Instructions that Capstone knows and this processor does not have. */
static bool newer_than_us(const uint8_t *bytes)
{
    struct x86_insn insn;
    return decode(bytes, true, &insn) == X86_DECODE_UNDEFINED;
}

/* Where Capstone follows 64-bit-era processors: near branches with 66 keep 32-bit displacements on
 * some of them, MPX and CET take prefixes in, XACQUIRE and F2/F3 opcodes of SSE are ours to ignore;
 * F0 on a MOV to CR0 is CR8 on AMD. */
static bool capstone_differs(const uint8_t *bytes, unsigned length)
{
    for (unsigned i = 0; i + 1 < length; i++)
        if (bytes[i] == 0x0f && (bytes[i + 1] >= 0x20 && bytes[i + 1] <= 0x23))
            return true;
    return false;
}

static void compare_lengths(cs_mode mode, bool code_32, uint64_t seed)
{
    csh handle;
    cs_insn *known;
    ck_assert_int_eq(cs_open(CS_ARCH_X86, mode, &handle), CS_ERR_OK);
    known = cs_malloc(handle);
    unsigned compared = 0;
    for (uint64_t n = 0; n < 200000; n++) {
        uint8_t bytes[16];
        uint64_t low = scramble(seed + 2 * n), high = scramble(seed + 2 * n + 1);
        memcpy(bytes, &low, 8);
        memcpy(bytes + 8, &high, 8);
        if ((n & 3) == 0)
            bytes[0] = 0x0f;
        const uint8_t *code = bytes;
        size_t left = 15;
        uint64_t address = 0;
        struct x86_insn insn;
        if (!cs_disasm_iter(handle, &code, &left, &address, known) ||
            decode(bytes, code_32, &insn) != X86_DECODED || capstone_differs(bytes, known->size))
            continue;
        compared++;
        ck_assert_msg(insn.length == known->size,
                      "case %lu: %02x %02x %02x %02x %02x: %u, not %u (%s)", (unsigned long)n,
                      bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], insn.length, known->size,
                      known->mnemonic);
    }
    ck_assert_uint_gt(compared, 100000);
    cs_free(known, 1);
    cs_close(&handle);
}

START_TEST(lengths_agree_with_capstone)
{
    compare_lengths(CS_MODE_32, true, 1);
    compare_lengths(CS_MODE_16, false, 1u << 30);
}
END_TEST

/* Capstone knows every opcode of the i486; none that it decodes with integer operands may be
 * unknown to us. */
START_TEST(undefined_opcodes)
{
    static const uint8_t undefined[][2] = {{0x0f, 0x0b}, {0x0f, 0xff}, {0x0f, 0x04}, {0x0f, 0x05},
                                           {0x0f, 0x07}, {0x0f, 0x0a}, {0x0f, 0xa6}, {0x0f, 0xb8},
                                           {0x0f, 0xb9}, {0x0f, 0x24}, {0x0f, 0x26}};
    for (unsigned n = 0; n < sizeof undefined / 2; n++) {
        uint8_t bytes[16] = {undefined[n][0], undefined[n][1], 0xc0};
        ck_assert_msg(newer_than_us(bytes), "0f %02x", bytes[1]);
    }
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        struct x86_insn insn;
        uint8_t bytes[16] = {(uint8_t)opcode};
        ck_assert_msg(decode(bytes, true, &insn) == X86_DECODED || opcode == 0xf0, "%02x", opcode);
    }
}
END_TEST

START_TEST(every_row_decodes)
{
    static bool seen[X86_ROWS];
    for (unsigned prefix = 0; prefix < 2; prefix++)
        for (unsigned opcode = 0; opcode < 256; opcode++)
            for (unsigned modrm = 0; modrm < 256; modrm += 4) {
                uint8_t bytes[16] = {0x0f, (uint8_t)opcode, (uint8_t)modrm};
                struct x86_insn insn;
                if (decode(prefix ? bytes : bytes + 1, true, &insn) == X86_DECODED)
                    seen[insn.row] = true;
            }
    for (unsigned row = 1; row < X86_ROWS; row++)
        ck_assert_msg(seen[row] || strcmp(x86_rows[row].name, "GROUP") == 0, "row %u, %s", row,
                      x86_rows[row].name);
}
END_TEST

/* SDM vol. 2, LOCK: #UD unless the destination is memory and the instruction is listed. */
START_TEST(lock_is_legal_only_where_the_manual_lists_it)
{
    static const struct {
        uint8_t bytes[6];
        bool legal;
    } cases[] = {
        {{0xf0, 0x01, 0x00}, true},        /* ADD [EAX],EAX */
        {{0xf0, 0x01, 0xc0}, false},       /* ADD EAX,EAX */
        {{0xf0, 0x03, 0x00}, false},       /* ADD EAX,[EAX] */
        {{0xf0, 0x39, 0x00}, false},       /* CMP [EAX],EAX */
        {{0xf0, 0x87, 0x00}, true},        /* XCHG */
        {{0xf0, 0x89, 0x00}, false},       /* MOV */
        {{0xf0, 0xff, 0x00}, true},        /* INC dword [EAX] */
        {{0xf0, 0xff, 0x20}, false},       /* JMP [EAX] */
        {{0xf0, 0x0f, 0xb1, 0x08}, true},  /* CMPXCHG */
        {{0xf0, 0x0f, 0xab, 0x08}, true},  /* BTS */
        {{0xf0, 0x0f, 0xa3, 0x08}, false}, /* BT */
        {{0xf0, 0x0f, 0xc7, 0x08}, true},  /* CMPXCHG8B */
        {{0xf0, 0xf7, 0x18}, true},        /* NEG */
        {{0xf0, 0xf7, 0x20}, false},       /* MUL */
        {{0xf0, 0x90}, false},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        uint8_t bytes[16] = {0};
        struct x86_insn insn;
        memcpy(bytes, cases[n].bytes, sizeof cases[n].bytes);
        ck_assert_msg((decode(bytes, true, &insn) == X86_DECODED) == cases[n].legal, "case %u", n);
    }
}
END_TEST

START_TEST(fifteen_bytes_and_no_more)
{
    uint8_t bytes[17];
    struct x86_insn insn;
    memset(bytes, 0x3e, sizeof bytes);
    bytes[14] = 0x90;
    ck_assert_int_eq(x86_decode(bytes, 17, true, &insn), X86_DECODED);
    ck_assert_uint_eq(insn.length, 15);
    bytes[14] = 0x3e;
    bytes[15] = 0x90;
    ck_assert_int_eq(x86_decode(bytes, 17, true, &insn), X86_DECODE_LONG);
    bytes[13] = 0x05; /* ADD EAX, imm32 needs 18 */
    ck_assert_int_eq(x86_decode(bytes, 17, true, &insn), X86_DECODE_LONG);
    memset(bytes, 0x3e, sizeof bytes);
    bytes[14] = 0x00; /* ADD, its ModRM byte would be the sixteenth */
    ck_assert_int_eq(x86_decode(bytes, 17, true, &insn), X86_DECODE_LONG);
}
END_TEST

/* However the bytes are cut off, the answer is "more" and never another instruction. */
START_TEST(more_bytes_are_asked_for)
{
    for (uint64_t n = 0; n < 20000; n++) {
        uint8_t bytes[16], part[16] = {0};
        uint64_t low = scramble(n), high = scramble(n + (1u << 20));
        struct x86_insn whole, cut;
        memcpy(bytes, &low, 8);
        memcpy(bytes + 8, &high, 8);
        if (decode(bytes, true, &whole) != X86_DECODED)
            continue;
        for (unsigned length = 1; length < whole.length; length++) {
            memcpy(part, bytes, length);
            ck_assert_int_eq(x86_decode(part, length, true, &cut), X86_DECODE_MORE);
        }
        ck_assert_int_eq(x86_decode(bytes, whole.length, true, &cut), X86_DECODED);
    }
}
END_TEST

START_TEST(default_segments)
{
    struct x86_insn insn;
    static const struct {
        uint8_t bytes[8];
        uint8_t segment;
    } cases[] = {
        {{0x8b, 0x00}, X86_DS},             /* [EAX] */
        {{0x8b, 0x45, 0x04}, X86_SS},       /* [EBP+4] */
        {{0x8b, 0x04, 0x24}, X86_SS},       /* [ESP] */
        {{0x8b, 0x05, 1, 2, 3, 4}, X86_DS}, /* [disp32] */
        {{0x8b, 0x04, 0x28}, X86_DS},       /* [EAX+EBP] */
        {{0x67, 0x8b, 0x02}, X86_SS},       /* [BP+SI] */
        {{0x67, 0x8b, 0x06, 1, 2}, X86_DS}, /* [disp16] */
        {{0x67, 0x8b, 0x46, 1}, X86_SS},    /* [BP+1] */
        {{0x64, 0x8b, 0x04, 0x24}, X86_FS},
        {{0x2e, 0x3e, 0x8b, 0x00}, X86_DS}, /* the last one counts */
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        uint8_t bytes[16] = {0};
        memcpy(bytes, cases[n].bytes, sizeof cases[n].bytes);
        ck_assert_int_eq(decode(bytes, true, &insn), X86_DECODED);
        ck_assert_msg(insn.segment == cases[n].segment, "case %u", n);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("x86 decode");
    TCase *tcase = tcase_create("decode");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, lengths_agree_with_capstone);
    tcase_add_test(tcase, undefined_opcodes);
    tcase_add_test(tcase, every_row_decodes);
    tcase_add_test(tcase, lock_is_legal_only_where_the_manual_lists_it);
    tcase_add_test(tcase, fifteen_bytes_and_no_more);
    tcase_add_test(tcase, more_bytes_are_asked_for);
    tcase_add_test(tcase, default_segments);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
