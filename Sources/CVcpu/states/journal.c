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

/* Each thing that is kept begins at a multiple of 16 bytes. */
static size_t whole(size_t bytes)
{
	return (bytes + 15) & ~(size_t)15;
}

static __attribute__((noinline)) bool grow(struct journal *j, size_t bytes)
{
	size_t capacity = 2 * (j->used + bytes) + (1u << 20);
	unsigned char *larger = NULL;

	if (j->limit && capacity > j->limit)
		capacity = j->limit;
	if (j->used + bytes <= capacity)
		larger = realloc(j->bytes, capacity);
	if (!larger) {
		j->failed = true;
		return false;
	}
	j->bytes = larger;
	j->capacity = capacity;
	return true;
}

/* Makes room for more; false when memory is short, which vcpu_machine_keep() tells. */
static inline bool reserve(struct journal *j, size_t bytes)
{
	return likely(j->used + bytes <= j->capacity) || grow(j, bytes);
}

/* Returns room at the end; NULL when memory is short. */
static void *room(struct journal *j, size_t bytes)
{
	void *at;

	bytes = whole(bytes);
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

size_t journal_block(struct vcpu_machine *m, uint32_t block)
{
	struct entry *e = room(&m->journal, sizeof(*e));

	if (!e)
		return NOT_KEPT;
	e->block = block;
	e->is_poison = false;
	e->dirty = m->dirty[block];
	e->name = m->block_name[block];
	memcpy(e->bytes, m->arena + ((size_t)block << BLOCK_SHIFT), BLOCK_BYTES);
	return (size_t)((unsigned char *)e - m->journal.bytes);
}

const unsigned char *journal_bytes(const struct journal *j, size_t entry)
{
	return ((const struct entry *)(const void *)(j->bytes + entry))->bytes;
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

static inline unsigned char *put(unsigned char *at, const void *from, size_t bytes)
{
	memcpy(at, from, bytes);
	return at + bytes;
}

static inline const unsigned char *get(const unsigned char *at, void *to, size_t bytes)
{
	memcpy(to, at, bytes);
	return at + bytes;
}

/* Copies elements, of which there are most often one or none: then without a call. */
#define COPY_FEW(to, from, count, each) do {					\
	if (likely((count) == 1))						\
		__builtin_memcpy_inline(to, from, each);			\
	else if (count)								\
		memcpy(to, from, (count) * (each));				\
} while (0)

#define PUT_FEW(at, array, count) do {						\
	COPY_FEW(at, array, count, sizeof((array)[0]));				\
	(at) += (count) * sizeof((array)[0]);					\
} while (0)

#define GET_FEW(at, array, count) do {						\
	COPY_FEW(array, at, count, sizeof((array)[0]));				\
	(at) += (count) * sizeof((array)[0]);					\
} while (0)

static size_t cpu_bytes(const struct cpu *c)
{
	return CPU_HEAD_BYTES + c->taken_count * sizeof(c->taken[0]) + c->reads * sizeof(c->read[0]) +
	       c->deferred * sizeof(c->assertion[0]) + c->pending.count * sizeof(c->parts[0]) +
	       stack_bytes(c);
}

static void put_cpu(unsigned char *at, const struct cpu *c)
{
	at = put(at, c, CPU_HEAD_BYTES);
	PUT_FEW(at, c->taken, (size_t)c->taken_count);
	PUT_FEW(at, c->read, (size_t)c->reads);
	PUT_FEW(at, c->assertion, (size_t)c->deferred);
	PUT_FEW(at, c->parts, (size_t)c->pending.count);
	put(at, c->fibre.stack_pointer, stack_bytes(c));
}

static void get_cpu(const unsigned char *at, struct cpu *c)
{
	at = get(at, c, CPU_HEAD_BYTES);
	GET_FEW(at, c->taken, (size_t)c->taken_count);
	GET_FEW(at, c->read, (size_t)c->reads);
	GET_FEW(at, c->assertion, (size_t)c->deferred);
	GET_FEW(at, c->parts, (size_t)c->pending.count);
	get(at, c->fibre.stack_pointer, stack_bytes(c));
}

void vcpu_machine_keep_states(struct vcpu_machine *m, bool on)
{
	/* The journal says how blocks were when they were named, and begins anew. */
	name_arena(m);
	m->journal.on = on;
	journal_begin(&m->journal);
}

void vcpu_machine_limit_journal(struct vcpu_machine *m, size_t bytes)
{
	name_arena(m);
	journal_free(&m->journal);
	m->journal = (struct journal){ .on = m->journal.on, .limit = bytes };
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
	size_t start = j->used, end;
	struct record *r;
	unsigned char *rest;

	name_arena(m);
	bytes = whole(sizeof(*r) + bytes);
	if (!reserve(j, bytes + STEP_BYTES))
		return false;
	end = start + bytes;
	j->used = end;
	r = (struct record *)(void *)(j->bytes + start);
	*r = (struct record){
		.previous = j->record, .entries = end, .cpu = cpu,
		.dirty_count = m->dirty_count, .poison_changes = m->poison_changes,
		.changes = m->changes, .bugs = m->bugs, .step = m->step, .loops = m->loops,
		.cut = m->cut, .stuck = m->stuck,
		.unnamed = m->unnamed,
		.arena_name = m->arena_name, .poison_name = m->poison_name, .cpus_name = m->cpus_name,
	};
	memcpy(r->awaited, m->awaited, sizeof(r->awaited));
	rest = (unsigned char *)(r + 1);
	PUT_FEW(rest, m->bug, (size_t)m->bugs);
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
		j->used -= whole(sizeof(struct entry));
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
	rest = (const unsigned char *)(r + 1);
	GET_FEW(rest, m->bug, (size_t)m->bugs);
	get_cpu(rest, &m->cpu[r->cpu]);
	note_progress(m, r->cpu);
	j->used = j->record;
	j->record = r->previous;
	return true;
}

void vcpu_machine_keep_bugs(struct vcpu_machine *m, uint32_t bugs)
{
	m->bugs = bugs < m->bugs ? bugs : m->bugs;
}
