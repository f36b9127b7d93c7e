/* SPDX-License-Identifier: GPL-2.0-only */
/* The lock of a folio is a bit of it, in the place of mm/filemap.c.  See linux/pagemap.h for
 * folio_lock(). */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
#define FOLIO_OF_ENTRY(entry)	page_folio(softleaf_to_page(entry))
#else
#define FOLIO_OF_ENTRY(entry)	page_folio(pfn_swap_entry_to_page(entry))
#endif
#include "runtime/folio.h"
#include "runtime/version.h"

/* In a tree without folios the page can be a tail, whose head has the lock. */
#ifdef MMRACE_HAS_FOLIO
#define LOCK_OF(folio)	(&FLAGS_OF(folio))
#else
#define LOCK_OF(page)	(&FLAGS_OF(compound_head(page)))
#endif

void __folio_lock(struct folio *folio)
{
	vcpu_bit_lock(PG_locked, LOCK_OF(folio));
}

void folio_unlock(struct folio *folio)
{
	vcpu_bit_unlock(PG_locked, LOCK_OF(folio));
}

/* A CPU that waits has the lock then: true, or no VM_FAULT_ bit, as the version has it. */
unsigned long mmrace_lock_or_retry(struct folio *folio) asm("__folio_lock_or_retry");
unsigned long mmrace_lock_or_retry(struct folio *folio)
{
	__folio_lock(folio);
#ifdef MMRACE_HAS_FOLIO
	return IS_FUNCTION(__folio_lock_or_retry,
			   bool (struct folio *, struct mm_struct *, unsigned int));
#else
	return 0;
#endif
}

unsigned long mmrace_lock_page_or_retry(struct page *page) asm("__lock_page_or_retry");
unsigned long mmrace_lock_page_or_retry(struct page *page)
{
	vcpu_bit_lock(PG_locked, &FLAGS_OF(page));
	return 1;
}

/* Waits until the lock of a page is free: a migration entry stays no longer than that. */
static void wait_for(void *folio)
{
	vcpu_bit_lock(PG_locked, &FLAGS_OF(folio));
	vcpu_bit_unlock(PG_locked, &FLAGS_OF(folio));
}

#ifdef MMRACE_HAS_FOLIO
#ifdef MMRACE_HAS_SOFTLEAF
#define WAIT_ON_LOCKED	softleaf_entry_wait_on_locked
#else
#define WAIT_ON_LOCKED	migration_entry_wait_on_locked
#endif

/* Has the lock of the table last; before that a pte, in some trees. */
void mmrace_wait_on_locked(swp_entry_t entry, void *second, void *third)
	asm(__stringify(WAIT_ON_LOCKED));
void mmrace_wait_on_locked(swp_entry_t entry, void *second, void *third)
{
	struct folio *folio = FOLIO_OF_ENTRY(entry);
	bool lock_is_second = IS_FUNCTION(WAIT_ON_LOCKED, void (swp_entry_t, spinlock_t *));

	_Static_assert(IS_FUNCTION(WAIT_ON_LOCKED, void (swp_entry_t, spinlock_t *)) ||
		       IS_FUNCTION(WAIT_ON_LOCKED, void (swp_entry_t, pte_t *, spinlock_t *)),
		       "the function that waits for a migration entry has other parameters");
	spin_unlock((spinlock_t *)(lock_is_second ? second : third));
	wait_for(folio);
}
#else
/* Trees without a state to sleep in want no result. */
int mmrace_put_and_wait(struct page *page) asm("put_and_wait_on_page_locked");
int mmrace_put_and_wait(struct page *page)
{
	put_page(page);
	wait_for(page);
	return 0;
}
#endif
