/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking at the world from outside, and counting what it holds. */
#include <linux/mm.h>
#include <linux/pagevec.h>
#include <linux/vmstat.h>
#include "world.h"

/* True when there is a pmd to look at. */
bool raw_walk(const struct mm_struct *mm, struct raw_walk *walk)
{
	unsigned long address = SCENARIO_ADDRESS;

	walk->pgd = walk->pud = walk->pmd = NULL;
	if (!mm || !mm->mmap || !mm->pgd)
		return false;
	walk->pgd = (unsigned long *)mm->pgd + pgd_index(address);
	if (!*walk->pgd)
		return false;
	walk->pud = raw_table(*walk->pgd) + pud_index(address);
	if (!*walk->pud)
		return false;
	walk->pmd = raw_table(*walk->pud) + pmd_index(address);
	return true;
}

spinlock_t *raw_pmd_lock(struct mm_struct *mm, unsigned long *pmd)
{
#if USE_SPLIT_PMD_PTLOCKS
	return &raw_page_of(pmd)->ptl;
#else
	return &mm->page_table_lock;
#endif
}

struct page *raw_deposit(struct mm_struct *mm, unsigned long *pmd)
{
#if USE_SPLIT_PMD_PTLOCKS
	return raw_page_of(pmd)->pmd_huge_pte;
#else
	return mm->pmd_huge_pte;
#endif
}

unsigned raw_list_length(const struct list_head *head)
{
	const struct list_head *entry;
	unsigned length = 0;

	for (entry = head->next; entry && entry != head; entry = entry->next)
		length++;
	return length;
}

unsigned raw_deposits(struct mm_struct *mm, unsigned long *pmd)
{
	struct page *first = raw_deposit(mm, pmd);

	return first ? 1 + raw_list_length(&first->lru) : 0;
}

unsigned raw_cache_live(const struct mmrace_cache *cache)
{
	unsigned live = cache->total - cache->shared.free, cpu;

	for (cpu = 0; cpu < MMRACE_CPUS; cpu++)
		live -= cache->cpu[cpu].free;
	return live;
}

long raw_zone_state(enum zone_stat_item item)
{
	long value = mmrace_zone->vm_stat[item].counter;
	int cpu;

	for (cpu = 0; cpu < MMRACE_CPUS; cpu++)
		value += mmrace_pageset(cpu)->vm_stat_diff[item];
	return value;
}

/* What waits on a CPU to be put on the LRU; the tree has it static. */
extern char mmrace_lru_add_pvec[], mmrace_lru_add_pvec_end[];

struct pagevec *raw_pagevec(int cpu)
{
	if (mmrace_lru_add_pvec == mmrace_lru_add_pvec_end)
		return NULL;
	return (void *)(mmrace_lru_add_pvec + __per_cpu_offset[cpu]);
}

const struct mmrace_cache *mmrace_find_cache(const char *name)
{
	unsigned i;

	for (i = 0; i < mmrace_caches; i++)
		if (!strcmp(mmrace_cache[i].name, name))
			return &mmrace_cache[i];
	return NULL;
}

/* Of what is mapped there, the page that reports should speak of. */
struct page *raw_candidate(struct mm_struct *mm)
{
	struct raw_walk walk;

	if (mmrace_world.subject_page || !raw_walk(mm, &walk))
		return NULL;
	return *walk.pmd & _PAGE_PSE ? raw_page(*walk.pmd) : NULL;
}

static unsigned count_free(void)
{
	unsigned type, pages = 0;
	int cpu;

	for (type = 0; type < MIGRATE_PCPTYPES; type++) {
		struct free_area *area = mmrace_zone->free_area;

		pages += raw_list_length(&area[0].free_list[type]);
		pages += raw_list_length(&area[HPAGE_PMD_ORDER].free_list[type]) *
			 MMRACE_SUBPAGES;
		for (cpu = 0; cpu < MMRACE_CPUS; cpu++)
			pages += raw_list_length(&mmrace_pageset(cpu)->pcp.lists[type]);
	}
	return pages;
}

static void count_process(struct cmm_census *census, unsigned i)
{
	struct mm_struct *mm = mmrace_world.process[i];
	const unsigned long *table;
	struct raw_walk walk;
	unsigned j;

	if (!mm)
		return;
	census->rss[i] = mm->rss_stat.count[MM_ANONPAGES].counter;
	census->nr_ptes[i] = mm->nr_ptes.counter;
	if (!raw_walk(mm, &walk))
		return;
	census->deposited += raw_deposits(mm, walk.pmd);
	if (*walk.pmd & _PAGE_PSE) {
		census->huge_pmds++;
	} else if (*walk.pmd) {
		table = raw_table(*walk.pmd);
		census->page_tables++;
		for (j = 0; j < MMRACE_SUBPAGES; j++)
			census->ptes += table[j] != 0;
	}
}

void mmrace_census(struct cmm_census *census)
{
	const struct page *head = mmrace_world.subject_page;
	unsigned i;

	memset(census, 0, sizeof(*census));
	census->free_pages = count_free();
	for (i = 0; i < NR_LRU_LISTS; i++)
		census->lru_pages += raw_list_length(&mmrace_zone->lruvec.lists[i]);
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
	census->anon_vmas = raw_cache_live(mmrace_find_cache("anon_vma"));
	census->avcs = raw_cache_live(mmrace_find_cache("anon_vma_chain"));
}
