/* SPDX-License-Identifier: GPL-2.0-only */
/* The entry of a thread's TLB, in the place of the hardware: see tlb.h. */
#include <linux/mm.h>
#include <asm/tlbflush.h>
#include "runtime/tlb.h"
#include "tree/world.h"

struct mmrace_tlb mmrace_tlb;

/* Returns the word of the page that the entry is of, or NULL where none is in that range. */
__uninstrumented static unsigned long *entry_in(const struct mm_struct *mm, unsigned long start,
						unsigned long end)
{
	const struct mmrace_tlb *tlb = &mmrace_tlb;

	if (!tlb->mm || tlb->mm != mm || tlb->address < start || tlb->address >= end)
		return NULL;
	return &mmrace_tlb.content[tlb->pfn];
}

/* Returns the word of a page by its address; NULL where no scenario asks for content. */
__uninstrumented static unsigned long *content_at(const void *address)
{
	unsigned long pfn = ((const char *)address - mmrace_memory) >> PAGE_SHIFT;

	return mmrace_tlb.mm && pfn < PAGES ? &mmrace_tlb.content[pfn] : NULL;
}

void mmrace_tlb_fill(const struct mm_struct *mm, unsigned long address, const struct page *page)
{
	mmrace_tlb.mm = mm;
	mmrace_tlb.address = address;
	mmrace_tlb.pfn = page - mmrace_map;
	mmrace_tlb.content[page - mmrace_map] = BIT(MMRACE_CACHED);
}

void mmrace_tlb_store(void)
{
	const unsigned long cached = BIT(MMRACE_CACHED), stored = BIT(MMRACE_STORED);
	unsigned long *content = entry_in(mmrace_tlb.mm, 0, TLB_FLUSH_ALL);

	if (content && vcpu_cmpxchg64((uint64_t *)content, cached, cached | stored) == cached)
		mmrace_tlb.stored = true;
}

void mmrace_tlb_flush(const struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long *content = entry_in(mm, start, end);

	if (content)
		vcpu_clear_bit(MMRACE_CACHED, content);
}

void mmrace_tlb_copy(const void *to, const void *from)
{
	unsigned long *copy = content_at(to), *original = content_at(from);

	if (copy && original)
		WRITE_ONCE(*copy, READ_ONCE(*original) & BIT(MMRACE_STORED));
}
