/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wild access of a CPU that is explored: its fibre goes on with a function that reports
 * it and halts the CPU.
 */
#include "../core/fault.h"

#include "explore.h"

static __thread const void *oops_pc, *oops_address;
static __thread const struct vcpu_site *oops_site;

static __attribute__((used)) void report_oops(void)
{
	struct vcpu_machine *m = vcpu_current;
	const void *pc = oops_pc, *address = oops_address;

	assertions_flush(m);
	if (m->trace_on)
		trace_add(m, VCPU_TRACE_OOPS, pc, address, 0, 0, NULL);
	halt_with(m, oops_site, pc);
}

bool explored_fault(int number, const siginfo_t *info, void *context)
{
	struct vcpu_machine *m = vcpu_current;
	const struct vcpu_site *unresolved = NULL;

	/* Not in the code under test, or in the report of it. */
	if (m->running < 0 || running_cpu(m)->oopsed)
		return false;
	running_cpu(m)->oopsed = true;
	oops_pc = fault_pc(context);
	/* The kernel does not name an address that cannot be one at all. */
	oops_address = number == SIGSEGV && info->si_code > 0 && info->si_code != SI_KERNEL ?
		       info->si_addr : (const void *)UINTPTR_MAX;
	if (number == SIGSEGV)
		unresolved = unresolved_at(m, info->si_addr);
	/* A call of it: say who called. */
	if (unresolved && unresolved_at(m, oops_pc))
		oops_pc = fault_caller(context);
	oops_site = unresolved ? unresolved : &vcpu_site_oops;
	fault_continue(context, &running_cpu(m)->fibre, report_oops);
	return true;
}
