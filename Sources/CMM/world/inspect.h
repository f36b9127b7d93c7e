/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking at the world from outside: raw loads that are no events and take no
 * locks.  Whoever uses these knows that a CPU may be in the middle of something.
 */
#ifndef WORLD_INSPECT_H
#define WORLD_INSPECT_H

#include <linux/mm.h>

#define RAW_SITE(kind, text) \
	({ static const struct vcpu_site __site = { \
		kind, text, __func__, __FILE__, __LINE__ }; &__site; })

__uninstrumented static inline unsigned long raw_pfn(unsigned long entry)
{
	return (entry & PTE_PFN_MASK) >> PAGE_SHIFT;
}

__uninstrumented static inline struct page *raw_page(unsigned long entry)
{
	return world_mem_map() + raw_pfn(entry);
}

__uninstrumented static inline unsigned long *raw_table(unsigned long entry)
{
	return (unsigned long *)(world_memory() + (entry & PTE_PFN_MASK));
}

__uninstrumented static inline struct page *raw_page_of(const void *table)
{
	return world_mem_map() +
	       (((const char *)table - world_memory()) >> PAGE_SHIFT);
}

/* The only pmd that a process has; NULL while it has no tables. */
__uninstrumented static inline pmd_t *raw_pmd(const struct mm_struct *mm,
					      pgd_t **pgd, pud_t **pud)
{
	unsigned long address;

	if (!mm || !mm->mmap || !mm->pgd)
		return NULL;
	address = 4UL << (PAGE_SHIFT + world_order());
	*pgd = mm->pgd + ((address >> PGDIR_SHIFT) & (PTRS_PER_TABLE - 1));
	if (!(*pgd)->pgd)
		return NULL;
	*pud = (pud_t *)raw_table((*pgd)->pgd) +
	       ((address >> PUD_SHIFT) & (PTRS_PER_TABLE - 1));
	if (!(*pud)->pud)
		return NULL;
	return (pmd_t *)raw_table((*pud)->pud) +
	       ((address >> PMD_SHIFT) & (PTRS_PER_TABLE - 1));
}

__uninstrumented static inline bool raw_flag(const struct page *page, unsigned flag)
{
	return page->flags >> flag & 1;
}

__uninstrumented static inline spinlock_t *raw_pmd_lock(struct mm_struct *mm,
							pmd_t *pmd)
{
	if (MMRACE_COMMIT_e009bb30c8df)
		return &raw_page_of(pmd)->ptl;
	return &mm->page_table_lock;
}

__uninstrumented static inline struct page *raw_deposit(struct mm_struct *mm,
							pmd_t *pmd)
{
	if (MMRACE_COMMIT_e009bb30c8df)
		return raw_page_of(pmd)->pmd_huge_pte;
	return mm->pmd_huge_pte;
}

__uninstrumented static inline long raw_nr_ptes(const struct mm_struct *mm)
{
	return mm->nr_ptes.counter;
}

__uninstrumented static inline unsigned raw_list_length(const struct list_head *head)
{
	const struct list_head *entry;
	unsigned length = 0;

	for (entry = head->next; entry && entry != head; entry = entry->next)
		length++;
	return length;
}

__uninstrumented static inline unsigned raw_deposits(struct mm_struct *mm, pmd_t *pmd)
{
	struct page *first = raw_deposit(mm, pmd);

	return first ? 1 + raw_list_length(&first->lru) : 0;
}

__uninstrumented static inline unsigned raw_cache_live(const struct kmem_cache *cache)
{
	unsigned live = cache->total - cache->node.avail, cpu;

	for (cpu = 0; cpu < world()->geometry.config.cpus; cpu++)
		live -= cache->cpu[cpu].avail;
	return live;
}

__uninstrumented static inline long raw_zone_state(enum zone_stat_item item)
{
	long value = world()->zone.vm_stat[item].counter;
	unsigned cpu;

	for (cpu = 0; cpu < CMM_CPU_MAX; cpu++)
		value += world()->cpu[cpu].pageset.vm_stat_diff[item];
	return value;
}

#endif
