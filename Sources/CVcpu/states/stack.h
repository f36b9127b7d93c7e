/* SPDX-License-Identifier: GPL-2.0-only */
/* The stack of a CPU that waits; private to CVcpu. */
#ifndef VCPU_PRIVATE_STACK_H
#define VCPU_PRIVATE_STACK_H

#include "../core/machine.h"
#include "live.h"

/* Frames above are not looked into. */
#define STACK_FRAMES_MAX 64

/* One of the code under test. */
struct stack_frame {
	const struct live_call *call;	/* that its function is in */
	uint64_t *returns;		/* the return address of that call */
	uint64_t *pointer;		/* where its frame pointer points */
	/* The record stands for the frames between the frame before and this one, too, but
	 * for the address that these return to. */
	bool skips;
};

struct stack {
	unsigned count;			/* innermost first, of those that are known */
	struct stack_frame frame[STACK_FRAMES_MAX];
	enum record_kind record;	/* that stands for the frames below, unless NONE */
	uint64_t *low, *end;		/* what lies between is part of the state */
};

/* Finds the parts of the stack of a CPU that waits. */
void stack_look(const struct cpu *c, struct stack *s);

#endif
