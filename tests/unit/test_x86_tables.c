/* Unit tests of debugger/x86_tables: descriptors and gates as the SDM's figures lay them out. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/x86/tables.h"

START_TEST(gate_of_xv6s_system_call)
{
    /* Offset 80105f6a, selector 8, trap gate, DPL 3, present: SDM vol. 3, figure 6-2. */
    static const uint8_t bytes[8] = {0x6a, 0x5f, 0x08, 0x00, 0x00, 0xef, 0x10, 0x80};
    struct x86_gate gate = x86_gate_decode(bytes);
    char name[40];
    ck_assert_int_eq(gate.kind, X86_GATE_TRAP);
    ck_assert_uint_eq(gate.offset, 0x80105f6a);
    ck_assert_uint_eq(gate.selector, 8);
    ck_assert_uint_eq(gate.dpl, 3);
    ck_assert(gate.present && !gate.bits_16 && !gate.empty);
    ck_assert_str_eq(x86_gate_name(&gate, name, sizeof name), "trap gate");
}
END_TEST

START_TEST(gate_of_16_bits_ignores_the_high_offset)
{
    static const uint8_t bytes[8] = {0x34, 0x12, 0x08, 0x00, 0x00, 0x86, 0xff, 0xff};
    struct x86_gate gate = x86_gate_decode(bytes);
    ck_assert_int_eq(gate.kind, X86_GATE_INTERRUPT);
    ck_assert(gate.bits_16);
    ck_assert_uint_eq(gate.offset, 0x1234);
}
END_TEST

START_TEST(gate_of_no_kind)
{
    /* S = 1: a code segment's access byte is no gate, whatever its low bits say. */
    static const uint8_t code[8] = {0, 0, 8, 0, 0, 0x9e, 0, 0}, zero[8];
    ck_assert_int_eq(x86_gate_decode(code).kind, X86_GATE_NONE);
    ck_assert(x86_gate_decode(zero).empty);
    ck_assert(!x86_gate_decode(zero).present);
}
END_TEST

START_TEST(flat_code_descriptor)
{
    static const uint8_t bytes[8] = {0xff, 0xff, 0, 0, 0, 0x9a, 0xcf, 0};
    struct x86_descriptor d = x86_descriptor_decode(bytes);
    char name[80];
    ck_assert(d.code && d.readable && !d.conforming && d.big && d.granular && d.present);
    ck_assert_uint_eq(d.limit, 0xffffffff);
    ck_assert_uint_eq(d.base, 0);
    ck_assert_str_eq(x86_descriptor_name(&d, name, sizeof name), "code, ring 0, readable");
}
END_TEST

START_TEST(busy_tss_descriptor)
{
    static const uint8_t bytes[8] = {0x67, 0, 0x80, 0x27, 0x11, 0x8b, 0x40, 0x80};
    struct x86_descriptor d = x86_descriptor_decode(bytes);
    char name[80];
    ck_assert(d.system && d.present);
    ck_assert_uint_eq(d.base, 0x80112780);
    ck_assert_uint_eq(d.limit, 0x67);
    ck_assert_str_eq(x86_descriptor_name(&d, name, sizeof name), "TSS (busy), 32-bit, DPL 0");
}
END_TEST

START_TEST(words)
{
    char text[80];
    ck_assert_str_eq(x86_selector_name(0x1b, text, sizeof text), "GDT[3] ring 3");
    ck_assert_str_eq(x86_selector_name(0x0f, text, sizeof text), "LDT[1] ring 3");
    ck_assert_str_eq(x86_selector_name(3, text, sizeof text), "null");
    ck_assert_str_eq(x86_eflags_name(0x10246, text, sizeof text), "PF ZF IF RF");
    ck_assert_str_eq(x86_eflags_name(0x3202, text, sizeof text), "IF IOPL=3");
    ck_assert_str_eq(x86_vector_title(13), "#GP general protection");
    ck_assert_ptr_null(x86_vector_title(64));
    /* Any room, however small, is respected. */
    char small[5];
    ck_assert_uint_lt(strlen(x86_eflags_name(0xffffffff, small, sizeof small)), sizeof small);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("x86_tables");
    TCase *tcase = tcase_create("x86_tables");
    tcase_add_test(tcase, gate_of_xv6s_system_call);
    tcase_add_test(tcase, gate_of_16_bits_ignores_the_high_offset);
    tcase_add_test(tcase, gate_of_no_kind);
    tcase_add_test(tcase, flat_code_descriptor);
    tcase_add_test(tcase, busy_tss_descriptor);
    tcase_add_test(tcase, words);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
