/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION bf929152e9f6
#include "port/target.c"
