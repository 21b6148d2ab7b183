/* compute: the computation of the benchmarks, the same on every processor. */
#include "compute.h"
u8 area[1 << 20];
static u32 words[1 << 16];

static u32 random_state = 1;

static u32 random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

u32 crc(u32 n)
{
    static u32 table[256];
    u32 sum = 0xffffffff;
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    for (u32 i = 0; i < 65536; i++)
        area[i] = (u8)(i * 7);
    while (n-- > 0)
        for (u32 i = 0; i < 65536; i++)
            sum = table[(sum ^ area[i]) & 255] ^ sum >> 8;
    return ~sum;
}

u32 sieve(u32 n)
{
    u32 count = 0, top = 200000;
    while (n-- > 0) {
        count = 0;
        for (u32 i = 0; i < top; i++)
            area[i] = 1;
        for (u32 i = 2; i < top; i++) {
            if (!area[i])
                continue;
            count++;
            for (u32 k = i + i; k < top; k += i)
                area[k] = 0;
        }
    }
    return count;
}

u32 matmul(u32 n)
{
    enum { SIDE = 64 };
    u32 *a = words, *b = words + SIDE * SIDE, *c = words + 2 * SIDE * SIDE, sum = 0;
    for (u32 i = 0; i < SIDE * SIDE; i++) {
        a[i] = i;
        b[i] = i * 3 + 1;
    }
    while (n-- > 0) {
        for (u32 i = 0; i < SIDE; i++)
            for (u32 j = 0; j < SIDE; j++) {
                u32 s = 0;
                for (u32 k = 0; k < SIDE; k++)
                    s += a[i * SIDE + k] * b[k * SIDE + j];
                c[i * SIDE + j] = s;
            }
        sum += c[n % (SIDE * SIDE)];
    }
    return sum;
}

static void quicksort(u32 *v, int low, int high)
{
    while (low < high) {
        u32 pivot = v[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                u32 t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        quicksort(v, low, j);
        low = i;
    }
}

u32 sort(u32 n)
{
    u32 sum = 0;
    random_state = 1;
    while (n-- > 0) {
        for (u32 i = 0; i < 20000; i++)
            words[i] = random_next();
        quicksort(words, 0, 19999);
        sum += words[n % 20000];
    }
    return sum;
}

static u32 __attribute__((noinline)) fib(u32 n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

u32 calls(u32 n)
{
    u32 sum = 0;
    while (n-- > 0)
        sum += fib(22);
    return sum;
}

u32 interpret(u32 n)
{
    static const u8 program[] = {0, 1, 2, 3, 1, 4, 5, 2, 6, 1, 7, 0, 3, 4, 6, 5};
    u32 a = 1, b = 2, c = 3;
    for (u32 i = 0; i < n * 100000; i++)
        switch (program[(i + (a & 1)) & 15]) {
        case 0: a += b; break;
        case 1: b ^= c; break;
        case 2: c -= a; break;
        case 3: a = a << 1 | a >> 31; break;
        case 4: b += 7; break;
        case 5: c = c * 5 + 1; break;
        case 6: a ^= c >> 3; break;
        default: b -= a & c; break;
        }
    return a ^ b ^ c;
}
