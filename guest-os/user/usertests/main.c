/*
 * usertests: every system call with good and bad arguments, and every way to misbehave.
 *   usertests          all checks, each in a process and an empty directory of its own
 *   usertests NAME...  only these
 *   usertests -l       what there is
 */
#include "usertests.h"

#include <dirent.h>

static const char work_path[] = "/tmp/usertests", why_path[] = "/tmp/usertests.why";

static const struct check {
    const char *name, *says;
    void (*run)(void);
} checks[] = {
#define CHECK(name, says) {#name, says, name},
#include "checks.def"
#undef CHECK
};

enum { CHECKS = sizeof checks / sizeof checks[0] };

/* Null, the page above it, unmapped memory, around and above the kernel's start, the last page.
 * The list ends with -2, which is as bad as the others but need not be tried. */
void *const bad_addresses[] = {
    (void *)0,          (void *)0xffc,      (void *)0x40000000,
    (void *)0x7ffffffc, (void *)0x80000000, (void *)0x80100000,
    (void *)0xfffff000, (void *)-1,         (void *)-2,
};

void expectation_failed(const char *file, int line, const char *condition)
{
    int reason = errno;
    int fd = open(why_path, O_WRONLY | O_CREAT | O_TRUNC);
    const char *slash = strrchr(file, '/');
    dprintf(fd, "%s:%d: %s (errno %d)", slash != NULL ? slash + 1 : file, line, condition, reason);
    _exit(1);
}

pid_t start(void (*f)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        f();
        _exit(0);
    }
    expect(pid > 0);
    return pid;
}

int status_of(void (*f)(void))
{
    int status = -1;
    pid_t pid = start(f);
    expect(waitpid(pid, &status, 0) == pid);
    return status;
}

int killed_by(void (*f)(void))
{
    int status = status_of(f);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void make_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC);
    expect(fd >= 0);
    expect(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    expect(close(fd) == 0);
}

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        char inner[128];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (unlink(inner) < 0)
            remove_tree(inner);
    }
    if (d != NULL)
        closedir(d);
    unlink(path);
}

static void enter_empty_directory(void)
{
    remove_tree(work_path);
    unlink(why_path);
    if (mkdir(work_path) < 0 || chdir(work_path) < 0) {
        perror(work_path);
        exit(2);
    }
}

static void show_why(int status)
{
    char why[200] = "";
    int fd = open(why_path, O_RDONLY);
    if (fd >= 0) {
        read(fd, why, sizeof why - 1);
        close(fd);
    }
    if (WIFSIGNALED(status))
        printf("FAIL: killed by signal %d %s\n", WTERMSIG(status), why);
    else
        printf("FAIL: %s\n", why[0] != '\0' ? why : "it ended early");
}

static bool run_check(const struct check *c)
{
    printf("%-22s ", c->name);
    fflush(stdout);
    enter_empty_directory();
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        c->run();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("FAIL: no process for it");
        return false;
    }
    chdir("/");
    bool passed = status == 0 && access(why_path, F_OK) < 0;
    if (passed)
        printf("ok\n");
    else
        show_why(status);
    remove_tree(work_path);
    unlink(why_path);
    return passed;
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

static bool all_known(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool known = false;
        for (int c = 0; c < CHECKS; c++)
            known = known || strcmp(argv[i], checks[c].name) == 0;
        if (!known) {
            fprintf(stderr, "usertests: there is no check '%s'; usertests -l lists them\n",
                    argv[i]);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    if (argc == 2 && strcmp(argv[1], "-l") == 0) {
        for (int i = 0; i < CHECKS; i++)
            printf("%-22s %s\n", checks[i].name, checks[i].says);
        return 0;
    }
    if (!all_known(argc, argv))
        return 2;
    for (int i = 0; i < CHECKS; i++)
        if (wanted(checks[i].name, argc, argv)) {
            if (run_check(&checks[i]))
                passed++;
            else
                failed++;
        }
    printf("usertests: %d passed, %d failed\n", passed, failed);
    return failed != 0;
}
