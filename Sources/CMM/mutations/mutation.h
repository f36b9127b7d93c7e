/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mistake that a file which compiles the port has: MMRACE_MUTANT, or none if it
 * says nothing.  In the port, MMRACE_MUTATION(<id>) is 1 or 0, a constant.
 */
#ifndef MMRACE_MUTATION_H
#define MMRACE_MUTATION_H

#include "mutations/list.h"

#ifndef MMRACE_MUTANT
#define MMRACE_MUTANT		none
#endif

#define MMRACE_NUMBER(id, ...)	MMRACE_MUTANT_##id,
enum { MMRACE_MUTATIONS(MMRACE_NUMBER) MMRACE_MUTANT_none };

#define MMRACE_MUTATION(id)	\
	(MMRACE_MUTANT_##id == MMRACE_PASTE(MMRACE_MUTANT_, MMRACE_MUTANT))

#endif
