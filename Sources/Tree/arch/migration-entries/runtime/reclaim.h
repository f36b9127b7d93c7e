/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of reclaim that scenarios have. */
#ifndef MMRACE_RUNTIME_RECLAIM_H
#define MMRACE_RUNTIME_RECLAIM_H

#include <linux/mm.h>
#include "runtime/folio.h"

/* Takes a folio off the LRU, with a reference; false if another CPU has, or it is on none. */
bool mmrace_isolate(struct folio *folio);
/* Puts the folios of a list onto the LRU, and drops the references of their isolation. */
void mmrace_putback(struct list_head *list);
/* Runs the shrinker of the deferred split queue. */
void mmrace_deferred_scan(void);

#endif
