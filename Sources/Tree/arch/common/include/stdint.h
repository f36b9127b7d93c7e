/* SPDX-License-Identifier: GPL-2.0-only */
/* The part that vcpu.h and the world need, as the kernel's headers define it. */
#include <linux/types.h>
#include <linux/stddef.h>
