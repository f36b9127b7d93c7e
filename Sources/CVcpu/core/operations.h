/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of vcpu.h's primitives that differs between the kinds of CPU: one that is
 * explored, which waits in each of them to be scheduled, and one that is a host thread.
 * Private to CVcpu.
 */
#ifndef VCPU_OPERATIONS_H
#define VCPU_OPERATIONS_H

#include <signal.h>

#include "machine.h"

struct operations {
	int (*id)(void);

	/* An access of so many bytes, or of the bits of a word, which is made next. */
	void (*access)(const volatile void *p, unsigned bytes, uint64_t bits, bool write,
		       uint32_t operation, const void *pc);

	/* A look at a lock without waiting; `mine`: this CPU holds it. */
	void (*look)(const void *lock, bool write, bool mine, const void *pc);
	/* Notes that a look was followed by taking the lock. */
	void (*taken)(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
	/* Takes a lock, when it can be had. */
	void (*acquire)(void *lock, uint64_t bits, enum wait_kind kind, const void *pc);
	/* Comes before a lock is given back; false when this CPU does not hold it. */
	bool (*release)(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc);

	void (*enter)(enum section_kind kind, const void *of, const void *pc);
	void (*leave)(enum section_kind kind, const void *pc);
	/* Waits for the sections of others that are about `of` and are not over now. */
	void (*wait_for_all)(enum section_kind kind, const void *of, const void *pc);
	bool (*in_section)(void);

	/* Makes words of the arena poisonous, or usable again. */
	void (*poison)(uintptr_t offset, size_t bytes, bool poisoned, const void *pc);

	void (*assert_not)(vcpu_condition bad, const struct vcpu_site *site, const void *pc);
	/* Reports a bug, with which the CPU goes on, or ends. */
	void (*report)(const struct vcpu_site *site, const void *pc);
	void (*fail)(const struct vcpu_site *site, const void *pc);
	/* Reports a fault of the code under test; false for a fault of other code. */
	bool (*fault)(int number, const siginfo_t *info, void *context);
};

extern const struct operations explored_cpu, host_thread;

/* Those of the CPU that the calling thread is, or runs. */
extern __thread const struct operations *cpu_operations
	__attribute__((tls_model("initial-exec")));

static inline bool is_explored(void)
{
	return likely(cpu_operations == &explored_cpu);
}

#endif
