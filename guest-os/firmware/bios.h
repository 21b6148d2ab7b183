/* What every real-mode part of the firmware shares: its memory model, ports, BIOS data area and
 * calls.
 *
 * Memory model. The real-mode half runs at F000:0000 and owns no RAM of its own. On every entry the
 * stubs of entry.S set
 *     DS = ES = SS   the caller's stack, so that a pointer to a local variable works,
 *     FS = 0000      interrupt vectors and BIOS data area (see BDA),
 *     GS = F000      this ROM (see ROM),
 * and clear the upper half of ESP. Hence there are no variables at file scope: what lives longer
 * than a call is in the BIOS data area, and constant tables are declared ROM and carry their
 * address space in their type. rom.ld refuses a build that breaks this rule.
 */
#ifndef FIRMWARE_BIOS_H
#define FIRMWARE_BIOS_H

#include "guest-os/firmware/layout.h"
#include "guest-os/firmware/ports.h"

#define ROM __attribute__((section(".rom"))) const __seg_gs
typedef const __seg_gs char *rom_string;

#define BDA ((volatile struct bda __seg_fs *)BDA_ADDRESS)

union reg {
    u32 e;
    u16 x;
    struct {
        u8 l, h;
    };
};

/* The caller's registers as entry.S pushed them; a service answers by changing them. */
struct frame {
    union reg di, si, bp, sp, bx, dx, cx, ax;
    u16 gs, fs, es, ds;
    u16 handler, vector;
    u16 ip, cs, flags;
};

#define FLAG_CARRY 0x0001
#define FLAG_ZERO  0x0040

static inline void frame_set_flag(struct frame *f, u16 flag, bool on)
{
    f->flags = on ? f->flags | flag : f->flags & ~flag;
}

/* Far memory: the caller's buffers, the screen, the EBDA. ES is C's own, so it is put back. */
static inline u8 far_read8(u16 segment, u16 offset)
{
    u8 value;
    __asm__ volatile("movw %1, %%es; movb %%es:(%2), %0; pushw %%ds; popw %%es"
                     : "=q"(value)
                     : "r"(segment), "r"((u32)offset)
                     : "memory");
    return value;
}

static inline u16 far_read16(u16 segment, u16 offset)
{
    u16 value;
    __asm__ volatile("movw %1, %%es; movw %%es:(%2), %0; pushw %%ds; popw %%es"
                     : "=r"(value)
                     : "r"(segment), "r"((u32)offset)
                     : "memory");
    return value;
}

static inline u32 far_read32(u16 segment, u16 offset)
{
    return far_read16(segment, offset) | (u32)far_read16(segment, offset + 2) << 16;
}

static inline void far_write8(u16 segment, u16 offset, u8 value)
{
    __asm__ volatile("movw %0, %%es; movb %2, %%es:(%1); pushw %%ds; popw %%es"
                     :
                     : "r"(segment), "r"((u32)offset), "q"(value)
                     : "memory");
}

static inline void far_write16(u16 segment, u16 offset, u16 value)
{
    __asm__ volatile("movw %0, %%es; movw %2, %%es:(%1); pushw %%ds; popw %%es"
                     :
                     : "r"(segment), "r"((u32)offset), "r"(value)
                     : "memory");
}

static inline void far_write32(u16 segment, u16 offset, u32 value)
{
    far_write16(segment, offset, value);
    far_write16(segment, offset + 2, value >> 16);
}

/* Fills `count` double words from segment:offset up. */
static inline void far_fill32(u16 segment, u16 offset, u32 value, u16 count)
{
    u32 di = offset, cx = count;
    __asm__ volatile("movw %2, %%es; rep stosl; pushw %%ds; popw %%es"
                     : "+D"(di), "+c"(cx)
                     : "r"(segment), "a"(value)
                     : "memory");
}

static inline void interrupts_off(void)
{
    __asm__ volatile("cli" ::: "memory");
}

static inline void interrupts_on(void)
{
    __asm__ volatile("sti" ::: "memory");
}

/* Waits for one interrupt, with interrupts on only while waiting. */
static inline void wait_for_interrupt(void)
{
    __asm__ volatile("sti; hlt; cli" ::: "memory");
}

/* entry.S: runs function(argument) of the protected-mode half with flat segments; interrupts off.
 */
u32 protected_call(u32 function, u32 argument);
/* entry.S: enters the code at 0000:7C00 as a boot sector; boot_halt: stops with interrupts on;
 * boot_give_up: with interrupts off. */
_Noreturn void boot_sector_enter(u32 drive);
_Noreturn void boot_halt(void);
_Noreturn void boot_give_up(void);
_Noreturn void power_on(void);
static inline u32 stack_linear(const void *object)
{
    u16 ss;
    __asm__("movw %%ss, %0" : "=r"(ss));
    return ((u32)ss << 4) + (u32)object;
}

/* Services, one for each vector; entry.S lists which. */
void int08_timer(struct frame *f);
void int09_keyboard(struct frame *f);
void int10_video(struct frame *f);
void int11_equipment(struct frame *f);
void int12_memory(struct frame *f);
void int13_disk(struct frame *f);
void int14_serial(struct frame *f);
void int15_system(struct frame *f);
void int16_keyboard(struct frame *f);
void int18_no_boot(struct frame *f);
void int19_boot(struct frame *f);
void int1a_time(struct frame *f);
void hardware_interrupt(struct frame *f);
void processor_exception(struct frame *f);

_Noreturn void post(void);

void video_set_mode(void);
void video_put(u8 character); /* teletype on the active page */
void video_print(rom_string text);
void video_show_cursor(void); /* moves a terminal's cursor to where the screen's is */
void video_print_hex(u32 value, unsigned digits);

bool serial_read(u8 *byte);
void serial_write(u8 byte);
void serial_init(void);

/* The terminal on COM1; rows and columns are the screen's. */
void console_move(u8 row, u8 column);
void console_put(u8 row, u8 column, u8 character, u8 attribute);
void console_fill(u8 row, u8 column, u8 character, u8 attribute, u16 count);
void console_scroll(u8 lines); /* the whole screen, upwards */
void console_return(void);
void console_clear(u8 attribute);

void keyboard_init(void);

void disk_init(void);
u8 disk_read_sector(u32 lba, u16 segment, u16 offset); /* of drive 80h; INT 13h status, 0 = good */

void time_init(void);
void time_wait(u32 microseconds);

void a20_set(bool on);
bool a20_is_on(void);

u8 cmos_read(u8 index);
void cmos_write(u8 index, u8 value);
void fwcfg_init(void);

#endif
