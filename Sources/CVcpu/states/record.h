/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations that a CPU waits in and that its record describes: all that it needs to go on
 * is in struct cpu and in its caller's frame, so the frames of CVcpu have nothing of its
 * state.  Private to CVcpu.
 */
#ifndef VCPU_PRIVATE_RECORD_H
#define VCPU_PRIVATE_RECORD_H

#include <stdint.h>

struct cpu;
struct vcpu_machine;
struct vcpu_state_name;

/* The part of the record that an operation needs, beside the event itself. */
enum record_kind {
	RECORD_UNSEEN,		/* see live_record() */
	RECORD_NONE,		/* more than that: its frames are needed */
	RECORD_OFFSET,
	RECORD_VALUE,		/* the offset and the value */
	RECORD_OPERANDS,	/* the offset and the operands */
	RECORD_COPY,		/* the offset and the rest of the copy */
	/* The offset, the value, and whose lock it is: assertions that wait come before all
	 * that it does, so it may also wait for these. */
	RECORD_ARGUMENTS,
	/* Nothing: it waits in a condition that it evaluates. */
	RECORD_CONDITION,
};

/* Returns the kind of a function of vcpu.h, or of a hook; RECORD_NONE for all others. */
enum record_kind record_of(uintptr_t function);

/* Adds that part of the record to a name. */
void name_record(struct vcpu_machine *m, const struct cpu *c, enum record_kind kind,
		 uint64_t place, struct vcpu_state_name *n);

#endif
