/* SPDX-License-Identifier: GPL-2.0-only */
/* The headers that are asked what a tree has. */
#include <linux/mm.h>
#include <linux/rmap.h>
#include <asm/local.h>
