/* mips_unicorn: cases on Unicorn's MIPS32 4Kc, which was not written here.
 *
 * All code that no case has put there is SYSCALL: the one behind the case, or where it jumped to,
 * ends it. */
#include "tests/oracle/mips_oracle.h"

#include <string.h>
#include <unicorn/unicorn.h>

#define SYSCALL     0x0cu
#define NOT_REACHED 0xfffffff0u

static struct {
    uc_engine *engine;
    uc_context *fresh;
    uint32_t interrupt;
} host;

static void interrupted(uc_engine *engine, uint32_t number, void *unused)
{
    (void)unused;
    host.interrupt = number;
    uc_emu_stop(engine);
}

static void put_word(uint8_t *to, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(word >> (24 - 8 * i));
}

static uc_err fill(void)
{
    uint8_t block[4096];
    uc_err error = UC_ERR_OK;
    for (unsigned i = 0; i < sizeof block; i += 4)
        put_word(block + i, SYSCALL);
    for (uint32_t at = CODE_FIRST - KSEG0; error == UC_ERR_OK && at < MEMORY_SIZE;
         at += sizeof block)
        error = uc_mem_write(host.engine, at, block, sizeof block);
    return error;
}

bool unicorn_open(const char **why)
{
    uc_hook hook;
    uc_cb_hookintr_t callback = interrupted;
    void *pointer; /* as uc_hook_add wants it, which ISO C has no conversion for */
    memcpy(&pointer, &callback, sizeof pointer);
    uc_err error = uc_open(UC_ARCH_MIPS, UC_MODE_MIPS32 | UC_MODE_BIG_ENDIAN, &host.engine);
    if (error == UC_ERR_OK)
        error = uc_ctl_set_cpu_model(host.engine, UC_CPU_MIPS32_4KC);
    if (error == UC_ERR_OK)
        error = uc_mem_map(host.engine, 0, MEMORY_SIZE, UC_PROT_ALL);
    if (error == UC_ERR_OK)
        error = uc_hook_add(host.engine, &hook, UC_HOOK_INTR, pointer, NULL, 1, 0);
    if (error == UC_ERR_OK)
        error = fill();
    if (error == UC_ERR_OK)
        error = uc_context_alloc(host.engine, &host.fresh);
    if (error == UC_ERR_OK)
        error = uc_context_save(host.engine, host.fresh);
    *why = uc_strerror(error);
    return error == UC_ERR_OK;
}

/* Unicorn's numbers of exceptions are those inside QEMU. */
static uint32_t exception_of(uint32_t interrupt)
{
    switch (interrupt) {
    case 12: return 4; /* AdEL */
    case 13: return 5; /* AdES */
    case 17: return NO_EXCEPTION;
    case 18: return 9;  /* Bp */
    case 20: return 10; /* RI */
    case 21: return 12; /* Ov */
    case 22: return 13; /* Tr */
    default: return 1000 + interrupt;
    }
}

struct registers {
    int number[34];
    void *place[34];
};

static struct registers registers(uint32_t *gpr, uint32_t *hi, uint32_t *lo)
{
    struct registers r;
    for (int i = 0; i < 32; i++) {
        r.number[i] = UC_MIPS_REG_0 + i;
        r.place[i] = &gpr[i];
    }
    r.number[32] = UC_MIPS_REG_HI;
    r.place[32] = hi;
    r.number[33] = UC_MIPS_REG_LO;
    r.place[33] = lo;
    return r;
}

void unicorn_run(const struct test_case *test, struct outcome *out)
{
    uint8_t code[4 * INSTRUCTIONS];
    uint32_t pc;
    *out = (struct outcome){.hi = test->hi, .lo = test->lo};
    memcpy(out->gpr, test->gpr, sizeof out->gpr);
    for (unsigned i = 0; i < INSTRUCTIONS; i++)
        put_word(code + 4 * i, test->code[i]);
    struct registers r = registers(out->gpr, &out->hi, &out->lo);
    uc_mem_write(host.engine, test->pc - KSEG0, code, sizeof code);
    uc_mem_write(host.engine, SHOWN_BASE - KSEG0, test->data, SHOWN_SIZE);
    /* An exception in a delay slot leaves the branch pending. */
    uc_context_restore(host.engine, host.fresh);
    uc_reg_write_batch(host.engine, r.number, r.place, 34);
    host.interrupt = 0;
    uc_err error = uc_emu_start(host.engine, test->pc, NOT_REACHED, 0, 0);
    uc_reg_read_batch(host.engine, r.number, r.place, 34);
    uc_mem_read(host.engine, SHOWN_BASE - KSEG0, out->data, SHOWN_SIZE);
    uc_reg_read(host.engine, UC_MIPS_REG_PC, &pc);
    out->exception = error == UC_ERR_OK ? exception_of(host.interrupt) : 2000 + (uint32_t)error;
    out->pc = pc - 4; /* it has gone over the SYSCALL */
}

void unicorn_close(void)
{
    uc_context_free(host.fresh);
    uc_close(host.engine);
}
