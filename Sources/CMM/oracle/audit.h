/* SPDX-License-Identifier: GPL-2.0-only */
/* What the oracles at the end have in common. */
#ifndef WORLD_AUDIT_H
#define WORLD_AUDIT_H

#include "site.h"


/* What should refer to a page, by the page tables and by the scenario. */
struct account {
	int huge_entries;	/* huge pmds that map the page as a head */
	int entries;		/* ptes that map it */
	int pins;		/* on this very page, head or tail */
	int waiting;		/* references of pagevecs */
	bool is_table;
	bool is_free;
};

/* The rest is what vcpu_explain() takes: the word that is wrong, and what of it. */
#define FAILS_IF(kind, condition, ...) do {				\
	if (condition) {						\
		vcpu_explain(__VA_ARGS__);				\
		return RAW_SITE(kind, #condition);			\
	}								\
} while (0)

/* A lock that nobody can hold, as no CPU runs. */
#define FAILS_IF_HELD(held, lock)	\
	FAILS_IF(VCPU_LEAK, held, lock, "{} is held, and no CPU is left to release it")

#endif
