/* kbd8042: the PC/AT keyboard controller with a keyboard at its port. */
#include "devices/kbd8042.h"

enum status {
    STATUS_FULL = 1,
    STATUS_SYSTEM = 4,
    STATUS_COMMAND = 8,
    STATUS_UNLOCKED = 16,
    STATUS_TIMEOUT = 64
};
enum mode {
    MODE_IRQ1 = 1,
    MODE_SYSTEM = 4,
    MODE_KEYS_OFF = 16,
    MODE_AUX_OFF = 32,
    MODE_TRANSLATE = 64
};
enum port { PORT_NO_RESET = 1, PORT_A20 = 2, PORT_FULL = 16 };
enum keyboard_answer { KEYBOARD_PASSED = 0xaa, KEYBOARD_ACK = 0xfa, KEYBOARD_RESEND = 0xfe };

/* What the controller makes of a byte from the keyboard when it translates: set 2 to set 1
 * (Technical Reference, "Scan code translation"). */
/* clang-format off */
static const uint8_t translation[0x85] = {
    0xff, 0x43, 0x41, 0x3f, 0x3d, 0x3b, 0x3c, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3e, 0x0f, 0x29, 0x59,
    0x65, 0x38, 0x2a, 0x70, 0x1d, 0x10, 0x02, 0x5a, 0x66, 0x71, 0x2c, 0x1f, 0x1e, 0x11, 0x03, 0x5b,
    0x67, 0x2e, 0x2d, 0x20, 0x12, 0x05, 0x04, 0x5c, 0x68, 0x39, 0x2f, 0x21, 0x14, 0x13, 0x06, 0x5d,
    0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5e, 0x6a, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5f,
    0x6b, 0x33, 0x25, 0x17, 0x18, 0x0b, 0x0a, 0x60, 0x6c, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0c, 0x61,
    0x6d, 0x73, 0x28, 0x74, 0x1a, 0x0d, 0x62, 0x6e, 0x3a, 0x36, 0x1c, 0x1b, 0x75, 0x2b, 0x63, 0x76,
    0x55, 0x56, 0x77, 0x78, 0x79, 0x7a, 0x0e, 0x7b, 0x7c, 0x4f, 0x7d, 0x4b, 0x47, 0x7e, 0x7f, 0x6f,
    0x52, 0x53, 0x50, 0x4c, 0x4d, 0x48, 0x01, 0x45, 0x57, 0x4e, 0x51, 0x4a, 0x37, 0x49, 0x46, 0x54,
    0x80, 0x81, 0x82, 0x41, 0x54,
};
/* clang-format on */

static bool translating(const struct kbd8042 *kbd)
{
    return (kbd->s.ram[0] & MODE_TRANSLATE) != 0;
}

/* The set-2 code of a set-1 key. From the end: F7 and SysRq (83h, 84h) hide two unused codes. */
static uint8_t set_2(uint8_t set_1)
{
    for (unsigned code = sizeof translation; code-- > 0;)
        if (translation[code] == set_1)
            return (uint8_t)code;
    return 0;
}

/* The keyboard's next byte from its keys. False: there is none. */
static bool next_key(struct kbd8042 *kbd, uint8_t *byte)
{
    struct kbd8042_state *s = &kbd->s;
    if (s->keys.used == 0)
        return false;
    uint8_t key = s->key_bytes[s->keys.first];
    bool prefix = key == 0xe0 || key == 0xe1;
    if (!translating(kbd) && !prefix && (key & 0x80) && !s->release) {
        s->release = 1;
        *byte = 0xf0;
        return true;
    }
    s->release = 0;
    fifo_get(&s->keys, s->key_bytes, KBD8042_KEYS, &key);
    *byte = translating(kbd) || prefix ? key : set_2(key & 0x7f);
    return true;
}

/* Fills the output buffer when it is free and drives IRQ1. */
static void update(struct kbd8042 *kbd)
{
    struct kbd8042_state *s = &kbd->s;
    if (!s->full) {
        if (fifo_get(&s->answers, s->answer_bytes, KBD8042_ANSWERS, &s->output)) {
            s->full = 1;
        } else if (!(s->ram[0] & MODE_KEYS_OFF) && next_key(kbd, &s->output)) {
            s->last_sent = s->output;
            s->full = 1;
        }
    }
    bool level = s->full && (s->ram[0] & MODE_IRQ1);
    if (s->irq == level)
        return;
    s->irq = level;
    irq_set(&kbd->irq1, level);
}

static void reply(struct kbd8042 *kbd, uint8_t byte)
{
    fifo_put(&kbd->s.answers, kbd->s.answer_bytes, KBD8042_ANSWERS, byte);
}

static void keyboard_reply(struct kbd8042 *kbd, uint8_t byte)
{
    if (byte != KEYBOARD_RESEND)
        kbd->s.last_sent = byte;
    reply(kbd, translating(kbd) && byte < sizeof translation ? translation[byte] : byte);
}

static void forget_keys(struct kbd8042 *kbd)
{
    kbd->s.keys = (struct fifo){0};
    kbd->s.release = 0;
}

static void keyboard_defaults(struct kbd8042 *kbd)
{
    forget_keys(kbd);
    kbd->s.device_command = 0;
    kbd->s.rate = 0x2b; /* 10.9 characters a second after 500 ms */
    kbd->s.set = 2;
}

static void keyboard_command(struct kbd8042 *kbd, uint8_t byte)
{
    struct kbd8042_state *s = &kbd->s;
    s->device_command = 0;
    switch (byte) {
    case 0xed:
    case 0xf0:
    case 0xf3: s->device_command = byte; break;
    case 0xee: keyboard_reply(kbd, 0xee); return;
    case 0xf2:
        keyboard_reply(kbd, KEYBOARD_ACK);
        keyboard_reply(kbd, 0xab);
        keyboard_reply(kbd, 0x83);
        return;
    case 0xf4:
        forget_keys(kbd);
        s->scanning = 1;
        break;
    case 0xf5:
        keyboard_defaults(kbd);
        s->scanning = 0;
        break;
    case 0xf6: keyboard_defaults(kbd); break;
    case 0xf7:
    case 0xf8:
    case 0xf9:
    case 0xfa: break;
    case 0xfe: reply(kbd, s->last_sent); return;
    case 0xff:
        keyboard_reply(kbd, KEYBOARD_ACK);
        keyboard_defaults(kbd);
        s->leds = 0;
        s->scanning = 1;
        keyboard_reply(kbd, KEYBOARD_PASSED);
        return;
    default: keyboard_reply(kbd, KEYBOARD_RESEND); return;
    }
    keyboard_reply(kbd, KEYBOARD_ACK);
}

/* A byte that the controller passes on to the keyboard. A command in place of the data that the
 * keyboard expects ends the earlier command ("Keyboard", "Commands from the system"). */
static void keyboard_write(struct kbd8042 *kbd, uint8_t byte)
{
    struct kbd8042_state *s = &kbd->s;
    uint8_t expecting = s->device_command;
    if (expecting == 0 || byte >= 0x80) {
        keyboard_command(kbd, byte);
        return;
    }
    if (expecting == 0xf0 && byte > 3) {
        keyboard_reply(kbd, KEYBOARD_RESEND);
        return;
    }
    s->device_command = 0;
    keyboard_reply(kbd, KEYBOARD_ACK);
    if (expecting == 0xed)
        s->leds = byte;
    else if (expecting == 0xf3)
        s->rate = byte;
    else if (byte == 0)
        keyboard_reply(kbd, s->set);
    else
        s->set = byte;
}

static void write_port(struct kbd8042 *kbd, uint8_t value)
{
    kbd->s.port = value & (PORT_NO_RESET | PORT_A20);
    irq_set(&kbd->a20, (value & PORT_A20) != 0);
    if (!(value & PORT_NO_RESET))
        kbd->reset(kbd->context);
}

static void write_mode(struct kbd8042 *kbd, uint8_t mode)
{
    kbd->s.ram[0] = mode;
    kbd->s.status =
        (uint8_t)((kbd->s.status & ~STATUS_SYSTEM) | (mode & MODE_SYSTEM ? STATUS_SYSTEM : 0));
}

static void controller_command(struct kbd8042 *kbd, uint8_t command)
{
    struct kbd8042_state *s = &kbd->s;
    s->command = 0;
    if (command >= 0x20 && command <= 0x3f) {
        reply(kbd, s->ram[command & 31]);
        return;
    }
    if (command >= 0xf0) { /* pulses the output port's low bits that are 0 */
        if (!(command & PORT_NO_RESET))
            kbd->reset(kbd->context);
        return;
    }
    switch (command) {
    case 0xa4: reply(kbd, 0xf1); break; /* no password */
    case 0xa7: write_mode(kbd, s->ram[0] | MODE_AUX_OFF); break;
    case 0xa8: write_mode(kbd, s->ram[0] & (uint8_t)~MODE_AUX_OFF); break;
    case 0xa9: reply(kbd, 0x01); break;
    case 0xaa:
        write_mode(kbd, s->ram[0] | MODE_SYSTEM);
        reply(kbd, 0x55);
        break;
    case 0xab: reply(kbd, 0x00); break;
    case 0xad: write_mode(kbd, s->ram[0] | MODE_KEYS_OFF); break;
    case 0xae: write_mode(kbd, s->ram[0] & (uint8_t)~MODE_KEYS_OFF); break;
    case 0xc0: reply(kbd, 0x80); break; /* input port: the keyboard is not locked */
    case 0xd0: reply(kbd, (uint8_t)(s->port | (s->full ? PORT_FULL : 0))); break;
    case 0xdd: write_port(kbd, s->port & (uint8_t)~PORT_A20); break;
    case 0xdf: write_port(kbd, s->port | PORT_A20); break;
    case 0xe0: reply(kbd, s->ram[0] & MODE_KEYS_OFF ? 2 : 3); break; /* data 1, clock as driven */
    case 0xd1:
    case 0xd2:
    case 0xd3:
    case 0xd4: s->command = command; break;
    default:
        if (command >= 0x60 && command <= 0x7f)
            s->command = command;
        break;
    }
}

static void controller_data(struct kbd8042 *kbd, uint8_t value)
{
    struct kbd8042_state *s = &kbd->s;
    uint8_t command = s->command;
    s->command = 0;
    switch (command) {
    case 0xd1: write_port(kbd, value); break;
    case 0xd2: reply(kbd, value); break;
    case 0xd3: break;
    case 0xd4:
        reply(kbd, KEYBOARD_RESEND);
        s->status |= STATUS_TIMEOUT;
        break;
    default:
        if (command == 0x60)
            write_mode(kbd, value);
        else
            s->ram[command & 31] = value;
        break;
    }
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct kbd8042 *kbd = device;
    if (offset == 0)
        return kbd->s.output;
    return (uint8_t)(kbd->s.status | STATUS_UNLOCKED | (kbd->s.full ? STATUS_FULL : 0));
}

static uint8_t in(void *device, unsigned offset)
{
    struct kbd8042 *kbd = device;
    uint8_t value = peek(kbd, offset);
    if (offset == 0) {
        kbd->s.full = 0;
        kbd->s.status &= (uint8_t)~STATUS_TIMEOUT;
        /* The line falls between two bytes, so that each has its edge. */
        if (kbd->s.irq) {
            kbd->s.irq = 0;
            irq_set(&kbd->irq1, false);
        }
        update(kbd);
    }
    return value;
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct kbd8042 *kbd = device;
    if (offset == 1) {
        kbd->s.status |= STATUS_COMMAND;
        controller_command(kbd, value);
    } else {
        kbd->s.status &= (uint8_t)~STATUS_COMMAND;
        if (kbd->s.command != 0) {
            controller_data(kbd, value);
        } else {
            write_mode(kbd, kbd->s.ram[0] & (uint8_t)~MODE_KEYS_OFF); /* sending opens the line */
            keyboard_write(kbd, value);
        }
    }
    update(kbd);
}

/* The two ports are two windows of one byte: 60h and 64h. */
static bool data_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who, (void)offset, (void)size;
    *value = in(device, 0);
    return true;
}

static bool data_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who, (void)offset, (void)size;
    out(device, 0, (uint8_t)value);
    return true;
}

static bool data_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)offset, (void)size;
    *value = peek(device, 0);
    return true;
}

static bool status_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who, (void)offset, (void)size;
    *value = in(device, 1);
    return true;
}

static bool command_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who, (void)offset, (void)size;
    out(device, 1, (uint8_t)value);
    return true;
}

static bool status_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)offset, (void)size;
    *value = peek(device, 1);
    return true;
}

static const struct bus_ops data_ops = {.read = data_in, .write = data_out, .peek = data_look};
static const struct bus_ops command_ops = {
    .read = status_in, .write = command_out, .peek = status_look};

static bool valid(const void *bytes)
{
    const struct kbd8042_state *s = bytes;
    return fifo_valid(&s->keys, KBD8042_KEYS) && fifo_valid(&s->answers, KBD8042_ANSWERS) &&
           s->full <= 1 && s->port <= 3 && s->scanning <= 1 && s->set >= 1 && s->set <= 3 &&
           s->release <= 1 && s->irq <= 1 &&
           (s->status & ~(STATUS_SYSTEM | STATUS_COMMAND | STATUS_TIMEOUT)) == 0;
}

static void power_on(struct kbd8042 *kbd)
{
    bool irq = kbd->s.irq;
    kbd->s = (struct kbd8042_state){
        .port = PORT_NO_RESET | PORT_A20,
        .scanning = 1,
    };
    keyboard_defaults(kbd);
    write_mode(kbd, MODE_IRQ1 | MODE_SYSTEM | MODE_TRANSLATE);
    if (irq)
        irq_set(&kbd->irq1, false);
    irq_set(&kbd->a20, true);
}

void kbd8042_init(struct kbd8042 *kbd, struct irq_line irq1, struct irq_line a20,
                  void (*reset)(void *context), void *context)
{
    *kbd = (struct kbd8042){.irq1 = irq1, .a20 = a20, .reset = reset, .context = context};
    power_on(kbd);
}

void kbd8042_reset(struct kbd8042 *kbd)
{
    power_on(kbd);
}

void kbd8042_map(struct kbd8042 *kbd, struct bus *ports)
{
    bus_add_device(ports, "kbd8042 data", 0x60, 1, &data_ops, kbd);
    bus_add_device(ports, "kbd8042 command", 0x64, 1, &command_ops, kbd);
}

void kbd8042_add_state(struct kbd8042 *kbd, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "kbd8042",
                       .version = 1,
                       .size = sizeof kbd->s,
                       .bytes = &kbd->s,
                       .valid = valid,
                   });
}

unsigned kbd8042_room(const struct kbd8042 *kbd)
{
    return KBD8042_KEYS - kbd->s.keys.used;
}

void kbd8042_key(void *device, uint32_t byte)
{
    struct kbd8042 *kbd = device;
    if (kbd->s.scanning)
        fifo_put(&kbd->s.keys, kbd->s.key_bytes, KBD8042_KEYS, (uint8_t)byte);
    update(kbd);
}
