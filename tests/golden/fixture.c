/* fixture: a program whose symbols the debugger's unit tests read. Line numbers count: the tests
 * find them by the words in the remarks. It is never run. */

typedef unsigned int uint;

enum color { RED, GREEN = 5, BLUE };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4 };

struct point {
    int x, y;
};

struct node {
    struct node *next;
    char name[12];
    struct point at;
    union {
        uint word;
        unsigned char byte[4];
    };
    unsigned low : 3, high : 5;
    int sign : 4;
    enum color color;
    _Bool yes;
};

int numbers[2][3] = {{1, 2, 3}, {40, 50, 60}};
short negative = -7;
unsigned char byte = 200;
long long large = 0x123456789abcdefLL;
const char *text = "a \"line\"\n";
enum flags permissions = READ | EXECUTE;
struct node second = {.name = "second",
                      .at = {7, -8},
                      .word = 0x04030201,
                      .low = 5,
                      .high = 17,
                      .sign = -3,
                      .color = BLUE,
                      .yes = 1};
struct node first = {.next = &second, .name = "first", .color = GREEN};
static int hidden = 99;

int add(int a, int b)
{
    int sum = a + b; /* first line of add */
    {
        int inner = sum * 2; /* inner block */
        hidden += inner;
    }
    return sum; /* last line of add */
}

int (*pointer)(int, int) = add;

int _start(int argc)
{
    return add(argc, 3); /* call of add */
}
