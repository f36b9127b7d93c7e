/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION e1f56c89b040
#include "port/target.c"
