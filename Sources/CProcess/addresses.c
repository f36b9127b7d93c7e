/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/personality.h>
#include <unistd.h>

#include "process.h"

void process_fix_addresses(char *const words[])
{
	int now = personality(0xffffffff);

	/* A sandbox may forbid it. */
	if (now < 0 || (now & ADDR_NO_RANDOMIZE) || personality(now | ADDR_NO_RANDOMIZE) < 0)
		return;
	/* It may be ignored, and then this would go on for ever. */
	if (personality(0xffffffff) & ADDR_NO_RANDOMIZE)
		execv("/proc/self/exe", words);
}
