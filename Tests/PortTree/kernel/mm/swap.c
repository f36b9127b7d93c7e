/* SPDX-License-Identifier: GPL-2.0-only */
DEFINE_PER_CPU(struct pagevec, lru_add_pvec);
