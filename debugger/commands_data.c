/* commands_data: print, output, x, ptype, whatis, set. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

#define TEXT_ROOM 16384u

struct unit_format {
    uint32_t count;
    char letter;
    uint32_t size;
};

/* "4xw": any of the three, in this order for the count, the rest as gdb. Keeps what is not given.
 */
static bool read_format(struct session *session, const char *text, struct unit_format *format)
{
    char *end;
    if (isdigit((unsigned char)*text)) {
        unsigned long count = strtoul(text, &end, 10);
        if (count == 0 || count > 100000)
            return out_error(&session->out, "A count is 1 to 100000, not %s.", text);
        format->count = (uint32_t)count;
        text = end;
    }
    for (; *text != '\0'; text++) {
        if (strchr("bhwg", *text) != NULL)
            format->size = *text == 'b' ? 1 : *text == 'h' ? 2 : *text == 'w' ? 4 : 8;
        else if (strchr("xduotzcasif", *text) != NULL)
            format->letter = *text;
        else
            return out_error(&session->out, "Undefined output format \"%s\".", text);
    }
    return true;
}

static bool letter_of(struct session *session, const char *text, char *letter)
{
    struct unit_format format = {1, 0, 0};
    if (!read_format(session, text, &format))
        return false;
    if (format.count != 1 || format.size != 0 || format.letter == 'i')
        return out_error(&session->out, "Format letter \"%s\" is meaningless in \"print\" command.",
                         text);
    *letter = format.letter;
    return true;
}

static void say_json_value(struct session *session, const struct value *value, const char *text)
{
    struct output *out = &session->out;
    struct scope scope = session_scope(session);
    char words[256];
    int64_t number;
    type_name(value->type, words, sizeof words);
    out_string(out, "value", "%s", text);
    out_string(out, "type", "%s", words);
    if (value->where == VALUE_MEMORY)
        out_number(out, "address", value->address);
    if (value_number(&scope, value, &number))
        out_number(out, "number", number);
}

static bool format_value(struct session *session, const struct value *value, char letter,
                         char text[TEXT_ROOM])
{
    struct scope scope = session_scope(session);
    if (value_format(&scope, value, letter, text, TEXT_ROOM))
        return true;
    return out_error(&session->out, "%s.", scope.why);
}

bool cmd_print(struct session *session, const struct command_args *args)
{
    struct value value;
    char letter, text[TEXT_ROOM];
    if (!letter_of(session, args->format, &letter) ||
        !session_eval(session, *args->text == '\0' ? "$" : args->text, &value) ||
        !format_value(session, &value, letter, text))
        return false;
    say_json_value(session, &value, text);
    if (value.type->kind == TYPE_VOID) {
        out_text(&session->out, "%s\n", text);
        return true;
    }
    unsigned number = session_remember(session, &value);
    out_text(&session->out, "$%u = %s\n", number, text);
    out_number(&session->out, "history", number);
    return true;
}

bool cmd_output(struct session *session, const struct command_args *args)
{
    struct value value;
    char letter, text[TEXT_ROOM];
    if (!letter_of(session, args->format, &letter) || !session_eval(session, args->text, &value) ||
        !format_value(session, &value, letter, text))
        return false;
    say_json_value(session, &value, text);
    out_text(&session->out, "%s", text);
    return true;
}

/* --- x ---------------------------------------------------------------------------------------- */

static void say_address(struct session *session, uint32_t address)
{
    struct output *out = &session->out;
    char symbol[128];
    session_symbol(session, address, symbol, sizeof symbol);
    out_text(out, "%s0x%" PRIx32 "%s%s%s%s:", out_style(out, OUT_ADDRESS), address,
             out_style(out, OUT_PLAIN), symbol[0] == '\0' ? "" : " <", symbol,
             symbol[0] == '\0' ? "" : ">");
}

static bool unreadable(struct session *session, uint32_t address)
{
    return out_error(&session->out, "Cannot access memory at address 0x%" PRIx32, address);
}

static bool x_instructions(struct session *session, uint32_t *address, uint32_t count)
{
    for (; count > 0; count--) {
        struct arch_insn insn;
        uint8_t byte;
        if (!session_peek(session, *address, &byte, 1))
            return unreadable(session, *address);
        out_object(&session->out, NULL);
        out_number(&session->out, "address", *address);
        say_instruction(session, *address,
                        session->cpu != NULL && *address == session->cpu->ops->pc(session->cpu));
        out_close(&session->out);
        *address += show_instruction_at(session, *address, &insn) ? insn.size : 1;
    }
    return true;
}

static bool x_strings(struct session *session, uint32_t *address, uint32_t count)
{
    for (; count > 0; count--) {
        char bytes[201], escaped[4 * sizeof bytes];
        uint32_t n = 0;
        uint8_t byte;
        if (!session_peek(session, *address, &byte, 1))
            return unreadable(session, *address);
        session_peek_string(session, *address, bytes, sizeof bytes);
        n = (uint32_t)strlen(bytes);
        out_escape(escaped, sizeof escaped, bytes, n);
        say_address(session, *address);
        out_text(&session->out, "\t\"%s\"%s\n", escaped, n + 1 == sizeof bytes ? "..." : "");
        out_string(&session->out, NULL, "%s", bytes);
        *address += n + (n + 1 < sizeof bytes);
    }
    return true;
}

static const struct type *unit_type(uint32_t size, char letter)
{
    bool is_signed = letter == 'd' || letter == 'c';
    switch (size) {
    case 1: return type_basic(is_signed ? BASIC_CHAR : BASIC_UCHAR);
    case 2: return type_basic(is_signed ? BASIC_SHORT : BASIC_USHORT);
    case 8: return type_basic(is_signed ? BASIC_LONGLONG : BASIC_ULONGLONG);
    default: return type_basic(is_signed ? BASIC_INT : BASIC_UINT);
    }
}

static bool x_units(struct session *session, uint32_t *address, const struct unit_format *format)
{
    struct output *out = &session->out;
    struct scope scope = session_scope(session);
    uint32_t size = format->letter == 'c' && format->size == 0 ? 1 : format->size;
    size = format->letter == 'a' ? 4 : size == 0 ? 4 : size;
    uint32_t row = size == 1 ? 8 : size == 2 ? 8 : size == 4 ? 4 : 2;
    if (format->letter == 'a')
        row = 2;
    for (uint32_t i = 0; i < format->count; i++, *address += size) {
        char text[256];
        struct value value = value_at(unit_type(size, format->letter), *address);
        int64_t number;
        if (!value_number(&scope, &value, &number)) {
            if (i % row != 0)
                out_text(out, "\n");
            return unreadable(session, *address);
        }
        if (i % row == 0)
            say_address(session, *address);
        /* As gdb: in hexadecimal a unit has all its digits. */
        value_format(&scope, &value, format->letter == 'x' ? 'z' : format->letter, text,
                     sizeof text);
        out_text(out, "\t%s%s", text, (i + 1) % row == 0 || i + 1 == format->count ? "\n" : "");
        out_number(out, NULL, number);
    }
    return true;
}

bool show_memory(struct session *session, const char *format_text, uint32_t *address)
{
    struct unit_format format = {1, 'x', 0};
    if (!read_format(session, format_text, &format))
        return false;
    out_array(&session->out, "values");
    bool fine = format.letter == 'i'   ? x_instructions(session, address, format.count)
                : format.letter == 's' ? x_strings(session, address, format.count)
                                       : x_units(session, address, &format);
    out_close(&session->out);
    return fine;
}

/* What an expression names as a place: the value of a pointer, the address of an object. */
bool show_address_of(struct session *session, const char *text, uint32_t *address)
{
    struct value value;
    int64_t number;
    if (!session_eval(session, text, &value))
        return false;
    bool object = value.where == VALUE_MEMORY &&
                  (value.type->kind == TYPE_STRUCT || value.type->kind == TYPE_UNION ||
                   value.type->kind == TYPE_ARRAY || value.type->kind == TYPE_FUNCTION ||
                   value.type->kind == TYPE_VOID);
    if (object) {
        *address = value.address;
        return true;
    }
    struct scope scope = session_scope(session);
    if (!value_number(&scope, &value, &number))
        return out_error(&session->out, "%s.", scope.why);
    *address = (uint32_t)number;
    return true;
}

bool cmd_x(struct session *session, const struct command_args *args)
{
    if (args->format[0] != '\0' && !args->again) {
        struct unit_format format = {1, 0, 0};
        if (!read_format(session, args->format, &format))
            return false;
        /* Letters and sizes are kept for the next x, as gdb does. */
        char letter = format.letter != 0 ? format.letter : session->x_letter;
        uint32_t size = format.size != 0 ? format.size : session->x_size;
        session->x_letter = letter == 0 ? 'x' : letter;
        session->x_size = size;
        session->x_count = format.count;
    } else if (!args->again || session->x_count == 0) {
        session->x_count = 1;
    }
    if (session->x_letter == 0)
        session->x_letter = 'x';
    if (*args->text != '\0' && !show_address_of(session, args->text, &session->x_address))
        return false;
    char format[32];
    snprintf(format, sizeof format, "%" PRIu32 "%c%s", session->x_count, session->x_letter,
             session->x_size == 1   ? "b"
             : session->x_size == 2 ? "h"
             : session->x_size == 4 ? "w"
             : session->x_size == 8 ? "g"
                                    : "");
    out_number(&session->out, "address", session->x_address);
    return show_memory(session, format, &session->x_address);
}

/* --- types ------------------------------------------------------------------------------------ */

static bool type_of_text(struct session *session, const char *text, const struct type **type)
{
    struct value value;
    struct scope scope = session_scope(session);
    if (*text == '\0')
        return out_error(&session->out, "Argument required (an expression or a type).");
    if (expression_type(&scope, text, type))
        return true;
    if (!session_eval(session, text, &value))
        return false;
    *type = value.type;
    return true;
}

bool cmd_whatis(struct session *session, const struct command_args *args)
{
    const struct type *type;
    char words[256];
    if (!type_of_text(session, args->text, &type))
        return false;
    type_name(type, words, sizeof words);
    out_text(&session->out, "type = %s\n", words);
    out_string(&session->out, "type", "%s", words);
    return true;
}

static void say_fields(struct session *session, const struct type *type, unsigned indent);

static void say_one_field(struct session *session, const struct member *member, unsigned indent)
{
    struct output *out = &session->out;
    char words[256], bits[16] = "";
    bool nested = member->type->name[0] == '\0' && !member->type->is_typedef &&
                  (member->type->kind == TYPE_STRUCT || member->type->kind == TYPE_UNION);
    if (member->bit_size != 0)
        snprintf(bits, sizeof bits, " : %u", member->bit_size);
    if (nested) {
        out_text(out, "%*s%s {\n", (int)indent, "",
                 member->type->kind == TYPE_STRUCT ? "struct" : "union");
        say_fields(session, member->type, indent + 4);
        out_text(out, "%*s}%s%s;\n", (int)indent, "", member->name[0] == '\0' ? "" : " ",
                 member->name);
    } else {
        type_declare(member->type, member->name, words, sizeof words);
        out_text(out, "%*s%s%s;\n", (int)indent, "", words, bits);
    }
}

static void say_fields(struct session *session, const struct type *type, unsigned indent)
{
    unsigned count;
    const struct member *member = type_members(type, &count);
    if (indent > 64)
        return;
    for (unsigned i = 0; i < count; i++)
        say_one_field(session, &member[i], indent);
}

static void say_layout(struct session *session, const struct type *type)
{
    struct output *out = &session->out;
    unsigned count;
    const struct member *member = type_members(type, &count);
    out_array(out, "members");
    for (unsigned i = 0; i < count; i++) {
        char words[256];
        type_name(member[i].type, words, sizeof words);
        out_object(out, NULL);
        out_string(out, "name", "%s", member[i].name);
        out_string(out, "type", "%s", words);
        out_number(out, "offset", member[i].offset);
        out_number(out, "size", member[i].type->size);
        out_close(out);
    }
    out_close(out);
}

bool cmd_ptype(struct session *session, const struct command_args *args)
{
    const struct type *type;
    struct output *out = &session->out;
    char words[256];
    unsigned count;
    if (!type_of_text(session, args->text, &type))
        return false;
    const struct type *base = type;
    while (base->kind == TYPE_POINTER || base->kind == TYPE_ARRAY)
        base = type_target(base);
    type_name(type, words, sizeof words);
    out_string(out, "type", "%s", words);
    out_number(out, "size", type->size);
    if (base->kind == TYPE_STRUCT || base->kind == TYPE_UNION) {
        bool named = base->name[0] != '\0' && !base->is_typedef;
        out_text(out, "type = %s%s%s {\n", base->kind == TYPE_STRUCT ? "struct" : "union",
                 named ? " " : "", named ? base->name : "");
        say_fields(session, base, 4);
        say_layout(session, base);
        const char *stars = strchr(words, '*');
        out_text(out, "}%s%s\n", stars == NULL ? "" : " ", stars == NULL ? "" : stars);
    } else if (base->kind == TYPE_ENUM) {
        const struct enumerator *e = type_enumerators(base, &count);
        out_text(out, "type = enum %s {", base->is_typedef ? "" : base->name);
        int64_t expected = 0;
        for (unsigned i = 0; i < count; i++) {
            out_text(out, "%s%s", i > 0 ? ", " : "", e[i].name);
            if (e[i].value != expected)
                out_text(out, " = %" PRId64, e[i].value);
            expected = e[i].value + 1;
        }
        out_text(out, "}\n");
    } else {
        out_text(out, "type = %s\n", words);
    }
    return true;
}

/* --- set -------------------------------------------------------------------------------------- */

bool cmd_set(struct session *session, const struct command_args *args)
{
    struct value value;
    if (*args->text == '\0')
        return out_error(&session->out, "Argument required (expression to compute).");
    if (strchr(args->text, '=') == NULL)
        return out_error(&session->out, "There is nothing to set by \"%s\"; assign with =.",
                         args->text);
    return session_eval(session, args->text, &value);
}

bool cmd_set_flavor(struct session *session, const struct command_args *args)
{
    if (strcmp(args->text, "intel") != 0 && strcmp(args->text, "att") != 0)
        return out_error(&session->out, "Requires an argument. Valid arguments are att, intel.");
    session->intel = args->text[0] == 'i';
    return true;
}

bool cmd_set_print(struct session *session, const struct command_args *args)
{
    static const struct {
        const char *text;
        bool arguments, hide;
    } settings[] = {{"address on", false, false},
                    {"address off", false, true},
                    {"frame-arguments all", true, false},
                    {"frame-arguments none", true, true}};
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(settings[i].text, args->text) == 0) {
            *(settings[i].arguments ? &session->hide_arguments : &session->hide_addresses) =
                settings[i].hide;
            return true;
        }
    return out_error(&session->out, "\"set print\" is followed by: address on|off, "
                                    "frame-arguments all|none.");
}
