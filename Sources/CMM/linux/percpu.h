/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Per-CPU data is an array in the world. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <port/world.h>

#define per_cpu(name, cpu)	(world_cpu(cpu)->name)
#define __get_cpu_var(name)	per_cpu(name, vcpu_id())
/* Nothing is preempted: a CPU runs one task. */
#define get_cpu_var(name)	__get_cpu_var(name)
#define put_cpu_var(name)	do { } while (0)

#endif
