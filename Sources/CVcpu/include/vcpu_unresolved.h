/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code under test that uses unresolved symbols: each of them has a place without
 * access.
 */
#ifndef VCPU_UNRESOLVED_H
#define VCPU_UNRESOLVED_H

#include "vcpu_machine.h"

/** Pages that stand for symbols which nothing defines. */
struct vcpu_unresolved {
	const void *begin;		/**< whole pages */
	size_t stride;			/**< bytes from one symbol to the next */
	uint32_t count;
	/** The sites that are reported for them, in their order; kind VCPU_UNRESOLVED. */
	const struct vcpu_site *sites;
};

/** Takes all access to the pages away; returns false when the kernel does not allow it. */
bool vcpu_unresolved_close(const struct vcpu_unresolved *unresolved);

/** Sets the unresolved symbols of the code that runs on a machine; NULL for none.  A
 *  call, a read or a write of one is a finding with its name. */
void vcpu_machine_set_unresolved(struct vcpu_machine *m, const struct vcpu_unresolved *unresolved);

#endif
