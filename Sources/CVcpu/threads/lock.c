/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks of host threads: they spin, all of them, for each CPU has nothing else to
 * do.  A CPU that waits looks for the end of the iteration.
 */
#include "../core/lock.h"

#include "host.h"

static void hold(struct host_cpu *c, const void *address, bool shared, const void *pc)
{
	if (c->held_count < VCPU_STRESS_HELD_MAX)
		c->held[c->held_count++] = (struct vcpu_stress_held){ address, pc, shared };
}

static void unhold(struct host_cpu *c, const void *address)
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

void host_begin_to_wait(struct host_cpu *c, const void *address, const void *pc)
{
	c->wait_address = address;
	c->wait_pc = pc;
}

void host_wait_a_turn(struct host_cpu *c)
{
	host_check_abort(c);
	host_relax();
}

void host_end_wait(struct host_cpu *c)
{
	c->wait_pc = NULL;
}

void host_look(const void *lock, bool write, bool mine, const void *pc)
{
	host_access(lock, pc);
}

void host_taken(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	hold(host_cpu, lock, kind == WAIT_READ, pc);
}

void host_acquire(void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	struct host_cpu *c = host_cpu;

	host_access(lock, pc);
	if (unlikely(!lock_try(kind, lock, bits, c->index))) {
		host_begin_to_wait(c, lock, pc);
		do {
			while (!lock_is_free(kind, lock, bits))
				host_wait_a_turn(c);
		} while (!lock_try(kind, lock, bits, c->index));
		host_end_wait(c);
	}
	hold(c, lock, kind == WAIT_READ, pc);
}

bool host_release(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	struct host_cpu *c = host_cpu;
	bool held;

	host_access(lock, pc);
	held = lock_is_held(kind, lock, bits, c->index);
	unhold(c, lock);
	return held;
}
