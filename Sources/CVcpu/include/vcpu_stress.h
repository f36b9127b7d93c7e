/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other way to run a machine's programs: on real CPUs, each program on a
 * pinned thread of its own, all at once, again and again.  Nothing is scheduled
 * and nothing is complete: what happens is counted.
 *
 * The primitives of vcpu.h become real ones on these threads: atomic
 * instructions, spinning locks.  The __tsan_* hooks of instrumented code become
 * a countdown to a delay.
 */
#ifndef VCPU_STRESS_H
#define VCPU_STRESS_H

#include "vcpu_machine.h"

/** The most distinct sites that are counted; see vcpu_stress_lost_hits(). */
#define VCPU_STRESS_SITES_MAX 32
/** The most locks that a CPU can be seen to hold. */
#define VCPU_STRESS_HELD_MAX 16
/** The most frames that are kept of a CPU that hangs. */
#define VCPU_STRESS_FRAMES_MAX 16

/** A run; its inside is private. */
struct vcpu_stress;

/** The configuration of a run. */
struct vcpu_stress_config {
	/** The kernel's number of the CPU that each virtual CPU runs on; negative:
	 *  wherever the kernel likes. */
	int cpu[VCPU_MAX];
	/** Every draw (skew, delays) is a function of seed, iteration and CPU. */
	uint64_t seed;
	/** Seeded random delays at accesses; needs instrumented code. */
	bool delays;
	/** Iterations to run; 0 for no limit. */
	uint64_t iterations;
	/** Asked when all CPUs have finished and none has failed; may be NULL. */
	vcpu_oracle end_check;
};

/** The number of times that a site was the first to fail in an iteration. */
struct vcpu_stress_hits {
	const struct vcpu_site *site;
	const void *pc;			/**< for a site without a line (oops) */
	uint32_t cpu;			/**< that failed first; VCPU_MAX: the end check */
	uint64_t hits;
	uint64_t first_iteration;	/**< from 1 */
	uint64_t first_nanoseconds;	/**< since the start */
};

/** A lock that a CPU holds. */
struct vcpu_stress_held {
	const void *address;
	const void *pc;			/**< where it was taken */
	bool shared;
};

/** The place at which a CPU of a run that hangs was found. */
struct vcpu_stress_position {
	bool stuck;			/**< it had not finished its program */
	bool waits;			/**< for a lock, or for a grace period */
	const void *wait_address;	/**< the lock it waits for, or NULL */
	uint32_t frames;		/**< innermost first; the first is a pc, the
					 *   others are return addresses */
	const void *frame[VCPU_STRESS_FRAMES_MAX];
	uint32_t held_count;
	struct vcpu_stress_held held[VCPU_STRESS_HELD_MAX];
};

/**
 * Starts one thread for each CPU of the machine; each iteration begins from the
 * machine's snapshot and runs the machine's programs.  The calling thread must
 * not enter the machine before vcpu_stress_end().
 *
 * Returns 0, or an errno value: what creating or pinning a thread failed with.
 * A thread whose affinity does not read back as asked is EXDEV.
 */
int vcpu_stress_begin(struct vcpu_machine *m, const struct vcpu_stress_config *config,
		      struct vcpu_stress **result);

/** Returns the number of iterations that were completed so far. */
uint64_t vcpu_stress_iterations(struct vcpu_stress *s);

/** Returns true when the limit of iterations was reached. */
bool vcpu_stress_finished(struct vcpu_stress *s);

/** Copies up to `most` rows of the table of hits; returns their number. */
uint32_t vcpu_stress_hits(struct vcpu_stress *s, struct vcpu_stress_hits *rows, uint32_t most);

/** Returns the number of hits of sites for which the table had no room. */
uint64_t vcpu_stress_lost_hits(struct vcpu_stress *s);

/**
 * The watchdog; to be asked now and then.  Returns true when no CPU has begun or ended its
 * program for so long that each one that is not done has burnt `seconds` of CPU
 * time in it (a thread that is merely not scheduled does not hang, whether it is
 * inside its program or has yet to begin it).  The threads are then stopped where
 * they are, and positions can be asked for.
 */
bool vcpu_stress_hangs(struct vcpu_stress *s, double seconds);

/** Copies the place at which a CPU was found; after vcpu_stress_hangs() was true. */
void vcpu_stress_position(struct vcpu_stress *s, unsigned cpu,
			  struct vcpu_stress_position *position);

/** Returns the kernel's id of the thread of a CPU. */
int vcpu_stress_thread(struct vcpu_stress *s, unsigned cpu);

/**
 * Returns the part of its time, 0 to 1, that the thread of a CPU ran; after
 * vcpu_stress_end().  A thread sleeps only where another is late by a
 * millisecond: the rest went to other programs, or was waited for.
 */
double vcpu_stress_share(struct vcpu_stress *s, unsigned cpu);

/** Ends the current iteration, and the threads; counts stay readable. */
void vcpu_stress_end(struct vcpu_stress *s);

/** Ends the run, if that was not done, and frees it; NULL is ignored. */
void vcpu_stress_free(struct vcpu_stress *s);

/** Returns the arena of a machine, to place it on a node before its first use. */
void *vcpu_machine_arena(struct vcpu_machine *m, size_t *bytes);

#endif
