/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts that the checks at the end have in common. */
#ifndef ORACLE_EXPECTED_H
#define ORACLE_EXPECTED_H

#include "raw.h"

/* The references that a page should have, by the page tables and by the scenario. */
struct expected {
	int huge_entries;	/* huge pmds that map the page as a head */
	int entries;		/* ptes that map it */
	int pins;		/* on this very page, head or tail */
	int device;		/* pins of a device on this very page */
	int waiting;		/* references of pagevecs */
	bool is_table;
	bool is_free;
};

/* The rest is for vcpu_explain(): the word that is wrong, and a text with the values. */
#define FAILS_IF(kind, condition, ...) do {				\
	if (condition) {						\
		vcpu_explain(__VA_ARGS__);				\
		return RAW_SITE(kind, QUOTED(condition));		\
	}								\
} while (0)

/* No lock can be held when no CPU runs. */
#define FAILS_IF_HELD(held, lock)	\
	FAILS_IF(VCPU_LEAK, held, lock, "{} is held, and no CPU is left to release it")

#endif
