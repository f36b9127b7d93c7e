/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MMRACE_RUNTIME_PAGESET_H
#define MMRACE_RUNTIME_PAGESET_H

static inline struct per_cpu_pageset *mmrace_pageset(int cpu)
{
	return per_cpu_ptr(mmrace_zone->pageset, cpu);
}

#endif
