/* SPDX-License-Identifier: GPL-2.0-only */
/* Compound pages, in the place of mm/page_alloc.c: how they are made, checked and freed. */
#include <linux/mm.h>
#include <linux/huge_mm.h>
#include <linux/swap.h>
#include "mm/internal.h"
#include "runtime/compound.h"
#include "runtime/memory.h"

#ifdef MMRACE_HAS_PAGE_DTOR
static void make_head(struct page *page, unsigned int order)
{
	set_compound_page_dtor(page, COMPOUND_PAGE_DTOR);
	set_compound_order(page, order);
	atomic_set(compound_mapcount_ptr(page), -1);
	atomic_set(compound_pincount_ptr(page), 0);
}

static void make_tail(struct page *head, int i, unsigned int order)
{
	head[i].mapping = TAIL_MAPPING;
	set_compound_head(head + i, head);
	set_page_private(head + i, 0);
}
#else
/* These are inline functions of mm/internal.h. */
#define make_head		prep_compound_head
#ifdef MMRACE_HAS_COMPOUND_INFO
#define make_tail(head, i, order)	prep_compound_tail((head) + (i), head, order)
#else
#define make_tail(head, i, order)	prep_compound_tail(head, i)
#endif
#endif

void prep_compound_page(struct page *page, unsigned int order)
{
	int i, pages = 1 << order;

	__SetPageHead(page);
	for (i = 1; i < pages; i++) {
		set_page_count(page + i, 0);
		make_tail(page, i, order);
	}
	make_head(page, order);
}

struct folio *mmrace_large_folio(struct page *page)
{
#if defined(MMRACE_HAS_PAGE_RMAPPABLE)
	return page_rmappable_folio(page);
#else
	if (page && compound_order(page) > 1)
#ifdef MMRACE_HAS_LARGE_RMAPPABLE
		folio_prep_large_rmappable((struct folio *)page);
#else
		prep_transhuge_page(page);
#endif
	return (struct folio *)page;
#endif
}

/* The last reference to a compound page: trees differ in who asks its destructor. */
#if defined(MMRACE_HAS_DTORS) && !defined(MMRACE_HAS_FOLIO)
compound_page_dtor *const compound_page_dtors[NR_COMPOUND_DTORS] = {
	[COMPOUND_PAGE_DTOR] = free_compound_page,
	[TRANSHUGE_PAGE_DTOR] = free_transhuge_page,
};
#elif defined(MMRACE_HAS_DTORS)
void destroy_large_folio(struct folio *folio)
{
	if (folio_page(folio, 1)->compound_dtor == TRANSHUGE_PAGE_DTOR)
		free_transhuge_page(&folio->page);
	else
		free_compound_page(&folio->page);
}
#elif defined(MMRACE_HAS_LARGE_RMAPPABLE)
void destroy_large_folio(struct folio *folio)
{
	if (folio_test_large_rmappable(folio))
		folio_undo_large_rmappable(folio);
	mem_cgroup_uncharge(folio);
	mmrace_free_order(&folio->page, folio_order(folio));
}
#endif

#ifdef MMRACE_HAS_DTORS
void free_compound_page(struct page *page)
{
	mem_cgroup_uncharge(page_folio(page));
	mmrace_free_order(page, compound_order(page));
}
#endif

/* Reports a count in the first tails of a folio that is not at its beginning again. */
static void check_folio(struct folio *folio, unsigned order)
{
	struct page *head = (struct page *)folio;

#ifdef MMRACE_HAS_ENTIRE_MAPCOUNT
	BAD(head, atomic_read(&folio->_entire_mapcount) != -1);
#else
	BAD(head, atomic_read(compound_mapcount_ptr(head)) != -1);
#endif
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
	BAD(head, atomic_read(&folio->_large_mapcount) != -1);
#endif
#ifdef MMRACE_HAS_NR_PAGES_MAPPED
	BAD(head, atomic_read(&folio->_nr_pages_mapped) != 0);
#endif
#ifdef MMRACE_HAS_PINCOUNT
	BAD(head, atomic_read(&folio->_pincount) != 0);
#endif
#ifdef MMRACE_HAS_DEFERRED_LIST
	/* One that was deleted from the list, and not initialised, is poisoned in some trees. */
	if (order > 1)
		BAD(head, !list_empty(&folio->_deferred_list) &&
		    folio->_deferred_list.next != LIST_POISON1);
#endif
}

void mmrace_unmake_compound(struct page *head, unsigned order)
{
	unsigned i;

	if (BAD(head, compound_order(head) != order))
		return;
	check_folio((struct folio *)head, order);
#ifdef MMRACE_HAS_FLAGS_SECOND
	FLAGS_OF(head + 1) &= ~PAGE_FLAGS_SECOND;
#else
	ClearPageDoubleMap(head);
#endif
	__ClearPageHead(head);
	for (i = 1; i < 1u << order; i++) {
		/* The first tails have something else there. */
		BAD(head + i, i > 2 && head[i].mapping != TAIL_MAPPING);
		BAD(head + i, !PageTail(head + i));
		BAD(head + i, compound_head(head + i) != head);
		head[i].mapping = NULL;
		clear_compound_head(head + i);
	}
}
