/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of mm/vmscan.c: folios leave the LRU one by one, and come back. */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/memcontrol.h>
#include "runtime/batch.h"
#include <linux/swap.h>
#include "mm/internal.h"
#include "runtime/reclaim.h"
#include "runtime/version.h"

#ifdef MMRACE_HAS_LRUVEC_LOCK
bool mmrace_isolate(struct folio *folio)
{
	struct lruvec *lruvec;

	VM_BUG_ON_FOLIO(!folio_ref_count(folio), folio);
	if (!folio_test_clear_lru(folio))
		return false;
	folio_get(folio);
	lruvec = folio_lruvec_lock_irq(folio);
	lruvec_del_folio(lruvec, folio);
#ifdef MMRACE_HAS_LRUVEC_UNLOCK
	lruvec_unlock_irq(lruvec);
#else
	unlock_page_lruvec_irq(lruvec);
#endif
	return true;
}
#else
/* One lock is of the lists of a node, and the flag changes under it. */
bool mmrace_isolate(struct folio *folio)
{
	pg_data_t *node = page_pgdat(folio);
	bool is_there;

	VM_BUG_ON_FOLIO(!folio_ref_count(folio), folio);
	if (!PageLRU(folio))
		return false;
	spin_lock_irq(&node->lru_lock);
	is_there = PageLRU(folio);
	if (is_there) {
		get_page(folio);
		ClearPageLRU(folio);
		del_page_from_lru_list(folio, mem_cgroup_page_lruvec(folio, node), page_lru(folio));
	}
	spin_unlock_irq(&node->lru_lock);
	return is_there;
}
#endif

void mmrace_putback(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru) {
		list_del(&page->lru);
		folio_add_lru((struct folio *)page);
		folio_put((struct folio *)page);
	}
}

/* mm/workingset.c: the age of the LRU, by which pages that were reclaimed are judged. */
void mmrace_activation(struct folio *folio) asm("workingset_activation");
void mmrace_activation(struct folio *folio)
{
}

/* The names of these in the kernel; the first returns whether it did, or an error if not. */
#ifdef MMRACE_HAS_FOLIO
int mmrace_isolate_lru(struct folio *folio) asm("folio_isolate_lru");
int mmrace_isolate_lru(struct folio *folio)
{
	bool isolated = mmrace_isolate(folio);

	_Static_assert(IS_FUNCTION(folio_isolate_lru, bool (struct folio *)) ||
		       IS_FUNCTION(folio_isolate_lru, int (struct folio *)),
		       "folio_isolate_lru() has other parameters");
	if (IS_FUNCTION(folio_isolate_lru, bool (struct folio *)))
		return isolated;
	return isolated ? 0 : -EBUSY;
}

void folio_putback_lru(struct folio *folio)
{
	folio_add_lru(folio);
	folio_put(folio);
}
#else
int isolate_lru_page(struct page *page)
{
	return mmrace_isolate(page) ? 0 : -EBUSY;
}

void putback_lru_page(struct page *page)
{
	lru_cache_add(page);
	put_page(page);
}
#endif

/* There is no work queue by which a CPU could have others drain theirs. */
void __wrap_lru_add_drain_all(void)
{
	lru_add_drain();
}
