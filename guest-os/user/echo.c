/* echo: write the arguments with blanks between them and a line end behind, without it for -n. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1;
    for (int i = first; i < argc; i++) {
        fputs(argv[i], stdout);
        if (i + 1 < argc)
            putchar(' ');
    }
    if (first == 1)
        putchar('\n');
    return fflush(stdout) == EOF || ferror(stdout);
}
