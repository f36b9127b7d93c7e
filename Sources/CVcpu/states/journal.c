/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way back: for each step that can be taken back, what it changes as it was before.
 * A step touches few blocks and one stack, so this is far less than a whole state.
 */
#include "../include/vcpu_states.h"

#include <stdlib.h>
#include <string.h>

#include "states.h"

/* The part of a machine that steps change, and that is not about one CPU. */
struct record {
	size_t previous;		/* where the record of the step before begins */
	size_t entries;			/* that follow what is kept at once */
	uint32_t cpu;
	uint32_t dirty_count, poison_changes;
	uint32_t changes, bugs, step, loops, cut;
	bool stuck;
	uint32_t unnamed;
	struct vcpu_state_name arena_name, poison_name, cpus_name;
	uint32_t awaited[VCPU_MAX][SECTIONS];
};

/* A block of the arena, or as many bytes of the poison, as they were. */
struct entry {
	uint32_t block;
	bool is_poison;
	unsigned char dirty;
	struct vcpu_state_name name;
	unsigned char bytes[BLOCK_BYTES];
};

/* The part of a CPU before its arrays, which are long and hardly used. */
#define CPU_HEAD_BYTES offsetof(struct cpu, taken)

/* Calls below the stack pointer have returned; deeper ones are rare. */
#define SCRUBBED_BYTES 3072
/* Ample for what a step changes: should more room be made on the stack of its CPU, that would
 * leave bytes there that differ from one way to the next. */
#define STEP_BYTES (64u << 10)
/* The calls of earlier searches may have been deeper. */
#define SCRUBBED_AT_FIRST (32u << 10)

bool vcpu_machine_keeps_states(void)
{
	return !VCPU_THREAD_SANITIZER && !VCPU_ADDRESS_SANITIZER;
}

void journal_free(struct journal *j)
{
	free(j->bytes);
}

/* Makes room for more; false when memory is short, which vcpu_machine_keep() tells. */
static bool reserve(struct journal *j, size_t bytes)
{
	if (j->used + bytes > j->capacity) {
		size_t capacity = 2 * (j->used + bytes) + (1u << 20);
		unsigned char *larger = realloc(j->bytes, capacity);

		if (!larger) {
			j->failed = true;
			return false;
		}
		j->bytes = larger;
		j->capacity = capacity;
	}
	return true;
}

/* Returns room at the end; NULL when memory is short. */
static void *room(struct journal *j, size_t bytes)
{
	void *at;

	bytes = (bytes + 15) & ~(size_t)15;
	if (!reserve(j, bytes))
		return NULL;
	at = j->bytes + j->used;
	j->used += bytes;
	return at;
}

static size_t poison_bytes(const struct vcpu_machine *m, uint32_t block)
{
	size_t from = (size_t)block << BLOCK_SHIFT, left = m->words_total + SECTIONS - from;

	return left < BLOCK_BYTES ? left : BLOCK_BYTES;
}

void journal_block(struct vcpu_machine *m, uint32_t block)
{
	struct entry *e = room(&m->journal, sizeof(*e));

	if (!e)
		return;
	e->block = block;
	e->is_poison = false;
	e->dirty = m->dirty[block];
	e->name = m->block_name[block];
	memcpy(e->bytes, m->arena + ((size_t)block << BLOCK_SHIFT), BLOCK_BYTES);
}

void journal_poison(struct vcpu_machine *m, uint32_t word, uint32_t count)
{
	for (uint32_t block = word >> BLOCK_SHIFT; block <= (word + count - 1) >> BLOCK_SHIFT; block++) {
		struct entry *e = room(&m->journal, sizeof(*e));

		if (!e)
			return;
		e->block = block;
		e->is_poison = true;
		memcpy(e->bytes, m->poison + ((size_t)block << BLOCK_SHIFT), poison_bytes(m, block));
	}
}

static unsigned char *put(unsigned char *at, const void *from, size_t bytes)
{
	memcpy(at, from, bytes);
	return at + bytes;
}

static const unsigned char *get(const unsigned char *at, void *to, size_t bytes)
{
	memcpy(to, at, bytes);
	return at + bytes;
}

static size_t cpu_bytes(const struct cpu *c)
{
	return CPU_HEAD_BYTES + c->taken_count * sizeof(c->taken[0]) + c->reads * sizeof(c->read[0]) +
	       c->deferred * sizeof(c->assertion[0]) + c->pending.count * sizeof(c->parts[0]) +
	       stack_bytes(c);
}

static void put_cpu(unsigned char *at, const struct cpu *c)
{
	at = put(at, c, CPU_HEAD_BYTES);
	at = put(at, c->taken, c->taken_count * sizeof(c->taken[0]));
	at = put(at, c->read, c->reads * sizeof(c->read[0]));
	at = put(at, c->assertion, c->deferred * sizeof(c->assertion[0]));
	at = put(at, c->parts, c->pending.count * sizeof(c->parts[0]));
	put(at, c->fibre.stack_pointer, stack_bytes(c));
}

static void get_cpu(const unsigned char *at, struct cpu *c)
{
	at = get(at, c, CPU_HEAD_BYTES);
	at = get(at, c->taken, c->taken_count * sizeof(c->taken[0]));
	at = get(at, c->read, c->reads * sizeof(c->read[0]));
	at = get(at, c->assertion, c->deferred * sizeof(c->assertion[0]));
	at = get(at, c->parts, c->pending.count * sizeof(c->parts[0]));
	get(at, c->fibre.stack_pointer, stack_bytes(c));
}

void vcpu_machine_keep_states(struct vcpu_machine *m, bool on)
{
	m->journal.on = on;
	journal_begin(&m->journal);
}

void journal_begin(struct journal *j)
{
	j->used = 0;
	j->record = 0;
	j->failed = false;
}

static void scrub(struct cpu *c, size_t bytes)
{
	memset((unsigned char *)c->fibre.stack_pointer - bytes, 0, bytes);
}

void stack_scrub(struct cpu *c)
{
	scrub(c, SCRUBBED_AT_FIRST);
}

bool vcpu_machine_keep(struct vcpu_machine *m, unsigned cpu)
{
	struct journal *j = &m->journal;
	size_t bytes = cpu_bytes(&m->cpu[cpu]) + m->bugs * sizeof(m->bug[0]);
	size_t start = j->used;
	struct record *r;
	unsigned char *rest;

	name_arena(m);
	if (!reserve(j, sizeof(*r) + bytes + STEP_BYTES) || !room(j, sizeof(*r)) || !room(j, bytes))
		return false;
	r = (struct record *)(void *)(j->bytes + start);
	*r = (struct record){
		.previous = j->record, .entries = j->used, .cpu = cpu,
		.dirty_count = m->dirty_count, .poison_changes = m->poison_changes,
		.changes = m->changes, .bugs = m->bugs, .step = m->step, .loops = m->loops,
		.cut = m->cut, .stuck = m->stuck,
		.unnamed = m->unnamed,
		.arena_name = m->arena_name, .poison_name = m->poison_name, .cpus_name = m->cpus_name,
	};
	memcpy(r->awaited, m->awaited, sizeof(r->awaited));
	rest = put((unsigned char *)(r + 1), m->bug, m->bugs * sizeof(m->bug[0]));
	put_cpu(rest, &m->cpu[cpu]);
	j->record = start;
	scrub(&m->cpu[cpu], SCRUBBED_BYTES);
	if (unlikely(m->spoil))
		spoil_cpu(m, cpu);
	return !j->failed;
}

static void undo_entry(struct vcpu_machine *m, const struct entry *e)
{
	if (e->is_poison) {
		memcpy(m->poison + ((size_t)e->block << BLOCK_SHIFT), e->bytes, poison_bytes(m, e->block));
		return;
	}
	memcpy(m->arena + ((size_t)e->block << BLOCK_SHIFT), e->bytes, BLOCK_BYTES);
	m->dirty[e->block] = e->dirty;
	m->block_name[e->block] = e->name;
}

bool vcpu_machine_undo(struct vcpu_machine *m)
{
	struct journal *j = &m->journal;
	const struct record *r = (const void *)(j->bytes + j->record);
	const unsigned char *rest;

	if (j->failed)
		return false;
	while (j->used > r->entries) {
		j->used -= (sizeof(struct entry) + 15) & ~(size_t)15;
		undo_entry(m, (const struct entry *)(const void *)(j->bytes + j->used));
	}
	m->touched_count = 0;
	m->dirty_count = r->dirty_count;
	m->poison_changes = r->poison_changes;
	m->changes = r->changes;
	m->bugs = r->bugs;
	m->step = r->step;
	m->loops = r->loops;
	m->cut = r->cut;
	m->stuck = r->stuck;
	m->releases = 0;
	m->arena_name = r->arena_name;
	m->poison_name = r->poison_name;
	m->unnamed = r->unnamed;
	m->cpus_name = r->cpus_name;
	memcpy(m->awaited, r->awaited, sizeof(r->awaited));
	rest = get((const unsigned char *)(r + 1), m->bug, m->bugs * sizeof(m->bug[0]));
	get_cpu(rest, &m->cpu[r->cpu]);
	j->used = j->record;
	j->record = r->previous;
	return true;
}

void vcpu_machine_keep_bugs(struct vcpu_machine *m, uint32_t bugs)
{
	m->bugs = bugs < m->bugs ? bugs : m->bugs;
}
