/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations on a kernel tree; with hooks. */
#include "tree/process.h"
#include <generation/operations.h>
#include <CMM/oracle/operations.c>

void mmrace_run(const struct cmm_operation *operation)
{
	world_run(operation);
}
