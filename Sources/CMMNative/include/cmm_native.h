/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port once more, as a kernel is compiled: optimised, and without hooks.
 * The same source files (revisions and mutations here are links to those of
 * CMM), for runs on real CPUs only.
 */
#ifndef CMM_NATIVE_H
#define CMM_NATIVE_H

#include "cmm.h"
#include "cmm_mutations.h"

/** Returns all revisions, in the order of cmm_revision_list(). */
const struct cmm_revision *cmm_native_revision_list(void);
/** Returns the target that the compile flags select. */
const struct cmm_target *cmm_native_target_under_test(void);
/** Returns all mutations, in the order of cmm_mutation_list(). */
const struct cmm_mutation *cmm_native_mutation_list(void);

#endif
