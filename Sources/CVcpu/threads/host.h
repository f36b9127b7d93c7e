/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtual CPU that is a thread; private to CVcpu. */
#ifndef VCPU_REAL_H
#define VCPU_REAL_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>

#include "../core/machine.h"
#include "vcpu_stress.h"

/* As struct section of a virtual CPU. */
struct real_section {
	_Atomic uint32_t nesting;
	_Atomic uint32_t left;		/* so far */
	const void *_Atomic of;
};

/* One for each thread, a cache line apart: others seldom write to it in a run. */
struct real_cpu {
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

	/* What the watchdog shows. */
	const void *wait_address;
	const void *wait_pc;		/* NULL: it does not wait */
	unsigned held_count;
	struct vcpu_stress_held held[VCPU_STRESS_HELD_MAX];
	struct vcpu_stress_position position;

	struct real_section section[SECTIONS];
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
	/* Written by whoever fails. */
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

	/* Of the watching thread. */
	bool watching;
	uint64_t watched;		/* iterations when it last looked */
	unsigned so_far;		/* progress in the iteration at that time */
	double burnt[VCPU_MAX];		/* CPU seconds of each thread at that time */
	bool joined;

	struct real_cpu cpu[VCPU_MAX];
};

/* Values of `go` that are no iteration. */
#define REAL_END (~0ull)
#define REAL_NOT_YET (~0ull - 1)
/* More accesses than any iteration has. */
#define REAL_NO_DELAY (1ull << 40)

/* ThreadSanitizer holds SIGURG back until the thread calls it, as all of CVcpu
 * does; a loop that never does is asked with a signal that is not held back. */
#define REAL_INSIST (VCPU_THREAD_SANITIZER ? SIGSYS : SIGURG)

/* This thread's CPU; NULL on all other threads. */
extern __thread struct real_cpu *real_cpu __attribute__((tls_model("initial-exec")));

static inline void real_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

/* An empty loop: about a cycle a turn. */
static inline void real_spin(uint64_t turns)
{
	for (; turns; turns--)
		__asm__ volatile("" ::: "memory");
}

/* Leaves the code under test for good, in this iteration. */
_Noreturn void real_leave(struct real_cpu *c);
/* Records a finding, if it is the first of the iteration. */
void real_report(struct real_cpu *c, const struct vcpu_site *site, const void *pc);
/* Records it, and ends the iteration on all CPUs. */
_Noreturn void real_fail(struct real_cpu *c, const struct vcpu_site *site, const void *pc);

static inline void real_check_abort(struct real_cpu *c)
{
	if (unlikely(atomic_load_explicit(&c->stress->abort, memory_order_relaxed)))
		real_leave(c);
}

/* A plain access of instrumented code, before it is made. */
void real_access(struct real_cpu *c, const volatile void *p, const void *pc);

/* lock.c: as in vcpu.h. */
void real_spin_lock(struct real_cpu *c, vcpu_spinlock *l, const void *pc);
void real_spin_unlock(struct real_cpu *c, vcpu_spinlock *l, const void *pc);
bool real_spin_trylock(struct real_cpu *c, vcpu_spinlock *l, const void *pc);
void real_down_read(struct real_cpu *c, vcpu_rwsem *s, const void *pc);
void real_up_read(struct real_cpu *c, vcpu_rwsem *s, const void *pc);
bool real_down_read_trylock(struct real_cpu *c, vcpu_rwsem *s, const void *pc);
void real_down_write(struct real_cpu *c, vcpu_rwsem *s, const void *pc);
void real_up_write(struct real_cpu *c, vcpu_rwsem *s, const void *pc);
void real_bit_lock(struct real_cpu *c, unsigned nr, unsigned long *p, const void *pc);
void real_bit_unlock(struct real_cpu *c, unsigned nr, unsigned long *p, const void *pc);
void real_section_enter(struct real_cpu *c, enum section_kind kind, const void *of);
void real_section_leave(struct real_cpu *c, enum section_kind kind, const void *pc);
void real_section_wait(struct real_cpu *c, enum section_kind kind, const void *of,
		       const void *pc);
bool real_in_section(const struct real_cpu *c);

/* Freed memory, or memory in use again. */
void real_poison(struct real_cpu *c, const void *p, size_t bytes, bool poisoned);

/* park.c: waits until a word has changed; wakes who waits, after the change. */
void real_park_while(struct real_cpu *c, _Atomic uint64_t *word, uint64_t value);
void real_wake(struct real_cpu *c);

/* iteration.c: what CPU 0 does until the end, and what the others do. */
void real_lead(struct real_cpu *c);
void real_follow(struct real_cpu *c);

/* thread.c: nanoseconds of the monotonic clock, and of a thread's own. */
uint64_t real_now(void);
uint64_t real_cpu_time(pthread_t thread);

/* signal.c */
void real_signals_install(struct real_cpu *c);
void real_signals_uninstall(struct real_cpu *c);
/* Notes where this thread is, from its frame pointers. */
void real_note_position(struct real_cpu *c, const void *pc, const void *frame);
/* True when the wild access was in the code under test of a real CPU; does not
 * return then. */
void real_oops(const void *pc);

#endif
