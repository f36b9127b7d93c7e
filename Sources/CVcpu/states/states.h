/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a state; private to CVcpu. */
#ifndef VCPU_PRIVATE_STATES_H
#define VCPU_PRIVATE_STATES_H

#include "../core/machine.h"

/* Returns the bytes of the CPU's stack, from its pointer to the top; 0 of one that has
 * ended. */
static inline size_t stack_bytes(const struct cpu *c)
{
	if (c->state != CPU_RUNNING)
		return 0;
	return (size_t)(c->fibre.stack + FIBRE_STACK_BYTES - (unsigned char *)c->fibre.stack_pointer);
}

/* name.c: gives the blocks that were touched their names. */
void name_arena(struct vcpu_machine *m);

#endif
