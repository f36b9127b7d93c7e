/* SPDX-License-Identifier: GPL-2.0-only */
/* The headers that are asked what a tree has. */
#include <linux/mm.h>
#include <linux/huge_mm.h>
#include <linux/khugepaged.h>
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/pagewalk.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <asm/local.h>
#include "mm/internal.h"
