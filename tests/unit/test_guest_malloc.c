/* The guest's heap on a piece of memory of the test's own: alignment, contents, reuse, failure. */
#define malloc heap_malloc
#define free   heap_free
#include "guest-os/user/lib/malloc.c"
#undef malloc
#undef free

#include <check.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 1 << 20 };
static _Alignas(4096) char arena[ARENA];
static int arena_used;
static int gap; /* what somebody else takes with sbrk() in front of the next piece */
static jmp_buf damage;

char *heap_sbrk(int n)
{
    if (n + gap > ARENA - arena_used)
        return (char *)-1;
    char *memory = arena + arena_used + gap;
    arena_used += n + gap;
    return memory;
}

void *heap_full(void)
{
    return NULL;
}

void heap_damaged(void)
{
    longjmp(damage, 1);
}

static void setup(void)
{
    memset(free_lists, 0, sizeof free_lists);
    last = NULL;
    limit = NULL;
    arena_used = 0;
    gap = 0;
}

START_TEST(blocks_are_apart)
{
    enum { BLOCKS = 300 };
    unsigned char *blocks[BLOCKS] = {0};
    srand(1);
    for (int round = 0; round < 20000; round++) {
        int i = rand() % BLOCKS;
        size_t size = (size_t)i * 7 % 2000;
        if (blocks[i] != NULL) {
            size_t kept = 0;
            while (kept < size && blocks[i][kept] == (unsigned char)i)
                kept++;
            ck_assert_uint_eq(kept, size);
            heap_free(blocks[i]);
            blocks[i] = NULL;
        } else {
            gap = round % 5 == 0 ? 24 : 0;
            blocks[i] = heap_malloc(size);
            ck_assert_ptr_nonnull(blocks[i]);
            ck_assert_uint_eq((uintptr_t)blocks[i] % 16, 0);
            ck_assert_uint_ge(heap_room(blocks[i]), size);
            memset(blocks[i], i, size);
        }
    }
}
END_TEST

START_TEST(what_is_freed_is_joined)
{
    char *blocks[100];
    for (int i = 0; i < 100; i++)
        blocks[i] = heap_malloc(5000);
    int used = arena_used;
    for (int i = 0; i < 100; i += 2)
        heap_free(blocks[i]);
    for (int i = 1; i < 100; i += 2)
        heap_free(blocks[i]);
    ck_assert_ptr_nonnull(heap_malloc(100 * 5000));
    ck_assert_int_eq(arena_used, used);
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    ck_assert_ptr_null(heap_malloc(ARENA));
    ck_assert_ptr_null(heap_malloc(SIZE_MAX));
    ck_assert_ptr_null(heap_malloc(0x7fffffff));
    while (heap_malloc(1000) != NULL)
        continue;
    ck_assert_int_gt(arena_used, ARENA - 40000);
}
END_TEST

START_TEST(mistakes_are_noticed)
{
    char *block = heap_malloc(10);
    heap_malloc(10);
    heap_free(NULL);
    heap_free(block);
    if (setjmp(damage) == 0) {
        heap_free(block);
        ck_abort_msg("freed twice");
    }
    block = heap_malloc(24);
    heap_malloc(24);
    memset(block, 'x', 40);
    if (setjmp(damage) == 0) {
        heap_free(block);
        ck_abort_msg("the header behind was overwritten");
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("malloc");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, blocks_are_apart);
    tcase_add_test(tests, what_is_freed_is_joined);
    tcase_add_test(tests, no_memory_is_an_error);
    tcase_add_test(tests, mistakes_are_noticed);
    Suite *suite = suite_create("guest_malloc");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
