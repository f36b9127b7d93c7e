/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CMM_PROGRAM_H
#define CMM_PROGRAM_H

#include "cmm.h"
#include "cmm_mutations.h"

/** A list of operations of one subject: what one virtual CPU does. */
struct cmm_program {
	const struct cmm_subject *subject;
	const struct cmm_call *calls;
	uint32_t count;
};

/** Runs a struct cmm_program; the body of a virtual CPU. */
void cmm_program_run(void *program);

/** What cmm_world_boot() boots. */
struct cmm_boot {
	const struct cmm_subject *subject;
	struct cmm_config config;
};

/** Boots a struct cmm_boot; a body for vcpu_machine_guard(). */
void cmm_world_boot(void *boot);

/** cmm_revisions, for languages that cannot import an array of unknown size. */
const struct cmm_subject *const *cmm_revision_list(void);
/** cmm_mutations, likewise. */
const struct cmm_mutation *const *cmm_mutation_list(void);

#endif
