/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses and findings of real CPUs. */
#include "host.h"

_Noreturn void real_leave(struct real_cpu *c)
{
	c->inside = false;
	_longjmp(c->escape, 1);
}

void real_report(struct real_cpu *c, const struct vcpu_site *site, const void *pc)
{
	struct vcpu_stress *s = c->stress;
	bool first = false;

	/* What fails after the first failure may be its consequence. */
	if (!atomic_compare_exchange_strong(&s->failed, &first, true))
		return;
	s->site = site;
	s->pc = pc;
	s->failed_cpu = c->index;
}

_Noreturn void real_fail(struct real_cpu *c, const struct vcpu_site *site, const void *pc)
{
	real_report(c, site, pc);
	atomic_store_explicit(&c->stress->abort, true, memory_order_relaxed);
	real_leave(c);
}

/* Out of line: it is rare. */
static __attribute__((noinline)) void countdown_ended(struct real_cpu *c)
{
	c->countdown = REAL_NO_DELAY;
	c->until += REAL_NO_DELAY;
	real_spin(c->delay);
}

void real_access(struct real_cpu *c, const volatile void *p, const void *pc)
{
	struct vcpu_machine *m = c->stress->machine;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (offset >= m->arena_bytes)
		return;
	c->pc = pc;
	real_check_abort(c);
	if (unlikely(__atomic_load_n(&m->poison[offset >> 3], __ATOMIC_RELAXED)))
		real_fail(c, &vcpu_site_use_after_free, pc);
	if (unlikely(--c->countdown == 0))
		countdown_ended(c);
}

void real_poison(struct real_cpu *c, const void *p, size_t bytes, bool poisoned)
{
	struct vcpu_machine *m = c->stress->machine;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;
	size_t end;

	if (offset >= m->arena_bytes || bytes > m->arena_bytes - offset)
		return;
	if (poisoned)
		real_access(c, p, __builtin_return_address(0));
	end = (offset + bytes) >> 3;
	/* Others look at these bytes meanwhile. */
	for (size_t word = (offset + 7) >> 3; word < end; word++)
		__atomic_store_n(&m->poison[word], poisoned, __ATOMIC_RELAXED);
}
