/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MMRACE_RUNTIME_PAGESET_H
#define MMRACE_RUNTIME_PAGESET_H

extern struct per_cpu_pages mmrace_pagesets[MMRACE_CPUS];

static inline struct per_cpu_pages *mmrace_pageset(int cpu)
{
	return &mmrace_pagesets[cpu];
}

#endif
