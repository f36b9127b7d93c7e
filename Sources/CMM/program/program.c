/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies that the machine runs on a virtual CPU. */
#include "cmm_program.h"

void cmm_program_run(void *argument)
{
	const struct cmm_program *program = argument;

	for (uint32_t i = 0; i < program->count; i++)
		program->target->run(&program->operations[i]);
}

void cmm_world_boot(void *argument)
{
	const struct cmm_boot *boot = argument;

	boot->target->boot(&boot->config);
}

const struct cmm_target *cmm_any_commits(void)
{
	return &cmm_target_any_commits;
}
