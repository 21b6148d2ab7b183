/*
 * Formatted text for the console and for buffers, and the kernel's last words.
 *
 * Formats: %d %u %x %p %s %c %%, with an optional width; a '-' before it sets the text to the
 * left, a '0' fills with zeros.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/lock.h"

/* Where formatted characters go: the console, or a buffer of `size` bytes when there is one. */
struct out {
    char *buffer;
    size_t size;
    size_t length;
};

static struct spinlock print_lock = {.name = "print"};
static bool in_panic;
static uint32_t panics;

static void put(struct out *out, char c)
{
    if (!out->buffer)
        console_putc(c);
    else if (out->length + 1 < out->size)
        out->buffer[out->length] = c;
    out->length++;
}

static void put_padded(struct out *out, const char *text, size_t length, int width, bool left,
                       char fill)
{
    int space = width - (int)length;

    for (; !left && space > 0; space--)
        put(out, fill);
    for (size_t i = 0; i < length; i++)
        put(out, text[i]);
    for (; space > 0; space--)
        put(out, ' ');
}

static void put_number(struct out *out, uint32_t value, bool negative, unsigned base, int width,
                       bool left, char fill)
{
    char digits[12];
    size_t i = sizeof digits;

    do
        digits[--i] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    if (negative)
        digits[--i] = '-';
    put_padded(out, digits + i, sizeof digits - i, width, left, fill);
}

static void format_one(struct out *out, char kind, va_list *args, int width, bool left, char fill)
{
    switch (kind) {
    case 'd': {
        int32_t value = va_arg(*args, int32_t);

        put_number(out, value < 0 ? -(uint32_t)value : (uint32_t)value, value < 0, 10, width, left,
                   fill);
        break;
    }
    case 'u': put_number(out, va_arg(*args, uint32_t), false, 10, width, left, fill); break;
    case 'x': put_number(out, va_arg(*args, uint32_t), false, 16, width, left, fill); break;
    case 'p':
        put_number(out, (uint32_t)(uintptr_t)va_arg(*args, void *), false, 16, 8, false, '0');
        break;
    case 's': {
        const char *s = va_arg(*args, const char *);

        put_padded(out, s ? s : "(null)", strlen(s ? s : "(null)"), width, left, ' ');
        break;
    }
    case 'c': put(out, (char)va_arg(*args, int)); break;
    default:
        put(out, '%');
        if (kind != '%')
            put(out, kind);
        break;
    }
}

static void format_all(struct out *out, const char *format, va_list *args)
{
    for (; *format; format++) {
        bool left = false;
        char fill = ' ';
        int width = 0;

        if (*format != '%') {
            put(out, *format);
            continue;
        }
        if (*++format == '-') {
            left = true;
            format++;
        }
        if (*format == '0')
            fill = '0';
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + *format - '0';
        if (!*format)
            return;
        format_one(out, *format, args, width, left, fill);
    }
}

/* Print on the console. May be called anywhere, also in an interrupt handler. */
void cprintf(const char *format, ...)
{
    struct out out = {0};
    bool locked = !in_panic;
    va_list args;

    if (locked)
        acquire(&print_lock);
    va_start(args, format);
    format_all(&out, format, &args);
    va_end(args);
    if (locked)
        release(&print_lock);
}

/* Format into dst, always NUL-terminated. Returns the length that the whole text has. */
int snprintf(char *dst, size_t size, const char *format, ...)
{
    struct out out = {.buffer = dst, .size = size};
    va_list args;

    va_start(args, format);
    format_all(&out, format, &args);
    va_end(args);
    if (size > 0)
        dst[out.length < size ? out.length : size - 1] = '\0';
    return (int)out.length;
}

/* The kernel found itself wrong: say so and end the machine with the top status bit set. */
void panic(const char *format, ...)
{
    struct out out = {0};
    va_list args;

    intr_off();
    if (exchange(&panics, 1))
        arch_halt(); /* the first one is enough */
    in_panic = true;
    arch_stop_cpus();
    cprintf("panic: ");
    va_start(args, format);
    format_all(&out, format, &args);
    va_end(args);
    cprintf("\n");
    arch_exit(0x80000001);
    arch_halt();
}

bool panicking(void)
{
    return in_panic;
}
