/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT rmap_before_clear
#include "port/target.c"
