/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a machine in one piece of memory. */
#include "../include/vcpu_states.h"

#include <stdlib.h>
#include <string.h>

#include "states.h"

/* The part of a machine that steps change, and that is not about one CPU. */
struct head {
	uint32_t blocks;		/* that differ from the snapshot */
	uint32_t poison_changes;
	uint32_t changes, bugs, step, loops, cut;
	bool stuck;
};

struct vcpu_checkpoint {
	unsigned char *bytes;
	size_t capacity;
};

/* The part of a CPU before its arrays, which are long and hardly used. */
#define CPU_HEAD_BYTES offsetof(struct cpu, read)

bool vcpu_machine_keeps_states(void)
{
	return !VCPU_THREAD_SANITIZER && !VCPU_ADDRESS_SANITIZER;
}

struct vcpu_checkpoint *vcpu_checkpoint_new(void)
{
	return calloc(1, sizeof(struct vcpu_checkpoint));
}

void vcpu_checkpoint_free(struct vcpu_checkpoint *k)
{
	if (k)
		free(k->bytes);
	free(k);
}

static bool poison_is_whole(uint32_t changes)
{
	return changes == POISON_LOG_MAX;
}

static size_t bytes_needed(const struct vcpu_machine *m)
{
	size_t bytes = sizeof(struct head) + sizeof(m->arena_name) + m->bugs * sizeof(m->bug[0]);

	bytes += m->dirty_count * (sizeof(m->dirty_list[0]) + sizeof(m->block_name[0]) + BLOCK_BYTES);
	bytes += m->poison_changes * sizeof(m->poison_log[0]);
	if (poison_is_whole(m->poison_changes))
		bytes += m->words_total;
	for (uint32_t i = 0; i < m->poison_changes; i++)
		bytes += m->poison_log[i].count;
	for (unsigned i = 0; i < m->cpu_count; i++) {
		const struct cpu *c = &m->cpu[i];

		bytes += CPU_HEAD_BYTES + c->reads * sizeof(c->read[0]) +
			 c->deferred * sizeof(c->assertion[0]) +
			 c->pending.count * sizeof(c->parts[0]) + stack_bytes(c);
	}
	return bytes;
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

static unsigned char *put_cpu(unsigned char *at, const struct cpu *c)
{
	at = put(at, c, CPU_HEAD_BYTES);
	at = put(at, c->read, c->reads * sizeof(c->read[0]));
	at = put(at, c->assertion, c->deferred * sizeof(c->assertion[0]));
	at = put(at, c->parts, c->pending.count * sizeof(c->parts[0]));
	return put(at, c->fibre.stack_pointer, stack_bytes(c));
}

static const unsigned char *get_cpu(const unsigned char *at, struct cpu *c)
{
	at = get(at, c, CPU_HEAD_BYTES);
	at = get(at, c->read, c->reads * sizeof(c->read[0]));
	at = get(at, c->assertion, c->deferred * sizeof(c->assertion[0]));
	at = get(at, c->parts, c->pending.count * sizeof(c->parts[0]));
	return get(at, c->fibre.stack_pointer, stack_bytes(c));
}

static unsigned char *arena_block(const struct vcpu_machine *m, uint32_t block)
{
	return m->arena + ((size_t)block << BLOCK_SHIFT);
}

static bool is_same(const struct vcpu_state_name *a, const struct vcpu_state_name *b)
{
	return a->low == b->low && a->high == b->high;
}

/* Most blocks are as they were kept: their names say so, unless they were touched since. */
static const unsigned char *get_blocks(const unsigned char *at, struct vcpu_machine *m,
				       uint32_t count)
{
	/* In the search of a path the list only grows, so what was kept is its beginning. */
	bool is_beginning = count <= m->dirty_count &&
			    !memcmp(m->dirty_list, at, count * sizeof(m->dirty_list[0]));

	for (uint32_t i = is_beginning ? count : 0; i < m->dirty_count; i++)
		block_restore(m, m->dirty_list[i]);
	m->touched_count = 0;
	m->dirty_count = count;
	at = get(at, m->dirty_list, count * sizeof(m->dirty_list[0]));
	at = get(at, &m->arena_name, sizeof(m->arena_name));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t block = m->dirty_list[i];
		struct vcpu_state_name name;

		at = get(at, &name, sizeof(name));
		if (m->dirty[block] != BLOCK_DIRTY || !is_same(&name, &m->block_name[block]))
			memcpy(arena_block(m, block), at, BLOCK_BYTES);
		at += BLOCK_BYTES;
		m->block_name[block] = name;
		m->dirty[block] = BLOCK_DIRTY;
	}
	return at;
}

bool vcpu_machine_save(struct vcpu_machine *m, struct vcpu_checkpoint *k)
{
	size_t bytes = bytes_needed(m);
	struct head head = {
		m->dirty_count, m->poison_changes, m->changes, m->bugs, m->step, m->loops, m->cut,
		m->stuck
	};
	unsigned char *at;

	if (bytes > k->capacity) {
		unsigned char *larger = realloc(k->bytes, 2 * bytes);

		if (!larger)
			return false;
		k->bytes = larger;
		k->capacity = 2 * bytes;
	}
	name_arena(m);
	at = put(k->bytes, &head, sizeof(head));
	at = put(at, m->bug, m->bugs * sizeof(m->bug[0]));
	at = put(at, m->dirty_list, m->dirty_count * sizeof(m->dirty_list[0]));
	at = put(at, &m->arena_name, sizeof(m->arena_name));
	for (uint32_t i = 0; i < m->dirty_count; i++) {
		at = put(at, &m->block_name[m->dirty_list[i]], sizeof(m->block_name[0]));
		at = put(at, arena_block(m, m->dirty_list[i]), BLOCK_BYTES);
	}
	at = put(at, m->poison_log, m->poison_changes * sizeof(m->poison_log[0]));
	if (poison_is_whole(m->poison_changes))
		at = put(at, m->poison, m->words_total);
	for (uint32_t i = 0; i < m->poison_changes; i++)
		at = put(at, m->poison + m->poison_log[i].word, m->poison_log[i].count);
	for (unsigned i = 0; i < m->cpu_count; i++)
		at = put_cpu(at, &m->cpu[i]);
	return true;
}

void vcpu_machine_keep_bugs(struct vcpu_machine *m, uint32_t bugs)
{
	m->bugs = bugs < m->bugs ? bugs : m->bugs;
}

void vcpu_machine_restore(struct vcpu_machine *m, const struct vcpu_checkpoint *k)
{
	struct head head;
	const unsigned char *at = get(k->bytes, &head, sizeof(head));

	m->changes = head.changes;
	m->bugs = head.bugs;
	m->step = head.step;
	m->loops = head.loops;
	m->cut = head.cut;
	m->stuck = head.stuck;
	m->releases = 0;
	at = get(at, m->bug, m->bugs * sizeof(m->bug[0]));
	at = get_blocks(at, m, head.blocks);
	poison_restore(m);
	m->poison_changes = head.poison_changes;
	at = get(at, m->poison_log, m->poison_changes * sizeof(m->poison_log[0]));
	if (poison_is_whole(m->poison_changes))
		at = get(at, m->poison, m->words_total);
	for (uint32_t i = 0; i < m->poison_changes; i++)
		at = get(at, m->poison + m->poison_log[i].word, m->poison_log[i].count);
	for (unsigned i = 0; i < m->cpu_count; i++)
		at = get_cpu(at, &m->cpu[i]);
}
