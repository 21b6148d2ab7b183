/* The file system: files, directories, links, devices. */
#include "usertests.h"

#include <dirent.h>

static char buffer[8192];

void open_missing(void)
{
    expect_error(open("missing", O_RDONLY), ENOENT);
    expect_error(open("missing", O_RDWR), ENOENT);
    expect_error(open("missing/file", O_CREAT | O_RDWR), ENOENT);
    expect_error(open("/README/file", O_CREAT | O_RDWR), ENOTDIR);
    expect_error(open("", O_RDONLY), ENOENT);
}

void write_and_read(void)
{
    int fd = open("file", O_CREAT | O_RDWR);
    for (int i = 0; i < 100; i++) {
        expect(write(fd, "aaaaaaaaaa", 10) == 10);
        expect(write(fd, "bbbbbbbbbb", 10) == 10);
    }
    close(fd);
    fd = open("file", O_RDONLY);
    expect(read(fd, buffer, sizeof buffer) == 2000);
    for (int i = 0; i < 2000; i++)
        expect(buffer[i] == (i / 10 % 2 == 0 ? 'a' : 'b'));
    expect(read(fd, buffer, 1) == 0);
}

void open_truncates(void)
{
    struct stat st;
    make_file("file", "a long text in the file");
    make_file("file", "short");
    expect(stat("file", &st) == 0 && st.st_size == 5);
    close(open("file", O_WRONLY | O_CREAT));
    expect(stat("file", &st) == 0 && st.st_size == 5);
}

void open_appends(void)
{
    make_file("file", "first ");
    int a = open("file", O_WRONLY | O_APPEND), b = open("file", O_WRONLY | O_APPEND);
    expect(write(a, "second ", 7) == 7 && write(b, "third ", 6) == 6 && write(a, "x", 1) == 1);
    int fd = open("file", O_RDONLY);
    expect(read(fd, buffer, 100) == 20 && memcmp(buffer, "first second third x", 20) == 0);
}

void seek(void)
{
    make_file("file", "0123456789");
    int fd = open("file", O_RDWR);
    expect(lseek(fd, 4, SEEK_SET) == 4 && read(fd, buffer, 1) == 1 && buffer[0] == '4');
    expect(lseek(fd, 2, SEEK_CUR) == 7 && read(fd, buffer, 1) == 1 && buffer[0] == '7');
    expect(lseek(fd, -1, SEEK_END) == 9 && read(fd, buffer, 5) == 1 && buffer[0] == '9');
    expect(lseek(fd, 3, SEEK_SET) == 3 && write(fd, "x", 1) == 1);
    expect(lseek(fd, 0, SEEK_SET) == 0 && read(fd, buffer, 10) == 10);
    expect(memcmp(buffer, "012x456789", 10) == 0);
    expect_error(lseek(fd, -1, SEEK_SET), EINVAL);
    expect_error(lseek(fd, -100, SEEK_CUR), EINVAL);
    expect_error(lseek(fd, 0, 3), EINVAL);
    int fds[2];
    pipe(fds);
    expect_error(lseek(fds[0], 0, SEEK_CUR), ESPIPE);
}

/* Larger than a block of block numbers: the file needs blocks of them. */
void large_file(void)
{
    enum { BLOCKS = 600 };
    int fd = open("large", O_CREAT | O_RDWR);
    for (int i = 0; i < BLOCKS; i++) {
        memcpy(buffer, &i, sizeof i);
        expect(write(fd, buffer, 512) == 512);
    }
    expect(lseek(fd, 0, SEEK_SET) == 0);
    for (int i = 0; i < BLOCKS; i++) {
        int back;
        expect(read(fd, buffer, 512) == 512);
        memcpy(&back, buffer, sizeof back);
        expect(back == i);
    }
    expect(read(fd, buffer, 512) == 0);
}

/* One write() that is larger than what the log takes at once. */
void large_write(void)
{
    enum { SIZE = 200 * 1024 };
    char *much = malloc(SIZE), *back = malloc(SIZE);
    for (int i = 0; i < SIZE; i++)
        much[i] = (char)(i / 7);
    int fd = open("file", O_CREAT | O_RDWR);
    expect(write(fd, much, SIZE) == SIZE);
    expect(lseek(fd, 0, SEEK_SET) == 0);
    expect(read(fd, back, SIZE) == SIZE && memcmp(much, back, SIZE) == 0);
}

void odd_sizes(void)
{
    for (int size = 499; size < 6000; size += 471) {
        int fd = open("file", O_CREAT | O_RDWR | O_TRUNC);
        expect(write(fd, buffer, (size_t)size) == size);
        expect(write(fd, buffer, (size_t)size) == size);
        close(fd);
        struct stat st;
        expect(stat("file", &st) == 0 && st.st_size == 2 * size);
    }
}

void many_files(void)
{
    char name[8];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "f%d", i);
        make_file(name, name);
    }
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "f%d", i);
        int fd = open(name, O_RDONLY);
        expect(read(fd, buffer, 10) == (ssize_t)strlen(name));
        expect(memcmp(buffer, name, strlen(name)) == 0);
        close(fd);
        expect(unlink(name) == 0);
    }
    expect_error(open("f50", O_RDONLY), ENOENT);
}

void descriptors_run_out(void)
{
    int count = 0, fd;
    while ((fd = open("/README", O_RDONLY)) >= 0) {
        count++;
        expect(fd < DESCRIPTORS);
    }
    expect(errno == EMFILE && count > 4);
    expect_error(dup(0), EMFILE);
    int fds[2];
    expect_error(pipe(fds), EMFILE);
    expect_error(open("new", O_CREAT | O_RDWR), EMFILE);
    expect(close(DESCRIPTORS - 1) == 0);
    expect_error(pipe(fds), EMFILE);
    expect(open("/README", O_RDONLY) == DESCRIPTORS - 1);
}

void dup_shares_position(void)
{
    make_file("file", "abcdef");
    int a = open("file", O_RDONLY), b = dup(a);
    expect(b > a && read(a, buffer, 2) == 2);
    expect(read(b, buffer, 2) == 2 && buffer[0] == 'c');
    expect(close(a) == 0);
    expect(read(b, buffer, 2) == 2 && buffer[0] == 'e');
    expect(dup2(b, 9) == 9 && close(b) == 0);
    expect(lseek(9, 0, SEEK_CUR) == 6);
}

static int inherited;

static void read_inherited(void)
{
    expect(read(inherited, buffer, 3) == 3 && memcmp(buffer, "abc", 3) == 0);
}

void fork_shares_position(void)
{
    make_file("file", "abcdef");
    inherited = open("file", O_RDONLY);
    expect(status_of(read_inherited) == 0);
    expect(read(inherited, buffer, 3) == 3 && memcmp(buffer, "def", 3) == 0);
}

/* Two processes write through one open file: no write is lost. */
void shared_file(void)
{
    int fd = open("file", O_CREAT | O_RDWR), counts[2] = {0, 0};
    pid_t pid = fork();
    for (int i = 0; i < 200; i++)
        expect(write(fd, pid == 0 ? "cccccccccc" : "pppppppppp", 10) == 10);
    if (pid == 0)
        _exit(0);
    expect(wait(NULL) == pid);
    expect(lseek(fd, 0, SEEK_SET) == 0);
    ssize_t n;
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            expect(buffer[i] == 'c' || buffer[i] == 'p');
            counts[buffer[i] == 'c']++;
        }
    expect(counts[0] == 2000 && counts[1] == 2000);
}

void unlink_open_file(void)
{
    make_file("file", "hello");
    int fd = open("file", O_RDWR);
    expect(unlink("file") == 0);
    expect_error(open("file", O_RDONLY), ENOENT);
    make_file("file", "other");
    expect(read(fd, buffer, 10) == 5 && memcmp(buffer, "hello", 5) == 0);
    expect(write(fd, "more", 4) == 4);
    int other = open("file", O_RDONLY);
    expect(read(other, buffer, 10) == 5 && memcmp(buffer, "other", 5) == 0);
}

void link_second_name(void)
{
    struct stat a, b;
    make_file("one", "text");
    expect(link("one", "two") == 0);
    expect(stat("one", &a) == 0 && stat("two", &b) == 0);
    expect(a.st_ino == b.st_ino && a.st_nlink == 2);
    expect(unlink("one") == 0);
    expect_error(open("one", O_RDONLY), ENOENT);
    expect(stat("two", &b) == 0 && b.st_nlink == 1 && b.st_size == 4);
}

void link_refused(void)
{
    make_file("one", "text");
    make_file("two", "text");
    expect_error(link("one", "two"), EEXIST);
    expect_error(link("one", "one"), EEXIST);
    expect_error(link("missing", "three"), ENOENT);
    expect_error(link(".", "three"), EPERM);
    expect_error(link("one", "missing/three"), ENOENT);
    expect_error(link("one", ""), ENOENT);
    expect_error(open("three", O_RDONLY), ENOENT);
}

void unlink_refused(void)
{
    expect_error(unlink("missing"), ENOENT);
    expect_error(unlink("missing/file"), ENOENT);
    expect(unlink(".") == -1 && unlink("..") == -1 && unlink("/") == -1);
    expect(mkdir("dir") == 0 && mkdir("dir/inner") == 0);
    expect(unlink("dir/.") == -1 && unlink("dir/..") == -1);
    expect_error(unlink("dir"), ENOTEMPTY);
    expect(unlink("dir/inner") == 0 && unlink("dir") == 0);
}

void mkdir_refused(void)
{
    make_file("file", "x");
    expect(mkdir("dir") == 0);
    expect_error(mkdir("dir"), EEXIST);
    expect_error(mkdir("file"), EEXIST);
    expect_error(mkdir("file/dir"), ENOTDIR);
    expect_error(mkdir("missing/dir"), ENOENT);
    expect(mkdir("") == -1 && mkdir("/") == -1 && mkdir(".") == -1 && mkdir("dir/..") == -1);
}

void directories_nest(void)
{
    expect(mkdir("a") == 0 && mkdir("a/b") == 0 && mkdir("a/b/c") == 0);
    make_file("a/b/c/file", "deep");
    expect(chdir("a/b") == 0);
    expect(open("c/file", O_RDONLY) >= 0 && open("../b/c/../c/./file", O_RDONLY) >= 0);
    expect(chdir("c/../../../a//b/") == 0);
    expect(open("/tmp/usertests/a/b/c/file", O_RDONLY) >= 0);
    expect(chdir("/../../tmp") == 0 && open("usertests/a/b/c/file", O_RDONLY) >= 0);
}

void chdir_refused(void)
{
    make_file("file", "x");
    expect_error(chdir("file"), ENOTDIR);
    expect_error(chdir("missing"), ENOENT);
    expect_error(chdir("file/x"), ENOTDIR);
    expect(open("file", O_RDONLY) >= 0);
}

void directory_is_read_only(void)
{
    expect(mkdir("dir") == 0);
    expect_error(open("dir", O_RDWR), EISDIR);
    expect_error(open("dir", O_WRONLY), EISDIR);
    expect(open("dir", O_CREAT | O_RDWR) == -1);
    int fd = open("dir", O_RDONLY);
    expect(fd >= 0 && write(fd, "x", 1) == -1);
}

void directory_entries(void)
{
    struct stat st;
    make_file("one", "1");
    expect(mkdir("two") == 0);
    expect(stat(".", &st) == 0 && S_ISDIR(st.st_mode) && st.st_size % 16 == 0);
    DIR *d = opendir(".");
    struct dirent *entry;
    int seen = 0;
    while ((entry = readdir(d)) != NULL) {
        expect(entry->d_ino != 0);
        seen |= strcmp(entry->d_name, ".") == 0     ? 1
                : strcmp(entry->d_name, "..") == 0  ? 2
                : strcmp(entry->d_name, "one") == 0 ? 4
                : strcmp(entry->d_name, "two") == 0 ? 8
                                                    : 16;
    }
    expect(seen == 15);
}

/* A directory that needs a block of block numbers. */
void large_directory(void)
{
    char name[8];
    make_file("file", "x");
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "n%d", i);
        expect(link("file", name) == 0);
    }
    struct stat st;
    expect(stat("file", &st) == 0 && st.st_nlink == 301);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "n%d", i);
        expect(unlink(name) == 0);
    }
    expect(stat("file", &st) == 0 && st.st_nlink == 1);
}

void long_names(void)
{
    make_file("fourteen_bytes", "x");
    expect(open("fourteen_bytes", O_RDONLY) >= 0);
    expect(mkdir("a_directory_14") == 0);
    make_file("a_directory_14/fourteen_bytes", "y");
    /* What is longer is cut off, as that world does. */
    expect(open("fourteen_bytes_and_more", O_RDONLY) >= 0);
    expect_error(mkdir("a_directory_14_"), EEXIST);
}

void long_paths(void)
{
    static char path[5000];
    memset(path, '/', sizeof path - 1);
    expect(open(path, O_RDONLY) == -1);
    memset(path, 'x', sizeof path - 1);
    expect(open(path, O_CREAT | O_RDWR) == -1 && mkdir(path) == -1 && chdir(path) == -1);
    expect(unlink(path) == -1 && link("/README", path) == -1 && link(path, "file") == -1);
    char *words[] = {path, NULL};
    expect(exec(path, words) == -1);
    for (size_t i = 0; i + 1 < sizeof path; i += 2)
        memcpy(path + i, "./", 2);
    expect(open(path, O_RDONLY) == -1);
}

/* A directory that is somebody's current one and has no name any more. */
void removed_current_directory(void)
{
    expect(mkdir("dir") == 0 && chdir("dir") == 0);
    expect(unlink("../dir") == 0);
    expect(open("file", O_CREAT | O_RDWR) == -1);
    expect(mkdir("inner") == -1);
    expect(chdir("/tmp/usertests") == 0);
    expect_error(chdir("dir"), ENOENT);
}

static void leave_removed_directory(void)
{
    expect(mkdir("dir") == 0 && chdir("dir") == 0 && unlink("../dir") == 0);
}

void exit_in_removed_directory(void)
{
    for (int i = 0; i < 20; i++)
        expect(status_of(leave_removed_directory) == 0);
}

void device_nodes(void)
{
    struct stat st;
    expect(mknod("none", 99, 1) == 0);
    expect_error(open("none", O_RDONLY), ENXIO);
    expect_error(mknod("low", -1, 0), EINVAL);
    expect_error(mknod("high", 100000, 0), EINVAL);
    expect(mknod("console", 1, 1) == 0);
    int fd = open("console", O_RDWR);
    expect(fd >= 0 && fstat(fd, &st) == 0 && S_ISCHR(st.st_mode));
    expect_error(mknod("none", 1, 1), EEXIST);
    expect(unlink("none") == 0);
}

void null_device(void)
{
    int fd = open("/dev/null", O_RDWR);
    expect(fd >= 0);
    expect(write(fd, buffer, sizeof buffer) == sizeof buffer);
    expect(read(fd, buffer, sizeof buffer) == 0);
}

void stat_fields(void)
{
    struct stat file, dir;
    make_file("file", "12345");
    expect(stat("file", &file) == 0 && stat(".", &dir) == 0);
    expect(S_ISREG(file.st_mode) && file.st_size == 5 && file.st_nlink == 1);
    expect(S_ISDIR(dir.st_mode) && file.st_ino != dir.st_ino && file.st_dev == dir.st_dev);
    expect_error(stat("missing", &file), ENOENT);
}

/* --- several processes at once --- */

static int worker;

static void write_own_file(void)
{
    char name[] = "w0";
    name[1] = (char)('0' + worker);
    int fd = open(name, O_CREAT | O_RDWR);
    memset(buffer, '0' + worker, 500);
    for (int i = 0; i < 24; i++)
        expect(write(fd, buffer, 500) == 500);
}

static void run_workers(void (*f)(void), int count)
{
    for (worker = 0; worker < count; worker++)
        start(f);
    for (int i = 0; i < count; i++) {
        int status;
        expect(wait(&status) > 0 && status == 0);
    }
}

void four_writers(void)
{
    run_workers(write_own_file, 4);
    for (int i = 0; i < 4; i++) {
        char name[] = "w0";
        name[1] = (char)('0' + i);
        int fd = open(name, O_RDONLY), total = 0;
        ssize_t n;
        while ((n = read(fd, buffer, sizeof buffer)) > 0)
            for (ssize_t k = 0; k < n; k++, total++)
                expect(buffer[k] == '0' + i);
        expect(total == 24 * 500);
    }
}

static void create_and_remove(void)
{
    char name[8];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "p%d-%d", worker, i);
        make_file(name, name);
        if (i % 2 == 1) {
            snprintf(name, sizeof name, "p%d-%d", worker, i - 1);
            expect(unlink(name) == 0);
        }
    }
}

void create_remove_together(void)
{
    run_workers(create_and_remove, 4);
    for (int i = 0; i < 80; i++) {
        char name[8];
        snprintf(name, sizeof name, "p%d-%d", i / 20, i % 20);
        expect((access(name, F_OK) == 0) == (i % 2 == 1));
    }
}

static void fight_for_name(void)
{
    unsigned seed = (unsigned)worker + 1;
    for (int i = 0; i < 60; i++) {
        int what = rand_r(&seed) % 3;
        if (what == 0)
            close(open("x", O_CREAT | O_RDWR));
        else if (what == 1)
            link("source", "x");
        else
            unlink("x");
    }
}

void link_unlink_together(void)
{
    struct stat st;
    make_file("source", "text");
    run_workers(fight_for_name, 3);
    unlink("x");
    expect(stat("source", &st) == 0 && st.st_nlink == 1);
}

static void fight_for_directory(void)
{
    for (int i = 0; i < 30; i++) {
        mkdir("d");
        int fd = open("d/f", O_CREAT | O_RDWR);
        if (fd >= 0)
            close(fd);
        unlink("d/f");
        unlink("d");
    }
}

void mkdir_unlink_together(void)
{
    run_workers(fight_for_directory, 3);
    unlink("d/f");
    unlink("d");
    expect_error(open("d", O_RDONLY), ENOENT);
}

/* Fill the disk: an error, and all of it can be used again afterwards. */
static int fill_disk(void)
{
    int fd = open("filler", O_CREAT | O_WRONLY | O_TRUNC), blocks = 0;
    char name[20];
    for (int file = 0; fd >= 0; file++) {
        ssize_t n;
        while ((n = write(fd, buffer, sizeof buffer)) == sizeof buffer)
            blocks++;
        close(fd);
        if (n < 0 && errno == ENOSPC)
            break;
        snprintf(name, sizeof name, "filler%d", file);
        fd = open(name, O_CREAT | O_WRONLY | O_TRUNC);
    }
    expect(blocks > 10);
    unlink("filler");
    for (int file = 0; file < 100; file++) {
        snprintf(name, sizeof name, "filler%d", file);
        unlink(name);
    }
    return blocks;
}

void disk_full(void)
{
    int first = fill_disk(), second = fill_disk();
    expect(second >= first - 1 && second <= first + 1);
    make_file("file", "there is room");
}

/* Use up all inodes: an error, and all of them can be used again afterwards. */
void inodes_run_out(void)
{
    char name[16];
    int count[2] = {0, 0};
    for (int round = 0; round < 2; round++) {
        for (;; count[round]++) {
            snprintf(name, sizeof name, "i%d", count[round]);
            int fd = open(name, O_CREAT | O_RDWR);
            if (fd < 0)
                break;
            close(fd);
        }
        expect(errno == ENOSPC);
        for (int i = 0; i < count[round]; i++) {
            snprintf(name, sizeof name, "i%d", i);
            expect(unlink(name) == 0);
        }
    }
    expect(count[0] > 100 && count[0] == count[1]);
}
