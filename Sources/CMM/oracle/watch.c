/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells what the invariants depend on: all that invariants.c reads, and the locks that it
 * honours.  Those of the generation are in its mapcounts.c, which is included before.
 */
#include "raw.h"

/* Says what the invariant reads of a process, and the locks under which it is silent. */
__uninstrumented static void watch_process(const struct mm_struct *mm)
{
	struct raw_walk walk;
	const unsigned long *table;
	unsigned i;

	if (!mm)
		return;
	if (vcpu_watch_guard(&mm->page_table_lock, 0)) {
		vcpu_watch(&mm->RAW_VMAS, sizeof(mm->RAW_VMAS));
		vcpu_watch(&mm->pgd, sizeof(mm->pgd));
	}
	raw_walk(mm, &walk);
	if (walk.pgd)
		vcpu_watch(walk.pgd, sizeof(*walk.pgd));
	if (walk.pud)
		vcpu_watch(walk.pud, sizeof(*walk.pud));
	if (!walk.pmd)
		return;
	vcpu_watch_guard(raw_pmd_lock(mm, walk.pmd), 0);
	vcpu_watch(walk.pmd, sizeof(*walk.pmd));
	if (!*walk.pmd || (*walk.pmd & _PAGE_PSE))
		return;
	table = raw_table(*walk.pmd);
	if (!vcpu_watch_guard(raw_pte_lock(*walk.pmd), 0) && !vcpu_watch(table, sizeof(*table)))
		return;
	for (i = 0; i < world_subpages(); i++)
		vcpu_watch(&table[i], sizeof(*table));
}

/* Says all that the invariant reads, most of it once. */
__uninstrumented static void watch_all(const struct page *head)
{
	unsigned i;

	if (vcpu_watch(&head->_mapcount, sizeof(head->_mapcount))) {
		watch_generation(head);
		vcpu_watch(&world_scenario()->reported_page, sizeof(struct page *));
		for (i = 0; i < world_subpages(); i++) {
			vcpu_watch(&head[i]._mapcount, sizeof(head[i]._mapcount));
			vcpu_watch_bits(&head[i].flags, RAW_COMPOUND_FLAGS);
			vcpu_watch(&head[i].RAW_HEAD_MEMBER, sizeof(head[i].RAW_HEAD_MEMBER));
		}
	}
	watch_parts(head);
	for (i = 0; i < CMM_MM_MAX; i++) {
		vcpu_watch(&world_scenario()->process[i], sizeof(struct mm_struct *));
		watch_process(world_process(i));
	}
}
