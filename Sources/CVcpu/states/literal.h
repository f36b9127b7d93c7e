/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Literals of blocks in a frame, which the debug information does not know; private to
 * CVcpu, and of x86-64.
 */
#ifndef VCPU_PRIVATE_LITERAL_H
#define VCPU_PRIVATE_LITERAL_H

#include <capstone/capstone.h>

#include "code.h"

static inline bool is_register(const cs_x86_op *o, x86_reg reg)
{
	return o->type == X86_OP_REG && o->reg == reg;
}

/* ---- code.c ------------------------------------------------------------------------- */

/* Returns whether all that the instruction does with its first operand is to write it. */
bool stores(const cs_insn *at);
/* Notes that an address in the frame is taken: of a variable, or of the compiler's own
 * between two. */
void take_object_at(struct code *f, struct instruction *i, int64_t at);

/* ---- literal.c ---------------------------------------------------------------------- */

/* Adds the literals to the objects of the frame, and finds the lowest address in it that is
 * taken. */
void find_literals(struct code *code, csh capstone);

/* Returns the literal whose address an instruction puts where callees look for their first
 * argument; NULL for none. */
const struct frame_object *literal_of(const struct frame *f, const cs_insn *at);

/* An address of a literal on its way to a call. */
struct given {
	const struct frame_object *literal;	/* NULL: there is none */
	struct instruction *from;	/* that took it */
	int64_t disp;
};

/* Follows it through one more instruction. */
void look_at_literal(struct code *f, struct given *g, struct instruction *i, csh capstone,
		     const cs_insn *at);

#endif
