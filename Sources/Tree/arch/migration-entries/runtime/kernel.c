/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rest of the kernel around mm: each of these either does what its name says on
 * a machine like this one, or has nothing to do on it.
 */
#include <linux/mm.h>
#include <linux/mmdebug.h>
#include <linux/cpumask.h>
#include <linux/huge_mm.h>
#include <linux/khugepaged.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/percpu_counter.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlbflush.h>
#include "mm/internal.h"
#include "cmm.h"
#include "runtime/folio.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "runtime/tlb.h"
#include "tree/world.h"

/* ---- numbers of the machine ------------------------------------------- */

atomic_long_t _totalram_pages;
unsigned long max_pfn, phys_base, totalreserve_pages;
unsigned long volatile jiffies;
pteval_t __supported_pte_mask = ~0ul, __default_kernel_pte_mask = ~0ul;
struct cpuinfo_x86 boot_cpu_data;
struct mm_struct init_mm;
__typeof__(empty_zero_page) empty_zero_page;
#ifdef MMRACE_HAS_ZERO_PAGE_PFN
unsigned long zero_page_pfn;
struct page *__zero_page;
#endif

/* All that can be there are. */
unsigned int nr_cpu_ids = MMRACE_CPUS;
struct cpumask __cpu_possible_mask = { { (1ul << MMRACE_CPUS) - 1 } };
struct cpumask __cpu_online_mask = { { (1ul << MMRACE_CPUS) - 1 } };
atomic_t __num_online_cpus = ATOMIC_INIT(MMRACE_CPUS);

/* Keys of what a kernel's command line turns on. */
#ifndef DEFINE_STATIC_KEY_MAYBE
#define DEFINE_STATIC_KEY_MAYBE(config, name)	DEFINE_STATIC_KEY_FALSE(name)
#endif
DEFINE_STATIC_KEY_MAYBE(CONFIG_INIT_ON_ALLOC_DEFAULT_ON, init_on_alloc);
DEFINE_STATIC_KEY_MAYBE(CONFIG_INIT_ON_FREE_DEFAULT_ON, init_on_free);
DEFINE_STATIC_KEY_MAYBE(CONFIG_DEBUG_VM, check_pages_enabled);
DEFINE_SPINLOCK(mmlist_lock);

int percpu_counter_batch = 32;

/* A counter of one word, which it is while no CPU has a part of it. */
void percpu_counter_add_batch(struct percpu_counter *counter, s64 amount, s32 batch)
{
	if (amount)
		vcpu_add_return_long((long *)&counter->count, amount);
}

s64 __percpu_counter_sum(struct percpu_counter *counter)
{
	return *(volatile s64 *)&counter->count;
}

/* lib/find_bit.c and its like; of masks that do not change. */
static unsigned long next_bit(const unsigned long *bits, unsigned long size, unsigned long from)
{
	while (from < size && !(bits[from / 64] >> from % 64 & 1))
		from++;
	return from < size ? from : size;
}

#if __has_include(<linux/find.h>)
unsigned long _find_next_bit(const unsigned long *bits, unsigned long size, unsigned long from)
{
	return next_bit(bits, size, from);
}
#else
unsigned long _find_next_bit(const unsigned long *bits, const unsigned long *other,
			     unsigned long size, unsigned long from, unsigned long invert,
			     unsigned long le)
{
	BUG_ON(other || invert || le);
	return next_bit(bits, size, from);
}
#endif

unsigned long _find_first_bit(const unsigned long *bits, unsigned long size)
{
	return next_bit(bits, size, 0);
}

/* ---- messages, after which the kernel goes on, or does not ------------- */

void panic(const char *format, ...)
{
	VCPU_SITE(VCPU_BUG_ON, "panic()");
	vcpu_bug(&__site);
}

void mmrace_dump_page(const struct page *page, const char *reason) asm("dump_page");
void mmrace_dump_page(const struct page *page, const char *reason)
{
	vcpu_printk("page %ld: %s", (long)(page - mmrace_map), reason ? reason : "");
}

void dump_vma(const struct vm_area_struct *vma)
{
}

void dump_mm(const struct mm_struct *mm)
{
}

/* lib/refcount.c: a counter that was at its end. */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	VCPU_SITE(VCPU_BAD_STATE, "refcount_warn_saturate()");
	vcpu_report(&__site);
}

/* In trees with a switch for each order, that of the largest is set by sysfs. */
void mmrace_boot_huge_pages(void)
{
#ifdef MMRACE_HAS_HUGE_ORDERS
	huge_anon_orders_inherit = BIT(PMD_ORDER);
#endif
}

/* ---- tasks: khugepaged exists, and never runs ------------------------- */

unsigned int khugepaged_max_ptes_none = HPAGE_PMD_NR - 1;

int khugepaged_init(void)
{
	return 0;
}

void khugepaged_destroy(void)
{
}

int start_stop_khugepaged(void)
{
	return 0;
}

void khugepaged_min_free_kbytes_update(void)
{
}

/* Has a VMA or an mm for its parameters, and returns an int in some trees. */
int mmrace_khugepaged_enter(void *of) asm("__khugepaged_enter");
int mmrace_khugepaged_enter(void *of)
{
	return 0;
}

void mmrace_khugepaged_enter_vma(struct vm_area_struct *vma) asm("khugepaged_enter_vma");
void mmrace_khugepaged_enter_vma(struct vm_area_struct *vma)
{
}

void __khugepaged_exit(struct mm_struct *mm)
{
}

int __cond_resched(void)
{
	return 0;
}

/* The older name, which is an inline function's in some trees. */
int mmrace_cond_resched(void) asm("_cond_resched");
int mmrace_cond_resched(void)
{
	return 0;
}

/*
 * The TLB: no CPU has one, but for the entry of runtime/tlb.h; and a flush is an interrupt
 * that each CPU must take that runs in the mm.  A test can count them.  Where tables are
 * freed by RCU, it is because a flush may be an instruction, or a hypervisor's, and then
 * interrupts no CPU.
 */
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned int stride_shift, bool freed_tables)
{
	vcpu_mark(CMM_MARK_FLUSH_TLB);
	mmrace_tlb_flush(mm, start, end);
#ifndef CONFIG_MMU_GATHER_RCU_TABLE_FREE
	vcpu_interrupt_others(mm);
#endif
}

void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
}

/* The scenario lists the processes, and a look at its list is not an event. */
__uninstrumented static const struct mm_struct *process(unsigned index)
{
	return mmrace_scenario.process[index];
}

/* kernel/smp.c; only what asks for no more than that all CPUs take an interrupt calls it. */
void mmrace_call_function(smp_call_func_t function, void *info, int wait) asm("smp_call_function");
void mmrace_call_function(smp_call_func_t function, void *info, int wait)
{
	unsigned i;

	for (i = 0; i < CMM_MM_MAX; i++)
		if (process(i))
			vcpu_interrupt_others(process(i));
}

/*
 * Interrupts are off only for a flush of the mm that this task runs in: no other
 * interrupts exist.  A CPU can ask whether they are.
 */
static long irqs_off[MMRACE_CPUS];

int mmrace_irqs_disabled(void)
{
	return irqs_off[vcpu_id()] > 0;
}

unsigned long mmrace_irq_save(void)
{
	const struct mm_struct *mm = current->mm;

	if (mm)
		vcpu_irqs_off(mm);
	irqs_off[vcpu_id()]++;
	return mm != NULL;
}

void mmrace_irq_restore(unsigned long flags)
{
	irqs_off[vcpu_id()]--;
	if (flags)
		vcpu_irqs_on();
}

/* ---- pages ------------------------------------------------------------- */

/* The content of a user's page is not mm's business, but for what runtime/tlb.h has of it. */
void clear_page(void *page)
{
	vcpu_mark(CMM_MARK_CLEAR_HUGE_PAGE);
}

void clear_pages(void *page, unsigned int pages)
{
	vcpu_mark(CMM_MARK_CLEAR_HUGE_PAGE);
}

void copy_page(void *to, void *from)
{
	mmrace_tlb_copy(to, from);
}

/* lib/bitmap.c: the flags of a VMA, in some trees, which are one word or more. */
int mmrace_bitmap_intersects(const unsigned long *one, const unsigned long *other, unsigned int bits)
	asm("__bitmap_intersects");
int mmrace_bitmap_intersects(const unsigned long *one, const unsigned long *other, unsigned int bits)
{
	unsigned long common = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(bits); i++) {
		unsigned int left = bits - i * BITS_PER_LONG;

		common |= one[i] & other[i] & (left < BITS_PER_LONG ? (1ul << left) - 1 : ~0ul);
	}
	return common != 0;
}

/* Two pages of users always differ; all zero, or of one byte, they are never. */
void *memchr_inv(const void *from, int byte, size_t bytes)
{
	return (void *)from;
}

int __wrap_memcmp_pages(struct page *page1, struct page *page2)
{
	return 1;
}

/* arch/x86/mm/physaddr.c: pages that have content lie there. */
bool __virt_addr_valid(unsigned long address)
{
	return address - (unsigned long)mmrace_memory < sizeof(mmrace_memory);
}

/* The tree has it, or has it in a file that is not compiled; of the one kind of VMA. */
__attribute__((weak)) pgprot_t vm_get_page_prot(unsigned long flags)
{
	return PAGE_COPY;
}

/* mm/page-writeback.c: of a folio without a mapping. */
#ifdef MMRACE_HAS_FOLIO
unsigned long mmrace_mark_dirty(struct folio *folio) asm("folio_mark_dirty");
#else
unsigned long mmrace_mark_dirty(struct folio *folio) asm("set_page_dirty");
#endif
unsigned long mmrace_mark_dirty(struct folio *folio)
{
	return !folio_test_dirty(folio) && !folio_test_set_dirty(folio);
}
