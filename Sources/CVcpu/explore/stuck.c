/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A loop that touches no memory (`for (;;) cpu_relax();`) never comes here by itself,
 * so a timer on the CPU time of the thread looks whether the code under test gets
 * anywhere.  If it does not for long, its CPU is followed no further.
 */
#define _GNU_SOURCE
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../core/fault.h"
#include "explore.h"

#define TICK_NANOSECONDS 200000000L
/* Ticks without an access or a step: between two of them lies far less else. */
#define TICKS_MAX 3u
#define SIGNAL (SIGRTMAX - 2)

static __thread timer_t timer;
static __thread uint64_t accesses;
static __thread uint32_t step;
static __thread unsigned ticks;

static __attribute__((used)) void leave_loop(void)
{
	event_wait(vcpu_current, VCPU_SPIN, 0, running_cpu(vcpu_current)->loop.frame[0]);
	__builtin_trap();	/* a CPU that was cut is never resumed */
}

static bool gets_somewhere(const struct vcpu_machine *m)
{
	if (m->executing && m->running >= 0 && m->accesses == accesses && m->step == step)
		return ++ticks < TICKS_MAX;
	accesses = m->accesses;
	step = m->step;
	ticks = 0;
	return true;
}

static void handler(int number, siginfo_t *info, void *context)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c;

	if (gets_somewhere(m))
		return;
	c = running_cpu(m);
	m->stuck = true;
	loop_cut_at(m, c, (const char *)fault_pc(context) + 1, fault_frame(context));
	fault_continue(context, &c->fibre, leave_loop);
}

/* Without a timer such a loop is not seen: all else is as it was. */
void stuck_watch(void)
{
	struct itimerspec tick = {
		{ 0, TICK_NANOSECONDS }, { 0, TICK_NANOSECONDS }
	};
	struct sigaction action;
	struct sigevent event;
	sigset_t signals;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
	sigaction(SIGNAL, &action, NULL);
	/* The threads of a pool block what they do not know. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_signo = SIGNAL;
	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer)) {
		timer = NULL;
		return;
	}
	timer_settime(timer, 0, &tick, NULL);
}

void stuck_unwatch(void)
{
	if (timer)
		timer_delete(timer);
	timer = NULL;
}
