/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals on the thread of a CPU: a wild access is a finding, and the
 * watchdog asks where the thread is.  Both leave the code under test, by a jump
 * out of the handler.
 */
#define _GNU_SOURCE
#include "../core/fault.h"
#include "host.h"

#include <stdlib.h>
#include <string.h>

#define SIGNAL_STACK_BYTES (64u << 10)

/* A thread must not block these: questions, and wild accesses. */
static const int needed[] = { SIGURG, HOST_INSIST, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

/* A jump out of a handler does not unblock what is blocked in it: nothing, unless
 * a sanitizer is in between. */
static void end_handler(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		sigaddset(&mask, needed[i]);
	pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
}

bool host_fault(int number, const siginfo_t *info, void *context)
{
	const struct vcpu_machine *m = host_cpu->stress->machine;
	const struct vcpu_site *unresolved = NULL;
	const void *pc = fault_pc(context);

	if (!host_cpu->inside)
		return false;
	if (number == SIGSEGV)
		unresolved = unresolved_at(m, info->si_addr);
	/* A call of it is reported with its caller. */
	if (unresolved && unresolved_at(m, pc))
		pc = fault_caller(context);
	end_handler();
	host_fail(unresolved ? unresolved : &vcpu_site_oops, pc);
	return true;
}

/* Frame pointers are kept in all C of this program; they end where they leave
 * this thread's stack. */
void host_note_position(struct host_cpu *c, const void *pc, const void *frame)
{
	struct vcpu_stress_position *p = &c->position;
	uintptr_t at = (uintptr_t)frame;

	p->stuck = true;
	p->waits = c->wait_pc != NULL;
	p->wait_address = p->waits ? c->wait_address : NULL;
	p->held_count = c->held_count;
	memcpy(p->held, c->held, sizeof(p->held));
	p->frames = 0;
	p->frame[p->frames++] = pc;
	while (p->frames < VCPU_STRESS_FRAMES_MAX && at >= c->stack_low &&
	       at + 16 <= c->stack_high && !(at & 7)) {
		const uintptr_t *link = (const uintptr_t *)at;

		if (!link[1] || link[0] <= at)
			break;
		p->frame[p->frames++] = (const void *)link[1];
		at = link[0];
	}
}

static void interrogated(int number, siginfo_t *info, void *context)
{
	struct host_cpu *c = host_cpu;

	if (!c || !c->inside ||
	    !atomic_load_explicit(&c->stress->interrogate, memory_order_acquire))
		return;
	host_note_position(c, fault_pc(context), fault_frame(context));
	end_handler();
	host_leave(c);
}

void host_signals_install(struct host_cpu *c)
{
	struct sigaction action;
	stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };
	sigset_t mask;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = interrogated;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
	/* Ignored by default, so that a late one does no harm. */
	sigaction(SIGURG, &action, NULL);
	sigaction(HOST_INSIST, &action, NULL);
	fault_handle();
	/* The thread that began this run may block them, as those of a pool do.  The
	 * others are not for this thread: Ctrl-C is the watching thread's. */
	sigfillset(&mask);
	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		sigdelset(&mask, needed[i]);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	stack.ss_sp = c->signal_stack = malloc(SIGNAL_STACK_BYTES);
	/* AddressSanitizer wants its own back at the end of the thread. */
	if (stack.ss_sp)
		sigaltstack(&stack, &c->outer_signal_stack);
}

void host_signals_uninstall(struct host_cpu *c)
{
	if (c->signal_stack)
		sigaltstack(&c->outer_signal_stack, NULL);
	free(c->signal_stack);
	c->signal_stack = NULL;
}
