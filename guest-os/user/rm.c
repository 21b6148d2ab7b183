/* rm: remove names of files and empty directories; -r: directories with all that is in them. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *path)
{
    fprintf(stderr, "rm: %s: %s\n", path, strerror(errno));
    return 1;
}

static int remove_tree(const char *path)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return errno == ENOENT || unlink(path) < 0 ? complain(path) : 0;
    int failed = 0;
    struct dirent *entry;
    while ((entry = readdir(d)) != NULL) {
        char inner[PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) >= (int)sizeof inner) {
            errno = ENAMETOOLONG;
            failed |= complain(path);
        } else {
            failed |= remove_tree(inner);
        }
    }
    closedir(d);
    return unlink(path) < 0 ? complain(path) : failed;
}

int main(int argc, char **argv)
{
    bool trees = argc > 1 && strcmp(argv[1], "-r") == 0;
    int first = trees ? 2 : 1, failed = 0;
    if (first >= argc) {
        fprintf(stderr, "usage: rm [-r] FILE...\n");
        return 2;
    }
    for (int i = first; i < argc; i++)
        if (trees)
            failed |= remove_tree(argv[i]);
        else if (unlink(argv[i]) < 0)
            failed |= complain(argv[i]);
    return failed;
}
