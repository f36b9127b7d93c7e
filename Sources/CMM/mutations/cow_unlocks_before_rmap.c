/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT cow_unlocks_before_rmap
#include "port/target.c"
