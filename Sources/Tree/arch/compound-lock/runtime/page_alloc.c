/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of mm/page_alloc.c: its checks, its compound pages and its lists
 * per CPU.  There are two orders and no buddies: what a split made is not put
 * together again, and each CPU keeps the single pages that it frees.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/swap.h>
#include <generated/mmrace-features.h>
#include "mm/internal.h"
#include "runtime/memory.h"

#define BAD(page, condition) ({						\
	bool __is_bad = !!(condition);					\
	VCPU_SITE(VCPU_BAD_STATE, #condition);			\
	if (__is_bad) {							\
		vcpu_report(&__site);					\
		page_mapcount_reset(page);				\
	}								\
	__is_bad;							\
})

static int list_of(const struct page *page)
{
	return page_has_content(page) ? LIST_TABLES : LIST_USER;
}

/* CONFIG_DEBUG_PAGEALLOC: the content of a free page is not mapped. */
static void map_content(struct page *page, bool map)
{
	if (!page_has_content(page))
		return;
	if (map)
		vcpu_unpoison(page_address(page), PAGE_SIZE);
	else
		vcpu_poison(page_address(page), PAGE_SIZE);
}

static bool page_is_bad(struct page *page, unsigned long forbidden)
{
	return BAD(page, atomic_read(&page->_mapcount) != -1) ||
	       BAD(page, page->mapping != NULL) ||
	       BAD(page, atomic_read(&page->_count) != 0) ||
	       BAD(page, page->flags & forbidden);
}

static void free_compound(struct page *page);

#ifdef MMRACE_PAGE_HAS_COMPOUND_HEAD
compound_page_dtor *const compound_page_dtors[] = {
	NULL,
	free_compound,
};

static void make_tail(struct page *tail, struct page *head)
{
	set_compound_head(tail, head);
}

static void set_destructor(struct page *head)
{
	set_compound_page_dtor(head, COMPOUND_PAGE_DTOR);
}

static void unmake_tail(struct page *tail)
{
	clear_compound_head(tail);
}
#else
static void make_tail(struct page *tail, struct page *head)
{
	tail->first_page = head;
	/* A CPU that sees a tail finds its head. */
	smp_wmb();
	__SetPageTail(tail);
}

static void set_destructor(struct page *head)
{
	set_compound_page_dtor(head, free_compound);
}

static void unmake_tail(struct page *tail)
{
	__ClearPageTail(tail);
}
#endif

static void make_compound(struct page *head, unsigned order)
{
	unsigned i;

	set_destructor(head);
	set_compound_order(head, order);
	__SetPageHead(head);
	for (i = 1; i < 1u << order; i++) {
		set_page_count(head + i, 0);
		make_tail(head + i, head);
	}
}

static void unmake_compound(struct page *head, unsigned order)
{
	unsigned i;

	if (BAD(head, compound_order(head) != order))
		return;
	__ClearPageHead(head);
	for (i = 1; i < 1u << order; i++) {
		BAD(head + i, !PageTail(head + i));
		BAD(head + i, compound_head(head + i) != head);
		unmake_tail(head + i);
	}
}

static struct page *take(struct list_head *list)
{
	struct page *page;

	if (list_empty(list))
		return NULL;
	page = list_entry(list->next, struct page, lru);
	list_del(&page->lru);
	return page;
}

static struct page *take_page(unsigned order, int type)
{
	struct zone *zone = mmrace_zone;
	struct page *page = NULL;

	if (!order)
		page = take(&mmrace_pageset(vcpu_id())->pcp.lists[type]);
	if (!page) {
		spin_lock(&zone->lock);
		page = take(&zone->free_area[order].free_list[type]);
		spin_unlock(&zone->lock);
	}
	return page;
}

struct page *__alloc_pages_nodemask(gfp_t gfp, unsigned order, struct zonelist *zonelist,
				    nodemask_t *nodemask)
{
	/* Content is for tables; huge pages are all of users. */
	bool user = order || (gfp & __GFP_MOVABLE);
	struct page *page = take_page(order, user ? LIST_USER : LIST_TABLES);

	if (!page)
		return NULL;
	page_is_bad(page, PAGE_FLAGS_CHECK_AT_PREP);
	set_page_private(page, 0);
	set_page_count(page, 1);
	map_content(page, true);
	/* No other CPU sees it yet, so that clearing it is not an event. */
	if ((gfp & __GFP_ZERO) && page_has_content(page))
		vcpu_clear(page_address(page), PAGE_SIZE);
	if (order)
		make_compound(page, order);
	return page;
}

static bool may_be_freed(struct page *page, unsigned order)
{
	unsigned i;
	bool bad = false;

	if (PageAnon(page))
		page->mapping = NULL;
	for (i = 0; i < 1u << order; i++) {
		bad |= page_is_bad(page + i, PAGE_FLAGS_CHECK_AT_FREE);
		if (page[i].flags & PAGE_FLAGS_CHECK_AT_PREP)
			page[i].flags &= ~PAGE_FLAGS_CHECK_AT_PREP;
	}
	return !bad;
}

static void free_single(struct page *page)
{
	if (!may_be_freed(page, 0))
		return;
	map_content(page, false);
	list_add(&page->lru, &mmrace_pageset(vcpu_id())->pcp.lists[list_of(page)]);
}

static void free_compound(struct page *page)
{
	unsigned order = compound_order(page);
	struct zone *zone = mmrace_zone;

	unmake_compound(page, order);
	if (!may_be_freed(page, order))
		return;
	spin_lock(&zone->lock);
	list_add(&page->lru, &zone->free_area[order].free_list[LIST_USER]);
	spin_unlock(&zone->lock);
}

/* The kernel's have a parameter `cold`, an int or a bool by the version. */
void mmrace_free_page(struct page *page) asm("free_hot_cold_page");
void mmrace_free_page(struct page *page)
{
	free_single(page);
}

void mmrace_free_list(struct list_head *list) asm("free_hot_cold_page_list");
void mmrace_free_list(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru)
		free_single(page);
}

void __free_pages(struct page *page, unsigned order)
{
	if (!put_page_testzero(page))
		return;
	if (order)
		free_compound(page);
	else
		free_single(page);
}

void free_pages(unsigned long address, unsigned order)
{
	if (address)
		__free_pages(virt_to_page((void *)address), order);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

/* mm/swap_state.c, without swap. */
void free_page_and_swap_cache(struct page *page)
{
	put_page(page);
}

void free_pages_and_swap_cache(struct page **pages, int nr)
{
	lru_add_drain();
	release_pages(pages, nr, 0);
}
