/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION 6219049ae1ce
#include "port/target.c"
