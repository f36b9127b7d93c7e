/* SPDX-License-Identifier: GPL-2.0-only */
/* The arena: its changes, and its return to the snapshot. */
#include <string.h>

#include "machine.h"

void touch_block(struct vcpu_machine *m, uint32_t block)
{
	size_t entry = unlikely(m->journal.on) ? journal_block(m, block) : NOT_KEPT;

	if (!(m->dirty[block] & BLOCK_DIRTY))
		m->dirty_list[m->dirty_count++] = block;
	m->touched_list[m->touched_count++] = (struct touched){ entry, block };
	m->dirty[block] = BLOCK_DIRTY | BLOCK_TOUCHED;
}

/* No block differs from the snapshot. */
static void forget_blocks(struct vcpu_machine *m)
{
	m->dirty_count = 0;
	m->touched_count = 0;
	m->arena_name = (struct vcpu_state_name){ 0, 0 };
}

void vcpu_machine_snapshot(struct vcpu_machine *m)
{
	memcpy(m->snapshot, m->arena, m->arena_bytes);
	memcpy(m->poison_snapshot, m->poison, m->words_total);
	memset(m->dirty, 0, blocks(m));
	memset(m->block_name, 0, blocks(m) * sizeof(m->block_name[0]));
	forget_blocks(m);
	m->poison_changes = 0;
	m->poison_name = (struct vcpu_state_name){ 0, 0 };
	m->bugs = 0;
	m->cut = 0;
	find_objects(m);
}

void block_restore(struct vcpu_machine *m, uint32_t block)
{
	size_t offset = (size_t)block << BLOCK_SHIFT;

	memcpy(m->arena + offset, m->snapshot + offset, BLOCK_BYTES);
	m->dirty[block] = 0;
	m->block_name[block] = (struct vcpu_state_name){ 0, 0 };
}

void poison_restore(struct vcpu_machine *m)
{
	if (m->poison_changes == POISON_LOG_MAX)
		memcpy(m->poison, m->poison_snapshot, m->words_total);
	for (uint32_t i = 0; i < m->poison_changes; i++) {
		const struct poison_change *p = &m->poison_log[i];

		memcpy(m->poison + p->word, m->poison_snapshot + p->word, p->count);
	}
	m->poison_changes = 0;
	m->poison_name = (struct vcpu_state_name){ 0, 0 };
}

void snapshot_restore(struct vcpu_machine *m)
{
	for (uint32_t i = 0; i < m->dirty_count; i++)
		block_restore(m, m->dirty_list[i]);
	forget_blocks(m);
	poison_restore(m);
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

uint64_t vcpu_machine_state_hash(struct vcpu_machine *m)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < m->dirty_count; i++) {
		size_t offset = (size_t)m->dirty_list[i] << BLOCK_SHIFT;

		for (size_t at = offset; at < offset + BLOCK_BYTES; at += 8) {
			uint64_t now, then;

			memcpy(&now, m->arena + at, 8);
			memcpy(&then, m->snapshot + at, 8);
			if (now != then)
				sum += mix(mix(now) + at);
		}
	}
	return sum;
}

bool vcpu_machine_is_pristine(struct vcpu_machine *m)
{
	snapshot_restore(m);
	return !memcmp(m->arena, m->snapshot, m->arena_bytes) &&
	       !memcmp(m->poison, m->poison_snapshot, m->words_total);
}
