/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION c4088ebdca64
#include "port/target.c"
