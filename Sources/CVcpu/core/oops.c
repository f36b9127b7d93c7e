/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wild access in the code under test is a finding, not the death of the tool:
 * the signal handler moves the fibre to a function that reports and halts it.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "fibre.h"
#include "../threads/host.h"

#define SIGNAL_STACK_BYTES (64u << 10)

static const struct vcpu_site oops = {
	VCPU_OOPS, "wild memory access", NULL, NULL, 0
};
static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
static struct sigaction previous[sizeof(signals) / sizeof(signals[0])];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static __thread const void *fault_pc, *fault_address;
static __thread const struct vcpu_site *fault_site;

static __attribute__((used)) void report_oops(void)
{
	struct vcpu_machine *m = vcpu_current;
	const void *pc = fault_pc, *address = fault_address;

	assertions_flush(m);
	if (m->trace_on)
		trace_add(m, VCPU_TRACE_OOPS, pc, address, 0, 0, NULL);
	halt_with(m, fault_site, pc);
}

static void handler(int number, siginfo_t *info, void *context)
{
	struct vcpu_machine *m = vcpu_current;
	ucontext_t *u = context;

	const void *pc = NULL;

#if defined(__x86_64__)
	pc = (const void *)u->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	pc = (const void *)u->uc_mcontext.pc;
#endif
	real_oops(pc);
	if (m->running < 0 || running_cpu(m)->oopsed) {
		/* Not in the code under test, or in the report of it, which is ours:
		 * let it die as it would have. */
		for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
			if (signals[i] == number)
				sigaction(number, &previous[i], NULL);
		return;
	}
	running_cpu(m)->oopsed = true;
	/* The fibre is abandoned: it may have run off its stack, so start over. */
	uintptr_t top = ((uintptr_t)running_cpu(m)->stack + FIBRE_STACK_BYTES - 64) &
			~(uintptr_t)15;
	fault_pc = pc;
	/* The kernel does not name an address that cannot be one at all. */
	fault_address = number == SIGSEGV && info->si_code > 0 && info->si_code != SI_KERNEL ?
			info->si_addr : (const void *)UINTPTR_MAX;
	fault_site = &oops;
	if (number == SIGSEGV) {
		const struct vcpu_site *unresolved = unresolved_at(m, info->si_addr);

		if (unresolved)
			fault_site = unresolved;
#if defined(__x86_64__)
		/* A call of it: say who called. */
		if (unresolved && unresolved_at(m, pc))
			fault_pc = *(const void **)u->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
		if (unresolved && unresolved_at(m, pc))
			fault_pc = (const void *)u->uc_mcontext.regs[30];
#endif
	}
#if defined(__x86_64__)
	u->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)report_oops;
	u->uc_mcontext.gregs[REG_RSP] = (greg_t)(top - 8);
#elif defined(__aarch64__)
	u->uc_mcontext.pc = (uintptr_t)report_oops;
	u->uc_mcontext.sp = top;
#endif
}

static void install(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, &previous[i]);
}

void oops_handle(void)
{
	pthread_once(&once, install);
}

void oops_install(struct vcpu_machine *m)
{
	stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };
	stack_t current;

	oops_handle();
	if (sigaltstack(NULL, &current) == 0 && !(current.ss_flags & SS_DISABLE))
		return;		/* an outer machine, or the runtime, has set one */
	stack.ss_sp = m->signal_stack = malloc(SIGNAL_STACK_BYTES);
	if (stack.ss_sp)
		sigaltstack(&stack, NULL);
}

void oops_uninstall(struct vcpu_machine *m)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	if (!m->signal_stack)
		return;
	sigaltstack(&none, NULL);
	free(m->signal_stack);
	m->signal_stack = NULL;
}
