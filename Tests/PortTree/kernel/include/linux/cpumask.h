/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_CPUMASK_H
#define __LINUX_CPUMASK_H

#define NR_CPUS	CONFIG_NR_CPUS

struct cpumask {
	unsigned long bits[1];
};

extern const struct cpumask *const cpu_possible_mask;
extern const struct cpumask *const cpu_online_mask;
extern int nr_cpu_ids;

#endif
