/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies that a machine runs on its virtual CPUs. */
#ifndef CMM_PROGRAM_H
#define CMM_PROGRAM_H

#include "cmm.h"
#include "cmm_mutations.h"

/** A list of operations of one target: the program of one virtual CPU. */
struct cmm_program {
	const struct cmm_target *target;
	const struct cmm_operation *operations;
	uint32_t count;
};

/** Runs a struct cmm_program; the body of a virtual CPU. */
void cmm_program_run(void *program);

/** The argument of cmm_world_boot(). */
struct cmm_boot {
	const struct cmm_target *target;
	struct cmm_config config;
};

/** Boots a struct cmm_boot; a body for vcpu_machine_guard(). */
void cmm_world_boot(void *boot);

/**
 * The port with the commits of cmm_config.commits, a set of which nothing is
 * missing.  The same as a revision when the set is that revision's commits.
 */
extern const struct cmm_target cmm_target_any_commits;
/** Returns its address, for languages that cannot take the address of a constant. */
const struct cmm_target *cmm_any_commits(void);

#endif
