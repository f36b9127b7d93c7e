/* SPDX-License-Identifier: GPL-2.0-only */
/* hwloc: the CPUs, caches and nodes of a machine, and what a process may use of them. */
#include <hwloc.h>
