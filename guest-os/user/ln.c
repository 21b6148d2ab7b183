/* ln: give a file a second name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: ln FILE NEWNAME\n");
        return 2;
    }
    if (link(argv[1], argv[2]) < 0) {
        fprintf(stderr, "ln: %s to %s: %s\n", argv[1], argv[2], strerror(errno));
        return 1;
    }
    return 0;
}
