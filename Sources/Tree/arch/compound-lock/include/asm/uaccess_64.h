/* SPDX-License-Identifier: GPL-2.0-only */
/* No scenario copies from or to a user: these symbols are unresolved. */
#ifndef _ASM_X86_UACCESS_64_H
#define _ASM_X86_UACCESS_64_H

#include <linux/compiler.h>
#include <linux/types.h>

extern unsigned long _copy_to_user(void __user *to, const void *from, unsigned n);
extern unsigned long _copy_from_user(void *to, const void __user *from, unsigned n);
extern unsigned long copy_in_user(void __user *to, const void __user *from, unsigned n);

#define __copy_from_user(to, from, n)	_copy_from_user(to, from, n)
#define __copy_to_user(to, from, n)	_copy_to_user(to, from, n)
#define __copy_from_user_inatomic(to, from, n)	_copy_from_user(to, from, n)
#define __copy_to_user_inatomic(to, from, n)	_copy_to_user(to, from, n)
#define __copy_from_user_nocache(to, from, n)	_copy_from_user(to, from, n)
#define __copy_from_user_inatomic_nocache(to, from, n)	_copy_from_user(to, from, n)

#endif
