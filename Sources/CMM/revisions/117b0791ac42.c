/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION 117b0791ac42
#include "port/target.c"
