/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_PREEMPT_H
#define __LINUX_PREEMPT_H

#include <asm/preempt.h>

#endif
