/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks of a CPU that is explored.  An acquisition is an event that is enabled while the
 * lock can be had; a release runs with the step before it, unless a CPU looks at the
 * lock from outside.
 */
#include "../core/lock.h"

#include <stdio.h>
#include <stdlib.h>

#include "explore.h"

static const struct vcpu_site self_deadlock = {
	VCPU_LOCK_MISUSE, "a lock is taken that is held already", NULL, NULL, 0
};

uint32_t vcpu_machine_holders(struct vcpu_machine *m, unsigned cpu)
{
	const struct cpu *c = &m->cpu[cpu];
	uint32_t owner;
	int32_t count;

	switch (c->wait) {
	case WAIT_SPIN:
		owner = ((const vcpu_spinlock *)c->wait_address)->owner;
		return owner ? 1u << (owner - 1) : 0;
	case WAIT_WRITE:
	case WAIT_READ:
		count = ((const vcpu_rwsem *)c->wait_address)->count;
		return count < 0 ? 1u << (-1 - count) : 0;
	case WAIT_RCU:
	case WAIT_IRQ:
		return m->awaited[cpu][c->wait - WAIT_RCU];
	default:
		return 0;
	}
}

/* Finds the lock word's bits; returns false outside the arena. */
static bool locate(struct vcpu_machine *m, const void *p, uint64_t bits, uintptr_t *offset,
		   uint64_t *mask)
{
	*offset = (uintptr_t)p - (uintptr_t)m->arena;
	if (*offset >= m->arena_bytes)
		return false;
	*mask = bits && (m->options & VCPU_EXACT_CONFLICTS) ? bits : byte_mask(m, *offset, bits ? 8 : 4);
	return true;
}

/*
 * Returns whether others may see that the lock is taken, or given back.  Readers do not
 * see each other, unless a CPU looks at the lock from outside.
 */
static bool changes_lock(const struct vcpu_machine *m, uint32_t word, uint64_t mask,
			 bool shared)
{
	return !shared || (m->word[word].plain & mask);
}

/* Notes that bits are a lock. */
static void note_lock(struct vcpu_machine *m, uint32_t word, uint64_t mask)
{
	struct word *w = &m->word[word];

	if (likely(!(mask & ~w->lock)))
		return;
	if (mask & ~learn_bits(&w->lock, mask) & w->plain)
		m->generation++;
}

/* Returns when the lock is free and the CPU was chosen to take it. */
static void wait_for_lock(const void *p, uint64_t bits, enum wait_kind kind, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	bool shared = kind == WAIT_READ;
	bool visible, write;
	uintptr_t offset;
	uint32_t word;
	uint64_t mask;
	struct cpu *c;

	if (!locate(m, p, bits, &offset, &mask))
		return;
	if (!m->executing || m->running < 0) {
		if (!lock_is_free(kind, p, bits))
			halt_with(m, &self_deadlock, pc);
		mark_dirty(m, offset, 8 - (offset & 7));
		return;
	}
	c = running_cpu(m);
	c->offset = offset;
	c->value = bits;
	c->releases_own = false;
	assertions_flush(m);
	m->accesses++;
	note_lock(m, (uint32_t)(offset >> 3), mask);
	c->wait_address = p;
	c->wait_mask = bits;
	c->wait = kind;
	word = (uint32_t)(offset >> 3);
	write = changes_lock(m, word, mask, shared);
	visible = access_is_visible(m, word, mask, write);
	if (visible || !wait_is_over(m, c)) {
		uint32_t count = 1;

		c->parts[0] = (struct vcpu_part){ mask, word, write };
		if (visible && (m->options & VCPU_AWAIT_LOOPS))
			loop_visit(m, c, VCPU_ACQUIRE, pc, &count);
		event_wait(m, shared ? VCPU_ACQUIRE_SHARED : VCPU_ACQUIRE, count, pc);
	}
	if (unlikely(m->loops)) {
		if (visible)
			loop_changed(m, c, word, mask);
		loop_write(m, c, word, mask);
	}
	c->wait = WAIT_NONE;
	check_poison(m, offset, pc);
	mark_dirty(m, offset, 8 - (offset & 7));
	/* A bit that is a lock may lie in a word of which an invariant reads the rest. */
	note_change(m, word, mask);
	if (unlikely(m->trace_on))
		trace_add(m, shared ? VCPU_TRACE_ACQUIRE_SHARED : VCPU_TRACE_ACQUIRE, pc, p, 4,
			  mask, NULL);
}

/* Returns whether an invariant says nothing while the lock is held. */
static bool is_guard(struct vcpu_machine *m, const void *lock, uint64_t bits)
{
	uintptr_t offset;
	uint64_t mask;

	return m->watches && locate(m, lock, bits, &offset, &mask) &&
	       (m->word[offset >> 3].guard & mask);
}

/*
 * Each CPU remembers what it took: a bit, or a count of readers, does not name who holds
 * the lock, and what its release is must not depend on what others do meanwhile.
 */
void explored_taken(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c;

	if (!m->executing || m->running < 0)
		return;
	c = running_cpu(m);
	if (c->taken_count == TAKEN_MAX) {
		fprintf(stderr, "mmrace: internal error: a CPU holds more than %d locks; raise "
			"TAKEN_MAX\n", TAKEN_MAX);
		abort();
	}
	c->taken[c->taken_count++] = (struct taken_lock){
		lock, bits, kind == WAIT_READ
	};
	if (is_guard(m, lock, bits)) {
		c->guards++;
		m->shows = true;
	}
}

/* Returns whether the CPU took the lock, and forgets that it did. */
static bool note_dropped(const void *lock, uint64_t bits)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c;

	if (!m->executing || m->running < 0)
		return true;
	c = running_cpu(m);
	for (unsigned i = c->taken_count; i-- > 0;) {
		if (c->taken[i].lock == lock && c->taken[i].bits == bits) {
			c->taken[i] = c->taken[--c->taken_count];
			c->guards -= is_guard(m, lock, bits);
			return true;
		}
	}
	return false;
}

uint32_t vcpu_machine_taken(struct vcpu_machine *m, unsigned cpu, struct vcpu_part *part,
			    uint32_t room)
{
	const struct cpu *c = &m->cpu[cpu];
	uint32_t count = 0;

	for (unsigned i = 0; i < c->taken_count && count < room; i++) {
		const struct taken_lock *t = &c->taken[i];
		uintptr_t offset;
		uint64_t mask;

		if (!locate(m, t->lock, t->bits, &offset, &mask) ||
		    (m->word[offset >> 3].plain & mask))
			continue;
		part[count++] = (struct vcpu_part){ mask, (uint32_t)(offset >> 3), !t->shared };
	}
	return count;
}

bool vcpu_machine_is_looked_at(struct vcpu_machine *m, const struct vcpu_part *lock)
{
	return m->word[lock->word].plain & lock->mask;
}

/* A release of what another CPU took changes it from outside. */
static void release_event(const void *p, uint64_t bits, bool shared, bool mine, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset;
	uint64_t mask;
	uint32_t word;
	bool write;

	if (!locate(m, p, bits, &offset, &mask))
		return;
	if (!m->executing || m->running < 0) {
		mark_dirty(m, offset, 8 - (offset & 7));
		return;
	}
	running_cpu(m)->offset = offset;
	running_cpu(m)->value = bits;
	running_cpu(m)->releases_own = mine;
	assertions_flush(m);
	m->accesses++;
	word = (uint32_t)(offset >> 3);
	if (!mine)
		note_plain(m, word, mask);
	write = changes_lock(m, word, mask, shared);
	if (unlikely(m->loops))
		loop_write(m, running_cpu(m), word, mask);
	if (access_is_visible(m, word, mask, write)) {
		struct vcpu_part part = { mask, word, write };

		if ((m->options & VCPU_EAGER_RELEASE) &&
		    !((m->word[word].plain | m->word[word].watched) & mask) &&
		    m->releases < RELEASES_MAX) {
			m->release[m->releases++] = part;
		} else {
			running_cpu(m)->parts[0] = part;
			event_wait(m, shared ? VCPU_RELEASE_SHARED : VCPU_RELEASE, 1, pc);
		}
		if (unlikely(m->loops))
			loop_changed(m, running_cpu(m), word, mask);
	}
	check_poison(m, offset, pc);
	mark_dirty(m, offset, 8 - (offset & 7));
	note_change(m, word, mask);
	m->changes |= VCPU_CHANGED_LOCK;
	m->shows |= is_guard(m, p, bits);
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_RELEASE, pc, p, 4, mask, NULL);
}

static bool names_its_holder(enum wait_kind kind)
{
	return kind == WAIT_SPIN || kind == WAIT_WRITE;
}

void explored_acquire(void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	wait_for_lock(lock, bits, kind, pc);
	lock_try(kind, lock, bits, (uint32_t)explored_id());
	explored_taken(lock, bits, kind, pc);
}

bool explored_release(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	uint32_t cpu = (uint32_t)explored_id();
	bool mine = note_dropped(lock, bits);

	if (names_its_holder(kind))
		mine = lock_is_held(kind, lock, bits, cpu);
	release_event(lock, bits, kind == WAIT_READ, mine, pc);
	/* Others may have come between. */
	return lock_is_held(kind, lock, bits, cpu) && (kind != WAIT_READ || mine);
}

/* A look at a lock without waiting for it: its releases become events. */
void explored_look(const void *p, bool write, bool mine, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset;
	bool explored;
	uint64_t mask;

	if (!locate(m, p, 0, &offset, &mask))
		return;
	/* To its holder a lock looks the same in every order. */
	explored = m->executing && m->running >= 0 && !mine;
	if (explored)
		access_word(m, offset, mask, write, write ? VCPU_TRYLOCK : VCPU_READ, pc);
	if (write)
		mark_dirty(m, offset, 4);
	if (unlikely(m->trace_on) && explored && !running_cpu(m)->collecting)
		trace_add(m, VCPU_TRACE_READ, pc, p, 4, mask, NULL);
}
