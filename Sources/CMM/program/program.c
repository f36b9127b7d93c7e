/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies that the machine runs on a virtual CPU. */
#include "cmm_program.h"

void cmm_program_run(void *argument)
{
	const struct cmm_program *program = argument;

	for (uint32_t i = 0; i < program->count; i++)
		program->subject->run(&program->calls[i]);
}

void cmm_world_boot(void *argument)
{
	const struct cmm_boot *boot = argument;

	boot->subject->boot(&boot->config);
}

const struct cmm_subject *const *cmm_revision_list(void)
{
	return cmm_revisions;
}

const struct cmm_mutation *const *cmm_mutation_list(void)
{
	return cmm_mutations;
}
