/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * States of a machine between two steps of an execution: to come back to one, and to tell
 * whether one was there before.
 *
 * A machine whose loops are awaited (VCPU_AWAIT_LOOPS) has more to its state than is looked
 * at here; nor does it hold in a build for a sanitizer, which knows what lies on stacks.
 */
#ifndef VCPU_STATES_H
#define VCPU_STATES_H

#include "vcpu_machine.h"

/** Returns false in a build for a sanitizer: states cannot be kept. */
bool vcpu_machine_keeps_states(void);

/** Makes the machine keep states from its next execution on, or no longer. */
void vcpu_machine_keep_states(struct vcpu_machine *m, bool on);
/** Keeps what the next step, of that CPU, changes; false when memory is short.  Each step of
 *  an execution is kept, or none before it can be taken back. */
bool vcpu_machine_keep(struct vcpu_machine *m, unsigned cpu);
/** Takes back the last step that was kept; false when memory was short for what it changed:
 *  then no step can be taken back any more. */
bool vcpu_machine_undo(struct vcpu_machine *m);

/** Forgets all bugs of the execution but the first so many. */
void vcpu_machine_keep_bugs(struct vcpu_machine *m, uint32_t bugs);

/** The name of a state: 128 bits, so that two of them have one name by accident with a
 *  probability of less than 1e-20 among 1e9 states.  It has no addresses in it: in another run
 *  of the same program, with the same libraries and the same code under test, a state has the
 *  name that it had. */
struct vcpu_state_name {
	uint64_t low, high;
};

/**
 * Returns the name of the state.  Two states with one name go on alike: memory and what is
 * freed of it, what each CPU is in the middle of, and what has failed so far.
 */
struct vcpu_state_name vcpu_machine_state_name(struct vcpu_machine *m);

/** Returns the name of what the arena has in it, on which the answer of an invariant depends. */
struct vcpu_state_name vcpu_machine_arena_name(struct vcpu_machine *m);

/**
 * Names states by the sums over the CPUs of counters of which each CPU has its own; their
 * values stay as they are.  `first` has the counters of each CPU, in the arena, `count` of
 * each.  States of one name go on alike only if nothing depends on one of the values: that
 * is the caller's to know.  When one of them is beyond the limit, or its negative, states are
 * named by the values from then on, and the generation grows.  To be called between
 * executions, after the snapshot; with no CPUs, states are named by the values again.
 * Returns false when memory is short.
 */
bool vcpu_machine_sum_counters(struct vcpu_machine *m, const int8_t *const *first, unsigned cpus,
			       uint32_t count, int32_t limit);


/** Returns the name of what one CPU is in the middle of: two states of a CPU with one name
 *  go on alike where they read the same. */
struct vcpu_state_name vcpu_machine_cpu_name(struct vcpu_machine *m, unsigned cpu);

/** Fills in the locks that the CPU holds, as parts that are written if it holds them alone,
 *  without those that others look at from outside; returns their number, room at most. */
uint32_t vcpu_machine_taken(struct vcpu_machine *m, unsigned cpu, struct vcpu_part *part,
			    uint32_t room);
/** Makes a CPU that has no event for long pause now and then, so that its states are met. */
void vcpu_machine_pause(struct vcpu_machine *m, bool on);
/** Makes invariants say what they depend on, or no longer. */
void vcpu_machine_watch(struct vcpu_machine *m, bool on);
/** Returns whether the last step may have changed what an invariant says. */
bool vcpu_machine_shows(const struct vcpu_machine *m);

/** Returns whether a CPU looked at these bits, which are a lock, other than by taking it. */
bool vcpu_machine_is_looked_at(struct vcpu_machine *m, const struct vcpu_part *lock);

/**
 * Reports the objects that the process has loaded to a Dwfl of libdw.  dwfl_linux_proc_report()
 * takes a file that libelf has mapped, next to where it is loaded, for a part of it.  Leaves
 * out the first `known` ones, and returns the number of all: none is ever unloaded.
 */
size_t vcpu_report_loaded(void *dwfl, size_t known);

/** Ways in which vcpu_machine_keep() spoils what names leave out of a CPU, for tests: with
 *  the second, a search must have the same result as with the first; with the others not. */
enum vcpu_spoil {
	VCPU_SPOIL_NOTHING,
	/** Bytes of frames that are dead are overwritten, and frames that the CPU's record
	 *  stands for are replaced by those of an earlier state with the same name. */
	VCPU_SPOIL_UNNAMED,
	VCPU_SPOIL_ONE_LIVE,	/**< also one word that is live is overwritten */
	VCPU_SPOIL_RECORD,	/**< also when the records differ they are replaced */
	VCPU_SPOIL_FREED,	/**< nothing, but names leave out what is freed */
};

/** Sets the way, and forgets the frames that were met; false when memory is short. */
bool vcpu_machine_spoil(struct vcpu_machine *m, enum vcpu_spoil what);

/** Limits the bytes that are kept of steps that can be taken back, before the first of them; 0 for
 *  no limit.  Where they are not enough, vcpu_machine_keep() or vcpu_machine_undo() fails. */
void vcpu_machine_limit_journal(struct vcpu_machine *m, size_t bytes);

/** Begins to read memory that is going to be looked at. */
static inline void vcpu_prefetch(const void *p)
{
	__builtin_prefetch(p);
}

#endif
