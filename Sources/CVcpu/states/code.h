/* SPDX-License-Identifier: GPL-2.0-only */
/* A function's machine code, as far as it is about its frame; private to CVcpu. */
#ifndef VCPU_PRIVATE_CODE_H
#define VCPU_PRIVATE_CODE_H

#include "live.h"

/* A larger frame is live as a whole. */
#define FRAME_MAX 4096

/* Bytes of the frame, from its lowest; none when the count is 0. */
struct range {
	uint32_t first, count;
};

struct instruction {
	uint64_t address;
	uint32_t bytes;
	bool is_call;
	uint64_t callee;
	struct range reads, writes;	/* of the frame; what is read may be written, too */
	struct range takes;		/* those that others may write, as it takes their address */
	uint32_t outgoing;		/* bytes at the low end that a call gives as arguments */
	int32_t next, target;		/* -1: none */
};

/* A function that is analysed. */
struct code {
	struct frame *frame;
	struct instruction *at;
	size_t count;
	uint32_t frame_bytes;
	uint32_t outgoing;		/* arguments for the next call, so far */
	int64_t lowest;			/* address that is taken: what lies below are the compiler's own */
	bool is_masked;			/* all is understood so far */
	/* A bit for each byte: those whose address is taken anywhere; and when an
	 * instruction begins, those that are live, and those that may have been written. */
	size_t row;
	uint64_t *taken, *live, *written;
};

/* Sets bits first .. first + count of a row. */
static inline void set_bits(uint64_t *row, struct range r, bool value)
{
	for (uint32_t i = r.first; i < r.first + r.count; i++) {
		if (value)
			row[i / 64] |= 1ull << (i % 64);
		else
			row[i / 64] &= ~(1ull << (i % 64));
	}
}

/*
 * Reads a function; false if it is not one that keeps nothing in registers that a callee
 * saves.  There is room in f->at for as many instructions as the function has bytes, and in
 * f->taken for FRAME_MAX bits, all 0.
 */
bool code_read(struct code *f);

#endif
