/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_MM_DEBUG_H
#define LINUX_MM_DEBUG_H

#include <linux/bug.h>

#ifdef CONFIG_DEBUG_VM
#define VM_BUG_ON(condition)			BUG_ON(condition)
#define VM_BUG_ON_PAGE(condition, page)		BUG_ON(condition)
#else
#define VM_BUG_ON(condition)			do { } while (0)
#define VM_BUG_ON_PAGE(condition, page)		do { } while (0)
#endif

#endif
