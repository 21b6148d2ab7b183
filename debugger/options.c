/* options: the command line of every subcommand, from one table of what each option is. */
#define _GNU_SOURCE /* vasprintf */
#include "debugger/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"
#include "emu/machine/machine.h"

#define NEAR         3u /* edits that still make a likely typing mistake */
#define LONGEST_NAME 32u

void option_add(struct option_set *set, struct option_row row)
{
    bug_unless(set->rows < sizeof set->row / sizeof set->row[0]);
    bug_unless(strlen(row.name) < LONGEST_NAME);
    set->row[set->rows++] = row;
}

/* Names of files and words may hold any byte: none acts on a terminal or makes a second line. */
int options_trouble(const char *command, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    bug_unless(vasprintf(&text, format, args) >= 0);
    va_end(args);
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    fprintf(stderr, "trapscope%s%s: %s\n", command[0] == '\0' ? "" : " ", command, text);
    free(text);
    return EXIT_TROUBLE;
}

/* --- values ---------------------------------------------------------------------------------- */

/* Reads digits; false on overflow or when there are none. */
static bool digits(const char **text, uint64_t *value)
{
    const char *at = *text;
    *value = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(*at - '0'), value))
            return false;
    bool any = at != *text;
    *text = at;
    return any;
}

static bool parse_size(const char *text, uint64_t *value)
{
    static const char suffix[] = "KMGkmg";
    if (!digits(&text, value))
        return false;
    const char *found = *text == '\0' ? NULL : strchr(suffix, *text);
    if (found != NULL) {
        unsigned shift = 10 * (unsigned)((found - suffix) % 3 + 1);
        if (*value > UINT64_MAX >> shift)
            return false;
        *value <<= shift;
        text++;
    }
    return *text == '\0';
}

/* Whole seconds and up to nine decimals. */
static bool parse_seconds(const char *text, uint64_t *nanoseconds)
{
    uint64_t whole, unit = 1000000000;
    if (!digits(&text, &whole) || whole > UINT64_MAX / unit - 1)
        return false;
    *nanoseconds = whole * unit;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9' && unit > 1; text++) {
            unit /= 10;
            *nanoseconds += (uint64_t)(*text - '0') * unit;
        }
    return *text == '\0';
}

static const char *take_value(const struct option_row *row, const char *value)
{
    struct option_list *list = row->to;
    switch (row->kind) {
    case OPTION_FLAG: *(bool *)row->to = true; return NULL;
    case OPTION_TEXT: *(const char **)row->to = value; return NULL;
    case OPTION_LIST:
        if (list->used == OPTION_LIST_MOST)
            return "is given too many times";
        list->item[list->used++] = value;
        return NULL;
    case OPTION_NUMBER: {
        const char *end = value;
        bool fine = digits(&end, row->to) && *end == '\0';
        return fine ? NULL : "wants a number, such as 1000000";
    }
    case OPTION_SIZE: return parse_size(value, row->to) ? NULL : "wants a size, such as 64M";
    case OPTION_SECONDS:
        return parse_seconds(value, row->to) ? NULL : "wants seconds, such as 10 or 0.5";
    }
    return NULL;
}

/* --- names ----------------------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance, of names only. */
static unsigned edits(const char *a, const char *b)
{
    unsigned row[LONGEST_NAME + 1], length = (unsigned)strlen(b);
    if (strlen(a) >= LONGEST_NAME)
        return LONGEST_NAME;
    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(change, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[length];
}

static const struct option_row *find(const struct option_set *set, const char *word, size_t length)
{
    for (unsigned i = 0; i < set->rows; i++)
        if (strlen(set->row[i].name) == length && strncmp(set->row[i].name, word, length) == 0)
            return &set->row[i];
    return NULL;
}

static enum options_answer unknown(const struct option_set *set, const char *word, size_t length)
{
    char name[LONGEST_NAME + 1] = "";
    if (length <= LONGEST_NAME)
        memcpy(name, word, length);
    unsigned best = NEAR + 1;
    const char *nearest = NULL;
    for (unsigned i = 0; i < set->rows; i++) {
        unsigned distance = edits(name, set->row[i].name);
        if (distance < best) {
            best = distance;
            nearest = set->row[i].name;
        }
    }
    if (nearest != NULL)
        options_trouble(set->command, "unknown option %.*s: did you mean %s?", (int)length, word,
                        nearest);
    else
        options_trouble(set->command, "unknown option %.*s: trapscope %s --help lists them all",
                        (int)length, word, set->command);
    return OPTIONS_BAD;
}

static void help(const struct option_set *set)
{
    printf("usage: trapscope %s %s\n\n%s\n\nOptions:\n", set->command, set->usage, set->about);
    for (unsigned i = 0; i < set->rows; i++) {
        const struct option_row *row = &set->row[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", row->name, row->argument == NULL ? "" : " ",
                 row->argument == NULL ? "" : row->argument);
        printf("  %-24s %s\n", left, row->help);
    }
    printf("  %-24s %s\n", "--help", "say this");
}

enum options_answer options_parse(const struct option_set *set, int argc, char **argv, int *rest)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        *rest = i;
        if (word[0] != '-' || word[1] == '\0')
            return OPTIONS_GO_ON;
        if (strcmp(word, "--") == 0) {
            *rest = i + 1;
            return OPTIONS_GO_ON;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            help(set);
            return OPTIONS_DONE;
        }
        const char *equals = strchr(word, '=');
        size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
        const struct option_row *row = find(set, word, length);
        if (row == NULL)
            return unknown(set, word, length);
        if (row->kind == OPTION_FLAG && equals != NULL) {
            options_trouble(set->command, "%s takes no value: leave out %s", row->name, equals);
            return OPTIONS_BAD;
        }
        const char *value = equals == NULL ? NULL : equals + 1;
        if (row->kind != OPTION_FLAG && value == NULL) {
            if (i + 1 == argc) {
                options_trouble(set->command, "%s needs a value: give %s %s", row->name, row->name,
                                row->argument);
                return OPTIONS_BAD;
            }
            value = argv[++i];
        }
        const char *why = take_value(row, value);
        if (why != NULL) {
            options_trouble(set->command, "%s %s: it %s", row->name, value, why);
            return OPTIONS_BAD;
        }
    }
    *rest = argc;
    return OPTIONS_GO_ON;
}

void options_share(struct options *options, struct option_set *set, unsigned groups)
{
    *options = (struct options){.machine = "x86",
                                .cpus = 1,
                                .quantum = MACHINE_QUANTUM,
                                .append = "",
                                .insn_limit = UINT64_MAX,
                                .timeout = UINT64_MAX,
                                .output_limit = UINT64_MAX};
    const struct {
        unsigned group;
        struct option_row row;
    } all[] = {
        {OPTIONS_MACHINE | OPTIONS_PROCESSORS,
         {"--machine", OPTION_TEXT, &options->machine, "NAME",
          "x86 (default): a PC; or mips: a LAMEbus machine, as System/161"}},
        {OPTIONS_MACHINE,
         {"--turnstile", OPTION_TEXT, &options->turnstile, "FOLDER",
          "a Turnstile of your own: turnstile.elf and fs.img are there"}},
        {OPTIONS_MACHINE | OPTIONS_PROCESSORS,
         {"--mem", OPTION_SIZE, &options->memory, "SIZE",
          "RAM, whole MiB; without this a PC has 128M, the MIPS machine 16M"}},
        {OPTIONS_MACHINE | OPTIONS_PROCESSORS,
         {"--cpus", OPTION_NUMBER, &options->cpus, "N", "processors, 1 (default) to 32"}},
        {OPTIONS_MACHINE | OPTIONS_PROCESSORS,
         {"--quantum", OPTION_NUMBER, &options->quantum, "TICKS",
          "how long the turn of each processor is, if there are several: 1000"}},
        {OPTIONS_MACHINE | OPTIONS_PROCESSORS,
         {"--cpu", OPTION_TEXT, &options->cpu, "MODEL",
          "the MIPS machine's model: r3000 (default) or mips32"}},
        {OPTIONS_BOOT,
         {"--kernel", OPTION_TEXT, &options->kernel, "ELF",
          "boot this kernel: multiboot-1; MIPS: as for System/161"}},
        {OPTIONS_BOOT, {"--initrd", OPTION_TEXT, &options->initrd, "FILE", "its module (PC)"}},
        {OPTIONS_BOOT,
         {"--append", OPTION_TEXT, &options->append, "WORDS", "the kernel's command line"}},
        {OPTIONS_BOOT,
         {"--bios", OPTION_TEXT, &options->bios, "ROM",
          "start this ROM of 64 or 128 KiB in place of ours (PC)"}},
        {OPTIONS_BOOT, {"--disk", OPTION_LIST, &options->disk, "IMAGE", "a disk; up to two"}},
        {OPTIONS_BOOT,
         {"--snapshot", OPTION_FLAG, &options->snapshot, NULL,
          "forget in the end what was written to disks"}},
        {OPTIONS_BOOT,
         {"--save", OPTION_TEXT, &options->save, "FILE",
          "keep the whole machine as it is in the end"}},
        {OPTIONS_BOOT,
         {"--restore", OPTION_TEXT, &options->restore, "FILE", "begin with such a machine"}},
        {OPTIONS_PATH,
         {"--path", OPTION_TEXT, &options->path, "NAME",
          "compile a C file for this way into the kernel: xv6, linux"}},
        {OPTIONS_PROFILE,
         {"--profile", OPTION_TEXT, &options->profile, "NAME",
          "what the debugger knows of this kernel"}},
        {OPTIONS_MACHINE,
         {"--record", OPTION_TEXT, &options->record, "FILE",
          "keep all input, to replay the session"}},
        {OPTIONS_MACHINE,
         {"--replay", OPTION_TEXT, &options->replay, "FILE", "take all input from such a file"}},
        {OPTIONS_LIMITS | OPTIONS_INSNS,
         {"--insn-limit", OPTION_NUMBER, &options->insn_limit, "N",
          "stop after N instructions, booting included"}},
        {OPTIONS_LIMITS,
         {"--timeout", OPTION_SECONDS, &options->timeout, "SECONDS",
          "stop after so much real time"}},
        {OPTIONS_LIMITS,
         {"--output-limit", OPTION_SIZE, &options->output_limit, "SIZE",
          "stop after so much output"}},
    };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((all[i].group & groups) != 0)
            option_add(set, all[i].row);
}

bool options_boot(const struct options *options)
{
    return options->kernel != NULL || options->bios != NULL || options->restore != NULL ||
           options->disk.used > 0;
}
