/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting what a world holds. */
#include <linux/rmap.h>
#include <world/inspect.h>

__uninstrumented static void subject_census(struct cmm_census *census)
{
	struct world *w = world();
	const struct world_geometry *g = &w->geometry;
	struct page *head = w->subject_page;
	unsigned i, j;

	*census = (struct cmm_census) { 0 };
	for (j = 0; j < MIGRATE_PCPTYPES; j++) {
		census->free_pages +=
			raw_list_length(&w->zone.free_area[0].free_list[j]) +
			raw_list_length(&w->zone.free_area[1].free_list[j]) *
				g->config.subpages;
		for (i = 0; i < CMM_CPU_MAX; i++)
			census->free_pages +=
				raw_list_length(&w->cpu[i].pageset.pcp.lists[j]);
	}
	for (i = 0; i < NR_LRU_LISTS; i++)
		census->lru_pages += raw_list_length(&w->zone.lruvec.lists[i]);

	for (i = 0; i < g->config.processes; i++) {
		struct mm_struct *mm = w->process[i].mm;
		pgd_t *pgd;
		pud_t *pud;
		pmd_t *pmd;

		if (!mm)
			continue;
		census->rss[i] = mm->rss_stat.count[MM_ANONPAGES].counter;
		census->nr_ptes[i] = raw_nr_ptes(mm);
		pmd = raw_pmd(mm, &pgd, &pud);
		if (!pmd)
			continue;
		census->deposited += raw_deposits(mm, pmd);
		if (pmd->pmd & _PAGE_PSE) {
			census->huge_pmds++;
		} else if (pmd->pmd) {
			const unsigned long *table = raw_table(pmd->pmd);

			census->page_tables++;
			for (j = 0; j < g->config.subpages; j++)
				census->ptes += table[j] != 0;
		}
	}

	if (head) {
		census->head_mapcount = head->_mapcount.counter + 1;
		census->head_count = head->_count.counter;
		census->tail_mapcount = head[1]._mapcount.counter + 1;
		census->tail_count = head[1]._count.counter;
		census->head_is_compound = raw_flag(head, PG_head);
	}
	census->anon_thp = raw_zone_state(NR_ANON_TRANSPARENT_HUGEPAGES);
	census->anon_pages = raw_zone_state(NR_ANON_PAGES);
	census->anon_vmas = raw_cache_live(anon_vma_cachep);
	census->avcs = raw_cache_live(anon_vma_chain_cachep);
}
