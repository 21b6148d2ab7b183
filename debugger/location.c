/* location: where a variable is, by its DWARF location expression at one frame (DWARF 5, 2.5, 2.6).
 */
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "debugger/expression.h"

#define STACK   64u
#define OPS     4096u /* executed, so that a forged loop ends */
#define NESTING 64u

enum result { IN_MEMORY, IN_REGISTER, IS_VALUE, IS_GONE };

struct evaluation {
    struct scope *scope;
    struct image *image;
    const struct frame *frame;
    Dwarf_Die *function; /* for DW_OP_fbreg; NULL = none */
    uint32_t stack[STACK];
    unsigned depth;
    enum result result;
    unsigned reg;
    unsigned nesting;
};

static uint32_t pop(struct evaluation *e)
{
    if (e->depth == 0) {
        e->result = IS_GONE;
        return 0;
    }
    return e->stack[--e->depth];
}

static void push(struct evaluation *e, uint32_t word)
{
    if (e->depth < STACK)
        e->stack[e->depth++] = word;
    else
        e->result = IS_GONE;
}

static void push_register(struct evaluation *e, unsigned reg, int64_t offset)
{
    if (e->frame == NULL || reg >= ARCH_REGISTERS || (e->frame->known >> reg & 1) == 0)
        e->result = IS_GONE;
    else
        push(e, e->frame->reg[reg] + (uint32_t)offset);
}

static void push_deref(struct evaluation *e, unsigned size)
{
    uint8_t bytes[4] = {0};
    uint32_t address = pop(e);
    if (size == 0 || size > 4 || e->scope->target == NULL || e->scope->target->read == NULL ||
        !e->scope->target->read(e->scope->target->context, address, bytes, size))
        e->result = IS_GONE;
    push(e, (uint32_t)arch_number(e->scope->arch, bytes, size <= 4 ? size : 4));
}

static void binary(struct evaluation *e, unsigned atom)
{
    uint32_t b = pop(e), a = pop(e);
    int32_t sa = (int32_t)a, sb = (int32_t)b;
    if ((atom == DW_OP_div || atom == DW_OP_mod) && (b == 0 || b == UINT32_MAX)) {
        push(e, atom == DW_OP_div && b != 0 ? 0u - a : 0);
        return;
    }
    switch (atom) {
    case DW_OP_and: push(e, a & b); break;
    case DW_OP_div: push(e, (uint32_t)(sa / sb)); break;
    case DW_OP_minus: push(e, a - b); break;
    case DW_OP_mod: push(e, a % b); break;
    case DW_OP_mul: push(e, a * b); break;
    case DW_OP_or: push(e, a | b); break;
    case DW_OP_plus: push(e, a + b); break;
    case DW_OP_shl: push(e, b > 31 ? 0 : a << b); break;
    case DW_OP_shr: push(e, b > 31 ? 0 : a >> b); break;
    case DW_OP_shra: push(e, (uint32_t)(sa >> (b > 31 ? 31 : b))); break;
    case DW_OP_xor: push(e, a ^ b); break;
    case DW_OP_eq: push(e, a == b); break;
    case DW_OP_ne: push(e, a != b); break;
    case DW_OP_ge: push(e, sa >= sb); break;
    case DW_OP_gt: push(e, sa > sb); break;
    case DW_OP_le: push(e, sa <= sb); break;
    default: push(e, sa < sb); break;
    }
}

static void shuffle(struct evaluation *e, const Dwarf_Op *op)
{
    unsigned n = op->atom == DW_OP_dup ? 0 : op->atom == DW_OP_over ? 1 : (unsigned)op->number;
    if (op->atom == DW_OP_swap || op->atom == DW_OP_rot) {
        uint32_t a = pop(e), b = pop(e);
        if (op->atom == DW_OP_rot) {
            uint32_t c = pop(e);
            push(e, a);
            push(e, c);
            push(e, b);
        } else {
            push(e, a);
            push(e, b);
        }
    } else if (n < e->depth) {
        push(e, e->stack[e->depth - 1 - n]);
    } else {
        e->result = IS_GONE;
    }
}

static void run(struct evaluation *e, const Dwarf_Op *op, size_t count);

static void push_frame_base(struct evaluation *e, int64_t offset)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *ops;
    size_t count;
    if (e->function == NULL || e->frame == NULL || e->nesting++ > 2 ||
        dwarf_attr_integrate(e->function, DW_AT_frame_base, &attribute) == NULL ||
        dwarf_getlocation_addr(&attribute, frame_lookup_pc(e->frame), &ops, &count, 1) != 1) {
        e->result = IS_GONE;
        return;
    }
    unsigned before = e->depth;
    run(e, ops, count);
    if (e->result == IN_REGISTER) {
        e->result = IN_MEMORY;
        push_register(e, e->reg, 0);
    }
    if (e->depth == before + 1)
        e->stack[e->depth - 1] += (uint32_t)offset;
    else
        e->result = IS_GONE;
}

/* The operation at a byte offset of the expression; count = none. */
static size_t target_of(const Dwarf_Op *op, size_t count, Dwarf_Word offset)
{
    size_t i = 0;
    while (i < count && op[i].offset != offset)
        i++;
    return i;
}

static void step(struct evaluation *e, const Dwarf_Op *op)
{
    unsigned atom = op->atom;
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
        push(e, atom - DW_OP_lit0);
    } else if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
        push_register(e, atom - DW_OP_breg0, (int64_t)op->number);
    } else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
        e->result = IN_REGISTER;
        e->reg = atom - DW_OP_reg0;
    } else {
        switch (atom) {
        case DW_OP_addr:
        case DW_OP_const1u:
        case DW_OP_const1s:
        case DW_OP_const2u:
        case DW_OP_const2s:
        case DW_OP_const4u:
        case DW_OP_const4s:
        case DW_OP_const8u:
        case DW_OP_const8s:
        case DW_OP_constu:
        case DW_OP_consts: push(e, (uint32_t)op->number); break;
        case DW_OP_regx:
            e->result = IN_REGISTER;
            e->reg = (unsigned)op->number;
            break;
        case DW_OP_bregx: push_register(e, (unsigned)op->number, (int64_t)op->number2); break;
        case DW_OP_fbreg: push_frame_base(e, (int64_t)op->number); break;
        case DW_OP_call_frame_cfa:
            if (e->frame == NULL || e->frame->cfa == 0)
                e->result = IS_GONE;
            else
                push(e, e->frame->cfa);
            break;
        case DW_OP_deref: push_deref(e, 4); break;
        case DW_OP_deref_size: push_deref(e, (unsigned)op->number); break;
        case DW_OP_dup:
        case DW_OP_over:
        case DW_OP_pick:
        case DW_OP_swap:
        case DW_OP_rot: shuffle(e, op); break;
        case DW_OP_drop: pop(e); break;
        case DW_OP_abs: {
            uint32_t a = pop(e);
            push(e, (int32_t)a < 0 ? 0u - a : a);
            break;
        }
        case DW_OP_neg: push(e, 0u - pop(e)); break;
        case DW_OP_not: push(e, ~pop(e)); break;
        case DW_OP_plus_uconst: push(e, pop(e) + (uint32_t)op->number); break;
        case DW_OP_nop: break;
        case DW_OP_stack_value: e->result = IS_VALUE; break;
        case DW_OP_and:
        case DW_OP_div:
        case DW_OP_minus:
        case DW_OP_mod:
        case DW_OP_mul:
        case DW_OP_or:
        case DW_OP_plus:
        case DW_OP_shl:
        case DW_OP_shr:
        case DW_OP_shra:
        case DW_OP_xor:
        case DW_OP_eq:
        case DW_OP_ne:
        case DW_OP_ge:
        case DW_OP_gt:
        case DW_OP_le:
        case DW_OP_lt: binary(e, atom); break;
        default: e->result = IS_GONE; break; /* entry values and implicit pointers among them */
        }
    }
}

/* One location description without pieces. */
static void run(struct evaluation *e, const Dwarf_Op *op, size_t count)
{
    unsigned budget = OPS;
    for (size_t i = 0; i < count && e->result != IS_GONE;) {
        if (budget-- == 0) {
            e->result = IS_GONE;
        } else if (op[i].atom == DW_OP_skip || op[i].atom == DW_OP_bra) {
            bool taken = op[i].atom == DW_OP_skip || pop(e) != 0;
            /* The distance counts from behind the operation's three bytes. */
            i = taken ? target_of(op, count, op[i].offset + 3 + op[i].number) : i + 1;
        } else {
            step(e, &op[i]);
            i++;
        }
    }
}

/* A word as memory would have it; of a smaller place, its low part. */
static void put_word(const struct evaluation *e, uint8_t *to, uint32_t word, size_t room)
{
    size_t size = room < 4 ? room : 4;
    for (size_t i = 0; i < size; i++)
        to[e->scope->arch->big_endian ? size - 1 - i : i] = (uint8_t)(word >> 8 * i);
}

/* Bytes of a description that is one piece of a value, or all of a value that is not in memory. */
static bool piece_bytes(struct evaluation *e, Dwarf_Attribute *attribute, const Dwarf_Op *op,
                        uint8_t *to, uint32_t size)
{
    Dwarf_Block block;
    const struct target *target = e->scope->target;
    if (op != NULL && op->atom == DW_OP_implicit_value) {
        if (dwarf_getlocation_implicit_value(attribute, op, &block) != 0 || block.length < size)
            return false;
        memcpy(to, block.data, size);
        return true;
    }
    if (e->result == IN_REGISTER) {
        e->result = IS_VALUE;
        push_register(e, e->reg, 0);
    } else if (e->result == IN_MEMORY) {
        return target != NULL && target->read != NULL &&
               target->read(target->context, pop(e), to, size);
    }
    uint32_t word = pop(e);
    memset(to, 0, size);
    put_word(e, to, word, size);
    return e->result != IS_GONE;
}

static bool read_pieces(struct evaluation *e, Dwarf_Attribute *attribute, const Dwarf_Op *op,
                        size_t count, struct value *out)
{
    uint32_t at = 0;
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        if (op[i].atom != DW_OP_piece)
            continue;
        uint32_t size = (uint32_t)op[i].number;
        if (size > VALUE_BYTES || at + size > VALUE_BYTES || start == i)
            return false;
        e->depth = 0;
        e->result = IN_MEMORY;
        run(e, op + start, i - start);
        if (!piece_bytes(e, attribute, &op[start], out->bytes + at, size))
            return false;
        at += size;
        start = i + 1;
    }
    out->where = VALUE_PLAIN;
    out->big_endian = e->scope->arch->big_endian;
    return at >= out->type->size;
}

static void from_register(struct evaluation *e, struct value *out)
{
    const struct target *target = e->scope->target;
    const struct frame *frame = e->frame;
    unsigned number, bits;
    uint64_t ignored;
    if (frame == NULL || e->reg >= e->scope->arch->registers || (frame->known >> e->reg & 1) == 0 ||
        out->type->size > 4)
        return;
    out->where = VALUE_PLAIN;
    out->big_endian = e->scope->arch->big_endian;
    bool whole = out->type->kind == TYPE_STRUCT || out->type->kind == TYPE_UNION;
    put_word(e, out->bytes, frame->reg[e->reg], whole ? 4 : out->type->size);
    if (frame->innermost && target != NULL && target->reg_get != NULL &&
        target->reg_get(target->context, e->scope->arch->register_names[e->reg], &number, &bits,
                        &ignored)) {
        out->where = VALUE_REGISTER;
        out->address = number;
    }
}

static bool constant_value(Dwarf_Die *die, struct value *out)
{
    Dwarf_Attribute attribute;
    Dwarf_Sword number;
    Dwarf_Block block;
    if (dwarf_attr_integrate(die, DW_AT_const_value, &attribute) == NULL)
        return false;
    if (dwarf_formsdata(&attribute, &number) == 0) {
        for (unsigned i = 0; i < 8; i++)
            out->bytes[i] = (uint8_t)((uint64_t)number >> 8 * i);
    } else if (dwarf_formblock(&attribute, &block) == 0 && block.length <= VALUE_BYTES) {
        memcpy(out->bytes, block.data, block.length);
    } else {
        return false;
    }
    out->where = VALUE_PLAIN;
    return true;
}

static void evaluate(struct evaluation *e, Dwarf_Attribute *attribute, struct value *out)
{
    Dwarf_Op *ops;
    size_t count;
    Dwarf_Addr pc = e->frame == NULL ? 0 : frame_lookup_pc(e->frame);
    if (dwarf_getlocation_addr(attribute, pc, &ops, &count, 1) != 1 || count == 0)
        return;
    if (ops[count - 1].atom == DW_OP_piece) {
        if (!read_pieces(e, attribute, ops, count, out))
            out->where = VALUE_GONE;
        return;
    }
    if (count == 1 && ops[0].atom == DW_OP_implicit_value) {
        if (out->type->size <= VALUE_BYTES &&
            piece_bytes(e, attribute, &ops[0], out->bytes, out->type->size))
            out->where = VALUE_PLAIN;
        out->big_endian = e->scope->arch->big_endian;
        return;
    }
    run(e, ops, count);
    if (e->result == IN_MEMORY && e->depth > 0) {
        out->where = VALUE_MEMORY;
        out->address = e->stack[e->depth - 1];
    } else if (e->result == IN_REGISTER) {
        from_register(e, out);
    } else if (e->result == IS_VALUE && e->depth > 0) {
        out->where = VALUE_PLAIN;
        out->big_endian = e->scope->arch->big_endian;
        put_word(e, out->bytes, e->stack[e->depth - 1], out->type->size);
    }
}

bool location_value(struct scope *scope, struct image *image, Dwarf_Die *die, struct value *out)
{
    Dwarf_Attribute attribute;
    Dwarf_Die function;
    *out = (struct value){.type = type_of_attribute(image, die), .where = VALUE_GONE};
    struct evaluation e = {.scope = scope, .image = image};
    if (scope->frame != NULL && scope->frame->image == image) {
        e.frame = scope->frame;
        const struct function *f = image_function(image, frame_lookup_pc(scope->frame));
        if (f != NULL && dwarf_offdie(image->dwarf, f->die, &function) != NULL)
            e.function = &function;
    }
    if (dwarf_attr_integrate(die, DW_AT_location, &attribute) != NULL)
        evaluate(&e, &attribute, out);
    else
        constant_value(die, out);
    return out->where != VALUE_GONE;
}

/* The blocks and inlined functions around pc, outermost first. */
static unsigned blocks_around(Dwarf_Die *function, Dwarf_Addr pc, Dwarf_Die *block)
{
    unsigned n = 1;
    block[0] = *function;
    while (n < NESTING) {
        Dwarf_Die child;
        bool found = false;
        if (dwarf_child(&block[n - 1], &child) != 0)
            break;
        do {
            int tag = dwarf_tag(&child);
            found = (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
                    dwarf_haspc(&child, pc) > 0;
        } while (!found && dwarf_siblingof(&child, &child) == 0);
        if (!found)
            break;
        block[n++] = child;
    }
    return n;
}

void scope_variables(struct scope *scope, variable_fn *each, void *context)
{
    const struct frame *frame = scope->frame;
    Dwarf_Die block[NESTING], function, die;
    if (frame == NULL || frame->image == NULL || frame->image->dwarf == NULL ||
        frame->image->kind == IMAGE_FIRMWARE)
        return;
    Dwarf_Addr pc = frame_lookup_pc(frame);
    const struct function *f = image_function(frame->image, (uint32_t)pc);
    if (f == NULL || dwarf_offdie(frame->image->dwarf, f->die, &function) == NULL)
        return;
    for (unsigned n = blocks_around(&function, pc, block); n-- > 0;) {
        if (dwarf_child(&block[n], &die) != 0)
            continue;
        do {
            Dwarf_Attribute attribute;
            struct value value;
            int tag = dwarf_tag(&die);
            bool argument = tag == DW_TAG_formal_parameter;
            if ((!argument && tag != DW_TAG_variable) || dwarf_hasattr(&die, DW_AT_declaration))
                continue;
            const char *name = dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &attribute));
            if (name == NULL)
                continue;
            location_value(scope, frame->image, &die, &value);
            /* Only the function's own arguments are the frame's. */
            if (!each(context, name, argument && n == 0, &value))
                return;
        } while (dwarf_siblingof(&die, &die) == 0);
    }
}
