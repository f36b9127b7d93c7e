/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_MUTANT tail_pin_not_counted
#include "port/target.c"
