/* confine: tools of the host put to work on hostile files, where they can read, write and use up
 * only what they are given. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "emu/host/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "emu/host/wallclock.h"

#define SECOND       UINT64_C(1000000000)
#define SHORT_WHILE  2000000 /* nanoseconds between two looks at the jobs */
#define UNCONFINABLE 125     /* exit status of a child that could not be confined */
#define MOST_AT_ONCE 64

/* --- Landlock (Documentation/userspace-api/landlock.rst), version 1 of its interface ---------- */

#define READING                                                                                    \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILE_RIGHTS                                                                                \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define WRITING                                                                                    \
    (READING | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                     \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG)
#define HANDLED                                                                                    \
    (WRITING | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |                       \
     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

bool confine_available(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static bool allow(int rules, const char *path, uint64_t access)
{
    struct stat status;
    struct landlock_path_beneath_attr rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0)
        return errno == ENOENT;
    bool folder = fstat(rule.parent_fd, &status) == 0 && S_ISDIR(status.st_mode);
    rule.allowed_access = folder ? access : access & FILE_RIGHTS;
    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return done;
}

static bool lock_down(const struct confine *confine)
{
    struct landlock_ruleset_attr handled = {.handled_access_fs = HANDLED};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        return confine->trusted;
    bool done = allow(rules, confine->writable, WRITING) &&
                allow(rules, "/dev/null", READING | LANDLOCK_ACCESS_FS_WRITE_FILE);
    for (unsigned i = 0; done && i < CONFINE_READABLE && confine->readable[i] != NULL; i++)
        done = allow(rules, confine->readable[i], READING);
    done = done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done;
}

/* --- one job ---------------------------------------------------------------------------------- */

static bool limit(int which, uint64_t most)
{
    struct rlimit rlimit = {most, most};
    return setrlimit(which, &rlimit) == 0;
}

/* In the child: becomes the tool, or ends. */
_Noreturn static void become(const struct confine *confine, const struct confine_job *job)
{
    int log = open(job->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char temporary[4200];
    snprintf(temporary, sizeof temporary, "TMPDIR=%s", confine->writable);
    char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", temporary, NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    bool ready = log >= 0 && nothing >= 0 && dup2(nothing, STDIN_FILENO) == STDIN_FILENO &&
                 dup2(log, STDOUT_FILENO) == STDOUT_FILENO &&
                 dup2(log, STDERR_FILENO) == STDERR_FILENO && chdir(job->folder) == 0 &&
                 limit(RLIMIT_CORE, 0) && limit(RLIMIT_AS, confine->memory) &&
                 limit(RLIMIT_FSIZE, confine->file_size) &&
                 limit(RLIMIT_CPU, confine->processor_seconds) && lock_down(confine);
    if (ready)
        execvpe(job->argv[0], (char *const *)job->argv, environment);
    _exit(UNCONFINABLE);
}

static void start(const struct confine *confine, struct confine_job *job)
{
    job->pid = fork();
    if (job->pid == 0)
        become(confine, job);
    if (job->pid < 0) {
        job->end = CONFINE_NOT_STARTED;
        job->status = errno;
        return;
    }
    setpgid(job->pid, job->pid);
}

static void note_end(struct confine_job *job, int status)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    job->status = number != 0 ? number : WEXITSTATUS(status);
    if (number == SIGXCPU || number == SIGXFSZ || number == SIGKILL)
        job->end = CONFINE_LIMIT;
    else
        job->end = number != 0 ? CONFINE_CRASHED : CONFINE_EXITED;
    if (job->end == CONFINE_EXITED && job->status == UNCONFINABLE) {
        job->end = CONFINE_NOT_STARTED;
        job->status = EPERM;
    }
    kill(-job->pid, SIGKILL); /* what it may have left behind */
    job->pid = 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

static unsigned at_once(void)
{
    cpu_set_t set;
    int found = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return found < 1 ? 1 : found > MOST_AT_ONCE ? MOST_AT_ONCE : (unsigned)found;
}

/* Of the jobs [0, started). Answers how many still run. */
static unsigned collect(struct confine_job *job, unsigned started)
{
    unsigned running = 0;
    for (unsigned i = 0; i < started; i++) {
        int status;
        if (job[i].pid <= 0)
            continue;
        if (waitpid(job[i].pid, &status, WNOHANG) == job[i].pid)
            note_end(&job[i], status);
        else
            running++;
    }
    return running;
}

static void end_all(struct confine_job *job, unsigned started, enum confine_end end)
{
    for (unsigned i = 0; i < started; i++) {
        if (job[i].pid <= 0)
            continue;
        kill(-job[i].pid, SIGKILL);
        waitpid(job[i].pid, NULL, 0);
        job[i].pid = 0;
        job[i].end = end;
    }
}

bool confine_run(const struct confine *confine, struct confine_job *job, unsigned jobs,
                 int (*signal_seen)(void))
{
    unsigned started = 0, most = at_once();
    uint64_t deadline = wallclock_now() + confine->real_seconds * SECOND;
    for (;;) {
        unsigned running = collect(job, started);
        for (; running < most && started < jobs; running++)
            start(confine, &job[started++]);
        if (running == 0 && started == jobs)
            return true;
        if (signal_seen() != 0) {
            end_all(job, started, CONFINE_INTERRUPTED);
            return false;
        }
        if (wallclock_now() > deadline) {
            end_all(job, started, CONFINE_LIMIT);
            for (; started < jobs; started++)
                job[started].end = CONFINE_LIMIT;
            return true;
        }
        nanosleep(&(struct timespec){0, SHORT_WHILE}, NULL);
    }
}
