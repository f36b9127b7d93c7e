/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/pagevec.h>

extern void free_pages_and_swap_cache(struct page **pages, int nr);
