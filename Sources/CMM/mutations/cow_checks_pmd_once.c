/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT cow_checks_pmd_once
#include "port/target.c"
