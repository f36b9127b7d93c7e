/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses and findings of host threads. */
#include "host.h"

_Noreturn void host_leave(struct host_cpu *c)
{
	c->inside = false;
	_longjmp(c->escape, 1);
}

void host_report(const struct vcpu_site *site, const void *pc)
{
	struct host_cpu *c = host_cpu;
	struct vcpu_stress *s = c->stress;
	bool first = false;

	/* A failure after the first may be its consequence. */
	if (!atomic_compare_exchange_strong(&s->failed, &first, true))
		return;
	s->site = site;
	s->pc = pc;
	s->failed_cpu = c->index;
}

void host_fail(const struct vcpu_site *site, const void *pc)
{
	struct host_cpu *c = host_cpu;

	host_report(site, pc);
	atomic_store_explicit(&c->stress->abort, true, memory_order_relaxed);
	host_leave(c);
}

/* Out of line: it is rare. */
static __attribute__((noinline)) void countdown_ended(struct host_cpu *c)
{
	c->countdown = HOST_NO_DELAY;
	c->until += HOST_NO_DELAY;
	host_spin(c->delay);
}

void host_access(const volatile void *p, const void *pc)
{
	struct host_cpu *c = host_cpu;
	struct vcpu_machine *m = c->stress->machine;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (offset >= m->arena_bytes)
		return;
	c->pc = pc;
	host_check_abort(c);
	if (unlikely(__atomic_load_n(&m->poison[offset >> 3], __ATOMIC_RELAXED)))
		host_fail(&vcpu_site_use_after_free, pc);
	if (unlikely(--c->countdown == 0))
		countdown_ended(c);
}

static void access_cpu(const volatile void *p, unsigned bytes, uint64_t bits, bool write,
		       uint32_t operation, const void *pc)
{
	host_access(p, pc);
}

static int id(void)
{
	return (int)host_cpu->index;
}

static void poison(uintptr_t offset, size_t bytes, bool poisoned, const void *pc)
{
	struct vcpu_machine *m = host_cpu->stress->machine;
	size_t end = (offset + bytes) >> 3;

	if (poisoned)
		host_access(m->arena + offset, pc);
	/* Others look at these bytes meanwhile. */
	for (size_t word = (offset + 7) >> 3; word < end; word++)
		__atomic_store_n(&m->poison[word], poisoned, __ATOMIC_RELAXED);
}

static void assert_not(vcpu_condition bad, const struct vcpu_site *site, const void *pc)
{
	if (!bad())
		return;
	if (site->kind == VCPU_BAD_STATE)
		host_report(site, pc);
	else
		host_fail(site, pc);
}

const struct operations host_thread = {
	.id = id,
	.access = access_cpu,
	.look = host_look,
	.taken = host_taken,
	.acquire = host_acquire,
	.release = host_release,
	.enter = host_section_enter,
	.leave = host_section_leave,
	.wait_for_all = host_section_wait,
	.in_section = host_in_section,
	.poison = poison,
	.assert_not = assert_not,
	.report = host_report,
	.fail = host_fail,
	.fault = host_fault,
};
