/* cmd_cpu: `info cpus` and `cpu N`: the machine's processors, and which one is looked at. */
#include <inttypes.h>
#include <stdio.h>

#include "debugger/commands.h"

static void look_at(struct session *session, struct cpu *cpu)
{
    session->chosen = cpu;
    session_changed(session);
}

static const char *state_of(const struct machine *machine, const struct cpu *cpu)
{
    if (cpu == machine->cpu)
        return "its turn";
    switch (cpu->ops->rest(cpu)) {
    case CPU_WAITS: return "halted";
    case CPU_DEAF: return "stopped";
    default: return "";
    }
}

static void say_row(struct session *session, const struct cpu *shown)
{
    struct output *out = &session->out;
    struct cpu *cpu = session->cpu;
    struct process process;
    char where[160];
    uint32_t pc = cpu->ops->pc(cpu);
    out_cell(out, "%s", cpu == shown ? "*" : "");
    out_cell_number(out, cpu->number, "%u", cpu->number);
    out_cell(out, "%s", cpu->ops->name);
    out_cell(out, "%s", state_of(session->machine, cpu));
    out_cell(out, "%s", session_in_kernel(session) ? session->arch->kernel : session->arch->user);
    out_cell_number(out, pc, "%08" PRIx32, pc);
    out_cell(out, "%s", session_describe(session, pc, where, sizeof where));
    out_cell_number(out, (int64_t)cpu_count(cpu), "%" PRIu64, cpu_count(cpu));
    out_cell(out, "%s", process_current(session, &process) ? process.name : "");
}

bool cmd_info_cpus(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {
        {"", "shown", false, OUT_PLAIN},          {"cpu", "cpu", true, OUT_PLAIN},
        {"model", "model", false, OUT_DIM},       {"", "turn", false, OUT_CHANGED},
        {"mode", "mode", false, OUT_PLAIN},       {"pc", "pc", true, OUT_ADDRESS},
        {"in", "where", false, OUT_FUNCTION},     {"executed", "count", true, OUT_PLAIN},
        {"process", "process", false, OUT_PLAIN},
    };
    if (*args->text != '\0')
        return out_error(&session->out, "info cpus takes no argument; cpu N chooses one");
    if (!session_needs_machine(session))
        return false;
    struct cpu *chosen = session->chosen, *shown = session->cpu;
    out_table(&session->out, "cpus", 0, columns, sizeof columns / sizeof *columns);
    for (unsigned i = 0; i < session->machine->processors; i++) {
        look_at(session, session->machine->processor[i]);
        say_row(session, shown);
    }
    out_table_end(&session->out);
    look_at(session, chosen);
    return true;
}

bool cmd_cpu(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    int64_t number;
    if (!session_needs_machine(session))
        return false;
    unsigned processors = session->machine->processors;
    if (*args->text == '\0')
        number = session->cpu->number;
    else if (!session_number(session, args->text, &number))
        return false;
    if (number < 0 || number >= processors)
        return out_error(out, "This machine has %u processor%s: 0 to %u", processors,
                         processors == 1 ? "" : "s", processors - 1);
    look_at(session, session->machine->processor[number]);
    frames_unwind(session);
    out_text(out, "Processor %" PRId64 "%s\n", number,
             session->cpu == session->machine->cpu ? ", whose turn it is" : "");
    out_number(out, "cpu", number);
    out_object(out, "frame");
    say_frame(session, 0, false);
    say_source(session, 0);
    out_close(out);
    return true;
}
