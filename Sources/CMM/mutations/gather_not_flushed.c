/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT gather_not_flushed
#include "port/target.c"
