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

/** A commit of the history; all are consecutive, and a set of them is a mask. */
struct cmm_commit {
	const char *id;		/**< twelve digits */
	const char *version;	/**< first kernel release that has it */
	const char *subject;	/**< subject line */
	const char *what;	/**< what it changes in the port */
	uint32_t requires;	/**< those without which it is no version of Linux */
};

/** The commits, in the order in which mainline applied them. */
const struct cmm_commit *cmm_commit_list(void);
uint32_t cmm_commit_count(void);

/** What the commits of a set require, and the set does not have: 0 is good. */
uint32_t cmm_commits_missing(uint32_t set);

/**
 * The port with the commits of cmm_config.commits, a set of which nothing is
 * missing.  The same as a revision when the set is that revision's commits.
 */
extern const struct cmm_subject cmm_subject_any_commits;
/** Its address, for languages that cannot take the address of a constant. */
const struct cmm_subject *cmm_any_commits(void);

/** cmm_revisions, for languages that cannot import an array of unknown size. */
const struct cmm_subject *const *cmm_revision_list(void);
/** cmm_mutations, likewise. */
const struct cmm_mutation *const *cmm_mutation_list(void);

#endif
