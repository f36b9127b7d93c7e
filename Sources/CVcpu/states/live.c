/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Liveness of the bytes of a frame, by the machine code of its function.  A byte is live
 * where a call returns if some path from there reads it before it is written, or if its
 * address is taken anywhere; but not if no path that leads there has written it.  What is
 * not understood is live.
 */
#include <stdlib.h>
#include <string.h>

#include "code.h"

/* Goes backward until nothing is added. */
static void find_live(struct code *f)
{
	uint64_t row[FRAME_MAX / 64];
	bool grows = true;

	while (grows) {
		grows = false;
		for (size_t k = f->count; k-- > 0;) {
			const struct instruction *i = &f->at[k];
			uint64_t *live = f->live + k * f->row;

			memset(row, 0, f->row * 8);
			for (size_t w = 0; w < f->row; w++) {
				if (i->next >= 0)
					row[w] |= f->live[(size_t)i->next * f->row + w];
				if (i->target >= 0)
					row[w] |= f->live[(size_t)i->target * f->row + w];
			}
			set_bits(row, i->writes, false);
			set_bits(row, i->reads, true);
			if (memcmp(live, row, f->row * 8)) {
				memcpy(live, row, f->row * 8);
				grows = true;
			}
		}
	}
}

/* Adds a row to that of an instruction that may come next; returns whether it grew. */
static bool pass_on(struct code *f, int32_t to, const uint64_t *row)
{
	bool grows = false;

	for (size_t w = 0; to >= 0 && w < f->row; w++) {
		uint64_t *at = &f->written[(size_t)to * f->row + w];

		grows |= (row[w] & ~*at) != 0;
		*at |= row[w];
	}
	return grows;
}

/* Goes forward until nothing is added: an object may be written from when its address was
 * taken first. */
static void find_written(struct code *f)
{
	uint64_t row[FRAME_MAX / 64];
	bool grows = true;

	while (grows) {
		grows = false;
		for (size_t k = 0; k < f->count; k++) {
			const struct instruction *i = &f->at[k];

			memcpy(row, f->written + k * f->row, f->row * 8);
			set_bits(row, i->writes, true);
			/* It may write, too. */
			set_bits(row, i->reads, true);
			set_bits(row, i->takes, true);
			grows |= pass_on(f, i->next, row);
			grows |= pass_on(f, i->target, row);
		}
	}
}

/* Finds the bytes of variables that do not exist where a call is made. */
static void find_absent(const struct code *f, size_t call, uint64_t *absent)
{
	memset(absent, 0, f->row * 8);
	for (unsigned i = 0; i < f->frame->objects; i++) {
		const struct frame_object *o = &f->frame->object[i];

		if (f->at[call].address - o->scope.low >= o->scope.high - o->scope.low &&
		    o->low >= -(int64_t)f->frame_bytes)
			set_bits(absent, (struct range){ (uint32_t)(o->low + f->frame_bytes), (uint32_t)(o->high - o->low) }, true);
	}
}

/* Returns whether a byte of the frame counts when a call returns. */
static bool is_live(const struct code *f, size_t call, const uint64_t *absent, uint32_t byte)
{
	int32_t next = f->at[call].next;
	uint64_t bits = f->taken[byte / 64];

	struct range given = f->at[call].reads;

	if (byte < f->at[call].outgoing || byte - given.first < given.count)
		return true;
	if (next >= 0)
		bits |= f->live[(size_t)next * f->row + byte / 64];
	return (bits & f->written[call * f->row + byte / 64] & ~absent[byte / 64]) >> (byte % 64) & 1;
}

/* Returns 0xff for each byte of a word that is live when a call returns. */
static uint64_t live_bytes(const struct code *f, size_t call, const uint64_t *absent, uint32_t word)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < 8; i++)
		if (is_live(f, call, absent, 8 * word + i))
			mask |= 0xffull << (8 * i);
	return mask;
}

static void report(const struct code *f, bool is_known, live_receiver *receive)
{
	uint32_t words = is_known && f->is_masked ? f->frame_bytes / 8 : 0;
	uint64_t absent[FRAME_MAX / 64];

	for (size_t k = 0; k < f->count; k++) {
		const struct instruction *i = &f->at[k];
		struct live_call *call;

		if (!i->is_call)
			continue;
		call = calloc(1, sizeof(*call) + words * sizeof(call->live[0]));
		if (!call)
			return;
		call->after = i->address + i->bytes;
		call->kind = !is_known ? LIVE_UNKNOWN : f->is_masked ? LIVE_MASKED : LIVE_WHOLE;
		call->target = is_known ? i->callee : 0;
		call->words = words;
		if (words)
			find_absent(f, k, absent);
		for (uint32_t word = 0; word < words; word++) {
			uint64_t mask = live_bytes(f, k, absent, word);

			if (mask)
				call->live[call->live_words++] = (struct live_word){ word, mask };
		}
		receive(call);
	}
}

void live_analyse(struct frame *frame, live_receiver *receive)
{
	struct code f = { .frame = frame, .is_masked = frame->has_all_objects };
	bool is_known;

	f.at = calloc(frame->code.high - frame->code.low + 1, sizeof(f.at[0]));
	f.taken = calloc(FRAME_MAX / 64, 8);
	is_known = frame->has_all_objects && f.at && f.taken && code_read(&f);
	f.row = (f.frame_bytes + 63) / 64;
	f.live = calloc(f.count * f.row + 1, 8);
	f.written = calloc(f.count * f.row + 1, 8);
	if (!f.live || !f.written)
		is_known = false;
	if (is_known && f.is_masked) {
		find_live(&f);
		find_written(&f);
	}
	if (f.at)
		report(&f, is_known, receive);
	free(f.written);
	free(f.live);
	free(f.taken);
	free(f.at);
}
