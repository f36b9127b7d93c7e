/* SPDX-License-Identifier: GPL-2.0-only */
/* Assertions that wait for their CPU's next event; private to CVcpu. */
#ifndef VCPU_ASSERT_H
#define VCPU_ASSERT_H

#include "../include/vcpu_machine.h"

#define DEFERRED_MAX 8
/* A block literal: its header and what it captured. */
#define CLOSURE_BYTES 192

struct deferred_assertion {
	_Alignas(16) unsigned char closure[CLOSURE_BYTES];
	const struct vcpu_site *site;
	const void *pc;
};

/* Returns the bytes of the closure that are in use. */
size_t assertion_bytes(const struct deferred_assertion *a);
/* Returns whether both are the same assertion of the same values. */
bool assertions_are_same(const struct deferred_assertion *a,
			 const struct deferred_assertion *b);

#endif
