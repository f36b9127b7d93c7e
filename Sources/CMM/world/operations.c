/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario can make a process do.  What is done here besides calling the
 * kernel's functions is the scenario's own bookkeeping, and no event.
 */
#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <linux/rmap.h>

/* An operation ran out of objects or of pages, or its process is not there. */
#define OPERATION_NEEDS(condition) do {					\
	static const struct vcpu_site __site = {			\
		VCPU_BUG_ON, "the operation needs " #condition,	\
		__func__, __FILE__, __LINE__ };				\
	if (!(condition))						\
		vcpu_bug(&__site);					\
} while (0)

/* Every process has its VMA here: forks keep the address. */
static inline unsigned long scenario_address(void)
{
	return 4 * PMD_SIZE;
}

__uninstrumented static struct mm_struct *process_mm(unsigned index)
{
	return index < CMM_MM_MAX ? world()->process[index].mm : NULL;
}

/*
 * The writes of the bookkeeping are instrumented: the machine restores the arena
 * from the writes that it saw.  They conflict with nothing, as nobody's read is.
 */
static void process_set_mm(unsigned index, struct mm_struct *mm)
{
	world()->process[index].mm = mm;
}

__uninstrumented static struct page *scenario_pin(void)
{
	return world()->pin;
}

static void scenario_set_pin(struct page *page)
{
	world()->pin = page;
}

__uninstrumented static struct page *scenario_candidate(struct mm_struct *mm)
{
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd;

	if (world()->subject_page)
		return NULL;
	pmd = raw_pmd(mm, &pgd, &pud);
	return pmd && (pmd->pmd & _PAGE_PSE) ? raw_page(pmd->pmd) : NULL;
}

/* The first huge page that was ever mapped is the one that reports speak of. */
static void scenario_note_subject(struct mm_struct *mm)
{
	struct page *page = scenario_candidate(mm);

	if (page)
		world()->subject_page = page;
}

static struct mm_struct *new_process(unsigned index)
{
	struct mm_struct *mm;

	OPERATION_NEEDS(index < CMM_MM_MAX && !process_mm(index));
	mm = kmem_cache_alloc(mm_cachep, GFP_KERNEL);
	OPERATION_NEEDS(mm != NULL);
	process_set_mm(index, mm);
	OPERATION_NEEDS(mm_init(mm) != NULL);
	return mm;
}

static void do_mmap(unsigned index)
{
	struct mm_struct *mm = new_process(index);
	unsigned long start = scenario_address();

	OPERATION_NEEDS(mmap_anonymous(mm, start, start + PMD_SIZE) == 0);
}

static void do_fault(struct mm_struct *mm)
{
	int fault;

	down_read(&mm->mmap_sem);
	fault = handle_mm_fault(mm, mm->mmap, scenario_address(), FAULT_FLAG_WRITE);
	up_read(&mm->mmap_sem);
	OPERATION_NEEDS(fault == 0);
	scenario_note_subject(mm);
}

static void do_fork(struct mm_struct *oldmm, unsigned index)
{
	struct mm_struct *mm = new_process(index);

	OPERATION_NEEDS(dup_mmap(mm, oldmm) == 0);
}

static void do_pin(struct mm_struct *mm, unsigned long subpage)
{
	struct page *page;

	down_read(&mm->mmap_sem);
	page = follow_page_mask(mm->mmap,
				scenario_address() + (subpage << PAGE_SHIFT),
				FOLL_GET);
	up_read(&mm->mmap_sem);
	if (page)
		scenario_set_pin(page);
}

static void do_unpin(void)
{
	struct page *page = scenario_pin();

	if (page) {
		scenario_set_pin(NULL);
		put_page(page);
	}
}

/*
 * As add_to_swap() and memory_failure() do: with the page locked, and with a
 * reference on the head.  Who has pinned a tail only, as KSM may, takes one: the
 * split gives the pin's reference to the tail, and if every mapping was zapped
 * meanwhile the head would be left with none.
 */
static void do_split(void)
{
	struct page *page = scenario_pin(), *head;

	if (!page)
		return;
	head = compound_head(page);
	if (head != page && !get_page_unless_zero(head))
		return;
	lock_page(head);
	split_huge_page(head);
	unlock_page(head);
	if (head != page)
		put_page(head);
}

/* madvise_dontneed(). */
static void do_zap(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	down_read(&mm->mmap_sem);
	vma = mm->mmap;
	zap_page_range(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	up_read(&mm->mmap_sem);
}

static void do_exit(unsigned index)
{
	struct mm_struct *mm = process_mm(index);

	mmput(mm);
	process_set_mm(index, NULL);
}

/* The arguments are plain data of the caller, so that reading them is no event. */
__uninstrumented static void subject_run(const struct cmm_call *call)
{
	const struct cmm_call c = *call;
	struct mm_struct *mm = process_mm(c.mm);

	switch (c.operation) {
	case CMM_FAULT:
	case CMM_FORK:
	case CMM_PIN:
	case CMM_ZAP:
	case CMM_EXIT:
		OPERATION_NEEDS(mm != NULL);
		break;
	}

	switch (c.operation) {
	case CMM_MMAP:
		do_mmap(c.mm);
		break;
	case CMM_FAULT:
		do_fault(mm);
		break;
	case CMM_FORK:
		do_fork(mm, c.other);
		break;
	case CMM_PIN:
		do_pin(mm, c.subpage);
		break;
	case CMM_UNPIN:
		do_unpin();
		break;
	case CMM_LRU_DRAIN:
		lru_add_drain();
		break;
	case CMM_SPLIT:
		do_split();
		break;
	case CMM_ZAP:
		do_zap(mm);
		break;
	case CMM_EXIT:
		do_exit(c.mm);
		break;
	default:
		OPERATION_NEEDS(!"to be known");
	}
}
