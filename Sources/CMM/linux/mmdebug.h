/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  CONFIG_DEBUG_VM is always on. */
#ifndef _LINUX_MMDEBUG_H
#define _LINUX_MMDEBUG_H

#include <linux/bug.h>

#define VM_BUG_ON(condition)	__CHECK(VCPU_VM_BUG_ON, condition, #condition)
/* The page is what the kernel dumps; here the report names the objects. */
#define VM_BUG_ON_PAGE(condition, page) \
	__CHECK(VCPU_VM_BUG_ON, condition, #condition)

#endif
