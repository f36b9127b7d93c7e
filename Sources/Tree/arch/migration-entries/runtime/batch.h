/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of struct folio_batch, which was struct pagevec. */
#ifndef MMRACE_BATCH_H
#define MMRACE_BATCH_H

#if __has_include(<linux/folio_batch.h>)
#include <linux/folio_batch.h>
#else
#include <linux/pagevec.h>
#endif

#endif
