/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deliberate mistakes in the newest revision, each a target of its own.  They
 * measure the tool: most must be found, and equivalent mutants must not be.
 */
#ifndef CMM_MUTATIONS_H
#define CMM_MUTATIONS_H

#include "cmm.h"

/** The way in which a mutation is found, if it is: see mutations/list.h. */
enum cmm_expectation {
	CMM_FOUND,		/**< its scenario shows it */
	CMM_FOUND_FIRST,	/**< so it does, in too many ways to see all of them */
	CMM_EQUIVALENT,		/**< no interleaving shows it */
};

/** One deliberate mistake. */
struct cmm_mutation {
	/** The mutated code; its id is the name of the mutation. */
	const struct cmm_target *target;
	enum cmm_expectation expectation;
	/** The scenario in which it is found, or was looked for in vain. */
	const char *scenario;
	/** Parameters of it, "pin=1"; all others have their default values. */
	const char *parameters;
	/** The change, in a sentence. */
	const char *what;
};

/** Returns all mutations; a target of NULL ends the list. */
const struct cmm_mutation *cmm_mutation_list(void);

#endif
