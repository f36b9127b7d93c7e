/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT splitting_bit_not_set
#include "port/target.c"
