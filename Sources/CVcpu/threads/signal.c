/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals on the thread of a real CPU: a wild access is a finding, and the
 * watchdog asks where the thread is.  Both leave the code under test, by a jump
 * out of the handler.
 */
#define _GNU_SOURCE
#include "host.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define SIGNAL_STACK_BYTES (64u << 10)

static const struct vcpu_site oops = {
	VCPU_OOPS, "wild memory access", NULL, NULL, 0
};

/* What a real CPU's thread must not block: questions, and wild accesses. */
static const int needed[] = { SIGURG, REAL_INSIST, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

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

void real_oops(const void *pc)
{
	struct real_cpu *c = real_cpu;

	if (!c || !c->inside)
		return;
	end_handler();
	real_fail(c, &oops, pc);
}

/* Frame pointers are kept in all C of this program; they end where they leave
 * this thread's stack. */
void real_note_position(struct real_cpu *c, const void *pc, const void *frame)
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
	struct real_cpu *c = real_cpu;
	ucontext_t *u = context;
	const void *pc = NULL, *frame = NULL;

	(void)number;
	(void)info;
	if (!c || !c->inside ||
	    !atomic_load_explicit(&c->stress->interrogate, memory_order_acquire))
		return;
#if defined(__x86_64__)
	pc = (const void *)u->uc_mcontext.gregs[REG_RIP];
	frame = (const void *)u->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
	pc = (const void *)u->uc_mcontext.pc;
	frame = (const void *)u->uc_mcontext.regs[29];
#endif
	real_note_position(c, pc, frame);
	end_handler();
	real_leave(c);
}

void real_signals_install(struct real_cpu *c)
{
	struct sigaction action;
	stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };
	sigset_t mask;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = interrogated;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
	/* Ignored by default, so that a late one harms nobody. */
	sigaction(SIGURG, &action, NULL);
	sigaction(REAL_INSIST, &action, NULL);
	oops_handle();
	/* Whatever thread began this run may block them: a thread pool does.  The
	 * others are not for us: Ctrl-C is the watching thread's. */
	sigfillset(&mask);
	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		sigdelset(&mask, needed[i]);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	stack.ss_sp = c->signal_stack = malloc(SIGNAL_STACK_BYTES);
	/* AddressSanitizer wants its own back at the end of the thread. */
	if (stack.ss_sp)
		sigaltstack(&stack, &c->outer_signal_stack);
}

void real_signals_uninstall(struct real_cpu *c)
{
	if (c->signal_stack)
		sigaltstack(&c->outer_signal_stack, NULL);
	free(c->signal_stack);
	c->signal_stack = NULL;
}
