/* wc: count lines, words and bytes. -l, -w, -c: only that. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct counts {
    unsigned lines, words, bytes;
};

static struct counts count(FILE *f)
{
    struct counts c = {0};
    bool in_word = false;
    int byte;
    while ((byte = getc(f)) != EOF) {
        c.bytes++;
        c.lines += byte == '\n';
        bool space = isspace(byte);
        c.words += !space && !in_word;
        in_word = !space;
    }
    return c;
}

static void show(struct counts c, const char *which, const char *name)
{
    const struct {
        char letter;
        unsigned count;
    } columns[] = {{'l', c.lines}, {'w', c.words}, {'c', c.bytes}};
    const char *before = "";
    for (int i = 0; i < 3; i++)
        if (strchr(which, columns[i].letter) != NULL) {
            printf("%s%u", before, columns[i].count);
            before = " ";
        }
    printf(name[0] != '\0' ? " %s\n" : "%s\n", name);
}

int main(int argc, char **argv)
{
    char which[8] = "";
    int letter, failed = 0;
    while ((letter = getopt(argc, argv, "lwc")) != -1) {
        if (letter == '?')
            return 2;
        if (strlen(which) < sizeof which - 1)
            strncat(which, &(char){(char)letter}, 1);
    }
    const char *shown = which[0] != '\0' ? which : "lwc";
    if (optind == argc)
        show(count(stdin), shown, "");
    for (; optind < argc; optind++) {
        FILE *f = fopen(argv[optind], "r");
        if (f == NULL) {
            fprintf(stderr, "wc: %s: %s\n", argv[optind], strerror(errno));
            failed = 1;
            continue;
        }
        show(count(f), shown, argv[optind]);
        fclose(f);
    }
    return failed;
}
