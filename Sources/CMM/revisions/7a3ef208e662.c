/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION 7a3ef208e662
#include "port/target.c"
