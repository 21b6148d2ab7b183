/* turnstile-fsck IMAGE: says what is wrong with a file system image; status 1 if anything is. */
#include "tools/fscheck.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    int complaints;

    if (!f) {
        fprintf(stderr, "fsck: %s\n", argc == 2 ? strerror(errno) : "usage: fsck IMAGE");
        return 2;
    }
    if (fseek(f, 0, SEEK_END) == 0 && ftell(f) > 0)
        size = (size_t)ftell(f);
    rewind(f);
    bytes = malloc(size + 1);
    if (!bytes || fread(bytes, 1, size, f) != size) {
        fprintf(stderr, "fsck: %s cannot be read\n", argv[1]);
        return 2;
    }
    fclose(f);
    complaints = fs_check(bytes, size, stdout);
    free(bytes);
    return complaints > 0;
}
