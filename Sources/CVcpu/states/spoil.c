/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test of names: what they leave out must not matter.  Dead bytes of frames are
 * overwritten.  Frames of CVcpu cannot be, for they are needed to go on; but those of two
 * states of a CPU that have one name are interchangeable, so each is replaced by the first
 * that was met.
 */
#include <stdlib.h>
#include <string.h>

#include "stack.h"
#include "states.h"

#define PATTERN 0x5a

/* The frames that stand for all with this name. */
struct kept {
	struct vcpu_state_name name;
	size_t bytes;
	unsigned char *frames;
};

struct spoil {
	enum vcpu_spoil what;
	struct kept *kept;		/* a table with open addressing */
	size_t count, room;		/* a power of two */
};

static void forget(struct spoil *s)
{
	for (size_t i = 0; i < s->room; i++)
		free(s->kept[i].frames);
	free(s->kept);
}

void spoil_free(struct spoil *s)
{
	if (s)
		forget(s);
	free(s);
}

bool vcpu_machine_spoil(struct vcpu_machine *m, enum vcpu_spoil what)
{
	spoil_free(m->spoil);
	m->spoil = NULL;
	if (what == VCPU_SPOIL_NOTHING)
		return true;
	m->spoil = calloc(1, sizeof(*m->spoil));
	if (m->spoil)
		m->spoil->what = what;
	return m->spoil;
}

/* Returns the entry of a name, which may be empty. */
static struct kept *find(struct kept *table, size_t room, const struct vcpu_state_name *name)
{
	size_t i = name->low & (room - 1);

	while (table[i].frames &&
	       (table[i].name.low != name->low || table[i].name.high != name->high))
		i = (i + 1) & (room - 1);
	return &table[i];
}

static bool grow(struct spoil *s)
{
	size_t room = s->room ? 2 * s->room : 1024;
	struct kept *table = calloc(room, sizeof(*table));

	if (!table)
		return false;
	for (size_t i = 0; i < s->room; i++)
		if (s->kept[i].frames)
			*find(table, room, &s->kept[i].name) = s->kept[i];
	free(s->kept);
	s->kept = table;
	s->room = room;
	return true;
}

static void replace_frames(struct spoil *s, struct cpu *c, const struct stack *stack,
			   const struct vcpu_state_name *name)
{
	unsigned char *end = (unsigned char *)stack->low;
	size_t bytes = (size_t)(end - (unsigned char *)c->fibre.stack_pointer);
	struct kept *k;

	if (2 * s->count >= s->room && !grow(s))
		return;
	k = find(s->kept, s->room, name);
	if (k->frames) {
		memcpy(end - k->bytes, k->frames, k->bytes);
		c->fibre.stack_pointer = end - k->bytes;
		return;
	}
	k->frames = malloc(bytes);
	if (!k->frames)
		return;
	k->name = *name;
	k->bytes = bytes;
	memcpy(k->frames, c->fibre.stack_pointer, bytes);
	s->count++;
}

/* Overwrites dead bytes of a frame, and its first live word if there is one. */
static bool overwrite(const struct stack_frame *f, bool one_live)
{
	const struct live_word *live = f->call->live, *end = live + f->call->live_words;
	bool found = false;

	for (uint32_t word = 0; word < f->call->words; word++) {
		uint64_t *at = f->returns + 1 + word;
		uint64_t mask = live < end && live->word == word ? live++->mask : 0;

		if (one_live && mask && *at) {
			mask = 0;
			one_live = false;
			found = true;
		}
		*at = (*at & mask) | (0x0101010101010101u * PATTERN & ~mask);
	}
	return found;
}

bool spoils_freed(const struct vcpu_machine *m)
{
	return m->spoil->what == VCPU_SPOIL_FREED;
}

void spoil_cpu(struct vcpu_machine *m, unsigned cpu)
{
	struct vcpu_state_name name, record = { 0, 0 };
	struct cpu *c = &m->cpu[cpu];
	struct spoil *s = m->spoil;
	bool one_live = s->what == VCPU_SPOIL_ONE_LIVE;
	struct stack stack;

	if (s->what == VCPU_SPOIL_FREED)
		return;
	stack_look(c, &stack);
	for (unsigned i = 0; i < stack.count; i++)
		if (overwrite(&stack.frame[i], one_live))
			one_live = false;
	if (stack.record == RECORD_NONE)
		return;
	forget_name(m, cpu);
	name = vcpu_machine_cpu_name(m, cpu);
	if (s->what == VCPU_SPOIL_RECORD) {
		name_record(m, c, stack.record, PLACE_CPU(cpu) + PLACE_RECORD, &record);
		name.low -= record.low;
		name.high -= record.high;
	}
	replace_frames(s, c, &stack, &name);
}
