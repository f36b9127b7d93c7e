/* SPDX-License-Identifier: GPL-2.0-only */
/* References and the LRU lists, after mm/swap.c. */
#include <linux/memcontrol.h>
#include <linux/mm_inline.h>
#include <linux/swap.h>
#include "internal.h"

static void __page_cache_release(struct page *page)
{
	if (PageLRU(page)) {
		struct zone *zone = page_zone(page);
		struct lruvec *lruvec;

		spin_lock(&zone->lru_lock);
		lruvec = mem_cgroup_page_lruvec(page, zone);
		VM_BUG_ON_PAGE(!PageLRU(page), page);
		__ClearPageLRU(page);
		del_page_from_lru_list(page, lruvec, page_off_lru(page));
		spin_unlock(&zone->lru_lock);
	}
}

static void __put_single_page(struct page *page)
{
	__page_cache_release(page);
	free_hot_cold_page(page, false);
}

static void __put_compound_page(struct page *page)
{
	compound_page_dtor *dtor;

	__page_cache_release(page);
	dtor = get_compound_page_dtor(page);
	(*dtor)(page);
}

/* Drops a reference on a page that may stop being compound meanwhile. */
static void put_compound_page(struct page *page)
{
	struct page *page_head;

	if (likely(!PageTail(page))) {
		if (put_page_testzero(page)) {
			/* No CPU can split it any more. */
			if (PageHead(page))
				__put_compound_page(page);
			else
				__put_single_page(page);
		}
		return;
	}

	page_head = compound_head(page);

	if (!__compound_tail_refcounted(page_head)) {
		/* A slab page: its tails have no counts of their own. */
		smp_rmb();
		if (likely(PageTail(page))) {
			VM_BUG_ON_PAGE(!PageHead(page_head), page_head);
			VM_BUG_ON_PAGE(page_mapcount(page) != 0, page);
			if (put_page_testzero(page_head)) {
				VM_BUG_ON_PAGE(PageSlab(page_head), page_head);
				__put_compound_page(page_head);
			}
			return;
		}
		goto out_put_single;
	}

	if (likely(page != page_head && get_page_unless_zero(page_head))) {
		/* page_head may be anything by now, but it stays what it is. */
		compound_lock(page_head);
		if (unlikely(!PageTail(page))) {
			/* Split meanwhile: the reference is on page itself. */
			compound_unlock(page_head);
			if (put_page_testzero(page_head)) {
				if (PageHead(page_head))
					__put_compound_page(page_head);
				else
					__put_single_page(page_head);
			}
out_put_single:
			if (put_page_testzero(page))
				__put_single_page(page);
			return;
		}
		VM_BUG_ON_PAGE(page_head != page->first_page, page);
		/* The reference that came with the pin; ours is still there. */
		if (put_page_testzero(page_head))
			VM_BUG_ON_PAGE(1, page_head);
		VM_BUG_ON_PAGE(page_mapcount(page) <= 0, page);
		atomic_dec(&page->_mapcount);
		VM_BUG_ON_PAGE(atomic_read(&page_head->_count) <= 0, page_head);
		VM_BUG_ON_PAGE(atomic_read(&page->_count) != 0, page);
		compound_unlock(page_head);

		if (put_page_testzero(page_head)) {
			if (PageHead(page_head))
				__put_compound_page(page_head);
			else
				__put_single_page(page_head);
		}
	} else {
		/* The head is gone, so that page cannot be its tail. */
		VM_BUG_ON_PAGE(PageTail(page), page);
		goto out_put_single;
	}
}

static void put_page(struct page *page)
{
	if (unlikely(PageCompound(page)))
		put_compound_page(page);
	else if (put_page_testzero(page))
		__put_single_page(page);
}

/* Returns false if page was split meanwhile: the caller must take it as it is now. */
static bool __get_page_tail(struct page *page)
{
	bool got = false;
	struct page *page_head = compound_head(page);

	if (!__compound_tail_refcounted(page_head)) {
		smp_rmb();
		if (likely(PageTail(page))) {
			VM_BUG_ON_PAGE(!PageHead(page_head), page_head);
			__get_page_tail_foll(page, true);
			return true;
		}
		return false;
	}

	if (likely(page != page_head && get_page_unless_zero(page_head))) {
		compound_lock(page_head);
		/* Only here it is sure that it still is a tail. */
		if (likely(PageTail(page))) {
			__get_page_tail_foll(page, false);
			got = true;
		}
		compound_unlock(page_head);
		if (unlikely(!got))
			put_page(page_head);
	}
	return got;
}

static void pagevec_lru_move_fn(struct pagevec *pvec,
		void (*move_fn)(struct page *page, struct lruvec *lruvec, void *arg),
		void *arg)
{
	unsigned i;
	struct zone *zone = NULL;
	struct lruvec *lruvec;

	for (i = 0; i < pagevec_count(pvec); i++) {
		struct page *page = pvec->pages[i];
		struct zone *pagezone = page_zone(page);

		if (pagezone != zone) {
			if (zone)
				spin_unlock(&zone->lru_lock);
			zone = pagezone;
			spin_lock(&zone->lru_lock);
		}
		lruvec = mem_cgroup_page_lruvec(page, zone);
		(*move_fn)(page, lruvec, arg);
	}
	if (zone)
		spin_unlock(&zone->lru_lock);
	release_pages(pvec->pages, (int)pvec->nr, pvec->cold);
	pagevec_reinit(pvec);
}

static void update_page_reclaim_stat(struct lruvec *lruvec, int file, int rotated)
{
	struct zone_reclaim_stat *reclaim_stat = &lruvec->reclaim_stat;

	reclaim_stat->recent_scanned[file]++;
	if (rotated)
		reclaim_stat->recent_rotated[file]++;
}

static void __pagevec_lru_add_fn(struct page *page, struct lruvec *lruvec,
				 void *arg)
{
	int file = page_is_file_cache(page);
	int active = PageActive(page);
	enum lru_list lru = page_lru(page);

	VM_BUG_ON_PAGE(PageLRU(page), page);

	SetPageLRU(page);
	add_page_to_lru_list(page, lruvec, lru);
	update_page_reclaim_stat(lruvec, file, active);
}

static void __pagevec_lru_add(struct pagevec *pvec)
{
	pagevec_lru_move_fn(pvec, __pagevec_lru_add_fn, NULL);
}

static void __lru_cache_add(struct page *page)
{
	struct pagevec *pvec = &get_cpu_var(lru_add_pvec);

	page_cache_get(page);
	if (!pagevec_space(pvec))
		__pagevec_lru_add(pvec);
	pagevec_add(pvec, page);
	put_cpu_var(lru_add_pvec);
}

static void lru_cache_add(struct page *page)
{
	VM_BUG_ON_PAGE(PageActive(page) && PageUnevictable(page), page);
	VM_BUG_ON_PAGE(PageLRU(page), page);
	__lru_cache_add(page);
}

static void lru_add_drain_cpu(int cpu)
{
	struct pagevec *pvec = &per_cpu(lru_add_pvec, cpu);

	if (pagevec_count(pvec))
		__pagevec_lru_add(pvec);
}

static void lru_add_drain(void)
{
	lru_add_drain_cpu(vcpu_id());
}

/* Like put_page() for each, but takes the LRU lock as seldom as it can. */
static void release_pages(struct page **pages, int nr, bool cold)
{
	int i;
	LIST_HEAD(pages_to_free);
	struct zone *zone = NULL;
	struct lruvec *lruvec;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (unlikely(PageCompound(page))) {
			if (zone) {
				spin_unlock(&zone->lru_lock);
				zone = NULL;
			}
			put_compound_page(page);
			continue;
		}

		if (!put_page_testzero(page))
			continue;

		if (PageLRU(page)) {
			struct zone *pagezone = page_zone(page);

			if (pagezone != zone) {
				if (zone)
					spin_unlock(&zone->lru_lock);
				zone = pagezone;
				spin_lock(&zone->lru_lock);
			}
			lruvec = mem_cgroup_page_lruvec(page, zone);
			VM_BUG_ON_PAGE(!PageLRU(page), page);
			__ClearPageLRU(page);
			del_page_from_lru_list(page, lruvec, page_off_lru(page));
		}

		/* Set while it waited in a pagevec. */
		__ClearPageActive(page);
		list_add(&page->lru, &pages_to_free);
	}
	if (zone)
		spin_unlock(&zone->lru_lock);

	free_hot_cold_page_list(&pages_to_free, cold);
}

/* Under the LRU lock: a tail joins the list that its head is on. */
static void lru_add_page_tail(struct page *page, struct page *page_tail,
			      struct lruvec *lruvec, struct list_head *list)
{
	const int file = 0;

	VM_BUG_ON_PAGE(!PageHead(page), page);
	VM_BUG_ON_PAGE(PageCompound(page_tail), page);
	VM_BUG_ON_PAGE(PageLRU(page_tail), page);
	VM_BUG_ON(!spin_is_locked(&lruvec_zone(lruvec)->lru_lock));

	if (!list)
		SetPageLRU(page_tail);

	if (likely(PageLRU(page))) {
		list_add_tail(&page_tail->lru, &page->lru);
	} else if (list) {
		/* Reclaim took the head off the LRU and wants the tails too. */
		get_page(page_tail);
		list_add_tail(&page_tail->lru, list);
	} else {
		struct list_head *list_head;

		/*
		 * The head is not on the LRU: it may still be in a pagevec.  The
		 * tail goes to the cold end.
		 */
		add_page_to_lru_list(page_tail, lruvec, page_lru(page_tail));
		list_head = page_tail->lru.prev;
		list_move_tail(&page_tail->lru, list_head);
	}

	if (!PageUnevictable(page))
		update_page_reclaim_stat(lruvec, file, PageActive(page_tail));
}
