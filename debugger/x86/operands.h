/* operands: what one x86 instruction reads, writes and needs.
 *
 * Taken apart by the disassembler; addresses by the CPU's own hidden segment registers. */
#ifndef DEBUGGER_X86_OPERANDS_H
#define DEBUGGER_X86_OPERANDS_H

#include "debugger/session.h"
#include "debugger/operands.h"

/* arch.operands */
bool x86_operands(struct session *session, uint32_t linear, struct operands *out);

const char *x86_segment_name(unsigned number); /* "ds" */

#endif
