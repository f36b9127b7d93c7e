/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION f72e7dcdd252
#include "port/target.c"
