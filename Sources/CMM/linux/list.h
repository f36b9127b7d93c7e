/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Doubly linked lists with the kernel's order of stores. */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/kernel.h>

/* A deleted entry points nowhere, so that its reuse as a list is noticed. */
#define LIST_POISON1	((struct list_head *)0xdead000000100100UL)
#define LIST_POISON2	((struct list_head *)0xdead000000200200UL)

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)
#define list_entry(pointer, type, member) container_of(pointer, type, member)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void __list_add(struct list_head *entry, struct list_head *prev,
			      struct list_head *next)
{
	next->prev = entry;
	entry->next = next;
	entry->prev = prev;
	prev->next = entry;
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head, head->next);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head->prev, head);
}

static inline void __list_del(struct list_head *prev, struct list_head *next)
{
	next->prev = prev;
	prev->next = next;
}

static inline void list_del(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del(entry->prev, entry->next);
	list_add_tail(entry, head);
}

static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

#define list_for_each_entry_reverse(entry, head, member)			\
	for (entry = list_entry((head)->prev, __typeof__(*entry), member);	\
	     &entry->member != (head);						\
	     entry = list_entry(entry->member.prev, __typeof__(*entry), member))

#define list_for_each_entry_safe(entry, after, head, member)			\
	for (entry = list_entry((head)->next, __typeof__(*entry), member),	\
	     after = list_entry(entry->member.next, __typeof__(*entry), member);	\
	     &entry->member != (head);						\
	     entry = after,							\
	     after = list_entry(after->member.next, __typeof__(*after), member))

#endif
