/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The name of a state is a sum over its parts, so that their order does not matter: of
 * each 8-byte word that differs from the snapshot, and of each word of a CPU, mixed with
 * its place.  No part is an address as it is: another run of the program has other ones.
 */
#include <string.h>

#include "../include/vcpu_states.h"
#include "states.h"

static void add_bytes(struct vcpu_machine *m, struct vcpu_state_name *n, uint64_t place,
		      const void *from, size_t bytes)
{
	const unsigned char *at = from;

	for (size_t i = 0; i < bytes; i += 8) {
		uint64_t value = 0;

		memcpy(&value, at + i, bytes - i < 8 ? bytes - i : 8);
		if (value)
			add_value(m, n, place + i / 8, value);
	}
}

static struct vcpu_state_name block_name(struct vcpu_machine *m, uint32_t block)
{
	size_t offset = (size_t)block << BLOCK_SHIFT;
	struct vcpu_state_name n = { 0, 0 };
	const unsigned char *bytes = m->arena + offset;
	unsigned char copy[BLOCK_BYTES];

	if (unlikely(m->counted) && m->counted[block]) {
		memcpy(copy, bytes, BLOCK_BYTES);
		counters_name(m, block, copy, &n);
		bytes = copy;
	}
	for (size_t at = 0; at < BLOCK_BYTES; at += 8) {
		uint64_t now, then;

		memcpy(&now, bytes + at, 8);
		memcpy(&then, m->snapshot + offset + at, 8);
		if (now != then)
			add_value(m, &n, (offset + at) / 8, now);
	}
	return n;
}

/* Returns the name of a block that had those bytes when it was named: few words differ. */
static struct vcpu_state_name block_name_since(struct vcpu_machine *m, uint32_t block,
					       const unsigned char *before)
{
	size_t offset = (size_t)block << BLOCK_SHIFT;
	struct vcpu_state_name n = m->block_name[block], old = { 0, 0 };
	const unsigned char *bytes = m->arena + offset;

	for (size_t part = 0; part < BLOCK_BYTES; part += 32) {
		if (!memcmp(bytes + part, before + part, 32))
			continue;
		for (size_t at = part; at < part + 32; at += 8) {
			uint64_t now, was, then;

			memcpy(&now, bytes + at, 8);
			memcpy(&was, before + at, 8);
			if (now == was)
				continue;
			memcpy(&then, m->snapshot + offset + at, 8);
			if (was != then)
				add_value(m, &old, (offset + at) / 8, was);
			if (now != then)
				add_value(m, &n, (offset + at) / 8, now);
		}
	}
	n.low -= old.low;
	n.high -= old.high;
	return n;
}

void name_touched(struct vcpu_machine *m)
{
	for (uint32_t i = 0; i < m->touched_count; i++) {
		const struct touched *t = &m->touched_list[i];
		struct vcpu_state_name *known = &m->block_name[t->block], now;

		if (unlikely(t->entry == NOT_KEPT || (m->counted && m->counted[t->block])))
			now = block_name(m, t->block);
		else
			now = block_name_since(m, t->block, journal_bytes(&m->journal, t->entry));
		m->arena_name.low += now.low - known->low;
		m->arena_name.high += now.high - known->high;
		*known = now;
		m->dirty[t->block] = BLOCK_DIRTY;
	}
	m->touched_count = 0;
}

void name_poison(struct vcpu_machine *m, uint32_t word, uint32_t count, bool is_before)
{
	struct vcpu_state_name n = { 0, 0 };

	for (uint32_t i = word; i < word + count; i++)
		if (m->poison[i] != m->poison_snapshot[i])
			add(&n, PLACE_POISON + i, m->poison[i]);
	m->poison_name.low += is_before ? -n.low : n.low;
	m->poison_name.high += is_before ? -n.high : n.high;
}

static void add_part(struct vcpu_state_name *n, uint64_t place, const struct vcpu_part *p)
{
	add(n, place, p->mask);
	add(n, place + 1, (uint64_t)p->word << 1 | p->write);
}

/* The order in which locks were taken does not matter. */
static void add_taken(struct vcpu_machine *m, const struct cpu *c, uint64_t place,
		      struct vcpu_state_name *n)
{
	for (unsigned i = 0; i < c->taken_count; i++) {
		const struct taken_lock *t = &c->taken[i];
		uint64_t kind = t->bits << 1 | t->shared;

		add_value(m, n, place + PLACE_TAKEN + folded(kind, 0x9e3779b97f4a7c15u), (uintptr_t)t->lock);
	}
}

/* Sections count even when the CPU has ended: others wait for those of one that halted. */
static void add_cpu(struct vcpu_machine *m, const struct cpu *c, uint64_t place,
		    struct vcpu_state_name *n)
{
	bool runs = c->state == CPU_RUNNING;
	uint64_t what = (uint64_t)c->state << 8 | c->oopsed;

	if (runs)
		what |= (uint64_t)c->pending.count << 32 | (uint64_t)c->pending.operation << 16 |
			(uint64_t)c->wait << 12;
	add(n, place + PLACE_STATE, what);
	for (unsigned kind = 0; kind < SECTIONS; kind++) {
		const struct section *s = &c->section[kind];

		if (likely(!s->nesting))
			continue;
		add(n, place + PLACE_SECTION + 2 * kind, s->nesting);
		add_value(m, n, place + PLACE_SECTION + 2 * kind + 1, (uintptr_t)s->of);
	}
	add_taken(m, c, place, n);
	if (!runs)
		return;
	add_value(m, n, place + PLACE_PENDING + 1, (uintptr_t)c->pending_pc);
	if (c->wait != WAIT_NONE) {
		add_value(m, n, place + PLACE_PENDING + 3, (uintptr_t)c->wait_address);
		add(n, place + PLACE_PENDING + 4, c->wait_mask);
	}
	if (unlikely(c->deferred | c->reads))
		add(n, place + PLACE_PENDING + 5, (uint64_t)c->deferred << 32 | c->reads);
	for (uint32_t i = 0; i < c->pending.count; i++)
		add_part(n, place + PLACE_PART + 2 * i, &c->parts[i]);
	for (unsigned i = 0; i < c->reads; i++)
		add_part(n, place + PLACE_READ + 2 * i, &c->read[i]);
	for (unsigned i = 0; i < c->deferred; i++)
		add_bytes(m, n, place + PLACE_CLOSURE + 64 * i, c->assertion[i].closure, assertion_bytes(&c->assertion[i]));
	if (c->ends)
		add_value(m, n, place + PLACE_STACK, (uintptr_t)c->ends);
	else
		name_stack(m, c, place, n);
}

struct vcpu_state_name vcpu_machine_cpu_name(struct vcpu_machine *m, unsigned cpu)
{
	struct cpu *c = &m->cpu[cpu];

	if (m->unnamed >> cpu & 1) {
		struct vcpu_state_name name = { 0, 0 };

		add_cpu(m, c, PLACE_CPU(cpu), &name);
		c->name = name;
		m->unnamed &= ~(1u << cpu);
		m->cpus_name.low += name.low;
		m->cpus_name.high += name.high;
	}
	return c->name;
}

static void add_bug(struct vcpu_machine *m, const struct vcpu_bug_record *bug,
		    struct vcpu_state_name *n)
{
	struct vcpu_state_name one = { 0, 0 };

	add_value(m, &one, PLACE_BUG, (uintptr_t)bug->site);
	add_value(m, &one, PLACE_BUG + 1, (uintptr_t)bug->pc);
	add(n, PLACE_BUG, one.low);
}

struct vcpu_state_name vcpu_machine_arena_name(struct vcpu_machine *m)
{
	name_arena(m);
	return m->arena_name;
}

/* Returns whether a CPU may wait for sections of others. */
static bool is_any_awaited(const struct vcpu_machine *m)
{
	uint32_t any = 0;

	for (unsigned i = 0; i < VCPU_MAX; i++)
		for (unsigned kind = 0; kind < SECTIONS; kind++)
			any |= m->awaited[i][kind];
	return any;
}

static void add_awaited(const struct vcpu_machine *m, struct vcpu_state_name *n)
{
	for (unsigned i = 0; i < m->cpu_count; i++)
		for (unsigned kind = 0; kind < SECTIONS; kind++)
			if (m->awaited[i][kind])
				add(n, PLACE_CPU(i) + PLACE_AWAITED + kind, m->awaited[i][kind]);
}

struct vcpu_state_name vcpu_machine_state_name(struct vcpu_machine *m)
{
	struct vcpu_state_name n;

	name_arena(m);
	n = m->arena_name;
	if (likely(!m->spoil) || !spoils_freed(m)) {
		n.low += m->poison_name.low;
		n.high += m->poison_name.high;
	}
	/* They decide which oracles are asked. */
	for (uint32_t i = 0; i < m->bugs; i++)
		add_bug(m, &m->bug[i], &n);
	if (m->cut)
		add(&n, PLACE_CUT, m->cut);
	for (uint32_t rest = m->unnamed & all_cpus(m); rest; rest &= rest - 1)
		vcpu_machine_cpu_name(m, (unsigned)__builtin_ctz(rest));
	n.low += m->cpus_name.low;
	n.high += m->cpus_name.high;
	if (unlikely(is_any_awaited(m)))
		add_awaited(m, &n);
	return n;
}
