/* Unit tests of debugger/profile: every kind of line, and every mistake with its place. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/profile.h"

#define NEEDED "profile p\narchitecture x86\nnumber $eax\nresult $eax\ndispatch table calls\n"

static char why[256];

static struct profile *parse(const char *text)
{
    return profile_parse("f.profile", text, strlen(text), why, sizeof why);
}

static void assert_mistake(const char *text, const char *expected)
{
    struct profile *profile = parse(text);
    ck_assert_msg(profile == NULL, "accepted: %s", text);
    ck_assert_str_eq(why, expected);
}

START_TEST(reads_every_kind_of_line)
{
    struct profile *p =
        parse(NEEDED "# remark\n\nvector 64\n"
                     "argument *(int *)($esp + 4 + 4 * $n)\nerror $result == -1\r\n"
                     "stage save vector* alltraps\nstage restore trapret\n"
                     "handler sys_\ntrapframe struct trapframe\n"
                     "process current cpu->proc\nprocess list table\n"
                     "syscall 5 read \"int\" \"INT(fd), OUT(buf, n), INT(n)\"\n"
                     "syscall 8 fstat \"int\" \"INT(fd), PTR(struct stat, st)\"\n"
                     "syscall 11 getpid \"int\" \"\"\n"
                     "errno-name 2 ENOENT \"no such file\"\nvector-name 14 \"page fault\"\n");
    ck_assert_msg(p != NULL, "%s", why);
    ck_assert_uint_eq(p->vector, 64);
    ck_assert_str_eq(p->expression[PROFILE_ARGUMENT], "*(int *)($esp + 4 + 4 * $n)");
    ck_assert_str_eq(p->expression[PROFILE_ERROR], "$result == -1");
    ck_assert(profile_stage_has(p, STAGE_SAVE, "vector64"));
    ck_assert(profile_stage_has(p, STAGE_SAVE, "alltraps"));
    ck_assert(!profile_stage_has(p, STAGE_SAVE, "alltraps2"));
    ck_assert(!profile_stage_has(p, STAGE_RESTORE, "vector64"));
    ck_assert(!p->is_switch);
    ck_assert_str_eq(p->dispatch, "calls");
    ck_assert_uint_eq(p->syscalls, 12);
    const struct profile_syscall *read = profile_syscall_named(p, "read");
    ck_assert_uint_eq(read->number, 5);
    ck_assert_uint_eq(read->parameters, 3);
    ck_assert_int_eq(read->parameter[1].kind, PARAMETER_OUT);
    ck_assert_int_eq(read->parameter[1].length, 2);
    ck_assert_str_eq(profile_syscall(p, 8)->parameter[1].type, "struct stat");
    ck_assert_str_eq(profile_syscall(p, 8)->parameter[1].name, "st");
    ck_assert_uint_eq(profile_syscall(p, 11)->parameters, 0);
    ck_assert_ptr_null(profile_syscall(p, 6));
    ck_assert_ptr_null(profile_syscall(p, -1));
    ck_assert_ptr_null(profile_syscall(p, 1000000));
    ck_assert_str_eq(profile_errno(p, 2)->text, "no such file");
    ck_assert_ptr_null(profile_errno(p, 3));
    ck_assert_str_eq(profile_vector(p, 14), "page fault");
    profile_free(p);
}
END_TEST

START_TEST(tells_paths_apart)
{
    struct profile *p =
        parse("profile p\narchitecture mips\nnumber $v0\nprocess current cpu\n"
              "vector-name 3 \"store\"\n"
              "path a\nvector 8\nnumbers 0 3999\nresult $v0\ndispatch switch one\n"
              "stage trap trap_a\nsyscall 5 read \"int\" \"\"\n"
              "path b\nvector 8\nnumbers 4000 4999\nresult $a3\ndispatch table two\n"
              "stage trap trap_b\nsyscall 4003 read \"int\" \"\"\nvector-name 8 \"call\"\n"
              "path c\nvector 9\nresult $a0\ndispatch table three\n");
    ck_assert_msg(p != NULL, "%s", why);
    ck_assert_str_eq(p->path, "a");
    const struct profile *b = profile_named(p, "b"), *c = profile_named(p, "c");
    ck_assert_str_eq(b->expression[PROFILE_PROCESS_CURRENT], "cpu");
    ck_assert_str_eq(b->dispatch, "two");
    ck_assert_str_eq(b->by, " by b");
    ck_assert_ptr_eq(profile_of_vector(p, 8), p);
    ck_assert_ptr_eq(profile_of_vector(p, 9), c);
    ck_assert_ptr_null(profile_of_vector(p, 7));
    ck_assert_ptr_null(profile_of_vector(NULL, 8));
    ck_assert_ptr_eq(profile_of_stage(p, STAGE_TRAP, "trap_b"), b);
    ck_assert_ptr_null(profile_of_stage(p, STAGE_TRAP, "trap"));
    ck_assert_uint_eq(profile_syscall_named(b, "read")->number, 4003);
    ck_assert_ptr_eq(profile_syscall(b, 4003), profile_syscall_named(b, "read"));
    ck_assert_ptr_null(profile_syscall(b, 3));
    ck_assert_ptr_null(profile_syscall(p, 4003));
    ck_assert_str_eq(profile_vector(p, 8), "call");
    ck_assert_str_eq(profile_vector(p, 3), "store");
    ck_assert_ptr_null(profile_named(p, "d"));
    profile_free(p);
    p = parse(NEEDED);
    ck_assert_ptr_null(p->path);
    ck_assert_ptr_null(p->next);
    ck_assert_str_eq(p->by, "");
    profile_free(p);
}
END_TEST

START_TEST(names_the_line_of_a_mistake)
{
    assert_mistake("profile p\nfrobnicate\n", "f.profile:2: unknown fact \"frobnicate\"");
    assert_mistake("profile\n", "f.profile:1: \"profile\" needs something behind it");
    assert_mistake("profile p\nprofile q\n", "f.profile:2: \"profile\" was given before");
    assert_mistake("vector 256\n", "f.profile:1: a vector is 0 to 255");
    assert_mistake("vector x\n", "f.profile:1: a vector is 0 to 255");
    assert_mistake("stage lunch a\n", "f.profile:1: unknown stage \"lunch\": user, save, trap, "
                                      "dispatch, handler or restore");
    assert_mistake("dispatch maybe x\n",
                   "f.profile:1: expected: dispatch table SYMBOL, or: dispatch switch FUNCTION");
    assert_mistake("process colour x\n", "f.profile:1: unknown fact \"process colour\"");
    assert_mistake("syscall 512 x \"int\" \"\"\n",
                   "f.profile:1: a system call's number is 0 to 511");
    assert_mistake("syscall 1 x\n",
                   "f.profile:1: expected: syscall N NAME \"RESULT\" \"PARAMETERS\"");
    assert_mistake("syscall 1 x \"int\" \"\"\nsyscall 1 y \"int\" \"\"\n",
                   "f.profile:2: system call 1 was given before, as x");
    assert_mistake("syscall 1 x \"int\" \"FLOAT(f)\"\n",
                   "f.profile:1: unknown parameter kind \"FLOAT\": INT STR IN OUT PTR ARGV WORD");
    assert_mistake("syscall 1 x \"int\" \"IN(buf)\"\n", "f.profile:1: IN takes two words");
    assert_mistake("syscall 1 x \"int\" \"INT\"\n",
                   "f.profile:1: a parameter is KIND(name), not \"INT\"");
    assert_mistake("errno-name -1 X\n", "f.profile:1: expected a number and a name");
    assert_mistake("path\n", "f.profile:1: \"path\" needs something behind it");
    assert_mistake(NEEDED "path a\nvector 1\npath a\n", "f.profile:8: path a was given before");
    assert_mistake("profile p\narchitecture x86\npath a\nnumber 1\nresult 1\n",
                   "f.profile:5: path a ends without a line \"dispatch\"");
    assert_mistake("numbers 5 4\n", "f.profile:1: expected: numbers LOW HIGH");
    assert_mistake("syscall 1 x \"int\" \"\"\nnumbers 0 9\n",
                   "f.profile:2: \"numbers\" comes in front of the calls");
    assert_mistake("numbers 4000 4999\nsyscall 5 x \"int\" \"\"\n",
                   "f.profile:2: a system call's number is 4000 to 4511");
    assert_mistake("profile p\n", "f.profile:1: the file ends without a line \"architecture\"");
}
END_TEST

START_TEST(survives_any_bytes)
{
    uint32_t random = 1;
    for (unsigned round = 0; round < 3000; round++) {
        char text[] = NEEDED "syscall 5 read \"int\" \"INT(fd), OUT(buf, n)\"\nstage save a* b\n";
        for (unsigned i = 0; i < 3; i++) {
            random = random * 1664525 + 1013904223;
            text[(random >> 8) % (sizeof text - 1)] = (char)(random >> 24);
        }
        struct profile *profile = profile_parse("f", text, sizeof text - 1, why, sizeof why);
        profile_free(profile);
    }
}
END_TEST

START_TEST(looks_beside_the_kernel)
{
    char path[256];
    ck_assert(
        !profile_find(NULL, "/nowhere/kernel.elf", "x86", path, sizeof path, why, sizeof why));
    ck_assert_str_eq(path, "/nowhere/kernel-x86.profile");
    ck_assert_str_eq(why, "no profile /nowhere/kernel-x86.profile; name one with --profile FILE");
    ck_assert(
        !profile_find("jos", "/nowhere/kernel.elf", "x86", path, sizeof path, why, sizeof why));
    ck_assert_str_eq(path, "/nowhere/jos.profile");
    ck_assert(profile_find("/dev/null", "k", "x86", path, sizeof path, why, sizeof why));
    ck_assert_ptr_null(profile_load("/nowhere/x", why, sizeof why));
    ck_assert_str_eq(why, "/nowhere/x: No such file or directory");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("profile");
    TCase *tcase = tcase_create("profile");
    tcase_add_test(tcase, reads_every_kind_of_line);
    tcase_add_test(tcase, tells_paths_apart);
    tcase_add_test(tcase, names_the_line_of_a_mistake);
    tcase_add_test(tcase, survives_any_bytes);
    tcase_add_test(tcase, looks_beside_the_kernel);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
