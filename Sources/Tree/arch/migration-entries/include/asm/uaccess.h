/* SPDX-License-Identifier: GPL-2.0-only */
/* No scenario copies from or to a user: these symbols are unresolved. */
#ifndef _ASM_X86_UACCESS_H
#define _ASM_X86_UACCESS_H

#include <linux/compiler.h>
#include <linux/mm_types.h>
#include <asm/extable.h>
#include <asm/page.h>

#define untagged_addr(addr)		(addr)
#define untagged_addr_remote(mm, addr)	(addr)
#if __has_include(<asm-generic/access_ok.h>)
#include <asm-generic/access_ok.h>
#else
#define access_ok(addr, size)		((unsigned long)(addr) < TASK_SIZE_MAX)
#define user_addr_max()			TASK_SIZE_MAX
#endif

extern unsigned long raw_copy_to_user(void __user *to, const void *from, unsigned long n);
extern unsigned long raw_copy_from_user(void *to, const void __user *from, unsigned long n);
extern unsigned long clear_user(void __user *to, unsigned long n);
#define __clear_user			clear_user
extern unsigned long mmrace_get_user(const volatile void *p, int bytes);
extern int mmrace_put_user(unsigned long v, volatile void *p, int bytes);
#define get_user(x, p)	((x) = (__typeof__(*(p)))mmrace_get_user((p), sizeof(*(p))), 0)
#define __get_user			get_user
#define put_user(x, p)	mmrace_put_user((unsigned long)(x), (p), sizeof(*(p)))
#define __put_user			put_user
extern long strncpy_from_user(char *dst, const char __user *src, long count);
extern long strnlen_user(const char __user *str, long n);
#define ARCH_HAS_NOCACHE_UACCESS	1
#define __copy_from_user_inatomic_nocache(to, from, n)	raw_copy_from_user(to, from, n)

#endif
