/* SPDX-License-Identifier: GPL-2.0-only */
/* What vcpu.h and the world need of it, as the kernel's headers define it. */
#include <linux/types.h>
#include <linux/stddef.h>
