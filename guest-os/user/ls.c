/* ls: names of files and of what directories hold; -l: with kind, links, size and inode number. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *path, const char *name, bool details)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        /* A device that cannot be opened has a name all the same. */
        printf(details ? "?     -        -     - %s\n" : "%s\n", name);
        return;
    }
    char kind = S_ISDIR(st.st_mode) ? 'd' : S_ISCHR(st.st_mode) ? 'c' : '-';
    if (details)
        printf("%c %5u %8d %5u %s\n", kind, st.st_nlink, st.st_size, st.st_ino, name);
    else
        printf("%s%s\n", name, kind == 'd' ? "/" : "");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const char *path, bool details)
{
    DIR *d = opendir(path);
    if (d == NULL) {
        if (errno == ENOTDIR) {
            show(path, path, details);
            return 0;
        }
        fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
        return 1;
    }
    char **names = NULL;
    size_t count = 0, room = 0;
    struct dirent *entry;
    while ((entry = readdir(d)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (count == room) {
            room = room == 0 ? 32 : 2 * room;
            names = realloc(names, room * sizeof *names);
        }
        char *name = names != NULL ? strdup(entry->d_name) : NULL;
        if (name == NULL) {
            fprintf(stderr, "ls: %s: out of memory\n", path);
            exit(1);
        }
        names[count++] = name;
    }
    closedir(d);
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++) {
        char full[PATH_MAX];
        snprintf(full, sizeof full, "%s/%s", path, names[i]);
        show(full, names[i], details);
        free(names[i]);
    }
    free(names);
    return 0;
}

int main(int argc, char **argv)
{
    bool details = false;
    int letter;
    while ((letter = getopt(argc, argv, "l")) != -1) {
        if (letter != 'l')
            return 2;
        details = true;
    }
    if (optind == argc)
        return list(".", details);
    int failed = 0;
    bool several = argc - optind > 1;
    for (; optind < argc; optind++) {
        if (several)
            printf("%s:\n", argv[optind]);
        failed |= list(argv[optind], details);
    }
    return failed;
}
