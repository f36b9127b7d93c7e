/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT zap_ignores_splitting
#include "port/target.c"
