/* SPDX-License-Identifier: GPL-2.0-only */
#define MMRACE_REVISION b5a8cad376ee
#include "port/target.c"
