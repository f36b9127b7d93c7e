/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes of a frame that a function will still look at when a call returns; private to
 * CVcpu.  All else in the frame is left over, and no part of the CPU's state.
 */
#ifndef VCPU_PRIVATE_LIVE_H
#define VCPU_PRIVATE_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

enum live_kind {
	LIVE_UNKNOWN,		/* all of the frame may be looked at, and registers, too */
	LIVE_OUTERMOST,		/* the call is in the first function on a CPU's stack */
	/* The function keeps nothing in registers that a callee saves; all of its frame
	 * may be looked at. */
	LIVE_WHOLE,
	LIVE_MASKED,		/* the same, of a frame of which the mask is known */
};

/* A word of a frame, counted from its low end, and 0xff for each byte that is live. */
struct live_word {
	uint32_t word;
	uint64_t mask;
};

/* One call in the code. */
struct live_call {
	uintptr_t after;	/* the address that it returns to */
	uintptr_t target;	/* the address that it calls; 0 if the instruction names none */
	enum live_kind kind;
	_Atomic(enum record_kind) record;	/* see live_record() */
	_Atomic(uint64_t) name;	/* of the address; see name_stack() */
	uint32_t words;		/* of the frame below the saved frame pointer */
	uint32_t live_words;	/* those of them with a live byte */
	struct live_word live[];	/* lowest first */
};

/* Calls that were met, by the address that they return to, with open addressing.  A kernel's
 * tree has some thousand; a table that fills up is followed by a larger one, and is kept, as
 * other threads may look at it.  A call for which there is no memory is not known. */
struct live_table {
	unsigned bits;		/* of the number of a slot */
	_Atomic(struct live_call *) *slots;
};
extern _Atomic(const struct live_table *) live_table;

/* Returns the slot that is looked at first.  Those of calls that lie beside each other do, too, as
 * they are looked for together. */
static inline unsigned live_slot(const struct live_table *table, uintptr_t after)
{
	uintptr_t row = (after >> 8) * 0x9e3779b97f4a7c15u >> (64 - table->bits);

	return (unsigned)((row & ~(uintptr_t)63) | (after >> 2 & 63));
}

/* The same as live_call_at(), of calls that are not in the slot that is looked at first. */
const struct live_call *live_find_call(uintptr_t after);

/*
 * Returns what is known of the call that returns to this address; never NULL.  Its function
 * is analysed when an address of it is met for the first time.  The result is valid for as
 * long as the process runs, as no object with code under test is ever unloaded.
 */
static inline const struct live_call *live_call_at(uintptr_t after)
{
	const struct live_table *table = atomic_load_explicit(&live_table, memory_order_acquire);
	const struct live_call *call =
		atomic_load_explicit(&table->slots[live_slot(table, after)], memory_order_acquire);

	return __builtin_expect(call && call->after == after, 1) ? call : live_find_call(after);
}

/* Returns the function that a call leads to, through a stub of the linker's if need be.  There
 * must be code. */
uintptr_t callee_of(uintptr_t target);

/* The same, when it was not asked before. */
enum record_kind live_find_record(const struct live_call *call);

/* Returns the kind of record that there is of the function that is called.  The call must
 * have been made: there need not be any code that others lead to. */
static inline enum record_kind live_record(const struct live_call *call)
{
	enum record_kind record = atomic_load_explicit(&call->record, memory_order_relaxed);

	return record == RECORD_UNSEEN ? live_find_record(call) : record;
}

/* ---- frame.c: what the debug information says -------------------------------------- */

#define FRAME_OBJECTS_MAX 512

/* Code, from its first byte to behind its last. */
struct scope {
	uintptr_t low, high;
};

/* A variable's bytes, by their distance from the frame pointer, and where there is one. */
struct frame_object {
	int64_t low, high;
	struct scope scope;
};

struct frame {
	struct scope code;
	/* Each variable lies in the frame throughout, as without optimisation. */
	bool has_all_objects;
	unsigned objects;
	unsigned literals;		/* the last so many objects are literals of blocks */
	struct frame_object object[FRAME_OBJECTS_MAX];
};

/* Finds the function that an address lies in; false without debug information. */
bool frame_find(uintptr_t pc, struct frame *f);

/* ---- live.c: what the machine code says -------------------------------------------- */

/* Called with the result for each call of a function, which is the receiver's to free(). */
typedef void live_receiver(struct live_call *call);

/* Analyses a function. */
void live_analyse(struct frame *f, live_receiver *receive);

#endif
