/*
 * grep: print the lines that match a pattern: ^ $ . [a-z] [^a-z] and * behind any of them, \ in
 * front of a character that shall stand for itself. -v: the lines that do not; -i: capitals count
 * as small letters; -n: with line numbers; -c: only how many.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    bool invert, any_case, number, count;
};

static bool same(char a, char b, bool any_case)
{
    return any_case ? tolower((unsigned char)a) == tolower((unsigned char)b) : a == b;
}

/* How many characters of the pattern stand for one character of the text. */
static size_t item_length(const char *pattern)
{
    if (pattern[0] == '\\' && pattern[1] != '\0')
        return 2;
    if (pattern[0] != '[')
        return 1;
    size_t first = pattern[1] == '^' ? 2 : 1;
    const char *end = pattern[first] != '\0' ? strchr(pattern + first + 1, ']') : NULL;
    return end != NULL ? (size_t)(end - pattern) + 1 : 1;
}

static bool in_set(const char *set, size_t length, char c, bool any_case)
{
    bool invert = set[1] == '^', found = false;
    const char *end = set + length - 1;
    for (const char *s = set + 1 + invert; s < end; s++) {
        if (s + 2 < end && s[1] == '-') {
            found = found || (c >= s[0] && c <= s[2]);
            s += 2;
        } else {
            found = found || same(*s, c, any_case);
        }
    }
    return found != invert;
}

static bool item_matches(const char *pattern, size_t length, char c, bool any_case)
{
    if (c == '\0')
        return false;
    if (pattern[0] == '[' && length > 1)
        return in_set(pattern, length, c, any_case);
    if (pattern[0] == '\\' && length == 2)
        return same(pattern[1], c, any_case);
    return pattern[0] == '.' || same(pattern[0], c, any_case);
}

/* Does the pattern match at the start of the text? */
static bool matches_here(const char *pattern, const char *text, bool any_case)
{
    while (*pattern != '\0') {
        if (strcmp(pattern, "$") == 0)
            return *text == '\0';
        size_t length = item_length(pattern);
        if (pattern[length] == '*') {
            const char *end = text;
            while (item_matches(pattern, length, *end, any_case))
                end++;
            for (; end >= text; end--)
                if (matches_here(pattern + length + 1, end, any_case))
                    return true;
            return false;
        }
        if (!item_matches(pattern, length, *text, any_case))
            return false;
        pattern += length;
        text++;
    }
    return true;
}

static bool matches(const char *pattern, const char *text, bool any_case)
{
    if (*pattern == '^')
        return matches_here(pattern + 1, text, any_case);
    for (;; text++) {
        if (matches_here(pattern, text, any_case))
            return true;
        if (*text == '\0')
            return false;
    }
}

static int search(FILE *f, const char *pattern, const char *name, const struct options *o)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int found = 0;
    for (int number = 1; (length = getline(&line, &size, f)) > 0; number++) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (matches(pattern, line, o->any_case) == o->invert)
            continue;
        found++;
        if (o->count)
            continue;
        if (name != NULL)
            printf("%s:", name);
        if (o->number)
            printf("%d:", number);
        puts(line);
    }
    free(line);
    if (o->count)
        printf(name != NULL ? "%s:%d\n" : "%s%d\n", name != NULL ? name : "", found);
    return found;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    int letter, found = 0, failed = 0;
    while ((letter = getopt(argc, argv, "vinc")) != -1) {
        switch (letter) {
        case 'v': o.invert = true; break;
        case 'i': o.any_case = true; break;
        case 'n': o.number = true; break;
        case 'c': o.count = true; break;
        default: return 2;
        }
    }
    if (optind == argc) {
        fprintf(stderr, "usage: grep [-vinc] PATTERN [FILE...]\n");
        return 2;
    }
    const char *pattern = argv[optind++];
    if (optind == argc)
        found = search(stdin, pattern, NULL, &o);
    bool several = argc - optind > 1;
    for (; optind < argc; optind++) {
        FILE *f = fopen(argv[optind], "r");
        if (f == NULL) {
            fprintf(stderr, "grep: %s: %s\n", argv[optind], strerror(errno));
            failed = 1;
            continue;
        }
        found += search(f, pattern, several ? argv[optind] : NULL, &o);
        fclose(f);
    }
    return failed ? 2 : found == 0;
}
