/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator, after mm/page_alloc.c: its checks and its per-CPU lists.
 * There are two orders and no buddies: what a split made is not put together
 * again, and each CPU keeps the single pages that it frees.
 */
#include <linux/huge_mm.h>
#include <linux/vmstat.h>
#include "internal.h"

static inline struct free_area *zone_free_area(struct zone *zone, unsigned order)
{
	return &zone->free_area[order != 0];
}

static inline int page_migratetype(const struct page *page)
{
	return world_page_has_content(page) ? MIGRATE_UNMOVABLE : MIGRATE_MOVABLE;
}

static inline int allocflags_to_migratetype(gfp_t gfp_mask)
{
	return gfp_mask & __GFP_MOVABLE ? MIGRATE_MOVABLE : MIGRATE_UNMOVABLE;
}

/* CONFIG_DEBUG_PAGEALLOC: the content of a free page is not mapped. */
static void kernel_map_pages(struct page *page, int count, int enable)
{
	if (!world_page_has_content(page))
		return;
	if (enable)
		vcpu_unpoison(page_address(page), (size_t)count * PAGE_SIZE);
	else
		vcpu_poison(page_address(page), (size_t)count * PAGE_SIZE);
}

#define bad_page(page, condition) do {					\
	REPORT_BAD(condition);						\
	page_mapcount_reset(page);					\
} while (0)

static int free_pages_check(struct page *page)
{
	if (unlikely(page_mapcount(page))) {
		bad_page(page, "page_mapcount(page)");
		return 1;
	}
	if (unlikely(page->mapping != NULL)) {
		bad_page(page, "page->mapping != NULL");
		return 1;
	}
	if (unlikely(atomic_read(&page->_count) != 0)) {
		bad_page(page, "atomic_read(&page->_count) != 0");
		return 1;
	}
	if (unlikely(page->flags & PAGE_FLAGS_CHECK_AT_FREE)) {
		bad_page(page, "page->flags & PAGE_FLAGS_CHECK_AT_FREE");
		return 1;
	}
	if (page->flags & PAGE_FLAGS_CHECK_AT_PREP)
		page->flags &= ~PAGE_FLAGS_CHECK_AT_PREP;
	return 0;
}

static int check_new_page(struct page *page)
{
	if (unlikely(page_mapcount(page))) {
		bad_page(page, "page_mapcount(page)");
		return 1;
	}
	if (unlikely(page->mapping != NULL)) {
		bad_page(page, "page->mapping != NULL");
		return 1;
	}
	if (unlikely(atomic_read(&page->_count) != 0)) {
		bad_page(page, "atomic_read(&page->_count) != 0");
		return 1;
	}
	if (unlikely(page->flags & PAGE_FLAGS_CHECK_AT_PREP)) {
		bad_page(page, "page->flags & PAGE_FLAGS_CHECK_AT_PREP");
		return 1;
	}
	return 0;
}

static int destroy_compound_page(struct page *page, unsigned int order)
{
	int i;
	int nr_pages = 1 << order;
	int bad = 0;

	if (unlikely(compound_order(page) != order)) {
		bad_page(page, "compound_order(page) != order");
		bad++;
	}

	__ClearPageHead(page);

	for (i = 1; i < nr_pages; i++) {
		struct page *p = page + i;

		if (unlikely(!PageTail(p))) {
			bad_page(page, "!PageTail(p)");
			bad++;
		} else if (unlikely(p->first_page != page)) {
			bad_page(page, "p->first_page != page");
			bad++;
		}
		__ClearPageTail(p);
	}
	return bad;
}

static bool free_pages_prepare(struct page *page, unsigned int order)
{
	int i;
	int bad = 0;

	if (PageAnon(page))
		page->mapping = NULL;
	for (i = 0; i < (1 << order); i++)
		bad += free_pages_check(page + i);
	if (bad)
		return false;
	kernel_map_pages(page, 1 << order, 0);
	return true;
}

static void __free_one_page(struct page *page, struct zone *zone,
			    unsigned int order, int migratetype)
{
	if (unlikely(PageCompound(page)))
		if (unlikely(destroy_compound_page(page, order)))
			return;
	list_add(&page->lru,
		 &zone_free_area(zone, order)->free_list[migratetype]);
}

static void free_one_page(struct zone *zone, struct page *page,
			  unsigned int order, int migratetype)
{
	spin_lock(&zone->lock);
	__free_one_page(page, zone, order, migratetype);
	__mod_zone_page_state(zone, NR_FREE_PAGES, 1 << order);
	spin_unlock(&zone->lock);
}

static void __free_pages_ok(struct page *page, unsigned int order)
{
	if (!free_pages_prepare(page, order))
		return;
	free_one_page(page_zone(page), page, order, page_migratetype(page));
}

/* The destructor of a compound page. */
static void free_compound_page(struct page *page)
{
	__free_pages_ok(page, compound_order(page));
}

static void prep_compound_page(struct page *page, unsigned int order)
{
	int i;
	int nr_pages = 1 << order;

	set_compound_page_dtor(page, free_compound_page);
	set_compound_order(page, order);
	__SetPageHead(page);
	for (i = 1; i < nr_pages; i++) {
		struct page *p = page + i;

		set_page_count(p, 0);
		p->first_page = page;
		/* A CPU that sees the flag uses first_page. */
		smp_wmb();
		__SetPageTail(p);
	}
}

static int prep_new_page(struct page *page, unsigned int order, gfp_t gfp_flags)
{
	int i;

	for (i = 0; i < (1 << order); i++)
		if (unlikely(check_new_page(page + i)))
			return 1;

	set_page_private(page, 0);
	set_page_refcounted(page);
	kernel_map_pages(page, 1 << order, 1);

	if (gfp_flags & __GFP_ZERO)
		vcpu_clear(page_address(page), PAGE_SIZE << order);
	if (order && (gfp_flags & __GFP_COMP))
		prep_compound_page(page, order);
	return 0;
}

/* Onto the list of the CPU that frees, which is never drained. */
static void free_hot_cold_page(struct page *page, bool cold)
{
	struct per_cpu_pages *pcp;
	int migratetype;

	if (!free_pages_prepare(page, 0))
		return;

	migratetype = page_migratetype(page);
	pcp = &__get_cpu_var(pageset).pcp;
	if (!cold)
		list_add(&page->lru, &pcp->lists[migratetype]);
	else
		list_add_tail(&page->lru, &pcp->lists[migratetype]);
	pcp->count++;
}

static void free_hot_cold_page_list(struct list_head *list, bool cold)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru)
		free_hot_cold_page(page, cold);
}

static struct page *__rmqueue(struct zone *zone, unsigned int order,
			      int migratetype)
{
	struct list_head *list =
		&zone_free_area(zone, order)->free_list[migratetype];
	struct page *page;

	if (list_empty(list))
		return NULL;
	page = list_entry(list->next, struct page, lru);
	list_del(&page->lru);
	return page;
}

static struct page *buffered_rmqueue(struct zone *zone, unsigned int order,
				     gfp_t gfp_flags, int migratetype)
{
	struct page *page;

again:
	if (likely(order == 0)) {
		struct per_cpu_pages *pcp = &__get_cpu_var(pageset).pcp;
		struct list_head *list = &pcp->lists[migratetype];

		if (list_empty(list)) {
			/* One at a time, so that no CPU hoards. */
			spin_lock(&zone->lock);
			page = __rmqueue(zone, 0, migratetype);
			if (page) {
				list_add(&page->lru, list);
				pcp->count++;
				__mod_zone_page_state(zone, NR_FREE_PAGES, -1);
			}
			spin_unlock(&zone->lock);
			if (unlikely(list_empty(list)))
				return NULL;
		}
		page = list_entry(list->next, struct page, lru);
		list_del(&page->lru);
		pcp->count--;
	} else {
		spin_lock(&zone->lock);
		page = __rmqueue(zone, order, migratetype);
		if (page)
			__mod_zone_page_state(zone, NR_FREE_PAGES, -(1 << order));
		spin_unlock(&zone->lock);
		if (!page)
			return NULL;
	}

	if (prep_new_page(page, order, gfp_flags))
		goto again;
	return page;
}

static struct page *alloc_pages(gfp_t gfp_mask, unsigned int order)
{
	return buffered_rmqueue(world_zone(), order, gfp_mask,
				allocflags_to_migratetype(gfp_mask));
}

static unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)
{
	struct page *page = alloc_pages(gfp_mask, order);

	if (!page)
		return 0;
	return (unsigned long)page_address(page);
}

static void __free_pages(struct page *page, unsigned int order)
{
	if (put_page_testzero(page)) {
		if (order == 0)
			free_hot_cold_page(page, false);
		else
			__free_pages_ok(page, order);
	}
}

static void free_pages(unsigned long address, unsigned int order)
{
	if (address)
		__free_pages(virt_to_page((void *)address), order);
}
