/* SPDX-License-Identifier: GPL-2.0-only */
/* The mutations as data. */
#include "cmm_mutations.h"
#include "mutations/list.h"

#define DECLARE(id, ...)	extern const struct cmm_target CMM_NAME(cmm_mutant_##id);
MMRACE_MUTATIONS(DECLARE)

#define MUTATION(id, expectation, scenario, parameters, what)	\
	{ &CMM_NAME(cmm_mutant_##id), CMM_##expectation, scenario, parameters, what },

static const struct cmm_mutation mutations[] = {
	MMRACE_MUTATIONS(MUTATION)
	{ NULL, CMM_FOUND, NULL, NULL, NULL }
};

const struct cmm_mutation *cmm_mutation_list(void)
{
	return mutations;
}
