/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks, bit locks, rw semaphores.  A lock is its exact word and bits
 * in the arena: two locks that share a word never alias.  An acquisition is an
 * event that is enabled while the lock can be had; a release runs with the
 * step before it, unless somebody looks at the lock from outside.
 */
#include "../threads/host.h"

#include <stdio.h>
#include <stdlib.h>

#define PC __builtin_return_address(0)

static const struct vcpu_site self_deadlock = {
	VCPU_LOCK_MISUSE, "a lock is taken that is held already", NULL, NULL, 0
};

bool wait_is_over(const struct cpu *c)
{
	switch (c->wait) {
	case WAIT_NONE:
		return true;
	case WAIT_SPIN:
		return ((const vcpu_spinlock *)c->wait_address)->owner == 0;
	case WAIT_BIT:
		return !(*(const unsigned long *)c->wait_address & c->wait_mask);
	case WAIT_WRITE:
		return ((const vcpu_rwsem *)c->wait_address)->count == 0;
	case WAIT_READ:
		return ((const vcpu_rwsem *)c->wait_address)->count >= 0;
	case WAIT_RCU:
		return !c->section[SECTION_RCU].awaited;
	case WAIT_IRQ:
		return !c->section[SECTION_IRQ].awaited;
	case WAIT_LOOP:
		return c->loop.stale;
	case WAIT_CUT:
		return false;
	}
	return true;
}

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
		return c->section[SECTION_RCU].awaited;
	case WAIT_IRQ:
		return c->section[SECTION_IRQ].awaited;
	case WAIT_NONE:
	case WAIT_BIT:
	case WAIT_LOOP:
	case WAIT_CUT:
		break;
	}
	return 0;
}

/* The lock word's bits, or false outside the arena. */
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
 * Whether others may see that the lock is taken, or given back.  Readers do not see
 * each other, unless somebody looks at the lock from outside.
 */
static bool changes_lock(const struct vcpu_machine *m, uint32_t word, uint64_t mask,
			 bool shared)
{
	return !shared || (m->word[word].plain & mask);
}

/* Returns when the lock is free and this CPU was chosen to take it. */
static void acquire(const void *p, uint64_t bits, enum wait_kind wait, bool shared,
		    const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	bool visible, write;
	uintptr_t offset;
	uint32_t word;
	uint64_t mask;
	struct cpu *c;

	if (!locate(m, p, bits, &offset, &mask))
		return;
	mark_dirty(m, offset, 8 - (offset & 7));
	if (!m->executing || m->running < 0) {
		struct cpu now = { .wait = wait, .wait_address = p, .wait_mask = bits };

		if (!wait_is_over(&now))
			halt_with(m, &self_deadlock, pc);
		return;
	}
	c = running_cpu(m);
	assertions_flush(m);
	m->accesses++;
	note_lock(m, (uint32_t)(offset >> 3), mask);
	c->wait_address = p;
	c->wait_mask = bits;
	c->wait = wait;
	word = (uint32_t)(offset >> 3);
	write = changes_lock(m, word, mask, shared);
	visible = access_is_visible(m, word, mask, write);
	if (visible || !wait_is_over(c)) {
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
	m->changes |= VCPU_CHANGED_MEMORY;
	if (unlikely(m->trace_on))
		trace_add(m, shared ? VCPU_TRACE_ACQUIRE_SHARED : VCPU_TRACE_ACQUIRE, pc, p, 4,
			  mask, NULL);
}

/*
 * A bit, or a count of readers, does not name who holds the lock, so each CPU remembers
 * what it took: what its release is must not depend on what others do meanwhile.
 */
static void note_taken(const void *lock, uint64_t bits)
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
	c->taken[c->taken_count++] = (struct taken_lock){ lock, bits };
}

/* Whether this CPU took it, which it has not from now on. */
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
			return true;
		}
	}
	return false;
}

/* To release what another CPU took is to change it from outside. */
static void release(const void *p, uint64_t bits, bool shared, bool mine, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset;
	uint64_t mask;
	uint32_t word;
	bool write;

	if (!locate(m, p, bits, &offset, &mask))
		return;
	mark_dirty(m, offset, 8 - (offset & 7));
	if (!m->executing || m->running < 0)
		return;
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

		if ((m->options & VCPU_EAGER_RELEASE) && !(m->word[word].plain & mask) &&
		    m->releases < RELEASES_MAX) {
			m->release[m->releases++].part = part;
		} else {
			running_cpu(m)->parts[0] = part;
			event_wait(m, shared ? VCPU_RELEASE_SHARED : VCPU_RELEASE, 1, pc);
		}
		if (unlikely(m->loops))
			loop_changed(m, running_cpu(m), word, mask);
	}
	check_poison(m, offset, pc);
	m->changes |= VCPU_CHANGED_MEMORY | VCPU_CHANGED_LOCK;
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_RELEASE, pc, p, 4, mask, NULL);
}

/* A look at a lock without waiting for it: its releases become events. */
static void peek(const void *p, bool write, bool held_by_me, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset;
	uint64_t mask;

	if (!locate(m, p, 0, &offset, &mask))
		return;
	if (write)
		mark_dirty(m, offset, 4);
	/* To its holder a lock looks the same in every order. */
	if (!m->executing || m->running < 0 || held_by_me)
		return;
	access_word(m, offset, mask, write, write ? VCPU_TRYLOCK : VCPU_READ, pc);
	if (unlikely(m->trace_on) && !running_cpu(m)->collecting)
		trace_add(m, VCPU_TRACE_READ, pc, p, 4, mask, NULL);
}

static uint32_t me(void)
{
	struct vcpu_machine *m = vcpu_current;

	return m->running < 0 ? 0 : (uint32_t)m->running;
}

void check_held(bool held, const void *pc)
{
	if (unlikely(!held))
		halt_with(vcpu_current, &vcpu_site_not_held, pc);
}

void vcpu_spin_lock(vcpu_spinlock *l)
{
	if (unlikely(real_cpu != NULL)) {
		real_spin_lock(real_cpu, l, PC);
		return;
	}
	acquire(l, 0, WAIT_SPIN, false, PC);
	l->owner = 1 + me();
}

void vcpu_spin_unlock(vcpu_spinlock *l)
{
	if (unlikely(real_cpu != NULL)) {
		real_spin_unlock(real_cpu, l, PC);
		return;
	}
	release(l, 0, false, l->owner == 1 + me(), PC);
	check_held(l->owner == 1 + me(), PC);
	l->owner = 0;
}

bool vcpu_spin_trylock(vcpu_spinlock *l)
{
	if (unlikely(real_cpu != NULL))
		return real_spin_trylock(real_cpu, l, PC);
	peek(l, true, false, PC);
	if (l->owner)
		return false;
	l->owner = 1 + me();
	return true;
}

bool vcpu_spin_is_locked(const vcpu_spinlock *l)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, l, PC);
		return __atomic_load_n(&l->owner, __ATOMIC_RELAXED) != 0;
	}
	peek(l, false, l->owner == 1 + me(), PC);
	return l->owner != 0;
}

void vcpu_down_read(vcpu_rwsem *s)
{
	if (unlikely(real_cpu != NULL)) {
		real_down_read(real_cpu, s, PC);
		return;
	}
	acquire(s, 0, WAIT_READ, true, PC);
	note_taken(s, 0);
	s->count++;
}

void vcpu_up_read(vcpu_rwsem *s)
{
	bool mine;

	if (unlikely(real_cpu != NULL)) {
		real_up_read(real_cpu, s, PC);
		return;
	}
	mine = note_dropped(s, 0);
	release(s, 0, true, mine, PC);
	check_held(mine && s->count > 0, PC);
	s->count--;
}

bool vcpu_down_read_trylock(vcpu_rwsem *s)
{
	if (unlikely(real_cpu != NULL))
		return real_down_read_trylock(real_cpu, s, PC);
	peek(s, true, false, PC);
	if (s->count < 0)
		return false;
	note_taken(s, 0);
	s->count++;
	return true;
}

void vcpu_down_write(vcpu_rwsem *s)
{
	if (unlikely(real_cpu != NULL)) {
		real_down_write(real_cpu, s, PC);
		return;
	}
	acquire(s, 0, WAIT_WRITE, false, PC);
	s->count = -1 - (int32_t)me();
}

void vcpu_up_write(vcpu_rwsem *s)
{
	if (unlikely(real_cpu != NULL)) {
		real_up_write(real_cpu, s, PC);
		return;
	}
	release(s, 0, false, s->count == -1 - (int32_t)me(), PC);
	check_held(s->count == -1 - (int32_t)me(), PC);
	s->count = 0;
}

bool vcpu_rwsem_is_locked(const vcpu_rwsem *s)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, s, PC);
		return __atomic_load_n(&s->count, __ATOMIC_RELAXED) != 0;
	}
	peek(s, false, s->count == -1 - (int32_t)me(), PC);
	return s->count != 0;
}

static void bit_acquire(unsigned nr, unsigned long *p, const void *pc)
{
	if (unlikely(real_cpu != NULL)) {
		real_bit_lock(real_cpu, nr, p, pc);
		return;
	}
	acquire(p, 1ul << nr, WAIT_BIT, false, pc);
	note_taken(p, 1ul << nr);
	*p |= 1ul << nr;
}

static void bit_release(unsigned nr, unsigned long *p, const void *pc)
{
	if (unlikely(real_cpu != NULL)) {
		real_bit_unlock(real_cpu, nr, p, pc);
		return;
	}
	release(p, 1ul << nr, false, note_dropped(p, 1ul << nr), pc);
	check_held(*p & 1ul << nr, pc);
	*p &= ~(1ul << nr);
}

void vcpu_bit_spin_lock(unsigned nr, unsigned long *p)
{
	bit_acquire(nr, p, PC);
}

void vcpu_bit_spin_unlock(unsigned nr, unsigned long *p)
{
	bit_release(nr, p, PC);
}

void vcpu_bit_lock(unsigned nr, unsigned long *p)
{
	bit_acquire(nr, p, PC);
}

void vcpu_bit_unlock(unsigned nr, unsigned long *p)
{
	bit_release(nr, p, PC);
}
