/* Where a path's stubs leave the reason of a failed call. Programs know it from <errno.h>; xv6's do
 * not. */
int errno;
