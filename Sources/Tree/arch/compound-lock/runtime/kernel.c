/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rest of the kernel around mm: each of these either does what its name says on
 * a machine like this one, or has nothing to do on it.
 */
#include <linux/mm.h>
#include <linux/mmdebug.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/mmu_notifier.h>
#include <linux/percpu_counter.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlbflush.h>
#include "cmm.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"

/* ---- numbers of the machine ------------------------------------------- */

unsigned long totalram_pages, max_pfn;
unsigned long phys_base;
unsigned long volatile jiffies;
pteval_t __supported_pte_mask = ~0ul;
int min_free_kbytes, user_min_free_kbytes = -1;

struct cpuinfo_x86 boot_cpu_data = {
	.x86_capability = { [X86_FEATURE_PSE / 32] = 1u << (X86_FEATURE_PSE & 31) },
};
struct mm_struct init_mm;

unsigned long nr_free_buffer_pages(void)
{
	return totalram_pages;
}

void setup_per_zone_wmarks(void)
{
}

/* All that can be there are. */
static const struct cpumask all_cpus = { { (1ul << MMRACE_CPUS) - 1 } };
const struct cpumask *const cpu_possible_mask = &all_cpus;
const struct cpumask *const cpu_online_mask = &all_cpus;
int nr_cpu_ids = MMRACE_CPUS;

/* Committed memory is not under test, and to do nothing is not an event. */
int vm_committed_as_batch = 32;
unsigned long totalreserve_pages;

void __percpu_counter_add(struct percpu_counter *counter, s64 amount, s32 batch)
{
	if (amount)
		vcpu_add_return_long((long *)&counter->count, amount);
}

/* lib/bitmap.c and its like; of masks that do not change. */
unsigned long mmrace_find_next_bit(const unsigned long *bits, unsigned long size,
				   unsigned long from) asm("find_next_bit");
unsigned long mmrace_find_next_bit(const unsigned long *bits, unsigned long size,
				   unsigned long from)
{
	while (from < size && !(bits[from / 64] >> from % 64 & 1))
		from++;
	return from < size ? from : size;
}

/* ---- messages, after which the kernel goes on, or does not ------------- */

void mmrace_warn(const char *file, int line) asm("warn_slowpath_fmt");
void mmrace_warn(const char *file, int line)
{
	VCPU_SITE(VCPU_BAD_STATE, "WARN()");
	vcpu_report(&__site);
}

void panic(const char *format, ...)
{
	VCPU_SITE(VCPU_BUG_ON, "panic()");
	vcpu_bug(&__site);
}

/* They are on without that: CONFIG_TRANSPARENT_HUGEPAGE_ALWAYS. */
void mmrace_boot_huge_pages(void)
{
}

/* ---- tasks: khugepaged exists, and never runs ------------------------- */

static struct task_struct kthread;

struct task_struct *kthread_create_on_node(int (*body)(void *), void *data, int node,
					   const char format[], ...)
{
	return &kthread;
}

int wake_up_process(struct task_struct *task)
{
	return 0;
}

void __wake_up(wait_queue_head_t *queue, unsigned mode, int count, void *key)
{
}

int _cond_resched(void)
{
	return 0;
}

int mmrace_register_shrinker(struct shrinker *shrinker) asm("register_shrinker");
int mmrace_register_shrinker(struct shrinker *shrinker)
{
	return 0;
}

/*
 * The TLB: no CPU has one, but a flush is an interrupt that each CPU must take
 * that runs in the mm.  A test can count them.
 */
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned long flags)
{
	vcpu_mark(CMM_MARK_FLUSH_TLB);
	vcpu_interrupt_others(mm);
}

/* Some trees have it as an inline function, which comes to the same. */
void mmrace_flush_tlb_page(struct vm_area_struct *vma, unsigned long address)
	asm("flush_tlb_page");
void mmrace_flush_tlb_page(struct vm_area_struct *vma, unsigned long address)
{
	flush_tlb_mm_range(vma->vm_mm, address, address + PAGE_SIZE, 0);
}

/*
 * Interrupts are off only for a flush of the mm that this task runs in: no other
 * interrupts exist.
 */
unsigned long mmrace_irq_save(void)
{
	const struct mm_struct *mm = current->mm;

	if (mm)
		vcpu_irqs_off(mm);
	return mm != NULL;
}

void mmrace_irq_restore(unsigned long flags)
{
	if (flags)
		vcpu_irqs_on();
}

/* ---- pages ------------------------------------------------------------- */

/* The content of a user's page is not mm's business. */
void clear_page(void *page)
{
	vcpu_mark(CMM_MARK_CLEAR_HUGE_PAGE);
}

void copy_page(void *to, void *from)
{
}

void mmrace_dump_page(struct page *page, const char *reason) asm("dump_page");
void mmrace_dump_page(struct page *page, const char *reason)
{
	vcpu_printk("page %ld: %s", (long)(page - mmrace_map), reason ? reason : "");
}

/* mm/swapfile.c, without swap: no swap entry shares the page. */
int mmrace_reuse_swap_page(struct page *page) asm("reuse_swap_page");
int mmrace_reuse_swap_page(struct page *page)
{
	VM_BUG_ON(!PageLocked(page));
	return page_mapcount(page) <= 1;
}
