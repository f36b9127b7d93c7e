/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions to the compiler about what the headers of a tree declare. */
#ifndef MMRACE_RUNTIME_VERSION_H
#define MMRACE_RUNTIME_VERSION_H

/* True if the function has this type: IS_FUNCTION(kfree, void (const void *)). */
#define IS_FUNCTION(name, ...)						\
	__builtin_types_compatible_p(__typeof__(name), __typeof__(__VA_ARGS__))

/* Calls a function by the type that it has in this tree, whatever the others are. */
#define CALL_AS(name, ...)	((__typeof__(__VA_ARGS__) *)(void *)(name))

#endif
