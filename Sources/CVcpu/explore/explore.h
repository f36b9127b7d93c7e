/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs that are explored: see struct operations; private to CVcpu. */
#ifndef VCPU_EXPLORE_H
#define VCPU_EXPLORE_H

#include <signal.h>

#include "../core/lock.h"

/* Returns the running CPU; 0 outside an execution. */
static inline int explored_id(void)
{
	return vcpu_current->running < 0 ? 0 : vcpu_current->running;
}

void explored_access(const volatile void *p, unsigned bytes, uint64_t bits, bool write,
		     uint32_t operation, const void *pc);
void explored_look(const void *lock, bool write, bool mine, const void *pc);
void explored_taken(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
void explored_acquire(void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
bool explored_release(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
void explored_enter(enum section_kind kind, const void *of, const void *pc);
void explored_leave(enum section_kind kind, const void *pc);
void explored_wait_for_all(enum section_kind kind, const void *of, const void *pc);
bool explored_in_section(void);
void explored_poison(uintptr_t offset, size_t bytes, bool poisoned, const void *pc);
void explored_assert_not(vcpu_condition bad, const struct vcpu_site *site, const void *pc);
void explored_report(const struct vcpu_site *site, const void *pc);
void explored_fail(const struct vcpu_site *site, const void *pc);
bool explored_fault(int number, const siginfo_t *info, void *context);

/* Returns whether a CPU that runs can be stepped. */
static inline bool wait_is_over(const struct vcpu_machine *m, const struct cpu *c)
{
	switch (c->wait) {
	case WAIT_NONE:
		return true;
	case WAIT_RCU:
	case WAIT_IRQ:
		return !m->awaited[c - m->cpu][c->wait - WAIT_RCU];
	case WAIT_LOOP:
		return c->loop.stale;
	case WAIT_CUT:
		return false;
	default:
		return lock_is_free(c->wait, c->wait_address, c->wait_mask);
	}
}

/* Makes the running CPU wait until it is resumed. */
static inline void cpu_yield(struct vcpu_machine *m)
{
	fibre_switch(&running_cpu(m)->fibre, &m->scheduler);
}

/* execution.c: ends the running CPU, which is never resumed. */
_Noreturn void cpu_leave(struct vcpu_machine *m, enum cpu_state state);

#endif
