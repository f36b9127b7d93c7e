/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#define __init		__attribute__((section(".init.text")))

typedef int (*initcall_t)(void);

/* The linker lines them up, and boot calls one after the other. */
#define subsys_initcall(function)					\
	static initcall_t __initcall_##function				\
		__attribute__((used, section(".initcall4.init"))) = function

#endif
