/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that were met, by the address that they return to. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../core/fibre.h"
#include "live.h"

/* Few, lest a table that grows be a rare thing. */
#define FIRST_BITS 8

static _Atomic(struct live_call *) first_slots[1u << FIRST_BITS];
static const struct live_table first_table = { FIRST_BITS, first_slots };
_Atomic(const struct live_table *) live_table = &first_table;
static unsigned calls;
/* Held by a thread that adds to the table; to look at it needs no lock. */
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;
static struct live_call unknown = { .kind = LIVE_UNKNOWN };

/* Returns the slot of the call, or the empty one that it belongs in. */
static _Atomic(struct live_call *) *find(const struct live_table *table, uintptr_t after)
{
	unsigned slot = live_slot(table, after);
	const struct live_call *call;

	while ((call = atomic_load_explicit(&table->slots[slot], memory_order_acquire)) &&
	       call->after != after)
		slot = (slot + 1) & ((1u << table->bits) - 1);
	return &table->slots[slot];
}

static const struct live_table *current_table(void)
{
	return atomic_load_explicit(&live_table, memory_order_acquire);
}

/* Returns whether there is room for one more: makes a table of twice the size at three quarters. */
static bool make_room(void)
{
	const struct live_table *old = current_table();
	struct live_table *new;

	if (calls < (1u << old->bits) / 4 * 3)
		return true;
	new = malloc(sizeof(*new));
	if (!new)
		return false;
	new->bits = old->bits + 1;
	new->slots = calloc((size_t)1 << new->bits, sizeof(new->slots[0]));
	if (!new->slots) {
		free(new);
		return false;
	}
	for (unsigned i = 0; i < 1u << old->bits; i++) {
		struct live_call *call = atomic_load_explicit(&old->slots[i], memory_order_relaxed);

		if (call)
			atomic_store_explicit(find(new, call->after), call, memory_order_relaxed);
	}
	atomic_store_explicit(&live_table, new, memory_order_release);
	return true;
}

static void add_call(struct live_call *call)
{
	_Atomic(struct live_call *) *slot;

	if (!make_room()) {
		free(call);
		return;
	}
	slot = find(current_table(), call->after);
	if (atomic_load_explicit(slot, memory_order_relaxed)) {
		free(call);
		return;
	}
	calls++;
	atomic_store_explicit(slot, call, memory_order_release);
}

static void add_one(uintptr_t after, enum live_kind kind)
{
	struct live_call *call = calloc(1, sizeof(*call));

	if (!call)
		return;
	call->after = after;
	call->kind = kind;
	add_call(call);
}

static void add_function(uintptr_t after)
{
	struct frame f;

	if (!make_room())
		return;
	/* A call can be a function's last instruction. */
	if (frame_find(after - 1, &f)) {
		if (f.code.low == (uintptr_t)vcpu_fibre_main)
			add_one(after, LIVE_OUTERMOST);
		else
			live_analyse(&f, add_call);
	}
	/* Unless it is there by now. */
	add_one(after, LIVE_UNKNOWN);
}

const struct live_call *live_find_call(uintptr_t after)
{
	const struct live_call *call = *find(current_table(), after);

	if (__builtin_expect(!call, 0)) {
		pthread_mutex_lock(&adding);
		add_function(after);
		call = *find(current_table(), after);
		pthread_mutex_unlock(&adding);
	}
	return call ? call : &unknown;
}

#if defined(__x86_64__)
uintptr_t callee_of(uintptr_t target)
{
	const uint8_t *at = (const uint8_t *)target;
	static const uint8_t endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	int32_t distance;
	uintptr_t callee;

	if (!memcmp(at, endbr64, 4))
		at += 4;
	if (*at == 0xf2)
		at++;
	if (at[0] != 0xff || at[1] != 0x25)
		return target;
	memcpy(&distance, at + 2, 4);
	memcpy(&callee, at + 6 + distance, 8);
	return callee;
}
#else
uintptr_t callee_of(uintptr_t target)
{
	return target;
}
#endif

enum record_kind live_find_record(const struct live_call *call)
{
	enum record_kind record = call->target ? record_of(callee_of(call->target)) : RECORD_NONE;

	atomic_store_explicit(&((struct live_call *)call)->record, record, memory_order_relaxed);
	return record;
}
