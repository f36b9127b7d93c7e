/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT zap_takes_no_ptl
#include "port/target.c"
