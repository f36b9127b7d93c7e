/* SPDX-License-Identifier: GPL-2.0-only */
/* The first frame of a fibre. */
#include "fibre.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define SAVED_WORDS 6
#define START_SLOT 6
#elif defined(__aarch64__)
#define SAVED_WORDS 20
#define START_SLOT 11
#endif

void fibre_prepare(struct fibre *f)
{
	sanitizer_fresh(&f->sanitizer, f->stack, FIBRE_STACK_BYTES);
	/* A 16-byte aligned top; the frame that vcpu_switch pops lies below. */
	uintptr_t top = ((uintptr_t)f->stack + FIBRE_STACK_BYTES) & ~(uintptr_t)15;
	uint64_t *frame = (uint64_t *)top - 8 - SAVED_WORDS;

#if defined(__x86_64__)
	/* After the pops and ret the stack pointer must be 0 mod 16. */
	frame = (uint64_t *)(top - 64 - 8 * (SAVED_WORDS + 1));
#endif
	memset(frame, 0, 8 * SAVED_WORDS);
	frame[START_SLOT] = (uint64_t)(uintptr_t)vcpu_fibre_start;
	f->stack_pointer = frame;
}
