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

/* Returns a statistic of the memory, the parts of the CPUs included. */
__uninstrumented static long raw_state(unsigned index)
{
	long value = *raw_statistic(index);
	unsigned cpu;

	for (cpu = 0; cpu < WORLD_CPUS; cpu++)
		value += raw_statistics_of(cpu).first[index];
	return value;
}

__uninstrumented static unsigned count_free(void)
{
	const struct free_area *area = world_zone()->free_area;
	unsigned type, cpu, i, pages = 0;

	for (type = 0; type < MIGRATE_PCPTYPES; type++) {
		for (i = 0; i <= WORLD_HUGE_AREA; i++)
			pages += raw_list_length(&area[i].free_list[type]) *
				 raw_area_pages(i);
		for (cpu = 0; cpu < WORLD_CPUS; cpu++)
			pages += raw_list_length(raw_free_list(world_pageset(cpu), type));
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
	state->rss[i] = *raw_rss(mm, MM_ANONPAGES);
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
			state->ptes += RAW_MAPS(table[j]);
	}
}

__uninstrumented static void world_state(struct cmm_state *state)
{
	const struct page *head = world_reported_page();
	unsigned i;

	memset(state, 0, sizeof(*state));
	state->used_pages = world_used_pages_at(count_free());
	for (i = 0; i < raw_lru_lists(); i++)
		state->lru_pages += raw_list_length(&raw_lru()[i]);
	for (i = 0; i < CMM_MM_MAX; i++)
		count_process(state, i);
	if (head) {
		state->head_mapcount = raw_flag(head, PG_head) ? raw_entire_mapcount(head) :
				       raw_mapcount(head);
		state->head_count = head->RAW_COUNT.counter;
		state->tail_mapcount = raw_mapcount(head + 1);
		state->tail_count = head[1].RAW_COUNT.counter;
		state->head_is_compound = raw_flag(head, PG_head);
	}
	state->anon_thp = raw_state(RAW_ANON_THP);
	state->anon_pages = raw_state(RAW_ANON_PAGES);
	state->anon_vmas = raw_cache_live(world_cache(CACHE_ANON_VMA));
	state->avcs = raw_cache_live(world_cache(CACHE_AVC));
}
