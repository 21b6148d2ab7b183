/* The memory both halves of the firmware know: BIOS data area, fixed addresses, the map of RAM. */
#ifndef FIRMWARE_LAYOUT_H
#define FIRMWARE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define BDA_ADDRESS     0x400
#define EBDA_SEGMENT    0x9FC0
#define BASE_MEMORY_KIB 639 /* 640 less the EBDA */
#define EXTENDED_BASE   0x100000
#define BOOT_SECTOR     0x7C00
#define KEYBOARD_BUFFER 0x1E   /* 40:1E, 16 words; the pointers are offsets in segment 40 */
#define EBDA_POWERED    0x04   /* in the EBDA, a word: not zero since the firmware first ran */
#define FDPT_OFFSET     0x3D   /* the fixed disk parameter table in the EBDA */
#define MULTIBOOT_AREA  0x8000 /* information for the kernel, 4 KiB */
#define PAGE            4096u

struct disk {
    u32 sectors;
    u16 cylinders;
    u8 heads; /* 255 at most */
    u8 unit;  /* 0 master, 1 slave */
} __attribute__((packed));

/* The BIOS data area at 0040:0000. Names and places as the IBM PC AT technical reference has them;
 * `own` is the firmware's, in bytes which that area leaves unused. */
struct bda {
    u16 com_port[4];         /* 00 */
    u16 lpt_port[3];         /* 08 */
    u16 ebda_segment;        /* 0E */
    u16 equipment;           /* 10: bit 0 floppy, 1 FPU, 4-5 video (10b = 80x25), 9-11 COM ports */
    u8 post_status;          /* 12 */
    u16 base_memory_kib;     /* 13 */
    u16 reserved_15;         /* 15 */
    u8 shift_flags;          /* 17: see keyboard.c */
    u8 shift_keys;           /* 18 */
    u8 alt_keypad;           /* 19 */
    u16 keyboard_head;       /* 1A: next key to take */
    u16 keyboard_tail;       /* 1C: next free word */
    u16 keyboard_buffer[16]; /* 1E */
    u8 floppy[11];           /* 3E */
    u8 video_mode;           /* 49 */
    u16 video_columns;       /* 4A */
    u16 video_page_size;     /* 4C */
    u16 video_page_start;    /* 4E */
    u16 cursor[8];           /* 50: row in the high byte */
    u16 cursor_shape;        /* 60 */
    u8 video_page;           /* 62 */
    u16 crtc_port;           /* 63 */
    u8 video_mode_register;  /* 65 */
    u8 video_palette;        /* 66 */
    u8 reserved_67[5];       /* 67 */
    u32 ticks;               /* 6C: 18.2 a second since midnight */
    u8 midnight;             /* 70 */
    u8 break_flag;           /* 71 */
    u16 reset_flag;          /* 72: 1234h = warm */
    u8 disk_status;          /* 74 */
    u8 disk_count;           /* 75 */
    u8 reserved_76[2];       /* 76 */
    u8 lpt_timeout[4];       /* 78 */
    u8 com_timeout[4];       /* 7C */
    u16 keyboard_start;      /* 80 */
    u16 keyboard_end;        /* 82 */
    u8 video_last_row;       /* 84 */
    u16 character_height;    /* 85 */
    u8 reserved_87[15];      /* 87 */
    u8 extended_keys;        /* 96: bit 1 = last byte was E0, bit 0 = E1, bit 4 = 101 keys */
    u8 leds;                 /* 97 */
    u8 reserved_98[24];      /* 98 */
    struct {
        struct disk disk[2]; /* B0: IDE master and slave, drives 80h and 81h as far as they exist */
        u32 extended_kib;    /* C0: RAM above 1 MiB */
        u32 cmdline_size;    /* C4: fw_cfg file opt/turnstile/cmdline, 0 = absent */
        u16 cmdline_selector; /* C8 */
        u8 serial_console;    /* CA: text goes to COM1, and keys come from there, too */
        u8 terminal_row;      /* CB: where the terminal on COM1 stands, as console.c left it */
        u8 terminal_column;   /* CC */
        u8 terminal_used;     /* CD: there is text of ours on it */
        u8 terminal_colour;   /* CE: attribute it writes in, XOR 07h: plain is 0 */
        u8 memory_used;       /* CF: a program may have written anywhere; see post.c */
    } own;
} __attribute__((packed));

_Static_assert(offsetof(struct bda, keyboard_buffer) == KEYBOARD_BUFFER, "");
_Static_assert(offsetof(struct bda, video_mode) == 0x49, "");
_Static_assert(offsetof(struct bda, ticks) == 0x6C, "");
_Static_assert(offsetof(struct bda, keyboard_start) == 0x80, "");
_Static_assert(offsetof(struct bda, extended_keys) == 0x96, "");
_Static_assert(offsetof(struct bda, own) == 0xB0, "");

#define RANGE_RAM      1
#define RANGE_RESERVED 2

struct memory_range {
    u32 base, size, type;
};

static inline bool range_set(struct memory_range *range, u32 base, u32 size, u32 type)
{
    range->base = base;
    range->size = size;
    range->type = type;
    return true;
}

/* The map that INT 15h E820 and the multiboot information show; false = no range of that index. */
static inline bool memory_range(u32 index, u32 extended_kib, struct memory_range *range)
{
    u32 ebda = EBDA_SEGMENT * 16u;
    switch (index) {
    case 0: return range_set(range, 0, ebda, RANGE_RAM);
    case 1: return range_set(range, ebda, 0xA0000 - ebda, RANGE_RESERVED);
    case 2: return range_set(range, 0xE0000, 0x20000, RANGE_RESERVED);
    case 3: return range_set(range, EXTENDED_BASE, extended_kib * 1024, RANGE_RAM);
    case 4: return range_set(range, 0xFE000000, 0x2000000, RANGE_RESERVED);
    default: return false;
    }
}

/* What turnstile_boot() returns when it cannot start the kernel. */
enum turnstile_failure {
    TURNSTILE_ABSENT = 1, /* no container in the flash */
    TURNSTILE_DAMAGED,    /* header or run list contradicts itself */
    TURNSTILE_BAD_KERNEL, /* not an ELF32 i386 executable, or a segment outside its file */
    TURNSTILE_NO_MEMORY,  /* kernel or image do not fit into RAM */
};

#endif
