/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code under test that uses what nobody provides: each such symbol has a place
 * that nobody may look at.
 */
#ifndef VCPU_TRAPS_H
#define VCPU_TRAPS_H

#include "vcpu_machine.h"

/** Pages that stand for symbols which nobody provides. */
struct vcpu_traps {
	const void *begin;		/**< whole pages */
	size_t stride;			/**< bytes from one symbol to the next */
	uint32_t count;
	/** What to report of each, in their order; kind VCPU_TRAP. */
	const struct vcpu_site *sites;
};

/** Takes all access to the pages away; false when the kernel does not let us. */
bool vcpu_traps_close(const struct vcpu_traps *traps);

/** The traps of the code that runs on a machine; NULL for none.  A call, a read
 *  or a write of one is a finding with its name. */
void vcpu_machine_set_traps(struct vcpu_machine *m, const struct vcpu_traps *traps);

#endif
