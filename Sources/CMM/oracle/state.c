/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers of a state: the same of the port and of a kernel tree. */
#include "raw.h"

/* Counts a list, of pages as all are; one that was corrupted may not end. */
__uninstrumented static unsigned raw_list_length(const struct list_head *head)
{
	const struct list_head *entry;
	unsigned length = 0;

	for (entry = head->next; entry && entry != head && length <= world_pages();
	     entry = entry->next)
		length++;
	return length;
}

__uninstrumented static bool raw_list_ends(const struct list_head *head)
{
	return raw_list_length(head) <= world_pages();
}

__uninstrumented static unsigned raw_deposits(struct mm_struct *mm, unsigned long *pmd)
{
	struct page *first = raw_deposit(mm, pmd);

	return first ? 1 + raw_list_length(&first->lru) : 0;
}

__uninstrumented static long raw_zone_state(enum zone_stat_item item)
{
	long value = world_zone()->vm_stat[item].counter;
	unsigned cpu;

	for (cpu = 0; cpu < WORLD_CPUS; cpu++)
		value += world_pageset(cpu)->vm_stat_diff[item];
	return value;
}

__uninstrumented static unsigned count_free(void)
{
	const struct free_area *area = world_zone()->free_area;
	unsigned type, cpu, pages = 0;

	for (type = 0; type < MIGRATE_PCPTYPES; type++) {
		pages += raw_list_length(&area[0].free_list[type]);
		pages += raw_list_length(&area[WORLD_HUGE_AREA].free_list[type]) *
			 world_subpages();
		for (cpu = 0; cpu < WORLD_CPUS; cpu++)
			pages += raw_list_length(&world_pageset(cpu)->pcp.lists[type]);
	}
	return pages;
}

__uninstrumented static void count_process(struct cmm_state *state, unsigned i)
{
	struct mm_struct *mm = world_process(i);
	const unsigned long *table;
	struct raw_walk walk;
	unsigned j;

	if (!mm)
		return;
	state->rss[i] = mm->rss_stat.count[MM_ANONPAGES].counter;
	state->nr_ptes[i] = raw_nr_ptes(mm);
	if (!raw_walk(mm, &walk))
		return;
	state->deposited += raw_deposits(mm, walk.pmd);
	if (*walk.pmd & _PAGE_PSE) {
		state->huge_pmds++;
	} else if (*walk.pmd) {
		table = raw_table(*walk.pmd);
		state->page_tables++;
		for (j = 0; j < world_subpages(); j++)
			state->ptes += table[j] != 0;
	}
}

__uninstrumented static void world_state(struct cmm_state *state)
{
	const struct page *head = world_reported_page();
	unsigned i;

	memset(state, 0, sizeof(*state));
	state->used_pages = world_used_pages_at(count_free());
	for (i = 0; i < NR_LRU_LISTS; i++)
		state->lru_pages += raw_list_length(&world_zone()->lruvec.lists[i]);
	for (i = 0; i < CMM_MM_MAX; i++)
		count_process(state, i);
	if (head) {
		state->head_mapcount = raw_mapcount(head);
		state->head_count = head->_count.counter;
		state->tail_mapcount = raw_mapcount(head + 1);
		state->tail_count = head[1]._count.counter;
		state->head_is_compound = raw_flag(head, PG_head);
	}
	state->anon_thp = raw_zone_state(NR_ANON_TRANSPARENT_HUGEPAGES);
	state->anon_pages = raw_zone_state(NR_ANON_PAGES);
	state->anon_vmas = raw_cache_live(world_cache(CACHE_ANON_VMA));
	state->avcs = raw_cache_live(world_cache(CACHE_AVC));
}
