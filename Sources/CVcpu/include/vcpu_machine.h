/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer's side of the virtual machine.  The whole interface to a search
 * is: the pending operation of each CPU, and step(cpu).
 *
 * A machine is an instance; one thread drives it at a time, between
 * vcpu_machine_enter() and vcpu_machine_leave().
 */
#ifndef VCPU_MACHINE_H
#define VCPU_MACHINE_H

#include "vcpu.h"

/** The most virtual CPUs that a machine can have. */
#define VCPU_MAX 8
/** The most findings that are kept of one execution. */
#define VCPU_BUGS_MAX 8
/** The size of the longest explanation of an oracle. */
#define VCPU_EXPLANATION_BYTES 240
/** The most words that it can be about. */
#define VCPU_CONCERNS_MAX 64

/** A virtual machine; its inside is private. */
struct vcpu_machine;

/** The kind of a CPU's next step. */
enum vcpu_operation {
	VCPU_NOTHING,		/**< finished or halted */
	VCPU_READ,
	VCPU_WRITE,
	VCPU_RMW,
	VCPU_ACQUIRE,		/**< exclusive lock; may be blocked */
	VCPU_ACQUIRE_SHARED,	/**< rwsem for reading; may be blocked */
	VCPU_TRYLOCK,
	VCPU_RELEASE,
	VCPU_RELEASE_SHARED,
	VCPU_FREE,		/**< memory becomes poisoned */
	VCPU_REUSE,		/**< memory is poisoned no longer */
	VCPU_ASSERT,		/**< assertions that fused with nothing */
	VCPU_RCU_ENTER,		/**< those of RCU and of interrupts are in the same order */
	VCPU_RCU_LEAVE,
	VCPU_RCU_SYNCHRONIZE,	/**< start of a grace period */
	VCPU_RCU_WAIT,		/**< its end; may be blocked */
	VCPU_IRQ_OFF,
	VCPU_IRQ_ON,
	VCPU_IRQ_SEND,		/**< an interrupt to the other CPUs */
	VCPU_IRQ_WAIT,		/**< they have taken it; may be blocked */
	VCPU_SPIN,		/**< a loop without any event; never enabled */
	VCPU_PAUSE,		/**< none: the state is looked at before the CPU goes on */
};

/** Bits of one 8-byte word of the arena, and whether they are written. */
struct vcpu_part {
	uint64_t mask;		/**< bits touched */
	uint32_t word;		/**< offset in the arena / 8 */
	uint32_t write;		/**< 0 read, 1 write */
};

/** The operation that a CPU does when it is stepped next. */
struct vcpu_pending {
	const struct vcpu_part *parts;	/**< valid until the CPU is stepped */
	uint32_t count;			/**< number of parts */
	uint32_t operation;		/**< enum vcpu_operation */
};

/** Reductions and instruments, each of which can be switched off. */
enum vcpu_options {
	/** A passing assertion moves to the CPU's next event. */
	VCPU_FUSE_ASSERTIONS = 1 << 0,
	/** Conflicts by bit and byte; off: by whole 8-byte word. */
	VCPU_EXACT_CONFLICTS = 1 << 1,
	/** Only memory that two CPUs conflict on is visible to scheduling. */
	VCPU_CONFLICTS_ONLY = 1 << 2,
	/** Lock releases run with the step before them. */
	VCPU_EAGER_RELEASE = 1 << 3,
	/** A CPU that is seen to spin waits until what it reads is changed, and one
	 *  that repeats itself otherwise is followed a few rounds only.  Off: it runs
	 *  on, and an execution may have no end.  The code under test must keep nothing
	 *  in registers over a call (-O0): its stack is what tells that it repeats. */
	VCPU_AWAIT_LOOPS = 1 << 4,
};
/** All of them, as a new machine has them. */
#define VCPU_ALL_REDUCTIONS 0x1fu

/** One finding of an execution. */
struct vcpu_bug_record {
	const struct vcpu_site *site;
	uint32_t cpu;		/**< VCPU_MAX: an oracle's */
	uint32_t step;		/**< steps taken before it */
	const void *pc;		/**< where, for a finding without a line (oops) */
	bool halts;		/**< the CPU ran no further in that step */
};

/** The kind of a trace record. */
enum vcpu_trace_kind {
	VCPU_TRACE_CALL = 1,	/**< pc is inside the function, address where it was called */
	VCPU_TRACE_RETURN,
	VCPU_TRACE_READ,
	VCPU_TRACE_WRITE,
	VCPU_TRACE_RMW,
	VCPU_TRACE_ACQUIRE,
	VCPU_TRACE_ACQUIRE_SHARED,
	VCPU_TRACE_RELEASE,
	VCPU_TRACE_FREE,
	VCPU_TRACE_RCU,
	VCPU_TRACE_PRINTK,
	VCPU_TRACE_BUG,
	VCPU_TRACE_USE_AFTER_FREE,	/**< the access that comes too late */
	VCPU_TRACE_OOPS,		/**< the access to what is not memory */
};

/** One thing that happened, while a trace is recorded. */
struct vcpu_trace_record {
	uint32_t kind;		/**< enum vcpu_trace_kind */
	uint32_t cpu;
	uint32_t step;		/**< index of the step it belongs to */
	uint32_t bytes;		/**< size of the access */
	const void *pc;		/**< a return address in the code under test */
	const void *address;
	uint64_t mask;		/**< bits of the 8-byte word at address & ~7 */
	uint64_t before;	/**< the 8-byte word before */
	uint64_t after;		/**< and after; equal for a read */
	const struct vcpu_site *site;
	char text[80];		/**< printk line */
};

/* ---- life ---------------------------------------------------------------- */

/** Returns false in a build without the __tsan_* hooks (for the real ThreadSanitizer):
 *  plain accesses are not events then, and nothing that a search says holds. */
bool vcpu_machine_sees_accesses(void);

/** Returns a machine with a zeroed arena; NULL when memory is short. */
struct vcpu_machine *vcpu_machine_new(size_t arena_bytes);
/** Returns a machine whose arena is the caller's memory, as it is: whole pages, which
 *  outlive the machine.  One machine at a time.  NULL also if they are not. */
struct vcpu_machine *vcpu_machine_new_at(void *arena, size_t arena_bytes);
/** Frees a machine that no thread has entered; NULL is ignored. */
void vcpu_machine_free(struct vcpu_machine *m);

/** Makes m the current machine of the calling thread; may be nested. */
void vcpu_machine_enter(struct vcpu_machine *m);
/** Makes the machine current that was so before vcpu_machine_enter(). */
void vcpu_machine_leave(struct vcpu_machine *m);

/** Sets the reductions, bits of enum vcpu_options; only between executions. */
void vcpu_machine_set_options(struct vcpu_machine *m, uint32_t options);

/**
 * Runs body(argument) outside any execution as CPU `cpu`.  Returns NULL, or
 * the finding that ended it.
 */
const struct vcpu_site *vcpu_machine_guard(struct vcpu_machine *m, unsigned cpu,
					   void (*body)(void *), void *argument);

/** An oracle: returns NULL, or what does not hold.  It reads, and schedules nothing. */
typedef const struct vcpu_site *(*vcpu_oracle)(bool whole);

/**
 * Calls an oracle on a stack of its own, between steps or after the last one.
 * Returns, and records, the finding: what the oracle says, or its own oops on
 * a world that is broken.  NULL when all is well.
 */
const struct vcpu_site *vcpu_machine_check(struct vcpu_machine *m, vcpu_oracle oracle,
					   bool whole);

/** Asks an oracle as vcpu_machine_check() does, and records nothing. */
const struct vcpu_site *vcpu_machine_ask(struct vcpu_machine *m, vcpu_oracle oracle,
					 bool whole);

/** Returns the text in which the oracle that was asked last explained itself; "" for none. */
const char *vcpu_machine_explanation(struct vcpu_machine *m);
/** Returns the word that "{}" stands for in it, or NULL. */
const void *vcpu_machine_explained(struct vcpu_machine *m);
/** Returns the words that its values come from, and the locks that these change under. */
const void *const *vcpu_machine_concerns(struct vcpu_machine *m, uint32_t *count);

/** Makes the arena as it is now what every execution starts from. */
void vcpu_machine_snapshot(struct vcpu_machine *m);

/** Sets the number of CPUs, VCPU_MAX at most. */
void vcpu_machine_set_cpus(struct vcpu_machine *m, unsigned count);
/** Sets the program that a CPU runs in each execution: body(argument).  All that it leads to
 *  and that lies neither in the arena nor in a loaded object lies in the `bytes` bytes that the
 *  argument points to: names of states say where in them, as they lie elsewhere in each run. */
void vcpu_machine_set_program(struct vcpu_machine *m, unsigned cpu,
			      void (*body)(void *), void *argument, size_t bytes);

/* ---- an execution ---------------------------------------------------------- */

/** Resets the arena and runs each CPU up to its first pending operation. */
void vcpu_machine_begin(struct vcpu_machine *m);

/** Returns the CPUs that can be stepped now, as a mask. */
uint32_t vcpu_machine_enabled(struct vcpu_machine *m);

/** Returns the CPUs that are neither finished nor halted, as a mask. */
uint32_t vcpu_machine_unfinished(struct vcpu_machine *m);

/** Returns the pending operation of a CPU. */
const struct vcpu_pending *vcpu_machine_pending(struct vcpu_machine *m, unsigned cpu);

/**
 * Executes the CPU's pending operation and runs it up to the next one.
 * Aborts the program when the CPU is not enabled.
 */
void vcpu_machine_step(struct vcpu_machine *m, unsigned cpu);

/** Changes by the steps since this was last asked. */
enum vcpu_changes {
	VCPU_CHANGED_MEMORY = 1,	/**< wrote to the arena */
	VCPU_CHANGED_LOCK = 2,		/**< released a lock */
};

/** Returns the enum vcpu_changes since the last call: an oracle of the arena alone need
 *  not be asked again when there are none. */
uint32_t vcpu_machine_changes(struct vcpu_machine *m);

/** Returns the lock releases that the last step ran at its end, without being steps. */
const struct vcpu_part *vcpu_machine_releases(struct vcpu_machine *m, uint32_t *count);

/** Returns the findings so far in this execution. */
const struct vcpu_bug_record *vcpu_machine_bugs(struct vcpu_machine *m, uint32_t *count);

/* ---- loops -------------------------------------------------------------------- */

/** The most frames that are kept of a CPU that is in a loop. */
#define VCPU_LOOP_FRAMES_MAX 16

/** The reason for which a CPU in a loop does not go on. */
enum vcpu_loop_kind {
	VCPU_LOOP_NONE,		/**< it is in none, or goes on */
	/** It repeats itself, word for word, until another CPU changes what it reads. */
	VCPU_LOOP_SPINS,
	/** It may go on: the machine follows it no further in this execution. */
	VCPU_LOOP_CUT,
};

/** One loop that a CPU is in. */
struct vcpu_loop {
	enum vcpu_loop_kind kind;
	uint32_t frames;		/**< innermost first; the first is a pc, the others
					 *   are return addresses */
	const void *frame[VCPU_LOOP_FRAMES_MAX];
	const struct vcpu_part *read;	/**< what a round reads; valid until a step */
	uint32_t reads;
};

/** Returns whether the CPU is in a loop and cannot go on, and then fills in the loop. */
bool vcpu_machine_loop(struct vcpu_machine *m, unsigned cpu, struct vcpu_loop *loop);

/** Returns the CPUs that were followed no further in this execution, as a mask: how it
 *  would have gone on is not known. */
uint32_t vcpu_machine_cut(struct vcpu_machine *m);

/** Returns whether one of them ran too long without an event: the next execution will be
 *  as long. */
bool vcpu_machine_stuck(struct vcpu_machine *m);

/** Follows the CPU no further, as the execution is longer than it may be. */
void vcpu_machine_cut_cpu(struct vcpu_machine *m, unsigned cpu);

/* ---- conflicts ---------------------------------------------------------------- */

/**
 * Returns a number that grows whenever memory that was invisible turns out to be shared,
 * or a lock to be looked at from outside: a search that began before must restart.
 */
uint64_t vcpu_machine_generation(struct vcpu_machine *m);

/** Forgets all learned conflicts. */
void vcpu_machine_forget(struct vcpu_machine *m);

/** Returns the number of words that events can be about: those of the arena, and behind
 *  them one for each kind of section. */
size_t vcpu_machine_words(struct vcpu_machine *m);

/** Returns the number of words of the arena that two CPUs conflict on. */
uint32_t vcpu_machine_conflicts(struct vcpu_machine *m);

/* ---- instruments --------------------------------------------------------------- */

/** Returns a hash of the arena's contents (of what differs from the snapshot). */
uint64_t vcpu_machine_state_hash(struct vcpu_machine *m);

/** Returns the number of accesses to the arena (visible or not) since the machine was
 *  made. */
uint64_t vcpu_machine_accesses(struct vcpu_machine *m);

/** Returns true when the arena equals the snapshot byte for byte (a test of reset). */
bool vcpu_machine_is_pristine(struct vcpu_machine *m);

/** Returns the number of calls of vcpu_mark(index) since the machine was made. */
uint64_t vcpu_machine_marks(struct vcpu_machine *m, unsigned index);

/** Returns the CPUs that a blocked CPU waits for, as a mask: the owner of a lock, or those
 *  whose sections must end.  A bit lock and readers have no names in memory. */
uint32_t vcpu_machine_holders(struct vcpu_machine *m, unsigned cpu);
/** Returns the address that the CPU's first pending part is about. */
const void *vcpu_machine_pending_address(struct vcpu_machine *m, unsigned cpu);
/** Returns the place in the code at which the CPU is pending. */
const void *vcpu_machine_pending_pc(struct vcpu_machine *m, unsigned cpu);
/** Fills in that place, and the return addresses of the calls that led there, innermost
 *  first; returns their number, room at most, and 0 of a CPU that has ended. */
uint32_t vcpu_machine_calls(struct vcpu_machine *m, unsigned cpu, const void **pc, uint32_t room);

/** Records what happens from now on, of the last execution that began; false
 *  stops it.  Grows as needed, up to a limit. */
void vcpu_machine_trace(struct vcpu_machine *m, bool on);
/** Returns the records so far, valid until the machine runs. */
const struct vcpu_trace_record *vcpu_machine_trace_records(struct vcpu_machine *m,
							    size_t *count);

#endif
