/* Reading directories. */
#ifndef DIRENT_H
#define DIRENT_H

#include <sys/types.h>

struct dirent {
    ino_t d_ino;
    char d_name[15];
};

typedef struct directory_stream DIR;

DIR *opendir(const char *path);
struct dirent *readdir(DIR *d);
int closedir(DIR *d);

#endif
