/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions and the variables in their frames, by the debug information.  Machine code
 * alone does not say where an object ends, nor where it begins when only the address of
 * its middle is taken (container_of() of a member).
 */
#define _GNU_SOURCE
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <link.h>
#include <stdlib.h>

#include "../include/vcpu_states.h"
#include "live.h"

/* A function of a unit that was met. */
struct function {
	uintptr_t low, high;
	Dwarf_Die die;
	Dwarf_Addr bias;
};

/* A unit of which all functions are known. */
struct unit {
	void *address;			/* of its description: its name */
	size_t first, count;		/* functions */
};

static struct {
	Dwfl *all;
	size_t objects;			/* that were reported to it */
	struct function *function;
	size_t functions, function_room;
	struct unit *unit;
	size_t units, unit_room;
} known;

/* Makes room for one more; false when memory is short. */
static bool grow(void *array, size_t count, size_t *room, size_t bytes)
{
	void **at = array, *larger;

	if (count < *room)
		return true;
	larger = realloc(*at, 2 * (*room + 32) * bytes);
	if (!larger)
		return false;
	*at = larger;
	*room = 2 * (*room + 32);
	return true;
}

/* Code under test has its debug information in its own file: to ask elsewhere can take
 * long, and the answer is for code that is not of interest. */
static int find_no_other_file(Dwfl_Module *module, void **data, const char *name,
			      Dwarf_Addr base, const char *file, const char *link,
			      GElf_Word check, char **found)
{
	return -1;
}

struct reporting {
	Dwfl *to;
	size_t known;			/* the first objects, which were reported before */
	size_t count;
};

static int report(struct dl_phdr_info *object, size_t bytes, void *argument)
{
	const char *name = *object->dlpi_name ? object->dlpi_name : "/proc/self/exe";
	struct reporting *r = argument;

	/* One that is not a file has no debug information. */
	if (r->count++ >= r->known && *name == '/')
		dwfl_report_elf(r->to, name, name, -1, object->dlpi_addr, true);
	return 0;
}

size_t vcpu_report_loaded(void *dwfl, size_t known)
{
	struct reporting r = { dwfl, known, 0 };

	dl_iterate_phdr(report, &r);
	return r.count;
}

/* Looks at what the process has loaded; an object that is known stays so. */
static bool load(void)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = find_no_other_file,
	};

	if (!known.all)
		known.all = dwfl_begin(&callbacks);
	if (!known.all)
		return false;
	dwfl_report_begin_add(known.all);
	known.objects = vcpu_report_loaded(known.all, known.objects);
	return !dwfl_report_end(known.all, NULL, NULL);
}

static void add_functions(Dwarf_Die *unit, Dwarf_Addr bias)
{
	Dwarf_Die die;

	if (dwarf_child(unit, &die))
		return;
	do {
		Dwarf_Addr low, high;

		if (dwarf_tag(&die) != DW_TAG_subprogram || dwarf_lowpc(&die, &low) ||
		    dwarf_highpc(&die, &high))
			continue;
		if (!grow(&known.function, known.functions, &known.function_room,
			  sizeof(known.function[0])))
			return;
		known.function[known.functions++] =
			(struct function){ low + bias, high + bias, die, bias };
	} while (!dwarf_siblingof(&die, &die));
}

static const struct unit *unit_at(uintptr_t pc)
{
	Dwarf_Addr bias;
	Dwarf_Die *die;
	struct unit *u;

	/* Modules whose addresses are not in their tables are not searched: they are not C. */
	if (!known.all || !dwfl_addrmodule(known.all, pc))
		if (!load())
			return NULL;
	die = dwfl_addrdie(known.all, pc, &bias);
	if (!die)
		return NULL;
	for (size_t i = 0; i < known.units; i++)
		if (known.unit[i].address == die->addr)
			return &known.unit[i];
	if (!grow(&known.unit, known.units, &known.unit_room, sizeof(known.unit[0])))
		return NULL;
	u = &known.unit[known.units++];
	*u = (struct unit){ die->addr, known.functions, 0 };
	add_functions(die, bias);
	u->count = known.functions - u->first;
	return u;
}

/* Returns what is added to an offset in the description to have one from the frame
 * pointer; false if the description is of something else. */
static bool base_of(Dwarf_Die *function, int64_t *base)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operation;
	size_t count;

	if (!dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) ||
	    dwarf_getlocation(&attribute, &operation, &count) || count != 1)
		return false;
	if (operation->atom == DW_OP_reg6)
		*base = 0;
	else if (operation->atom == DW_OP_call_frame_cfa)
		*base = 16;
	else
		return false;
	return true;
}

/* Finds the bytes of a variable, which are none for an empty structure; false when they are
 * not known. */
static bool bytes_of(Dwarf_Die *variable, Dwarf_Word *bytes)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	return dwarf_attr_integrate(variable, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, &type) && !dwarf_aggregate_size(&type, bytes);
}

/* Adds a variable; false if it does not lie in memory throughout. */
static bool add_object(Dwarf_Die *variable, int64_t base, struct scope scope, struct frame *f)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operation;
	Dwarf_Word bytes;
	size_t count;
	int64_t low;

	if (!dwarf_attr_integrate(variable, DW_AT_location, &attribute))
		return dwarf_tag(variable) != DW_TAG_formal_parameter;
	/* It fails for a list of places, which is what optimised code has. */
	if (dwarf_getlocation(&attribute, &operation, &count) || !count)
		return false;
	switch (operation->atom) {
	case DW_OP_addr:
	case DW_OP_addrx:
	case DW_OP_GNU_addr_index:
		return true;
	case DW_OP_fbreg:
		break;
	default:
		return false;
	}
	low = base + (int64_t)operation->number;
	/* A place that is reached through a pointer; or the caller's part of the stack. */
	if (count > 1 || low >= 0)
		return true;
	if (f->objects == FRAME_OBJECTS_MAX || !bytes_of(variable, &bytes))
		return false;
	f->object[f->objects++] = (struct frame_object){ low, low + (int64_t)bytes, scope };
	return true;
}

/* Returns the code of a block, with what lies between its pieces; the function's if that is not
 * known. */
static struct scope scope_of(Dwarf_Die *block, Dwarf_Addr bias, struct scope function)
{
	struct scope scope = { UINTPTR_MAX, 0 };
	Dwarf_Addr base, low, high;
	ptrdiff_t next = 0;

	while ((next = dwarf_ranges(block, next, &base, &low, &high)) > 0) {
		scope.low = low + bias < scope.low ? low + bias : scope.low;
		scope.high = high + bias > scope.high ? high + bias : scope.high;
	}
	return !next && scope.low < scope.high ? scope : function;
}

static bool add_objects(Dwarf_Die *block, Dwarf_Addr bias, int64_t base, struct scope scope,
			struct frame *f)
{
	Dwarf_Die die;

	if (dwarf_child(block, &die))
		return true;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_formal_parameter:
		case DW_TAG_variable:
			if (!add_object(&die, base, scope, f))
				return false;
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
			if (!add_objects(&die, bias, base, scope_of(&die, bias, f->code), f))
				return false;
		}
	} while (!dwarf_siblingof(&die, &die));
	return true;
}

bool frame_find(uintptr_t pc, struct frame *f)
{
	const struct unit *u = unit_at(pc);

	for (size_t i = 0; u && i < u->count; i++) {
		struct function *function = &known.function[u->first + i];
		int64_t base;

		if (pc < function->low || pc >= function->high)
			continue;
		f->code = (struct scope){ function->low, function->high };
		f->objects = 0;
		f->literals = 0;
		f->has_all_objects = base_of(&function->die, &base) &&
				     add_objects(&function->die, function->bias, base, f->code, f);
		return true;
	}
	return false;
}
