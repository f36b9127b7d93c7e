/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deliberate mistakes in the newest revision, each a subject of its own.  They
 * measure the tool: most must be found, and those that are harmless must not be.
 */
#ifndef CMM_MUTATIONS_H
#define CMM_MUTATIONS_H

#include "cmm.h"

/** One deliberate mistake. */
struct cmm_mutation {
	/** The mutated code; its id is the name of the mutation. */
	const struct cmm_subject *subject;
	/** True when no interleaving of any scenario can show it. */
	bool survives;
	/** What is changed, in a sentence. */
	const char *what;
};

/** All mutations; NULL ends the list. */
extern const struct cmm_mutation *const cmm_mutations[];

#endif
