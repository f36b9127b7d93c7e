/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a CPU at an event: the place, and the stack of the code under test. */
#include <string.h>

#include "explore.h"

bool loop_same_place(const struct loop_place *a, const struct loop_place *b)
{
	return a->pc == b->pc && a->word == b->word && a->operation == b->operation &&
	       a->mask == b->mask && a->callers == b->callers;
}

static bool is_frame(const struct cpu *c, void **frame)
{
	const unsigned char *at = (const unsigned char *)frame;

	return at >= c->fibre.stack && at <= c->fibre.stack + FIBRE_STACK_BYTES - 2 * sizeof(*frame);
}

void **loop_caller(const struct cpu *c, const void *pc)
{
	void **frame = __builtin_frame_address(0);

	for (unsigned depth = 0; depth < 16 && is_frame(c, frame); depth++) {
		if (frame[1] == pc)
			return frame;
		frame = frame[0];
	}
	return NULL;
}

/* A helper that is called from two places stands at two places, hence the sum. */
uintptr_t loop_callers(const struct cpu *c, void **frame)
{
	uintptr_t sum = 0;

	for (unsigned depth = 0; frame && depth < 3; depth++) {
		frame = frame[0];
		if (!is_frame(c, frame))
			break;
		sum = 31 * sum + (uintptr_t)frame[1];
	}
	return sum;
}

/* Returns the frame pointer of a CPU that waits, as vcpu_switch() saved it. */
static void **waiting_frame(const struct cpu *c)
{
	void **saved = c->fibre.stack_pointer;

#if defined(__x86_64__)
	return saved[5];
#else
	return saved[10];
#endif
}

static void **above(void **frame)
{
	return frame[0] > (void *)frame ? frame[0] : NULL;
}

uint32_t vcpu_machine_calls(struct vcpu_machine *m, unsigned cpu, const void **pc, uint32_t room)
{
	const struct cpu *c = &m->cpu[cpu];
	void **frame = c->state == CPU_RUNNING ? waiting_frame(c) : NULL;
	uint32_t count = 0;

	if (c->state != CPU_RUNNING || !room)
		return 0;
	pc[count++] = c->pending_pc;
	/* The frames below are those of CVcpu; an assertion may wait for longer than its function. */
	while (is_frame(c, frame) && frame[1] != c->pending_pc)
		frame = above(frame);
	while (is_frame(c, frame) && is_frame(c, above(frame)) && count < room) {
		frame = above(frame);
		pc[count++] = frame[1];
	}
	return count;
}

void loop_note_frames(struct loop *l, const struct cpu *c, const void *pc, void **frame)
{
	l->frames = 0;
	l->frame[l->frames++] = pc;
	for (; frame && is_frame(c, frame) && l->frames < VCPU_LOOP_FRAMES_MAX; frame = frame[0])
		l->frame[l->frames++] = frame[1];
}

void loop_copy_state(struct loop *l, const struct cpu *c, void **frame)
{
	const unsigned char *at = (const unsigned char *)(frame + 2);
	size_t bytes = (size_t)(c->fibre.stack + FIBRE_STACK_BYTES - at);

	l->stack_at = at;
	/* A stack that is too large is never the same. */
	l->stack_bytes = bytes <= LOOP_STACK_MAX ? (uint32_t)bytes : 0;
	memcpy(l->stack, at, l->stack_bytes);
	memcpy(l->operand, c->operand, sizeof(l->operand));
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		l->nesting[kind] = c->section[kind].nesting;
	l->deferred = c->deferred;
	for (unsigned i = 0; i < c->deferred; i++)
		memcpy(&l->assertion[i], &c->assertion[i], sizeof(l->assertion[i]));
	l->restart = true;
}

bool loop_same_state(const struct loop *l, const struct cpu *c, void **frame)
{
	if (l->stack_at != (const unsigned char *)(frame + 2) || !l->stack_bytes ||
	    memcmp(l->operand, c->operand, sizeof(l->operand)) || l->deferred != c->deferred)
		return false;
	for (unsigned i = 0; i < c->deferred; i++)
		if (!assertions_are_same(&l->assertion[i], &c->assertion[i]))
			return false;
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		if (l->nesting[kind] != c->section[kind].nesting)
			return false;
	return !memcmp(l->stack, l->stack_at, l->stack_bytes);
}
