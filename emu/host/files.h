/* files: whole files in, every byte out; what went wrong is a sentence without the file's name. */
#ifndef EMU_HOST_FILES_H
#define EMU_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The content of a file of at most `most` bytes, with a zero byte behind it, to be freed. NULL:
 * *why says what is wrong and what to do. An empty file is fine. */
uint8_t *file_read(const char *path, size_t most, size_t *size, const char **why);

/* Goes on after interruptions; false with errno set. */
bool file_write_all(int fd, const void *bytes, size_t size);

/* "FOLDER/NAME" to be freed. */
char *file_join(const char *folder, const char *name);

/* The folder that this program's own executable is in, to be freed; NULL = not known. */
char *file_own_folder(void);

#endif
