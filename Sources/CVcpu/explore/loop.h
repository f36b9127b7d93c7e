/* SPDX-License-Identifier: GPL-2.0-only */
/* Loops of one CPU that only another CPU can end; private to CVcpu. */
#ifndef VCPU_LOOP_H
#define VCPU_LOOP_H

#include "assert.h"

/* Events of a CPU that are remembered, to see one of them come again. */
#define LOOP_SEEN 64u
/* Distinct pieces of memory that one round may read, and may write. */
#define LOOP_READS_MAX 64u
#define LOOP_WRITES_MAX 64u
/* Bytes of the stack of the code under test that are compared. */
#define LOOP_STACK_MAX (16u << 10)
/* Events after which a loop whose head did not come again is over. */
#define LOOP_EVENTS_MAX 64u
/* Accesses without an event after which a CPU may be in a loop without any. */
#define LOOP_QUIET (1u << 14)

/* The place where a loop is looked at: an event, or an access that no other CPU sees. */
struct loop_place {
	const void *pc;
	uintptr_t callers;		/* of the function that pc lies in, summed up */
	uint32_t word;
	uint32_t operation;
	uint64_t mask;
};

struct loop_seen {
	struct loop_place place;
	uint32_t visits;		/* of the place, in this round of the head */
	uint32_t round;			/* the head's visits by then */
};

struct loop_write {
	struct vcpu_part part;
	uint64_t before;
};

/*
 * The head is an event that came again.  Its CPU's state is copied when the head
 * is reached; a round is what lies between that and the next time that the state
 * is the same.  A round that changed nothing will be repeated, word for word,
 * until another CPU changes a bit that was read in it.
 */
struct loop {
	struct loop_seen seen[LOOP_SEEN];
	bool active;			/* there is a head */
	bool quiet;			/* the head is an access without an event */
	struct loop_place head;
	uint32_t visits;		/* of the head */
	uint32_t next_copy;		/* at which of them the state is copied (Brent) */
	uint32_t age;			/* events since the last of them */
	uint32_t repeats;		/* rounds that changed something for a while */

	/* The state at the copy. */
	const unsigned char *stack_at;
	uint32_t stack_bytes;
	uint64_t operand[2];
	uint32_t nesting[2];
	uint32_t deferred;
	struct deferred_assertion assertion[DEFERRED_MAX];

	/* The round since then. */
	bool restart;			/* it begins with the event that is pending */
	bool stale;			/* another CPU changed what was read */
	bool impure;			/* others could see that it changed something, or
					 * it did what is not followed */
	bool overflow;			/* it did more than is kept */
	bool alone;			/* no other CPU could run meanwhile */
	uint32_t reads;
	uint32_t writes;
	struct vcpu_part read[LOOP_READS_MAX];
	struct loop_write write[LOOP_WRITES_MAX];
	uint32_t visible_reads;		/* the first of them are visible */

	enum vcpu_loop_kind kind;	/* while the CPU waits in it */
	uint32_t frames;
	const void *frame[VCPU_LOOP_FRAMES_MAX];

	/* The event that the CPU is executing: the word before it. */
	bool open;
	struct vcpu_part open_part;
	uint64_t open_before;

	unsigned char stack[LOOP_STACK_MAX];
};

struct vcpu_machine;
struct cpu;

/* loop_state.c */
bool loop_same_place(const struct loop_place *a, const struct loop_place *b);
/* Returns the frame that the code under test called CVcpu from; NULL if it is not found. */
void **loop_caller(const struct cpu *c, const void *pc);
/* Returns the sum of the return addresses of that frame's callers. */
uintptr_t loop_callers(const struct cpu *c, void **frame);
/* Keeps the calls that led to the loop, innermost first, for reports. */
void loop_note_frames(struct loop *l, const struct cpu *c, const void *pc, void **frame);
/* Copies the CPU's state, or compares it with the copy. */
void loop_copy_state(struct loop *l, const struct cpu *c, void **frame);
bool loop_same_state(const struct loop *l, const struct cpu *c, void **frame);

/* loop.c */
/* Begins a new execution. */
void loop_reset(struct loop *l);
/* Called when the running CPU is about to wait for an event that it could spin on; adds
 * what it waits for to the event's parts if it was seen to spin. */
void loop_visit(struct vcpu_machine *m, struct cpu *c, uint32_t operation, const void *pc,
		uint32_t *count);
/* The same for an access that is not an event, of a CPU that had none for long. */
void loop_visit_quiet(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask,
		      bool write, const void *pc);
/* Called when the event that the CPU waited for is scheduled; nothing of it is done yet. */
void loop_open(struct vcpu_machine *m, struct cpu *c);
/* Called when it is done: others may have read what it changed. */
void loop_close(struct vcpu_machine *m, struct cpu *c);
/* Notes that the running CPU changed bits in a way that others may see. */
void loop_changed(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask);
/* Note that the running CPU reads these bits, or is about to write them. */
void loop_read(struct cpu *c, uint32_t word, uint64_t mask, bool visible);
void loop_write(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask);
/* Follows the CPU no further in this execution. */
void loop_cut(struct vcpu_machine *m, struct cpu *c, const void *pc);
/* The same, of a CPU that stands at pc, in that frame; NULL if it is not known. */
void loop_cut_at(struct vcpu_machine *m, struct cpu *c, const void *pc, void **frame);

#endif
