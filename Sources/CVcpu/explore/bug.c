/* SPDX-License-Identifier: GPL-2.0-only */
/* Bugs of a CPU that is explored. */
#include <stdio.h>

#include "explore.h"

const struct vcpu_site vcpu_site_use_after_free = {
	VCPU_USE_AFTER_FREE, "access to freed memory", NULL, NULL, 0
};

void record_bug(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc,
		bool halts)
{
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_BUG, pc, NULL, 0, 0, site);
	/* No invariant is asked from here on. */
	m->shows |= m->watches;
	if (m->bugs == VCPU_BUGS_MAX)
		return;
	m->bug[m->bugs++] = (struct vcpu_bug_record){
		site, m->running < 0 ? 0 : (uint32_t)m->running, m->step, pc, halts
	};
}

/* No invariant is asked after a bug, so what is before it is a state of its own. */
static void end_step(struct vcpu_machine *m, const void *pc)
{
	if (unlikely(m->watches && m->executing && m->running >= 0))
		event_wait(m, VCPU_PAUSE, 0, pc);
}

_Noreturn void halt_with(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc)
{
	if (m->running < 0) {
		fprintf(stderr, "mmrace: internal error: a finding outside any CPU: %s\n",
			site->expression);
		__builtin_trap();
	}
	/* An assertion before it that fails is what ends the CPU. */
	assertions_flush(m);
	running_cpu(m)->ends = site;
	end_step(m, pc);
	record_bug(m, site, pc, true);
	cpu_leave(m, CPU_HALTED);
}

void explored_fail(const struct vcpu_site *site, const void *pc)
{
	halt_with(vcpu_current, site, pc);
}

void explored_report(const struct vcpu_site *site, const void *pc)
{
	/* An assertion before it that fails ends the CPU, and there is nothing to report. */
	if (vcpu_current->running >= 0) {
		assertions_flush(vcpu_current);
		end_step(vcpu_current, pc);
	}
	record_bug(vcpu_current, site, pc, false);
}
