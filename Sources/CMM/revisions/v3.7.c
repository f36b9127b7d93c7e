/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION v3_7
#include "port/target.c"
