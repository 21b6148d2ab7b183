/* Unit tests of the small ports: fwcfg, debugexit, debugport, acpi_power, port80, wired_or. */
#include "device_rig.h"

#include "devices/acpi_power.h"
#include "devices/debugexit.h"
#include "devices/debugport.h"
#include "devices/fwcfg.h"
#include "devices/port80.h"
#include "devices/wired_or.h"

struct ports_rig {
    struct rig rig; /* first */
    struct fwcfg fwcfg;
    struct debugexit debugexit;
    struct debugport debugport;
    struct acpi_power power;
    struct port80 port80;
    unsigned exits, offs;
    uint32_t exit_value;
};

static const char argv_file[] = "echo\0hi";
static const uint8_t program_file[1000] = {0x7f, 'E', 'L', 'F'};

static void note_exit(void *context, uint32_t value)
{
    struct ports_rig *r = context;
    r->exits++;
    r->exit_value = value;
    rig_tell(&r->rig, value);
}

static void note_off(void *context)
{
    struct ports_rig *r = context;
    r->offs++;
    rig_call(&r->rig);
}

static struct rig *make(void)
{
    struct ports_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    fwcfg_init(&r->fwcfg);
    fwcfg_add_file(&r->fwcfg, "opt/turnstile/argv", argv_file, sizeof argv_file);
    fwcfg_add_file(&r->fwcfg, "opt/turnstile/program", program_file, sizeof program_file);
    fwcfg_add_item(&r->fwcfg, 0x05, "\2\0", 2);
    debugexit_init(&r->debugexit, note_exit, r);
    debugport_init(&r->debugport, rig_send, r);
    acpi_power_init(&r->power, note_off, r);
    port80_init(&r->port80);
    fwcfg_map(&r->fwcfg, &r->rig.ports, 0x510);
    debugexit_map(&r->debugexit, &r->rig.ports, 0xf4);
    debugport_map(&r->debugport, &r->rig.ports, 0xe9);
    acpi_power_map(&r->power, &r->rig.ports, 0x604);
    port80_map(&r->port80, &r->rig.ports, 0x80);
    fwcfg_add_state(&r->fwcfg, &r->rig.map);
    acpi_power_add_state(&r->power, &r->rig.map);
    port80_add_state(&r->port80, &r->rig.map);
    return &r->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static void choose(struct rig *rig, uint16_t key)
{
    bus_write(&rig->ports, 0, 0x510, 2, key);
}

static uint32_t big_endian(struct rig *rig, unsigned size)
{
    uint32_t value = 0;
    while (size-- > 0)
        value = value << 8 | rig_in(rig, 0x511);
    return value;
}

START_TEST(fwcfg_signature_and_features)
{
    struct rig *rig = make();
    choose(rig, 0);
    ck_assert_uint_eq(big_endian(rig, 4), 0x51454d55); /* QEMU */
    ck_assert_uint_eq(rig_in(rig, 0x511), 0);
    choose(rig, 1);
    ck_assert_uint_eq(big_endian(rig, 4), 0x01000000);
    choose(rig, 5);
    ck_assert_uint_eq(rig_in(rig, 0x511), 2);
    choose(rig, 0x7777);
    ck_assert_uint_eq(rig_in(rig, 0x511), 0);
    free_rig(rig);
}
END_TEST

START_TEST(fwcfg_files_are_found_by_name)
{
    struct rig *rig = make();
    choose(rig, 0x19);
    ck_assert_uint_eq(big_endian(rig, 4), 2);
    for (unsigned i = 0; i < 2; i++) {
        char name[57] = {0};
        ck_assert_uint_eq(big_endian(rig, 4), i == 0 ? sizeof argv_file : sizeof program_file);
        ck_assert_uint_eq(big_endian(rig, 2), 0x20 + i);
        ck_assert_uint_eq(big_endian(rig, 2), 0);
        for (unsigned j = 0; j < 56; j++)
            name[j] = (char)rig_in(rig, 0x511);
        ck_assert_str_eq(name, i == 0 ? "opt/turnstile/argv" : "opt/turnstile/program");
    }
    for (unsigned times = 0; times < 2; times++) { /* choosing again rewinds */
        choose(rig, 0x20);
        for (unsigned i = 0; i < sizeof argv_file; i++)
            ck_assert_uint_eq(rig_in(rig, 0x511), (uint8_t)argv_file[i]);
    }
    for (unsigned i = 0; i < 100; i++)
        ck_assert_uint_eq(rig_in(rig, 0x511), 0);
    choose(rig, 0x21);
    rig_out(rig, 0x511, 0xee); /* data cannot be written */
    ck_assert_uint_eq(rig_in_wide(rig, 0x511, 1), 0x7f);
    free_rig(rig);
}
END_TEST

START_TEST(debug_exit_takes_every_width)
{
    struct rig *rig = make();
    struct ports_rig *r = (struct ports_rig *)rig;
    bus_write(&rig->ports, 0, 0xf4, 1, 0x12);
    ck_assert_uint_eq(r->exit_value, 0x12);
    bus_write(&rig->ports, 0, 0xf4, 2, 0x1234);
    ck_assert_uint_eq(r->exit_value, 0x1234);
    bus_write(&rig->ports, 0, 0xf4, 4, 0x12345678);
    ck_assert_uint_eq(r->exit_value, 0x12345678);
    ck_assert_uint_eq(r->exits, 3);
    free_rig(rig);
}
END_TEST

START_TEST(power_off_needs_sleep_enable)
{
    struct rig *rig = make();
    struct ports_rig *r = (struct ports_rig *)rig;
    bus_write(&rig->ports, 0, 0x604, 2, 0x1c01);
    ck_assert_uint_eq(r->offs, 0);
    ck_assert_uint_eq(rig_in_wide(rig, 0x604, 2), 0x1c01);
    bus_write(&rig->ports, 0, 0x605, 1, 0x20);
    ck_assert_uint_eq(r->offs, 1);
    ck_assert_uint_eq(rig_in_wide(rig, 0x604, 2), 0x0001); /* SLP_EN reads as 0 */
    bus_write(&rig->ports, 0, 0x604, 2, 0x2000);
    ck_assert_uint_eq(r->offs, 2);
    free_rig(rig);
}
END_TEST

START_TEST(debug_port_and_post_code)
{
    struct rig *rig = make();
    ck_assert_uint_eq(rig_in(rig, 0xe9), 0xe9);
    rig_out(rig, 0xe9, 'a');
    bus_write(&rig->ports, 0, 0xe9, 4, 0x7a7a7a62); /* the neighbours are nobody's */
    ck_assert_uint_eq(rig->sent_used, 2);
    ck_assert_uint_eq(rig->sent[0], 'a');
    ck_assert_uint_eq(rig->sent[1], 'b');
    rig_out(rig, 0x80, 0x42);
    ck_assert_uint_eq(rig_in(rig, 0x80), 0x42);
    free_rig(rig);
}
END_TEST

START_TEST(a_wired_or_is_high_while_any_input_is)
{
    struct rig rig;
    rig_init(&rig);
    struct wired_or gate;
    wired_or_init(&gate, rig_line(&rig, 0));
    wired_or_pin(&gate, 0, true);
    wired_or_pin(&gate, 63, true);
    wired_or_pin(&gate, 0, false);
    ck_assert(rig.level[0]);
    ck_assert_uint_eq(rig.rises[0], 1);
    wired_or_pin(&gate, 63, false);
    ck_assert(!rig.level[0]);
}
END_TEST

static const uint16_t ports[] = {0x510, 0xf4, 0xe9, 0x604, 0x80, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .ports = ports,
    .span = 4,
    .longest = 1000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 5000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("ports", fwcfg_signature_and_features, fwcfg_files_are_found_by_name,
         debug_exit_takes_every_width, power_off_needs_sleep_enable, debug_port_and_post_code,
         a_wired_or_is_high_while_any_input_is, survives_bashing_and_moves)
