/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sections that another CPU waits for the end of: RCU read sections, by a grace
 * period, and those with interrupts off, by an interrupt that all must take.
 * Each kind is one word that does not exist, behind the arena, with a bit for
 * each CPU: to enter and to leave writes one's own, to wait reads all.
 */
#include "../threads/host.h"

#define PC __builtin_return_address(0)

static const struct {
	uint32_t enter, leave, synchronize, wait;
} operations[SECTIONS] = {
	[SECTION_RCU] = {
		VCPU_RCU_ENTER, VCPU_RCU_LEAVE, VCPU_RCU_SYNCHRONIZE, VCPU_RCU_WAIT,
	},
	[SECTION_IRQ] = {
		VCPU_IRQ_OFF, VCPU_IRQ_ON, VCPU_IRQ_SEND, VCPU_IRQ_WAIT,
	},
};

static void section_event(struct vcpu_machine *m, enum section_kind kind, uint32_t operation,
			  bool write, const void *pc)
{
	uint32_t word = (uint32_t)m->words_total + kind;
	uint64_t bits = write && (m->options & VCPU_EXACT_CONFLICTS) ? 1ull << m->running : ~0ull;

	assertions_flush(m);
	if (access_is_visible(m, word, bits, write) || running_cpu(m)->wait != WAIT_NONE) {
		running_cpu(m)->parts[0] = (struct vcpu_part){ bits, word, write };
		event_wait(m, operation, 1, pc);
		if (unlikely(m->loops))
			loop_impure(running_cpu(m));
	}
	running_cpu(m)->wait = WAIT_NONE;
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_RCU, pc, NULL, operation, 0, NULL);
}

static void enter(enum section_kind kind, const void *of, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;

	if (unlikely(real_cpu != NULL)) {
		real_section_enter(real_cpu, kind, of);
		return;
	}
	if (!m->executing || m->running < 0)
		return;
	if (!running_cpu(m)->section[kind].nesting) {
		section_event(m, kind, operations[kind].enter, true, pc);
		running_cpu(m)->section[kind].of = of;
	}
	running_cpu(m)->section[kind].nesting++;
}

static void leave(enum section_kind kind, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;

	if (unlikely(real_cpu != NULL)) {
		real_section_leave(real_cpu, kind, pc);
		return;
	}
	if (!m->executing || m->running < 0)
		return;
	check_held(running_cpu(m)->section[kind].nesting > 0, pc);
	if (running_cpu(m)->section[kind].nesting == 1) {
		section_event(m, kind, operations[kind].leave, true, pc);
		/* The next section is none that anybody waits for. */
		for (unsigned i = 0; i < m->cpu_count; i++)
			m->cpu[i].section[kind].awaited &= ~(1u << m->running);
	}
	running_cpu(m)->section[kind].nesting--;
}

/* For those that are about `of` and are not over now. */
static void wait_for_all(enum section_kind kind, enum wait_kind wait, const void *of,
			 const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c;

	if (unlikely(real_cpu != NULL)) {
		real_section_wait(real_cpu, kind, of, pc);
		return;
	}
	if (!m->executing || m->running < 0)
		return;
	c = running_cpu(m);
	section_event(m, kind, operations[kind].synchronize, false, pc);
	c->section[kind].awaited = 0;
	for (unsigned i = 0; i < m->cpu_count; i++)
		if (m->cpu[i].section[kind].nesting && m->cpu[i].section[kind].of == of)
			c->section[kind].awaited |= 1u << i;
	/* No CPU interrupts itself; a grace period is everybody's. */
	if (kind == SECTION_IRQ)
		c->section[kind].awaited &= ~(1u << m->running);
	if (!c->section[kind].awaited)
		return;
	c->wait_address = NULL;
	c->wait = wait;
	section_event(m, kind, operations[kind].wait, false, pc);
}

void vcpu_rcu_read_lock(void)
{
	enter(SECTION_RCU, NULL, PC);
}

void vcpu_rcu_read_unlock(void)
{
	leave(SECTION_RCU, PC);
}

void vcpu_synchronize_rcu(void)
{
	wait_for_all(SECTION_RCU, WAIT_RCU, NULL, PC);
}

void vcpu_irqs_off(const void *of)
{
	enter(SECTION_IRQ, of, PC);
}

void vcpu_irqs_on(void)
{
	leave(SECTION_IRQ, PC);
}

void vcpu_interrupt_others(const void *of)
{
	wait_for_all(SECTION_IRQ, WAIT_IRQ, of, PC);
}

void vcpu_might_sleep(const struct vcpu_site *site)
{
	struct vcpu_machine *m = vcpu_current;

	if (unlikely(real_cpu != NULL)) {
		if (real_in_section(real_cpu))
			real_fail(real_cpu, site, PC);
		return;
	}
	if (!m->executing || m->running < 0)
		return;
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		if (running_cpu(m)->section[kind].nesting)
			halt_with(m, site, PC);
}
