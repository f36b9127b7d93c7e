/* SPDX-License-Identifier: GPL-2.0-only */
/* Virtual CPUs that are host threads; private to CVcpu. */
#ifndef VCPU_HOST_H
#define VCPU_HOST_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>

#include "../core/operations.h"
#include "vcpu_stress.h"

/* The same as struct section of an explored CPU. */
struct host_section {
	_Atomic uint32_t nesting;
	_Atomic uint32_t left;		/* so far */
	const void *_Atomic of;
};

/* One for each thread, a cache line apart: others seldom write to it in a run. */
struct host_cpu {
	_Alignas(128) struct vcpu_stress *stress;
	unsigned index;
	_Atomic bool inside;		/* in the code under test, or an oracle */
	jmp_buf escape;			/* out of it */

	/* Hooks. */
	const void *pc;			/* of the last access */
	uint64_t countdown;		/* accesses until the delay */
	uint64_t delay;			/* its length, in turns of an empty loop */
	uint64_t accesses;		/* of the last whole iteration */
	uint64_t until;			/* what countdown began at */

	/* Shown by the watchdog. */
	const void *wait_address;
	const void *wait_pc;		/* NULL: it does not wait */
	unsigned held_count;
	struct vcpu_stress_held held[VCPU_STRESS_HELD_MAX];
	struct vcpu_stress_position position;

	struct host_section section[SECTIONS];
	_Atomic uint64_t done;		/* the last iteration that it finished */
	_Atomic uint32_t parked;	/* it sleeps until it is woken */
	_Atomic bool stopped;
	double share;			/* of the time, that it ran; once stopped */

	pthread_t thread;
	int thread_id;
	bool started;
	int error;
	void *signal_stack;
	stack_t outer_signal_stack;
	uintptr_t stack_low, stack_high;
};

struct vcpu_stress {
	struct vcpu_machine *machine;
	struct vcpu_stress_config config;
	unsigned cpu_count;
	uint64_t began;			/* nanoseconds */

	/* Written by CPU 0, watched by the others. */
	_Alignas(128) _Atomic uint64_t go;
	/* Written by the CPU that fails first. */
	_Alignas(128) _Atomic bool abort;
	_Atomic bool failed;
	const struct vcpu_site *site;
	const void *pc;
	uint32_t failed_cpu;
	/* Written by the thread that watches. */
	_Alignas(128) _Atomic bool end;
	_Atomic bool interrogate;

	_Alignas(128) _Atomic uint64_t iterations;
	_Atomic bool finished;
	_Atomic uint32_t rows;
	_Atomic uint64_t lost_hits;
	struct {
		const struct vcpu_site *site;
		const void *pc;
		uint32_t cpu;
		_Atomic uint64_t hits;
		uint64_t first_iteration, first_nanoseconds;
	} row[VCPU_STRESS_SITES_MAX];

	/* Used by the watching thread only. */
	bool watching;
	uint64_t watched;		/* iterations when it last looked */
	unsigned so_far;		/* progress in the iteration at that time */
	double burnt[VCPU_MAX];		/* CPU seconds of each thread at that time */
	bool joined;

	struct host_cpu cpu[VCPU_MAX];
};

/* Values of `go` that are not iterations. */
#define HOST_END (~0ull)
#define HOST_NOT_YET (~0ull - 1)
/* More accesses than any iteration has. */
#define HOST_NO_DELAY (1ull << 40)

/* ThreadSanitizer holds SIGURG back until the thread calls it, as all of CVcpu
 * does; a loop that never does is asked with a signal that is not held back. */
#define HOST_INSIST (VCPU_THREAD_SANITIZER ? SIGSYS : SIGURG)

/* This thread's CPU; NULL on all other threads. */
extern __thread struct host_cpu *host_cpu __attribute__((tls_model("initial-exec")));

static inline void host_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

/* An empty loop: about a cycle a turn. */
static inline void host_spin(uint64_t turns)
{
	for (; turns; turns--)
		__asm__ volatile("" ::: "memory");
}

/* Leaves the code under test for good, in this iteration. */
_Noreturn void host_leave(struct host_cpu *c);
/* Records a finding, if it is the first of the iteration. */
void host_report(const struct vcpu_site *site, const void *pc);
/* Records it, and ends the iteration on all CPUs; does not return. */
void host_fail(const struct vcpu_site *site, const void *pc);

static inline void host_check_abort(struct host_cpu *c)
{
	if (unlikely(atomic_load_explicit(&c->stress->abort, memory_order_relaxed)))
		host_leave(c);
}

/* Notes an access, before it is made. */
void host_access(const volatile void *p, const void *pc);

/* lock.c, section.c: see struct operations. */
void host_look(const void *lock, bool write, bool mine, const void *pc);
void host_taken(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
void host_acquire(void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
bool host_release(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
void host_section_enter(enum section_kind kind, const void *of, const void *pc);
void host_section_leave(enum section_kind kind, const void *pc);
void host_section_wait(enum section_kind kind, const void *of, const void *pc);
bool host_in_section(void);
/* Frame a wait, for the watchdog; `address` is NULL for one that is not for a lock. */
void host_begin_to_wait(struct host_cpu *c, const void *address, const void *pc);
void host_wait_a_turn(struct host_cpu *c);
void host_end_wait(struct host_cpu *c);

/* park.c: waits until a word has changed; wakes the CPU that waits, after the change. */
void host_park_while(struct host_cpu *c, _Atomic uint64_t *word, uint64_t value);
void host_wake(struct host_cpu *c);

/* iteration.c: what CPU 0 does until the end, and what the others do. */
void host_lead(struct host_cpu *c);
void host_follow(struct host_cpu *c);

/* thread.c: nanoseconds of the monotonic clock, and of a thread's own. */
uint64_t host_now(void);
uint64_t host_cpu_time(pthread_t thread);

/* signal.c */
void host_signals_install(struct host_cpu *c);
void host_signals_uninstall(struct host_cpu *c);
/* Notes where this thread is, from its frame pointers. */
void host_note_position(struct host_cpu *c, const void *pc, const void *frame);
/* Ends the iteration with a wild access, if it was in the code under test. */
bool host_fault(int number, const siginfo_t *info, void *context);

#endif
