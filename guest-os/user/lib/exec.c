/* The many forms of exec(). */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

int execv(const char *path, char *const argv[])
{
    return __exec(path, argv);
}

/* There is no environment: envp is not looked at. */
int execve(const char *path, char *const argv[], char *const envp[])
{
    (void)envp;
    return __exec(path, argv);
}

int execvp(const char *name, char *const argv[])
{
    if (strchr(name, '/') != NULL)
        return __exec(name, argv);
    char path[PATH_MAX] = "/bin/";
    if (strlen(name) + strlen(path) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return __exec(strcat(path, name), argv);
}

/* The words of an argument list up to its NULL lie on the stack one behind the other; argv is
 * made of them all the same, so that nothing here depends on that. */
static int exec_list(bool search, const char *path, const char *arg0, va_list args)
{
    enum { MOST = 32 };
    char *argv[MOST + 1] = {(char *)arg0};
    for (int i = 0; argv[i] != NULL;) {
        if (++i > MOST) {
            errno = E2BIG;
            return -1;
        }
        argv[i] = va_arg(args, char *);
    }
    return search ? execvp(path, argv) : __exec(path, argv);
}

int execl(const char *path, const char *arg0, ...)
{
    va_list args;
    va_start(args, arg0);
    int result = exec_list(false, path, arg0, args);
    va_end(args);
    return result;
}

int execlp(const char *name, const char *arg0, ...)
{
    va_list args;
    va_start(args, arg0);
    int result = exec_list(true, name, arg0, args);
    va_end(args);
    return result;
}
