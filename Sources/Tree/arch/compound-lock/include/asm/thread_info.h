/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no kernel stack to find it on. */
#ifndef _MMRACE_THREAD_INFO_H
#define _MMRACE_THREAD_INFO_H

#include_next <asm/thread_info.h>

#ifndef __ASSEMBLY__
extern struct thread_info *mmrace_thread_info(void);
#define current_thread_info()	mmrace_thread_info()
#endif

#endif
