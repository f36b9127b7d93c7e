/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION e009bb30c8df
#include "port/target.c"
