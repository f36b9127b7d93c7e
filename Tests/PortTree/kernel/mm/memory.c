/* SPDX-License-Identifier: GPL-2.0-only */
struct page *mem_map;
unsigned long max_mapnr, highest_memmap_pfn;
