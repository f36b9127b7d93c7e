/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of mm/page_alloc.c: its checks and its lists per CPU; compound pages are
 * in compound.c.  There are no buddies: what a split made is not put together again, is free
 * by its own order, and each CPU keeps the single pages that it frees.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "runtime/batch.h"
#include <linux/huge_mm.h>
#include <linux/swap.h>
#include "mm/internal.h"
#include "runtime/compound.h"
#include "runtime/folio.h"
#include "runtime/memory.h"

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
	       BAD(page, atomic_read(&page->_refcount) != 0) ||
	       BAD(page, FLAGS_OF(page) & forbidden);
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
		page = take(&mmrace_pageset(vcpu_id())->lists[type]);
	if (!page) {
		spin_lock(&zone->lock);
		page = take(&zone->free_area[order].free_list[type]);
		spin_unlock(&zone->lock);
	}
	return page;
}

static struct page *allocate(gfp_t gfp, unsigned order)
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
		prep_compound_page(page, order);
	return page;
}

static bool may_be_freed(struct page *page, unsigned order)
{
	unsigned i;
	bool bad = false;

	if (FOLIO_MAPPING_FLAGS(page)) {
#ifdef MMRACE_HAS_MTHP_STAT
		if (PageAnon(page))
			mod_mthp_stat(order, MTHP_STAT_NR_ANON, -1);
#endif
		page->mapping = NULL;
	}
	for (i = 0; i < 1u << order; i++) {
		bad |= page_is_bad(page + i, PAGE_FLAGS_CHECK_AT_FREE);
		if (FLAGS_OF(page + i) & PAGE_FLAGS_CHECK_AT_PREP)
			FLAGS_OF(page + i) &= ~PAGE_FLAGS_CHECK_AT_PREP;
	}
	return !bad;
}

static void free_single(struct page *page)
{
	if (!may_be_freed(page, 0))
		return;
	map_content(page, false);
	list_add(&page->lru, &mmrace_pageset(vcpu_id())->lists[list_of(page)]);
}

static void free_compound(struct page *page)
{
	unsigned order = compound_order(page);
	struct zone *zone = mmrace_zone;

	mmrace_unmake_compound(page, order);
	if (!may_be_freed(page, order))
		return;
	spin_lock(&zone->lock);
	list_add(&page->lru, &zone->free_area[order].free_list[LIST_USER]);
	spin_unlock(&zone->lock);
}

void mmrace_free_order(struct page *page, unsigned int order)
{
	if (order)
		free_compound(page);
	else
		free_single(page);
}

/* The newer name, and the older one, which is not told the order in some trees. */
void free_frozen_pages(struct page *page, unsigned int order)
{
	mmrace_free_order(page, order);
}

void mmrace_free_unref(struct page *page) asm("free_unref_page");
void mmrace_free_unref(struct page *page)
{
	mmrace_free_order(page, compound_order(page));
}

void free_unref_page_list(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru)
		mmrace_free_order(page, 0);
}

void mmrace_free_folios(struct folio_batch *batch) asm("free_unref_folios");
void mmrace_free_folios(struct folio_batch *batch)
{
	unsigned i;

	for (i = 0; i < batch->nr; i++) {
		struct page *page = (struct page *)batch->folios[i];

		mmrace_free_order(page, compound_order(page));
	}
	batch->nr = 0;
}

void __free_pages(struct page *page, unsigned order)
{
	if (put_page_testzero(page))
		mmrace_free_order(page, order);
}

void free_pages(unsigned long address, unsigned order)
{
	if (address)
		__free_pages(virt_to_page((void *)address), order);
}

/* Each of these has a second name in trees that profile allocations. */
#define BOTH_NAMES(type, ours, plain, profiled, parameters)		\
	type ours parameters asm(plain);				\
	type ours##_profiled parameters asm(profiled) __attribute__((alias(plain)))

/* The first name of this is an inline function's in trees that have this one. */
#ifdef MMRACE_HAS_ALLOC_NODEMASK
#define ALLOC_PAGES	"__alloc_pages_nodemask"
#else
#define ALLOC_PAGES	"__alloc_pages"
#endif

BOTH_NAMES(struct page *, mmrace_alloc_pages, ALLOC_PAGES, "__alloc_pages_noprof",
	   (gfp_t gfp, unsigned int order, int node, nodemask_t *mask));
struct page *mmrace_alloc_pages(gfp_t gfp, unsigned int order, int node, nodemask_t *mask)
{
	return allocate(gfp, order);
}

BOTH_NAMES(struct folio *, mmrace_alloc_folio, "__folio_alloc", "__folio_alloc_noprof",
	   (gfp_t gfp, unsigned int order, int node, nodemask_t *mask));
struct folio *mmrace_alloc_folio(gfp_t gfp, unsigned int order, int node, nodemask_t *mask)
{
	return mmrace_large_folio(allocate(gfp | __GFP_COMP, order));
}

BOTH_NAMES(unsigned long, mmrace_get_pages, "__get_free_pages", "get_free_pages_noprof",
	   (gfp_t gfp, unsigned int order));
unsigned long mmrace_get_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = allocate(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

BOTH_NAMES(unsigned long, mmrace_get_zeroed, "get_zeroed_page", "get_zeroed_page_noprof", (gfp_t gfp));
unsigned long mmrace_get_zeroed(gfp_t gfp)
{
	return mmrace_get_pages(gfp | __GFP_ZERO, 0);
}
