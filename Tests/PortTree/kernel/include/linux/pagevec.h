/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/percpu.h>

DECLARE_PER_CPU(struct pagevec, lru_add_pvec);
