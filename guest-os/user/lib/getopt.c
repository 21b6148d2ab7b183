/* getopt(): options of one letter. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *optarg;
int optind = 1, opterr = 1, optopt;

static int complain(const char *program, const char *what, int letter)
{
    if (opterr)
        fprintf(stderr, "%s: %s -- '%c'\n", program, what, letter);
    return '?';
}

int getopt(int argc, char *const argv[], const char *options)
{
    static const char *rest = "";
    if (*rest == '\0') {
        if (optind >= argc || argv[optind][0] != '-' || argv[optind][1] == '\0')
            return -1;
        rest = argv[optind++] + 1;
        if (strcmp(rest, "-") == 0) {
            rest = "";
            return -1;
        }
    }
    int letter = optopt = *rest++;
    const char *option = letter == ':' ? NULL : strchr(options, letter);
    if (option == NULL)
        return complain(argv[0], "invalid option", letter);
    if (option[1] != ':')
        return letter;
    if (*rest != '\0')
        optarg = (char *)rest;
    else if (optind < argc)
        optarg = argv[optind++];
    else
        return options[0] == ':' ? ':' : complain(argv[0], "option requires an argument", letter);
    rest = "";
    return letter;
}
