/* cmd_tables: `idt`, `gdt` and `tss`: raw bytes beside decoded fields, and the chain they form. */
#include <stdio.h>
#include <string.h>

#include "debugger/session.h"
#include "debugger/x86/tables.h"

#define BYTES_TEXT 24

struct table_register {
    uint32_t base, limit;
};

static uint32_t reg(struct session *session, const char *name)
{
    uint64_t value = 0;
    session_register(session, name, &value);
    return (uint32_t)value;
}

static bool protected_mode(struct session *session)
{
    return reg(session, "cr0") & 1;
}

static struct table_register gdtr(struct session *session)
{
    return (struct table_register){reg(session, "gdtr.base"), reg(session, "gdtr.limit")};
}

static const char *bytes_text(const uint8_t *bytes, char to[BYTES_TEXT + 1])
{
    for (unsigned i = 0; i < 8; i++)
        snprintf(to + i * 3, 4, "%02x%s", bytes[i], i < 7 ? " " : "");
    return to;
}

static void say_register(struct session *session, const char *name, struct table_register table)
{
    out_text(&session->out, "%s  base %08x  limit %04x (%u entries)\n", name, table.base,
             table.limit, (table.limit + 1) / 8);
    out_object(&session->out, "register");
    out_string(&session->out, "name", "%s", name);
    out_number(&session->out, "base", table.base);
    out_number(&session->out, "limit", table.limit);
    out_close(&session->out);
}

/* The descriptor that a selector names, through GDT or the hidden base of LDTR. */
static bool find_descriptor(struct session *session, uint16_t selector, uint32_t *address,
                            uint8_t bytes[8], const char **why)
{
    struct table_register table = gdtr(session);
    if (selector & 4) {
        table.base = reg(session, "ldtr.base");
        table.limit = reg(session, "ldtr.limit");
    }
    *address = table.base + (selector & ~7u);
    *why = "lies beyond the limit of its table";
    if ((selector & ~7u) + 7 > table.limit)
        return false;
    *why = "is in memory that is not mapped";
    return session_peek(session, *address, bytes, 8);
}

static void say_descriptor(struct session *session, const char *key, uint16_t selector,
                           unsigned indent)
{
    struct output *out = &session->out;
    uint8_t bytes[8];
    uint32_t address;
    char name[80], where[40], raw[BYTES_TEXT + 1];
    const char *why;
    x86_selector_name(selector, where, sizeof where);
    out_object(out, key);
    out_number(out, "selector", selector);
    if (!find_descriptor(session, selector, &address, bytes, &why)) {
        out_text(out, "%*sselector %04x (%s) %s\n", (int)indent, "", selector, where, why);
        out_string(out, "problem", "%s", why);
        out_close(out);
        return;
    }
    struct x86_descriptor d = x86_descriptor_decode(bytes);
    x86_descriptor_name(&d, name, sizeof name);
    out_text(out, "%*sselector %04x = %s at %08x   %s\n", (int)indent, "", selector, where, address,
             bytes_text(bytes, raw));
    out_text(out, "%*s  %s%s   base %08x  limit %08x\n", (int)indent, "", name,
             d.present ? "" : ", not present", d.base, d.limit);
    out_number(out, "address", address);
    out_string(out, "bytes", "%s", bytes_text(bytes, raw));
    out_string(out, "what", "%s", name);
    out_boolean(out, "present", d.present);
    out_number(out, "dpl", d.dpl);
    out_number(out, "base", d.base);
    out_number(out, "limit", d.limit);
    out_close(out);
}

/* --- tss ---------------------------------------------------------------------------------------
 */

struct tss_field {
    const char *name;
    uint8_t offset, size;
};

static const struct tss_field tss_32[] = {
    {"link", 0, 2},   {"esp0", 4, 4},    {"ss0", 8, 2},  {"esp1", 12, 4}, {"ss1", 16, 2},
    {"esp2", 20, 4},  {"ss2", 24, 2},    {"cr3", 28, 4}, {"eip", 32, 4},  {"eflags", 36, 4},
    {"eax", 40, 4},   {"ecx", 44, 4},    {"edx", 48, 4}, {"ebx", 52, 4},  {"esp", 56, 4},
    {"ebp", 60, 4},   {"esi", 64, 4},    {"edi", 68, 4}, {"es", 72, 2},   {"cs", 76, 2},
    {"ss", 80, 2},    {"ds", 84, 2},     {"fs", 88, 2},  {"gs", 92, 2},   {"ldt", 96, 2},
    {"trap", 100, 2}, {"iomap", 102, 2},
};

static const struct tss_field tss_16[] = {
    {"link", 0, 2}, {"sp0", 2, 2}, {"ss0", 4, 2},    {"sp1", 6, 2},  {"ss1", 8, 2}, {"sp2", 10, 2},
    {"ss2", 12, 2}, {"ip", 14, 2}, {"flags", 16, 2}, {"ax", 18, 2},  {"cx", 20, 2}, {"dx", 22, 2},
    {"bx", 24, 2},  {"sp", 26, 2}, {"bp", 28, 2},    {"si", 30, 2},  {"di", 32, 2}, {"es", 34, 2},
    {"cs", 36, 2},  {"ss", 38, 2}, {"ds", 40, 2},    {"ldt", 42, 2},
};

static bool tss_is_16(struct session *session)
{
    return (reg(session, "tr.attributes") & 0xd) == 1;
}

/* SS0:ESP0, what an entry to ring 0 loads. False = no TSS or not readable. */
static bool tss_stack(struct session *session, uint16_t *ss, uint32_t *esp)
{
    uint32_t base = reg(session, "tr.base");
    uint8_t bytes[12];
    if ((reg(session, "tr") & ~3u) == 0 || !session_peek(session, base, bytes, sizeof bytes))
        return false;
    if (tss_is_16(session)) {
        *esp = bytes[2] | (uint32_t)bytes[3] << 8;
        *ss = (uint16_t)(bytes[4] | bytes[5] << 8);
    } else {
        memcpy(esp, bytes + 4, 4);
        memcpy(ss, bytes + 8, 2);
    }
    return true;
}

bool cmd_tss(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    if (*args->text != 0)
        return out_error(out, "tss takes no argument");
    if (!session_needs_machine(session))
        return false;
    uint32_t tr = reg(session, "tr"), base = reg(session, "tr.base");
    uint32_t limit = reg(session, "tr.limit");
    if ((tr & ~3u) == 0)
        return out_error(out, "TR is null: no TSS has been loaded yet (LTR does that)");
    bool old = tss_is_16(session);
    const struct tss_field *field = old ? tss_16 : tss_32;
    unsigned count = old ? sizeof tss_16 / sizeof *tss_16 : sizeof tss_32 / sizeof *tss_32;
    out_text(out, "TR %04x  base %08x  limit %04x  %s-bit TSS\n", tr, base, limit,
             old ? "16" : "32");
    out_number(out, "selector", tr);
    out_number(out, "base", base);
    out_number(out, "limit", limit);
    out_number(out, "bits", old ? 16 : 32);
    out_object(out, "fields");
    for (unsigned i = 0; i < count; i++) {
        uint32_t value = 0;
        char text[80];
        if (field[i].offset + field[i].size - 1u > limit ||
            !session_peek(session, base + field[i].offset, &value, field[i].size))
            continue;
        out_text(out, "  %08x  %-7s %0*x", base + field[i].offset, field[i].name, field[i].size * 2,
                 value);
        if (strcmp(field[i].name, "esp0") == 0)
            out_text(out, "   stack of every entry to ring 0");
        else if (field[i].size == 2 && strchr(field[i].name, 's') != NULL && value != 0)
            out_text(out, "   %s", x86_selector_name((uint16_t)value, text, sizeof text));
        else if (strcmp(field[i].name, "iomap") == 0 && value > limit)
            out_text(out, "   beyond the limit: ring 3 may use no port");
        out_text(out, "\n");
        out_number(out, field[i].name, value);
    }
    out_close(out);
    return true;
}

/* --- gdt ---------------------------------------------------------------------------------------
 */

static void say_table(struct session *session, struct table_register table)
{
    static const struct out_column columns[] = {
        {"sel", "selector", true, OUT_PLAIN}, {"address", "address", true, OUT_ADDRESS},
        {"bytes", "bytes", false, OUT_PLAIN}, {"what", "what", false, OUT_HEAD},
        {"base", "base", true, OUT_ADDRESS},  {"limit", "limit", true, OUT_PLAIN},
        {"P", "present", true, OUT_PLAIN},
    };
    struct output *out = &session->out;
    out_table(out, "entries", 0, columns, sizeof columns / sizeof *columns);
    for (uint32_t offset = 0; offset + 7 <= table.limit && offset < 65536; offset += 8) {
        uint8_t bytes[8];
        char raw[BYTES_TEXT + 1], name[80];
        if (!session_peek(session, table.base + offset, bytes, 8))
            continue;
        struct x86_descriptor d = x86_descriptor_decode(bytes);
        if (d.empty && offset != 0)
            continue;
        out_cell_number(out, offset, "%04x", offset);
        out_cell_number(out, table.base + offset, "%08x", table.base + offset);
        out_cell(out, "%s", bytes_text(bytes, raw));
        out_cell(out, "%s", x86_descriptor_name(&d, name, sizeof name));
        out_cell_number(out, d.base, "%08x", d.base);
        out_cell_number(out, d.limit, "%08x", d.limit);
        out_cell_number(out, d.present, "%u", d.present);
    }
    out_table_end(out);
}

bool cmd_gdt(struct session *session, const struct command_args *args)
{
    int64_t selector;
    if (!session_needs_machine(session))
        return false;
    struct table_register table = gdtr(session);
    if (*args->text == 0) {
        say_register(session, "GDTR", table);
        say_table(session, table);
        return true;
    }
    if (!session_number(session, args->text, &selector))
        return false;
    if (selector < 0 || selector > 0xffff)
        return out_error(&session->out, "a selector has 16 bits: 0 to 0xffff");
    say_descriptor(session, "descriptor", (uint16_t)selector, 0);
    return true;
}

/* --- idt ---------------------------------------------------------------------------------------
 */

static bool real_mode_vectors(struct session *session, int64_t vector)
{
    struct output *out = &session->out;
    uint32_t base = reg(session, "idtr.base"), pointer;
    char text[120];
    uint32_t first = vector < 0 ? 0 : (uint32_t)vector;
    uint32_t last = vector < 0 ? 255 : (uint32_t)vector;
    out_text(out, "real mode: the table at %08x holds IP and CS of each handler\n", base);
    out_array(out, "vectors");
    for (uint32_t v = first; v <= last; v++) {
        if (v * 4 + 3 > reg(session, "idtr.limit") ||
            !session_peek_word(session, base + v * 4, &pointer))
            break;
        uint32_t linear = (pointer >> 16 << 4) + (pointer & 0xffff);
        if (vector < 0 && pointer == 0)
            continue;
        out_text(out, "  %02x  %04x:%04x  %s\n", v, pointer >> 16, pointer & 0xffff,
                 session_symbol(session, linear, text, sizeof text));
        out_object(out, NULL);
        out_number(out, "vector", v);
        out_number(out, "cs", pointer >> 16);
        out_number(out, "ip", pointer & 0xffff);
        out_close(out);
    }
    out_close(out);
    return true;
}

static bool gate_at(struct session *session, unsigned vector, uint32_t *address, uint8_t bytes[8])
{
    *address = reg(session, "idtr.base") + vector * 8;
    return session_peek(session, *address, bytes, 8);
}

static void say_all_gates(struct session *session, uint32_t limit)
{
    static const struct out_column columns[] = {
        {"vector", "vector", true, OUT_PLAIN},
        {"gate", "gate", false, OUT_PLAIN},
        {"DPL", "dpl", true, OUT_PLAIN},
        {"P", "present", true, OUT_PLAIN},
        {"selector", "selector", true, OUT_PLAIN},
        {"offset", "offset", true, OUT_ADDRESS},
        {"handler", "handler", false, OUT_FUNCTION},
        {"for", "for", false, OUT_DIM},
    };
    struct output *out = &session->out;
    out_table(out, "gates", 0, columns, sizeof columns / sizeof *columns);
    for (unsigned v = 0; v < 256 && v * 8 + 7 <= limit; v++) {
        uint8_t bytes[8];
        uint32_t address;
        char name[40], symbol[120];
        if (!gate_at(session, v, &address, bytes))
            continue;
        struct x86_gate gate = x86_gate_decode(bytes);
        if (gate.empty)
            continue;
        const char *given = session->profile ? profile_vector(session->profile, v) : NULL;
        if (given == NULL)
            given = x86_vector_title(v);
        out_cell_number(out, v, "%u", v);
        out_cell(out, "%s", x86_gate_name(&gate, name, sizeof name));
        out_cell_number(out, gate.dpl, "%u", gate.dpl);
        out_cell_number(out, gate.present, "%u", gate.present);
        out_cell_number(out, gate.selector, "%04x", gate.selector);
        out_cell_number(out, gate.offset, "%08x", gate.offset);
        out_cell(out, "%s", session_symbol(session, gate.offset, symbol, sizeof symbol));
        out_cell(out, "%s", given ? given : "");
    }
    out_table_end(out);
}

/* IDTR -> gate -> descriptor -> handler, and TSS -> kernel stack. */
static bool say_gate(struct session *session, unsigned vector, uint32_t limit)
{
    struct output *out = &session->out;
    uint8_t bytes[8];
    uint32_t address, esp;
    uint16_t ss;
    char name[40], raw[BYTES_TEXT + 1], symbol[160];
    if (vector * 8 + 7 > limit)
        return out_error(out, "vector %u lies beyond the IDT's limit %04x: using it is #GP", vector,
                         limit);
    if (!gate_at(session, vector, &address, bytes))
        return out_error(out, "the gate of vector %u at %08x is in memory that is not mapped",
                         vector, address);
    struct x86_gate gate = x86_gate_decode(bytes);
    x86_gate_name(&gate, name, sizeof name);
    out_text(out, "IDTR %08x + %u * 8 -> %08x   %s\n", reg(session, "idtr.base"), vector, address,
             bytes_text(bytes, raw));
    out_text(out, "  %s, DPL %u, %spresent\n", name, gate.dpl, gate.present ? "" : "not ");
    out_number(out, "vector", vector);
    out_number(out, "address", address);
    out_string(out, "bytes", "%s", raw);
    out_string(out, "gate", "%s", name);
    out_number(out, "dpl", gate.dpl);
    out_boolean(out, "present", gate.present);
    out_number(out, "selector", gate.selector);
    if (gate.kind == X86_GATE_NONE)
        return true;
    if (gate.kind != X86_GATE_TASK) {
        session_describe(session, gate.offset, symbol, sizeof symbol);
        out_text(out, "  offset %08x   %s\n", gate.offset, symbol);
        out_number(out, "offset", gate.offset);
        out_string(out, "handler", "%s", symbol);
    }
    say_descriptor(session, "descriptor", gate.selector, 2);
    if (gate.kind != X86_GATE_TASK && tss_stack(session, &ss, &esp)) {
        out_text(out, "  from ring 3 the stack is SS0:ESP0 = %04x:%08x, from the TSS at %08x\n", ss,
                 esp, reg(session, "tr.base"));
        out_number(out, "ss0", ss);
        out_number(out, "esp0", esp);
    }
    out_text(out, "  a program in ring 3 may %suse it with INT %u%s\n",
             gate.dpl == 3 && gate.present ? "" : "not ", vector,
             !gate.present   ? ": it is not present (#NP)"
             : gate.dpl != 3 ? ": its DPL is less than 3 (#GP)"
                             : "");
    return true;
}

bool cmd_idt(struct session *session, const struct command_args *args)
{
    int64_t vector = -1;
    if (!session_needs_machine(session))
        return false;
    if (*args->text != 0) {
        if (!session_number(session, args->text, &vector))
            return false;
        if (vector < 0 || vector > 255)
            return out_error(&session->out, "a vector is a number from 0 to 255");
    }
    if (!protected_mode(session))
        return real_mode_vectors(session, vector);
    struct table_register table = {reg(session, "idtr.base"), reg(session, "idtr.limit")};
    if (vector >= 0)
        return say_gate(session, (unsigned)vector, table.limit);
    say_register(session, "IDTR", table);
    say_all_gates(session, table.limit);
    return true;
}
