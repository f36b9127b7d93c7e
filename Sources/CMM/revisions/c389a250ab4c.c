/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION c389a250ab4c
#include "port/target.c"
