/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting what a world holds: the same numbers of the port and of a kernel tree. */

/* All lists are of pages; one that was corrupted may not end. */
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

__uninstrumented static void count_process(struct cmm_census *census, unsigned i)
{
	struct mm_struct *mm = world_process(i);
	const unsigned long *table;
	struct raw_walk walk;
	unsigned j;

	if (!mm)
		return;
	census->rss[i] = mm->rss_stat.count[MM_ANONPAGES].counter;
	census->nr_ptes[i] = raw_nr_ptes(mm);
	if (!raw_walk(mm, &walk))
		return;
	census->deposited += raw_deposits(mm, walk.pmd);
	if (*walk.pmd & _PAGE_PSE) {
		census->huge_pmds++;
	} else if (*walk.pmd) {
		table = raw_table(*walk.pmd);
		census->page_tables++;
		for (j = 0; j < world_subpages(); j++)
			census->ptes += table[j] != 0;
	}
}

__uninstrumented static void world_census(struct cmm_census *census)
{
	const struct page *head = world_reported_page();
	unsigned i;

	memset(census, 0, sizeof(*census));
	census->used_pages = world_used_pages_at(count_free());
	for (i = 0; i < NR_LRU_LISTS; i++)
		census->lru_pages += raw_list_length(&world_zone()->lruvec.lists[i]);
	for (i = 0; i < CMM_MM_MAX; i++)
		count_process(census, i);
	if (head) {
		census->head_mapcount = raw_mapcount(head);
		census->head_count = head->_count.counter;
		census->tail_mapcount = raw_mapcount(head + 1);
		census->tail_count = head[1]._count.counter;
		census->head_is_compound = raw_flag(head, PG_head);
	}
	census->anon_thp = raw_zone_state(NR_ANON_TRANSPARENT_HUGEPAGES);
	census->anon_pages = raw_zone_state(NR_ANON_PAGES);
	census->anon_vmas = raw_cache_live(world_cache(CACHE_ANON_VMA));
	census->avcs = raw_cache_live(world_cache(CACHE_AVC));
}
