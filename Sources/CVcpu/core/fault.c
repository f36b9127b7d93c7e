/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wild access in the code under test is a finding, not the death of the tool: the
 * signal handler leaves it to the kind of CPU that runs the code.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "operations.h"

#define SIGNAL_STACK_BYTES (64u << 10)

const struct vcpu_site vcpu_site_oops = {
	VCPU_OOPS, "wild memory access", NULL, NULL, 0
};
static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
static struct sigaction previous[sizeof(signals) / sizeof(signals[0])];
static pthread_once_t once = PTHREAD_ONCE_INIT;

const void *fault_pc(const void *context)
{
	const ucontext_t *u = context;

#if defined(__x86_64__)
	return (const void *)u->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)u->uc_mcontext.pc;
#endif
}

void *fault_frame(const void *context)
{
	const ucontext_t *u = context;

#if defined(__x86_64__)
	return (void *)u->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
	return (void *)u->uc_mcontext.regs[29];
#endif
}

const void *fault_caller(const void *context)
{
	const ucontext_t *u = context;

#if defined(__x86_64__)
	return *(const void **)u->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return (const void *)u->uc_mcontext.regs[30];
#endif
}

void fault_continue(void *context, const struct fibre *f, void (*function)(void))
{
	ucontext_t *u = context;
	/* The fibre is abandoned: it may have run off its stack, so start over. */
	uintptr_t top = ((uintptr_t)f->stack + FIBRE_STACK_BYTES - 64) & ~(uintptr_t)15;

#if defined(__x86_64__)
	u->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)function;
	u->uc_mcontext.gregs[REG_RSP] = (greg_t)(top - 8);
#elif defined(__aarch64__)
	u->uc_mcontext.pc = (uintptr_t)function;
	u->uc_mcontext.sp = top;
#endif
}

static void handler(int number, siginfo_t *info, void *context)
{
	if (cpu_operations->fault(number, info, context))
		return;
	/* The fault is the tool's own: it dies as it would have without this handler. */
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i] == number)
			sigaction(number, &previous[i], NULL);
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

void fault_handle(void)
{
	pthread_once(&once, install);
}

void fault_install(struct vcpu_machine *m)
{
	stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };
	stack_t current;

	fault_handle();
	if (sigaltstack(NULL, &current) == 0 && !(current.ss_flags & SS_DISABLE))
		return;		/* an outer machine, or the runtime, has set one */
	stack.ss_sp = m->signal_stack = malloc(SIGNAL_STACK_BYTES);
	if (stack.ss_sp)
		sigaltstack(&stack, NULL);
}

void fault_uninstall(struct vcpu_machine *m)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	if (!m->signal_stack)
		return;
	sigaltstack(&none, NULL);
	free(m->signal_stack);
	m->signal_stack = NULL;
}
