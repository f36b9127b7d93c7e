/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT degree_dropped_unlocked
#include "port/target.c"
