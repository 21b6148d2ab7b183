/* Is a file system image consistent? Knows the format only, and nothing of the kernel's code. */
#ifndef TOOLS_FSCHECK_H
#define TOOLS_FSCHECK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Check an image as it is after log recovery: every block and inode is accounted for once, every
 * name leads to something, link counts are right. Complaints go to `out`, one line each.
 * Returns how many there were.
 */
int fs_check(const uint8_t *bytes, size_t size, FILE *out);

#endif
