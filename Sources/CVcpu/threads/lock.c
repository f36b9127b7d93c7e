/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks of real CPUs: they spin, all of them, for each CPU has nothing else to
 * do.  Who waits looks for the end of the iteration.
 */
#include "host.h"

#define ACQUIRE __ATOMIC_ACQUIRE
#define RELEASE __ATOMIC_RELEASE
#define RELAXED __ATOMIC_RELAXED

static void hold(struct real_cpu *c, const void *address, bool shared, const void *pc)
{
	if (c->held_count < VCPU_STRESS_HELD_MAX)
		c->held[c->held_count++] = (struct vcpu_stress_held){ address, pc, shared };
}

static void unhold(struct real_cpu *c, const void *address)
{
	for (unsigned i = c->held_count; i-- > 0;) {
		if (c->held[i].address != address)
			continue;
		c->held_count--;
		for (; i < c->held_count; i++)
			c->held[i] = c->held[i + 1];
		return;
	}
}

/* Before the first turn of waiting, for the watchdog. */
static void begin_to_wait(struct real_cpu *c, const void *address, const void *pc)
{
	c->wait_address = address;
	c->wait_pc = pc;
}

static void wait_a_turn(struct real_cpu *c)
{
	real_check_abort(c);
	real_relax();
}

static void end_wait(struct real_cpu *c)
{
	c->wait_pc = NULL;
}

static void check_real_held(struct real_cpu *c, bool held, const void *pc)
{
	if (unlikely(!held))
		real_fail(c, &vcpu_site_not_held, pc);
}

static bool try_word(uint32_t *word, uint32_t mine)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(word, &free, mine, false, ACQUIRE, RELAXED);
}

void real_spin_lock(struct real_cpu *c, vcpu_spinlock *l, const void *pc)
{
	real_access(c, l, pc);
	if (unlikely(!try_word(&l->owner, 1 + c->index))) {
		begin_to_wait(c, l, pc);
		do {
			while (__atomic_load_n(&l->owner, RELAXED))
				wait_a_turn(c);
		} while (!try_word(&l->owner, 1 + c->index));
		end_wait(c);
	}
	hold(c, l, false, pc);
}

void real_spin_unlock(struct real_cpu *c, vcpu_spinlock *l, const void *pc)
{
	real_access(c, l, pc);
	check_real_held(c, __atomic_load_n(&l->owner, RELAXED) == 1 + c->index, pc);
	unhold(c, l);
	__atomic_store_n(&l->owner, 0, RELEASE);
}

bool real_spin_trylock(struct real_cpu *c, vcpu_spinlock *l, const void *pc)
{
	real_access(c, l, pc);
	if (!try_word(&l->owner, 1 + c->index))
		return false;
	hold(c, l, false, pc);
	return true;
}

static bool try_read(vcpu_rwsem *s)
{
	int32_t count = __atomic_load_n(&s->count, RELAXED);

	while (count >= 0)
		if (__atomic_compare_exchange_n(&s->count, &count, count + 1, false, ACQUIRE,
						RELAXED))
			return true;
	return false;
}

bool real_down_read_trylock(struct real_cpu *c, vcpu_rwsem *s, const void *pc)
{
	real_access(c, s, pc);
	if (!try_read(s))
		return false;
	hold(c, s, true, pc);
	return true;
}

void real_down_read(struct real_cpu *c, vcpu_rwsem *s, const void *pc)
{
	real_access(c, s, pc);
	if (unlikely(!try_read(s))) {
		begin_to_wait(c, s, pc);
		do {
			wait_a_turn(c);
		} while (!try_read(s));
		end_wait(c);
	}
	hold(c, s, true, pc);
}

void real_up_read(struct real_cpu *c, vcpu_rwsem *s, const void *pc)
{
	real_access(c, s, pc);
	check_real_held(c, __atomic_load_n(&s->count, RELAXED) > 0, pc);
	unhold(c, s);
	__atomic_fetch_sub(&s->count, 1, RELEASE);
}

static bool try_write(vcpu_rwsem *s, int32_t mine)
{
	int32_t free = 0;

	return __atomic_compare_exchange_n(&s->count, &free, mine, false, ACQUIRE, RELAXED);
}

void real_down_write(struct real_cpu *c, vcpu_rwsem *s, const void *pc)
{
	int32_t mine = -1 - (int32_t)c->index;

	real_access(c, s, pc);
	if (unlikely(!try_write(s, mine))) {
		begin_to_wait(c, s, pc);
		do {
			while (__atomic_load_n(&s->count, RELAXED))
				wait_a_turn(c);
		} while (!try_write(s, mine));
		end_wait(c);
	}
	hold(c, s, false, pc);
}

void real_up_write(struct real_cpu *c, vcpu_rwsem *s, const void *pc)
{
	real_access(c, s, pc);
	check_real_held(c, __atomic_load_n(&s->count, RELAXED) == -1 - (int32_t)c->index, pc);
	unhold(c, s);
	__atomic_store_n(&s->count, 0, RELEASE);
}

void real_bit_lock(struct real_cpu *c, unsigned nr, unsigned long *p, const void *pc)
{
	unsigned long bit = 1ul << nr;

	real_access(c, p, pc);
	if (unlikely(__atomic_fetch_or(p, bit, ACQUIRE) & bit)) {
		begin_to_wait(c, p, pc);
		do {
			while (__atomic_load_n(p, RELAXED) & bit)
				wait_a_turn(c);
		} while (__atomic_fetch_or(p, bit, ACQUIRE) & bit);
		end_wait(c);
	}
	hold(c, p, false, pc);
}

void real_bit_unlock(struct real_cpu *c, unsigned nr, unsigned long *p, const void *pc)
{
	unsigned long bit = 1ul << nr;

	real_access(c, p, pc);
	unhold(c, p);
	check_real_held(c, __atomic_fetch_and(p, ~bit, RELEASE) & bit, pc);
}

/* ---- sections that another waits for the end of: see section.c -------------- */

void real_section_enter(struct real_cpu *c, enum section_kind kind, const void *of)
{
	atomic_store_explicit(&c->section[kind].of, of, memory_order_relaxed);
	/* Sequentially consistent: the section's reads come after this store. */
	atomic_fetch_add(&c->section[kind].nesting, 1);
}

void real_section_leave(struct real_cpu *c, enum section_kind kind, const void *pc)
{
	struct real_section *section = &c->section[kind];
	uint32_t nesting = atomic_load_explicit(&section->nesting, memory_order_relaxed);

	check_real_held(c, nesting > 0, pc);
	if (nesting == 1)
		atomic_fetch_add(&section->left, 1);
	atomic_fetch_sub(&section->nesting, 1);
}

bool real_in_section(const struct real_cpu *c)
{
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		if (atomic_load_explicit(&c->section[kind].nesting, memory_order_relaxed))
			return true;
	return false;
}

void real_section_wait(struct real_cpu *c, enum section_kind kind, const void *of,
		       const void *pc)
{
	struct vcpu_stress *s = c->stress;

	begin_to_wait(c, NULL, pc);
	for (unsigned i = 0; i < s->cpu_count; i++) {
		struct real_section *other = &s->cpu[i].section[kind];
		uint32_t left = atomic_load(&other->left);

		if (kind == SECTION_IRQ && &s->cpu[i] == c)
			continue;
		while (atomic_load(&other->nesting) && atomic_load(&other->of) == of &&
		       atomic_load(&other->left) == left)
			wait_a_turn(c);
	}
	end_wait(c);
}
