/* Unit tests of debugger/command: gdb's names and abbreviations, formats, completion. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"

static struct command_args args;
static char line[256], why[256];

static const struct arch *arch = &arch_x86;

static const char *found(const char *text)
{
    snprintf(line, sizeof line, "%s", text);
    const struct command *command = command_find(arch, line, &args, why, sizeof why);
    return command == NULL ? "" : command->name;
}

/* gdb's documentation, chapter 3.1, 5, 8, 10: what each of these means. */
START_TEST(knows_gdbs_abbreviations)
{
    static const char *const pairs[][2] = {
        {"b", "break"},
        {"br", "break"},
        {"tb", "tbreak"},
        {"c", "continue"},
        {"s", "step"},
        {"n", "next"},
        {"si", "stepi"},
        {"ni", "nexti"},
        {"fin", "finish"},
        {"u", "until"},
        {"bt", "backtrace"},
        {"where", "backtrace"},
        {"f", "frame"},
        {"p", "print"},
        {"l", "list"},
        {"i r", "info registers"},
        {"info b", "info breakpoints"},
        {"i lo", "info locals"},
        {"h", "help"},
        {"d", "delete"},
        {"dis", "disable"},
        {"disas", "disassemble"},
        {"disp", "display"},
        {"q", "quit"},
        {"rsi", "reverse-stepi"},
        {"rs", "reverse-step"},
        {"rn", "reverse-next"},
        {"rc", "reverse-continue"},
        {"reverse-f", "reverse-finish"},
        {"cond", "condition"},
        {"set var x = 1", "set variable"},
        {"cat tr", "catch trap"},
        {"adv", "advance"},
        {"wa", "watch"},
        {"und", "undisplay"},
        {"cont", "continue"},
        {"sy", "syscall"},
        {"cy", "cycle"},
    };
    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_str_eq(found(pairs[i][0]), pairs[i][1]);
}
END_TEST

START_TEST(every_name_finds_itself)
{
    for (unsigned i = 0; i < commands_count; i++) {
        ck_assert_str_eq(found(commands[i].name), commands[i].name);
        ck_assert(commands[i].fn != NULL && *commands[i].help != '\0');
        ck_assert_msg(commands[i].help[strlen(commands[i].help) - 1] != '.', "%s",
                      commands[i].name);
    }
}
END_TEST

START_TEST(takes_formats_and_arguments)
{
    ck_assert_str_eq(found("x/4xw $esp"), "x");
    ck_assert_str_eq(args.format, "4xw");
    ck_assert_str_eq(args.text, "$esp");
    ck_assert_str_eq(found("print /x  1 + 2"), "print");
    ck_assert_str_eq(args.format, "x");
    ck_assert_str_eq(args.text, "1 + 2");
    ck_assert_str_eq(found("source /etc/x"), "source"); /* no format: a path */
    ck_assert_str_eq(args.text, "/etc/x");
    ck_assert_str_eq(found("set v = 1"), "set");
    ck_assert_str_eq(args.text, "v = 1");
    ck_assert_str_eq(found("set $eax=5"), "set");
    ck_assert_str_eq(found("break main if x"), "break");
    ck_assert_str_eq(args.text, "main if x");
    ck_assert_str_eq(found("list"), "list");
    ck_assert_str_eq(args.text, "");
}
END_TEST

START_TEST(says_what_is_wrong)
{
    ck_assert_str_eq(found("zzz"), "");
    ck_assert_str_eq(why, "Undefined command: \"zzz\".  Try \"help\".");
    ck_assert_str_eq(found("=1"), "");
    ck_assert_str_eq(found("re"), "");
    ck_assert_ptr_nonnull(strstr(why, "Ambiguous command \"re\": reverse-stepi, "));
    ck_assert_str_eq(found("catch"), "");
    ck_assert_str_eq(why, "\"catch\" is followed by one of: trap, syscall, fault, irq.");
    ck_assert_str_eq(found("catch fish"), "");
}
END_TEST

/* Each machine's own commands: the others' are known, refused, and no longer in the way. */
START_TEST(some_commands_are_one_machines)
{
    const struct command *idt =
        command_find(&arch_x86, strcpy(line, "idt"), &args, why, sizeof why);
    ck_assert(!command_elsewhere(&arch_x86, idt, why, sizeof why));
    ck_assert(command_elsewhere(&arch_mips, idt, why, sizeof why));
    ck_assert_str_eq(why, "idt is about the x86; this machine is a mips: see vector");
    arch = &arch_mips;
    ck_assert_str_eq(found("idt"), "idt");
    ck_assert_str_eq(found("gd"), "");
    ck_assert_str_eq(found("tl"), "tlb");
    arch = &arch_x86;
    ck_assert_str_eq(found("gd"), "gdt");
    ck_assert_str_eq(found("tl"), "");
}
END_TEST

static char words[4096];

static void add_word(void *context, const char *word)
{
    (void)context;
    strcat(strcat(words, word), " ");
}

static size_t complete(const char *text)
{
    struct session *session = calloc(1, sizeof *session);
    session_init(session, NULL, NULL, stdout, stderr);
    words[0] = '\0';
    size_t at = command_complete(session, text, add_word, NULL);
    session_free(session);
    free(session);
    return at;
}

START_TEST(completes)
{
    ck_assert_uint_eq(complete("bre"), 0);
    ck_assert_str_eq(words, "break ");
    ck_assert_uint_eq(complete("info reg"), 5);
    ck_assert_str_eq(words, "registers ");
    ck_assert_uint_eq(complete("catch "), 6);
    ck_assert_str_eq(words, "trap syscall fault irq ");
    ck_assert_uint_eq(complete("help disas"), 5);
    ck_assert_str_eq(words, "disassemble ");
    complete("step ");
    ck_assert_str_eq(words, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("command");
    TCase *tcase = tcase_create("command");
    tcase_add_test(tcase, knows_gdbs_abbreviations);
    tcase_add_test(tcase, every_name_finds_itself);
    tcase_add_test(tcase, takes_formats_and_arguments);
    tcase_add_test(tcase, says_what_is_wrong);
    tcase_add_test(tcase, some_commands_are_one_machines);
    tcase_add_test(tcase, completes);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
