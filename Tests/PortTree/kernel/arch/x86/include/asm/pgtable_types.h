/* SPDX-License-Identifier: GPL-2.0-only */
typedef unsigned long pteval_t;

#include <asm/pgtable_64_types.h>
