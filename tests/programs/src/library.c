/*
 * What the C library makes of numbers and strings. The same file is compiled for the host, whose
 * library says what must come out; so nothing here depends on the size of long or of pointers.
 */
#include <ctype.h>
#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long seed = 88172645463325252ULL;

static unsigned long long next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static void arithmetic(void)
{
    for (int i = 0; i < 300; i++) {
        double a = (double)(long long)(next() >> next() % 60) / (double)(1 + next() % 1000);
        double b = (double)(long long)(next() >> next() % 60) / (double)(1 + next() % 1000);
        float x = (float)a, y = (float)b;
        printf("%.17g %.17g %.17g %.17g ", a + b, a - b, a * b, a / b);
        printf("%d%d%d\n", a < b, a == b, a >= b);
        printf("%.9g %.9g %.9g %.9g\n", (double)(x + y), (double)(x - y), (double)(x * y),
               (double)(x / y));
        printf("%d %u %lld %llu\n", (int)(a / 1e12), (unsigned)(b / 1e12), (long long)a,
               (unsigned long long)b);
    }
    long long q = (long long)next();
    for (int i = 0; i < 100; i++) {
        long long d = (long long)next() >> next() % 63;
        if (d == 0 || d == -1)
            continue;
        printf("%lld %lld %llu %llu\n", q / d, q % d, (unsigned long long)q / (unsigned long long)d,
               (unsigned long long)q % (unsigned long long)d);
        q = (long long)next();
    }
}

static void numbers_from_text(void)
{
    static const char *const integers[] = {
        "123",
        "-123",
        "+7",
        " 42abc",
        "0x1F",
        "077",
        "",
        "-",
        "0x",
        "zz",
        "7fffffff",
        "99999999999999999999",
        "-99999999999999999999",
    };
    static const char *const reals[] = {
        "1.5",
        "-2.25e3",
        ".5",
        "5.",
        "1e",
        "1e+",
        "inf",
        "-infinity",
        "nanx",
        "1e400",
        "1e-400",
        "123456789012345678901234567890",
        "4.9e-324",
        "2.4703282292062328e-324",
        "x",
        "1.7976931348623158e308",
        "9007199254740993",
    };
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        char *end;
        long long n = strtoll(integers[i], &end, 0);
        printf("%s %lld %d ", integers[i], n, (int)(end - integers[i]));
        printf("%llu ", strtoull(integers[i], &end, 36));
        printf("%d\n", (int)(end - integers[i]));
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        char *end;
        double d = strtod(reals[i], &end);
        printf("%s %.17g %d\n", reals[i], d, (int)(end - reals[i]));
    }
}

static void scanning(void)
{
    int a = 0, b = 0, c = 0;
    char s[20] = "", t[20] = "", one = 0;
    double d = 0;
    float f = 0;
    short h = 0;
    long long ll = 0;
    printf("%d", sscanf("12 -34 0x1f", "%d %d %i", &a, &b, &c));
    printf(" %d %d %d\n", a, b, c);
    printf("%d", sscanf("abc def", "%19s %3s", s, t));
    printf(" %s %s\n", s, t);
    printf("%d", sscanf("3.5 1e-3", "%lf %f", &d, &f));
    printf(" %g %g\n", d, (double)f);
    printf("%d", sscanf("key=value;x", "%19[a-z]=%19[^;];%c", s, t, &one));
    printf(" %s %s %c\n", s, t, one);
    printf("%d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a));
    printf("%d", sscanf("12345", "%2d%hd%n", &a, &h, &b));
    printf(" %d %d %d\n", a, h, b);
    printf("%d", sscanf("5 apples 99999999999", "%*d %19s %lld", s, &ll));
    printf(" %s %lld\n", s, ll);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void sorting(void)
{
    int numbers[100];
    for (int i = 0; i < 100; i++)
        numbers[i] = (int)(next() % 1000);
    int key = numbers[50];
    qsort(numbers, 100, sizeof numbers[0], compare);
    for (int i = 0; i < 100; i++)
        printf("%d ", numbers[i]);
    int *found = bsearch(&key, numbers, 100, sizeof numbers[0], compare);
    printf("%d\n", found != NULL && *found == key);
}

static void strings(void)
{
    char text[40] = "a,b;;c";
    for (char *word = strtok(text, ",;"); word != NULL; word = strtok(NULL, ",;"))
        printf("<%s>", word);
    printf("%s %s %d\n", strstr("hello world", "o w"), strrchr("a/b/c", '/'), strcmp("a", "b") < 0);
    printf("%zu %zu ", strspn("aabbc", "ab"), strcspn("hello", "lo"));
    printf("%d\n", strncmp("abcd", "abce", 3));
    memset(text, '.', sizeof text);
    strncpy(text, "abc", 6);
    memmove(text + 2, text, 8);
    for (int i = 0; i < 12; i++)
        printf("%d ", text[i]);
    strcpy(text, "x");
    int length = snprintf(text, 4, "%d", 123456);
    printf("%d %s\n", length, strcat(text, "yz"));
    for (int i = 0; i < 128; i++)
        printf("%d%d%d%d%d%d", !!isalpha(i), !!isdigit(i), !!isspace(i), !!ispunct(i), toupper(i),
               tolower(i));
    printf("\n");
}

static void files(void)
{
    char line[20];
    FILE *f = fopen("library.tmp", "w+");
    if (f == NULL) {
        perror("library.tmp");
        exit(1);
    }
    fprintf(f, "first\nsecond\n");
    for (int i = 0; i < 5000; i++)
        putc('a' + i % 26, f);
    printf("%ld ", ftell(f));
    rewind(f);
    while (fgets(line, sizeof line, f) != NULL && line[0] != 'a')
        printf("%s", line);
    fseek(f, 1000, SEEK_SET);
    int c = getc(f);
    ungetc('!', f);
    int pushed = getc(f), next = getc(f);
    printf("%c%c%c %ld\n", c, pushed, next, ftell(f));
    fseek(f, -3, SEEK_END);
    printf("%s", fgets(line, sizeof line, f));
    printf(" %d\n", feof(f) != 0);
    fclose(f);
    f = fopen("library.tmp", "a");
    fputs("more", f);
    fclose(f);
    f = fopen("library.tmp", "r");
    static char all[6000];
    size_t n = fread(all, 1, sizeof all, f);
    printf("%zu %.4s %d\n", n, all + n - 4, getc(f));
    fclose(f);
    printf("%d ", remove("library.tmp"));
    printf("%d\n", fopen("library.tmp", "r") == NULL);
}

static jmp_buf start;

static void jump_from(int depth)
{
    if (depth == 0)
        longjmp(start, 0);
    jump_from(depth - 1);
}

static void jumping(void)
{
    volatile int times = 0;
    if (setjmp(start) != 0)
        printf("back ");
    printf("%d\n", times);
    if (times++ < 3)
        jump_from(5);
}

int main(void)
{
    arithmetic();
    numbers_from_text();
    scanning();
    sorting();
    strings();
    files();
    jumping();
    return 0;
}
