/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT pmd_none_under_lock
#include "port/target.c"
