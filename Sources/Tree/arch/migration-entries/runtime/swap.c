/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of mm/swap_state.c and mm/swapfile.c: swap is compiled in, and there is no swap
 * device, so that no folio is in the swap cache. */
#include <linux/mm.h>
#include <linux/huge_mm.h>
#include <linux/mm_inline.h>
#include <linux/pagemap.h>
#include "runtime/batch.h"
#include <linux/swap.h>
#include "runtime/folio.h"
#include "runtime/version.h"

atomic_long_t nr_swap_pages;
bool swap_migration_ad_supported;

/* Has a folio or a page for its parameter: neither is in the cache. */
void mmrace_free_swap_cache(void *of) asm("free_swap_cache");
void mmrace_free_swap_cache(void *of)
{
}

#ifdef MMRACE_HAS_ZERO_FOLIO
#define IS_HUGE_ZERO(page)	is_huge_zero_folio(page_folio(page))
#else
#define IS_HUGE_ZERO(page)	is_huge_zero_page(page)
#endif

void free_page_and_swap_cache(struct page *page)
{
	if (!IS_HUGE_ZERO(page))
		put_page(page);
}

/* The newer name of that. */
void mmrace_free_folio(struct page *head) asm("free_folio_and_swap_cache");
void mmrace_free_folio(struct page *head)
{
	free_page_and_swap_cache(head);
}

/* Some trees say behind a page how many more of its folio come with it. */
#ifdef MMRACE_HAS_ENCODED_RUNS
void free_pages_and_swap_cache(struct encoded_page **pages, int nr)
{
	struct folio_batch folios;
	unsigned int refs[ARRAY_SIZE(folios.folios)];
	int i;

	lru_add_drain();
	folio_batch_init(&folios);
	for (i = 0; i < nr; i++) {
		struct folio *folio = page_folio(encoded_page_ptr(pages[i]));
		bool more = encoded_page_flags(pages[i]) & ENCODED_PAGE_BIT_NR_PAGES_NEXT;

		refs[folios.nr] = more ? encoded_nr_pages(pages[++i]) : 1;
		if (!folio_batch_add(&folios, folio))
			folios_put_refs(&folios, refs);
	}
	if (folios.nr)
		folios_put_refs(&folios, refs);
}
#else
void mmrace_free_pages(void *pages, int nr) asm("free_pages_and_swap_cache");
void mmrace_free_pages(void *pages, int nr)
{
	lru_add_drain();
	CALL_AS(release_pages, void (void *, int))(pages, nr);
}
#endif

/* Older trees ask of each entry that a zap meets, and one of a migration is in order: there are
 * no others. */
int mmrace_free_entry(swp_entry_t entry) asm("free_swap_and_cache");
int mmrace_free_entry(swp_entry_t entry)
{
	return 1;
}

/* Trees before PG_anon_exclusive ask whether a page that is written to has one owner. */
#ifdef MMRACE_HAS_REUSE_SWAP_PAGE
bool reuse_swap_page(struct page *page, int *total)
{
	VM_BUG_ON_PAGE(!PageLocked(page), page);
	return page_trans_huge_mapcount(page, total) == 1;
}
#endif

/* Gives the swap of a folio back, if it is in the cache. */
unsigned long mmrace_free_swap(void *folio) asm("folio_free_swap");
unsigned long mmrace_free_swap(void *folio)
{
	return 0;
}
