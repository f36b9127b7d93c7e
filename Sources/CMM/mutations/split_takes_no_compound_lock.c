/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT split_takes_no_compound_lock
#include "port/target.c"
