/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT keep_mm_find_pmd
#include "port/target.c"
