/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations of kernels that can map a huge page by ptes: see CMM_SPLIT_PMD in cmm.h. */
#ifndef GENERATION_OPERATIONS_H
#define GENERATION_OPERATIONS_H

#include <CMM/oracle/scene.h>
#include "runtime/collapse.h"
#include "runtime/reclaim.h"
#include "runtime/version.h"

#define GENERATION_OPERATIONS						\
	[CMM_SPLIT_PMD] = { run_split_pmd, true },			\
	[CMM_ZAP_PAGE] = { run_zap_page, true },			\
	[CMM_SPLIT_FOLIO] = { run_split_folio, false },			\
	[CMM_PIN_FAST] = { run_pin_fast, true },			\
	[CMM_UNPIN_FAST] = { run_unpin_fast, false },			\
	[CMM_MIGRATE] = { run_migrate, false },				\
	[CMM_REFERENCED] = { run_referenced, false },			\
	[CMM_DEFERRED_SCAN] = { run_deferred_scan, false },		\
	[CMM_USER_FAULT] = { run_user_fault, true },			\
	[CMM_NO_HUGE_PAGE] = { run_no_huge_page, true },		\
	[CMM_COLLAPSE] = { run_collapse, true },

/* The folio of the page that the splitter has pinned, or NULL. */
static struct folio *pinned_folio(void)
{
	struct page *page = world_pin(PIN_OF_SPLITTER);

	return page ? page_folio(page) : NULL;
}

/* Has a folio for a fourth argument in some trees, which is NULL. */
static void run_split_pmd(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	mmap_read_lock(mm);
	CALL_AS(split_huge_pmd_address, void (struct vm_area_struct *, unsigned long, bool, void *))
		(mmrace_vma(mm), SCENARIO_ADDRESS, false, NULL);
	mmap_read_unlock(mm);
}

static void run_zap_page(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	mmap_read_lock(mm);
	zap(mmrace_vma(mm), address_of(operation), PAGE_SIZE);
	mmap_read_unlock(mm);
}

static int split_to_list(struct folio *folio, struct list_head *list)
{
#ifdef MMRACE_HAS_SPLIT_TO_ORDER
	return split_huge_page_to_list_to_order((struct page *)folio, list, 0);
#else
	return split_huge_page_to_list((struct page *)folio, list);
#endif
}

/* As reclaim: the reference that isolation takes is the one that the split knows of. */
static void split_isolated(struct folio *folio)
{
	struct page *pin = world_pin(PIN_OF_SPLITTER);
	LIST_HEAD(list);

	if (!mmrace_isolate(folio))
		return;
	set_pin(PIN_OF_SPLITTER, NULL);
	put_page(pin);
	folio_lock(folio);
	split_to_list(folio, &list);
	folio_unlock(folio);
	list_add(&((struct page *)folio)->lru, &list);
	mmrace_putback(&list);
}

static void run_split_folio(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();

	if (!folio)
		return;
	if (operation->other) {
		split_isolated(folio);
		return;
	}
	folio_lock(folio);
	split_to_list(folio, NULL);
	folio_unlock(folio);
}

/* Ends to be a thread of an mm, which is given what the task has counted for it. */
static void end_thread(void)
{
#ifdef MMRACE_HAS_SYNC_RSS
	sync_mm_rss(current->mm);
#endif
	current->mm = NULL;
}

/* The kernel's function acts on the current task's own mm. */
static void run_pin_fast(const struct cmm_operation *operation)
{
	struct page *page;
	int taken;

	current->mm = process(operation->mm);
	taken = pin_user_pages_fast(address_of(operation), 1, FOLL_WRITE, &page);
	end_thread();
	if (taken == 1)
		set_pin(PIN_OF_DEVICE, page);
}

static void run_unpin_fast(const struct cmm_operation *operation)
{
	struct page *page = world_pin(PIN_OF_DEVICE);

	if (page) {
		set_pin(PIN_OF_DEVICE, NULL);
		unpin_user_page(page);
	}
}

static void run_migrate(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();
	struct anon_vma *anon_vma;

	if (!folio)
		return;
	folio_lock(folio);
	anon_vma = folio_get_anon_vma(folio);
	if (anon_vma) {
		try_to_migrate(folio, 0);
		remove_migration_ptes(folio, folio, 0);
		put_anon_vma(anon_vma);
	}
	folio_unlock(folio);
}

static void run_referenced(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();
	unsigned long flags[2];

	if (!folio)
		return;
	folio_lock(folio);
	folio_referenced(folio, 1, NULL, (void *)flags);
	folio_unlock(folio);
}

static void run_deferred_scan(const struct cmm_operation *operation)
{
	mmrace_deferred_scan();
}

#ifndef MMRACE_HAS_FAULT_COMPLETED
#define VM_FAULT_COMPLETED	0
#endif

/* Returns what the fault came to under the lock of the VMA, or VM_FAULT_RETRY if that could
 * not be had. */
static unsigned fault_under_vma_lock(struct mm_struct *mm, unsigned long address, unsigned flags)
{
	unsigned fault = VM_FAULT_RETRY;
#ifdef MMRACE_HAS_LOCK_VMA
	struct vm_area_struct *vma = lock_vma_under_rcu(mm, address);

	if (!vma)
		return fault;
	fault = handle_mm_fault(vma, address, flags | FAULT_FLAG_VMA_LOCK, NULL);
	if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		vma_end_read(vma);
#endif
	return fault;
}

/*
 * Does what do_user_addr_fault() of arch/x86 does for a write of a user's thread.  The page
 * is not the one that reports speak of: it may be freed and made anew while CPUs run.
 */
static void run_user_fault(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	unsigned flags = FAULT_FLAG_DEFAULT | FAULT_FLAG_USER | FAULT_FLAG_WRITE;
	unsigned long address = address_of(operation);
	unsigned fault = fault_under_vma_lock(mm, address, flags);

	while (fault & VM_FAULT_RETRY) {
		mmap_read_lock(mm);
		fault = handle_mm_fault(mmrace_vma(mm), address, flags, NULL);
		flags |= FAULT_FLAG_TRIED;
		if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
			mmap_read_unlock(mm);
	}
	OPERATION_NEEDS(!(fault & VM_FAULT_ERROR));
}

static void run_no_huge_page(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	mmap_write_lock(mm);
#ifdef MMRACE_HAS_VM_FLAGS_INIT
	vm_flags_set(mmrace_vma(mm), VM_NOHUGEPAGE);
#else
	mmrace_vma(mm)->vm_flags |= VM_NOHUGEPAGE;
#endif
	mmap_write_unlock(mm);
}

static void run_collapse(const struct cmm_operation *operation)
{
	mmrace_collapse(process(operation->mm));
}

#endif
