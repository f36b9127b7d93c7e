/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of a state that lies on the stack of a CPU.  Of code under test it is the bytes
 * of each frame that are live where the call returns, and the return addresses.  Of
 * CVcpu, whose frames lie below, it is nothing when the CPU's record describes the
 * operation that it waits in; else all of them.
 *
 * Those frames also hold what their callers had in registers that a callee saves.  So they
 * can be left out only if all functions up to the first one on the stack keep nothing there:
 * then it is the same whenever the CPU waits.
 */
#include <string.h>

#include "stack.h"
#include "states.h"

/* Returns whether the frame is as long as its function makes it. */
static bool fits(const struct stack_frame *f)
{
	return f->call->kind != LIVE_MASKED || (size_t)(f->pointer - f->returns) == f->call->words + 1;
}

#if defined(__x86_64__)
/* Finds the frames of the code under test; returns whether all up to the outermost are such. */
static bool find_frames(const struct cpu *c, struct stack *s)
{
	uint64_t *saved = c->fibre.stack_pointer;	/* see vcpu_switch() */
	uint64_t *returns = saved + 6, *pointer = (uint64_t *)(uintptr_t)saved[5];
	const uint64_t *last = (uint64_t *)(void *)(c->fibre.stack + FIBRE_STACK_BYTES - 16);
	bool is_known = true, is_adjacent = false;

	/* Each frame pointer lies on the stack, above the one before. */
	while (s->count < STACK_FRAMES_MAX && pointer > returns && pointer <= last &&
	       !((uintptr_t)pointer % 8)) {
		const struct live_call *call = live_call_at(*returns);
		struct stack_frame *f = &s->frame[s->count];

		f->call = call;
		f->returns = returns;
		f->pointer = pointer;
		if (call->kind == LIVE_OUTERMOST)
			return is_known && is_adjacent && s->count;
		if (call->kind != LIVE_UNKNOWN && fits(f)) {
			/* It evaluates a condition of its caller's, and needs nothing after. */
			f->skips = s->count && !is_adjacent && live_record(call) == RECORD_CONDITION;
			is_known &= is_adjacent || f->skips || !s->count;
			s->count++;
			is_adjacent = true;
		} else {
			is_adjacent = false;
		}
		returns = pointer + 1;
		pointer = (uint64_t *)(uintptr_t)*pointer;
	}
	return false;
}
#else
static bool find_frames(const struct cpu *c, struct stack *s)
{
	return false;
}
#endif

/* Returns the kind of record that says all of the operation that the CPU waits in. */
static enum record_kind whole_record(const struct cpu *c, const struct stack_frame *innermost)
{
	enum record_kind kind = live_record(innermost->call);
	const uint64_t *to = (const uint64_t *)(const void *)c->copied.to;
	const uint64_t *from = (const uint64_t *)(const void *)c->copied.from;

	switch (c->pending.operation) {
	case VCPU_ASSERT:
		if (kind != RECORD_ARGUMENTS && c->flushes == FLUSH_BEFORE)
			return RECORD_NONE;
		break;
	case VCPU_SPIN:
	case VCPU_PAUSE:
		return RECORD_NONE;
	}
	switch (kind) {
	case RECORD_COPY:
		/* A move goes through a buffer in the frames below. */
		if ((to >= (uint64_t *)c->fibre.stack_pointer && to < innermost->returns) ||
		    (from >= (uint64_t *)c->fibre.stack_pointer && from < innermost->returns))
			return RECORD_NONE;
		return kind;
	case RECORD_CONDITION:
		/* It is evaluated by code whose frames are not known. */
		return RECORD_NONE;
	default:
		return kind;
	}
}

void stack_look(const struct cpu *c, struct stack *s)
{
	bool is_whole;

	s->count = 0;
	is_whole = find_frames(c, s);
	s->record = is_whole ? whole_record(c, &s->frame[0]) : RECORD_NONE;
	s->low = s->record == RECORD_NONE ? c->fibre.stack_pointer : s->frame[0].returns;
	/* All above is the same whenever the stack is such. */
	s->end = is_whole ? s->frame[s->count - 1].pointer :
			    (uint64_t *)(void *)(c->fibre.stack + FIBRE_STACK_BYTES);
}

/* Adds words to a name, each at its place on the stack. */
static void add_words(struct vcpu_machine *m, struct vcpu_state_name *n, uint64_t place,
		      const uint64_t *from, const uint64_t *to)
{
	for (; from < to; from++)
		if (*from)
			add_value(m, n, place + (uintptr_t)from / 8, *from);
}

/* Returns the address that a call returns to, by its region: but for libraries, whose tags are
 * random, no two are the same. */
static uint64_t call_name(struct vcpu_machine *m, const struct live_call *call)
{
	uint64_t known = atomic_load_explicit(&call->name, memory_order_relaxed);
	const struct region *r;

	if (unlikely(!known)) {
		r = region_of(m, call->after);
		known = call->after - r->first + r->tag;
		atomic_store_explicit(&((struct live_call *)call)->name, known, memory_order_relaxed);
	}
	return known;
}

/* Adds the live words of a frame, and the call in it. */
static void add_frame(struct vcpu_machine *m, const struct stack_frame *f, uint64_t place,
		      struct vcpu_state_name *n)
{
	add(n, place + (uintptr_t)f->returns / 8, call_name(m, f->call));
	for (uint32_t k = 0; k < f->call->live_words; k++) {
		const uint64_t *word = f->returns + 1 + f->call->live[k].word;
		uint64_t value = *word & f->call->live[k].mask;

		if (value)
			add_value(m, n, place + (uintptr_t)word / 8, value);
	}
}

/* Returns the entry of a frame with those live words, or that of another one. */
static struct frame_name *find_frame(struct vcpu_machine *m, const struct stack_frame *f,
				     uint64_t *value)
{
	uint64_t hash = (uintptr_t)f->call >> 4 ^ (uintptr_t)f->returns >> 3;
	const struct live_call *call = f->call;

	for (uint32_t k = 0; k < call->live_words; k++) {
		value[k] = f->returns[1 + call->live[k].word] & call->live[k].mask;
		hash = (hash << 5 | hash >> 59) + value[k];
	}
	return &m->frame_name[hash * 0x9e3779b97f4a7c15u >> (64 - FRAME_NAME_BITS)];
}

static bool is_same_frame(const struct vcpu_machine *m, const struct frame_name *known,
			  const struct stack_frame *f, const uint64_t *value)
{
	if (known->call != f->call || known->returns != f->returns ||
	    known->regions_version != m->regions_version)
		return false;
	for (uint32_t k = 0; k < f->call->live_words; k++)
		if (known->value[k] != value[k])
			return false;
	return true;
}

/* Adds the name of a frame: most are met again and again. */
static void name_frame(struct vcpu_machine *m, const struct stack_frame *f, uint64_t place,
		       struct vcpu_state_name *n)
{
	uint64_t value[FRAME_WORDS_MAX];
	struct frame_name *known;

	if (unlikely(f->call->live_words > FRAME_WORDS_MAX)) {
		add_frame(m, f, place, n);
		return;
	}
	known = find_frame(m, f, value);
	if (unlikely(!is_same_frame(m, known, f, value))) {
		known->call = f->call;
		known->returns = f->returns;
		known->regions_version = m->regions_version;
		memcpy(known->value, value, f->call->live_words * sizeof(value[0]));
		known->name = (struct vcpu_state_name){ 0, 0 };
		add_frame(m, f, place, &known->name);
	}
	n->low += known->name.low;
	n->high += known->name.high;
}

void name_stack(struct vcpu_machine *m, const struct cpu *c, uint64_t place,
		struct vcpu_state_name *n)
{
	const uint64_t *at;
	struct stack s;

	stack_look(c, &s);
	at = s.low;
	add_value(m, n, place + PLACE_STACK - 1, (uintptr_t)at);
	name_record(m, c, s.record, place + PLACE_RECORD, n);
	/* The word at the low end of the stack would be at this place. */
	place += PLACE_STACK - (uintptr_t)c->fibre.stack / 8;
	for (unsigned i = 0; i < s.count; i++) {
		const struct stack_frame *f = &s.frame[i];

		if (f->skips && s.record != RECORD_NONE) {
			add_words(m, n, place, at, f[-1].pointer + 2);
			at = f->returns;
		}
		if (f->call->kind != LIVE_MASKED)
			continue;
		/* The frame pointer there is that of the function, which says where it is. */
		if (i && at == f[-1].pointer && at + 1 == f->returns)
			at++;
		add_words(m, n, place, at, f->returns);
		name_frame(m, f, place, n);
		at = f->pointer;
	}
	add_words(m, n, place, at, s.end);
}
