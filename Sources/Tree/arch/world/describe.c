/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of objects and of values, for reports. */
#include "world.h"

bool mmrace_describe(const void *address, char *name, size_t bytes)
{
	return false;
}

bool mmrace_describe_value(const void *address, uint64_t value, char *text, size_t bytes)
{
	return false;
}
