/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting between iterations.  It spins, for the others are about to come, and to
 * be woken takes longer than an iteration.  If a CPU is shared, the other may
 * not run for long: a CPU that spins then loses its own turn for nothing, and the two
 * seldom meet.  So it sleeps after a while.  No CPU sleeps in an iteration, as the
 * watchdog counts what is burnt there.
 */
#define _GNU_SOURCE
#include "host.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Longer than nearly every iteration. */
#define SPIN_NANOSECONDS 1000000

static bool changes_soon(_Atomic uint64_t *word, uint64_t value)
{
	uint64_t end = host_now() + SPIN_NANOSECONDS;

	do {
		for (unsigned turn = 0; turn < 64; turn++) {
			if (atomic_load_explicit(word, memory_order_acquire) != value)
				return true;
			host_relax();
		}
	} while (host_now() < end);
	return false;
}

void host_park_while(struct host_cpu *c, _Atomic uint64_t *word, uint64_t value)
{
	if (changes_soon(word, value))
		return;
	/* The thread that changes the word looks at `parked` later, and wakes. */
	atomic_store(&c->parked, 1);
	while (atomic_load(word) == value && atomic_load(&c->parked) &&
	       !atomic_load(&c->stress->end))
		syscall(SYS_futex, &c->parked, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	atomic_store(&c->parked, 0);
}

void host_wake(struct host_cpu *c)
{
	if (likely(!atomic_load(&c->parked)))
		return;
	atomic_store(&c->parked, 0);
	syscall(SYS_futex, &c->parked, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
