/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario knows of its world besides what the kernel has, and raw looks
 * at it: loads that are no events and take no locks.  Only files that are not
 * instrumented may use the latter, and only between events.
 */
#ifndef MMRACE_WORLD_WORLD_H
#define MMRACE_WORLD_WORLD_H

#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/version.h>
#include "cmm.h"
#include "runtime/memory.h"


struct world {
	struct cmm_config config;
	struct mm_struct *process[CMM_MM_MAX];
	/* What CMM_PIN took: one reference, which the scenario owns. */
	struct page *pin;
	/* The first huge page of the scenario: the one that reports speak of. */
	struct page *subject_page;
};

extern struct world mmrace_world;

/* What a page was last allocated as, of those with content. */
enum mmrace_level {
	LEVEL_NONE,
	LEVEL_PGD,
	LEVEL_PUD,
	LEVEL_PMD,
	LEVEL_PTE,
};

struct mmrace_table {
	unsigned level, mm;
};

extern struct mmrace_table mmrace_table[SINGLE_PFN];

void mmrace_note_table(const struct page *page, enum mmrace_level level,
		       const struct mm_struct *mm);
/* Which process has this mm; CMM_MM_MAX for none. */
unsigned mmrace_process_of(const struct mm_struct *mm);

/* Every process has its VMA here: forks keep the address. */
#define SCENARIO_ADDRESS	(4 * PMD_SIZE)

#define RAW_SITE(kind, text) \
	({ static const struct vcpu_site __site = { \
		kind, text, __func__, __FILE__, __LINE__ }; &__site; })

static inline struct page *raw_page(unsigned long entry)
{
	return mmrace_map + ((entry & PTE_PFN_MASK) >> PAGE_SHIFT);
}

static inline struct page *raw_page_of(const void *content)
{
	return mmrace_map + (((const char *)content - mmrace_memory) >> PAGE_SHIFT);
}

static inline unsigned long *raw_table(unsigned long entry)
{
	return (unsigned long *)(mmrace_memory + (entry & PTE_PFN_MASK));
}

static inline bool raw_flag(const struct page *page, unsigned flag)
{
	return page->flags >> flag & 1;
}

static inline bool raw_locked(const spinlock_t *lock)
{
	return lock->rlock.raw_lock.owner != 0;
}

static inline int raw_mapcount(const struct page *page)
{
	return page->_mapcount.counter + 1;
}

/* The entries on the way to a process's VMA; NULL from where there is no table. */
struct raw_walk {
	unsigned long *pgd, *pud, *pmd;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 3, 0)
static inline bool raw_tail(const struct page *page)
{
	return page->compound_head & 1;
}

static inline const struct page *raw_head(const struct page *tail)
{
	return (const struct page *)(tail->compound_head - 1);
}
#else
static inline bool raw_tail(const struct page *page)
{
	return raw_flag(page, PG_tail);
}

static inline const struct page *raw_head(const struct page *tail)
{
	return tail->first_page;
}
#endif

/* Since 7a3ef208e662, which is in v3.19; from v4.0 on it is certainly there. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 0, 0)
#define ANON_VMA_HAS_DEGREE 1
#else
#define ANON_VMA_HAS_DEGREE 0
#endif

bool raw_walk(const struct mm_struct *mm, struct raw_walk *walk);
spinlock_t *raw_pmd_lock(struct mm_struct *mm, unsigned long *pmd);
struct page *raw_deposit(struct mm_struct *mm, unsigned long *pmd);
unsigned raw_deposits(struct mm_struct *mm, unsigned long *pmd);
unsigned raw_list_length(const struct list_head *head);
unsigned raw_cache_live(const struct mmrace_cache *cache);
long raw_zone_state(enum zone_stat_item item);
struct pagevec *raw_pagevec(int cpu);
struct page *raw_candidate(struct mm_struct *mm);

void mmrace_boot(const struct cmm_config *config);
void mmrace_run(const struct cmm_call *call);
void mmrace_census(struct cmm_census *census);
const struct vcpu_site *mmrace_invariant(bool whole);
const struct vcpu_site *mmrace_end_check(bool whole);
bool mmrace_describe(const void *address, char *name, size_t bytes);
bool mmrace_describe_value(const void *address, uint64_t value, char *text, size_t bytes);

/* Of the host's libc. */
extern int snprintf(char *to, size_t bytes, const char *format, ...);
extern void *calloc(size_t count, size_t bytes);
extern void free(void *memory);

#endif
