/* tree: a folder that somebody else filled is copied without being led out of it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu/host/files.h"
#include "emu/host/tree.h"

static char *from, *to;
static char told[1024];

static void setup(void)
{
    from = tree_temporary();
    to = tree_temporary();
    told[0] = '\0';
    ck_assert_ptr_nonnull(from);
    ck_assert_ptr_nonnull(to);
}

static void teardown(void)
{
    tree_remove(from);
    tree_remove(to);
    ck_assert_int_ne(access(from, F_OK), 0);
    free(from);
    free(to);
}

static void put(const char *name, const char *text)
{
    char *path = file_join(from, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    free(path);
}

static bool there(const char *name)
{
    char *path = file_join(to, name);
    bool found = access(path, F_OK) == 0;
    free(path);
    return found;
}

static void refused(void *context, const char *path, const char *why)
{
    (void)context;
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s %s\n", path, why);
}

static bool wants_c(void *context, const char *path, bool folder)
{
    (void)context;
    size_t length = strlen(path);
    return folder || (length > 2 && strcmp(path + length - 2, ".c") == 0);
}

static struct tree_copy copy_within(unsigned files, unsigned depth, uint64_t size)
{
    const char *why;
    struct tree_copy copy = {.limits = {files, depth, size, 4 * size}, .refused = refused};
    ck_assert(tree_copy(&copy, from, to, &why));
    return copy;
}

static void make_folder(const char *name)
{
    char *path = file_join(from, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    free(path);
}

START_TEST(plain_files_and_folders)
{
    make_folder("a");
    make_folder("a/b");
    put("x.c", "1");
    put("a/b/y.c", "22");
    struct tree_copy copy = copy_within(10, 4, 100);
    ck_assert_uint_eq(copy.files, 2);
    ck_assert_uint_eq(copy.size, 3);
    ck_assert(there("x.c") && there("a/b/y.c"));
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(what_is_no_file)
{
    char *link = file_join(from, "link.c"), *folder = file_join(from, "folder");
    char *pipe = file_join(from, "pipe.c");
    ck_assert_int_eq(symlink("/etc/passwd", link), 0);
    ck_assert_int_eq(symlink("/etc", folder), 0);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    struct tree_copy copy = copy_within(10, 4, 100000);
    ck_assert_uint_eq(copy.files, 0);
    ck_assert(!there("link.c") && !there("folder") && !there("pipe.c"));
    ck_assert_ptr_nonnull(strstr(told, "link.c is a symbolic link"));
    ck_assert_ptr_nonnull(strstr(told, "folder is a symbolic link"));
    ck_assert_ptr_nonnull(strstr(told, "pipe.c is a pipe"));
    free(link);
    free(folder);
    free(pipe);
}
END_TEST

START_TEST(links_are_judged_as_files_and_as_folders)
{
    const char *why;
    char *file = file_join(from, "x"), *folder = file_join(from, "y.h");
    struct tree_copy copy = {.limits = {9, 9, 99, 99}, .wants = wants_c, .refused = refused};
    ck_assert_int_eq(symlink("/etc/passwd", file), 0);
    ck_assert_int_eq(symlink("/etc", folder), 0);
    ck_assert(tree_copy(&copy, from, to, &why));
    ck_assert_ptr_nonnull(strstr(told, "x is a symbolic link"));
    ck_assert_ptr_nonnull(strstr(told, "y.h is a symbolic link"));
    free(file);
    free(folder);
}
END_TEST

START_TEST(too_much)
{
    make_folder("a");
    make_folder("a/b");
    put("large", "0123456789");
    put("a/b/deep", "1");
    copy_within(10, 1, 9);
    ck_assert(!there("large") && !there("a/b"));
    ck_assert_ptr_nonnull(strstr(told, "large is too large"));
    ck_assert_ptr_nonnull(strstr(told, "a/b is too deep"));
}
END_TEST

START_TEST(too_many)
{
    char name[16];
    for (unsigned i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "f%u", i);
        put(name, "");
    }
    struct tree_copy copy = copy_within(3, 1, 9);
    ck_assert_uint_eq(copy.files, 3);
    ck_assert_ptr_nonnull(strstr(told, "is one file too many"));
}
END_TEST

START_TEST(no_such_folder)
{
    const char *why = NULL;
    struct tree_copy copy = {.limits = {3, 3, 3, 3}};
    char *path = file_join(from, "nowhere");
    ck_assert(!tree_copy(&copy, path, to, &why));
    ck_assert_ptr_nonnull(why);
    free(path);
}
END_TEST

START_TEST(put_follows_no_link)
{
    char *link = file_join(to, "build"), *source = file_join(from, "x");
    put("x", "new");
    ck_assert_int_eq(symlink(from, link), 0);
    ck_assert(!tree_put(to, "build", "y", source));
    ck_assert_int_eq(unlink(link), 0);
    ck_assert(tree_put(to, "build", "y", source));
    char *inside = file_join(to, "build/z");
    ck_assert_int_eq(symlink(source, inside), 0);
    put("other", "other");
    char *other = file_join(from, "other");
    ck_assert(tree_put(to, "build", "z", other)); /* replaces the name, not what it leads to */
    const char *why;
    size_t size;
    char *text = (char *)file_read(source, 100, &size, &why);
    ck_assert_str_eq(text, "new");
    free(text);
    free(link);
    free(source);
    free(inside);
    free(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree");
    TCase *cases = tcase_create("tree");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, plain_files_and_folders);
    tcase_add_test(cases, what_is_no_file);
    tcase_add_test(cases, links_are_judged_as_files_and_as_folders);
    tcase_add_test(cases, too_much);
    tcase_add_test(cases, too_many);
    tcase_add_test(cases, no_such_folder);
    tcase_add_test(cases, put_follows_no_link);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
