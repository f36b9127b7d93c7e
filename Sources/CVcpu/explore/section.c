/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sections that another CPU waits for the end of: RCU read sections, by a grace
 * period, and those with interrupts off, by an interrupt that all must take.
 * Each kind is one word that does not exist, behind the arena, with a bit for
 * each CPU: it writes its own when it enters and leaves, and reads all to wait.
 */
#include "../core/operations.h"
#include "explore.h"

/* The operations of a kind: to enter, to leave, to ask all, to wait for them. */
static uint32_t operation_of(enum section_kind kind, enum vcpu_operation of_rcu)
{
	return of_rcu + kind * (VCPU_IRQ_OFF - VCPU_RCU_ENTER);
}

static void section_event(struct vcpu_machine *m, enum section_kind kind, uint32_t operation,
			  bool write, const void *of, const void *pc)
{
	uint32_t word = (uint32_t)m->words_total + kind;
	uint64_t bits = write && (m->options & VCPU_EXACT_CONFLICTS) ? 1ull << m->running : ~0ull;

	running_cpu(m)->offset = 0;
	running_cpu(m)->value = (uintptr_t)of;
	running_cpu(m)->releases_own = false;
	assertions_flush(m);
	if (access_is_visible(m, word, bits, write) || running_cpu(m)->wait != WAIT_NONE) {
		running_cpu(m)->parts[0] = (struct vcpu_part){ bits, word, write };
		event_wait(m, operation, 1, pc);
		running_cpu(m)->loop.impure = true;
	}
	running_cpu(m)->wait = WAIT_NONE;
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_RCU, pc, NULL, operation, 0, NULL);
}

void explored_enter(enum section_kind kind, const void *of, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;

	if (!m->executing || m->running < 0)
		return;
	if (!running_cpu(m)->section[kind].nesting) {
		section_event(m, kind, operation_of(kind, VCPU_RCU_ENTER), true, of, pc);
		running_cpu(m)->section[kind].of = of;
	}
	running_cpu(m)->section[kind].nesting++;
}

void explored_leave(enum section_kind kind, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;

	if (!m->executing || m->running < 0)
		return;
	if (unlikely(!running_cpu(m)->section[kind].nesting))
		halt_with(m, &vcpu_site_not_held, pc);
	if (running_cpu(m)->section[kind].nesting == 1) {
		section_event(m, kind, operation_of(kind, VCPU_RCU_LEAVE), true, NULL, pc);
		/* The next section is not one that others wait for. */
		for (unsigned i = 0; i < m->cpu_count; i++)
			m->awaited[i][kind] &= ~(1u << m->running);
	}
	running_cpu(m)->section[kind].nesting--;
}

void explored_wait_for_all(enum section_kind kind, const void *of, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uint32_t *awaited;
	struct cpu *c;

	if (!m->executing || m->running < 0)
		return;
	c = running_cpu(m);
	section_event(m, kind, operation_of(kind, VCPU_RCU_SYNCHRONIZE), false, of, pc);
	awaited = &m->awaited[m->running][kind];
	*awaited = 0;
	for (unsigned i = 0; i < m->cpu_count; i++)
		if (m->cpu[i].section[kind].nesting && m->cpu[i].section[kind].of == of)
			*awaited |= 1u << i;
	/* No CPU interrupts itself; a grace period waits for all. */
	if (kind == SECTION_IRQ)
		*awaited &= ~(1u << m->running);
	if (!*awaited)
		return;
	c->wait_address = NULL;
	c->wait = WAIT_RCU + kind;
	section_event(m, kind, operation_of(kind, VCPU_RCU_WAIT), false, of, pc);
}

bool explored_in_section(void)
{
	struct vcpu_machine *m = vcpu_current;

	if (!m->executing || m->running < 0)
		return false;
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		if (running_cpu(m)->section[kind].nesting)
			return true;
	return false;
}
