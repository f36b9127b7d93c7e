/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Literals of blocks begin with the address of their class, and their descriptor says how long
 * they are: what lies between one and the next object is what other calls left there.
 *
 * A hook does not look at what it is told of, and an assertion keeps a copy.  So a literal that
 * is given to nothing else is live only from where it is written up to that call; of another
 * one the address is taken.
 */
#if defined(__x86_64__)
#include "literal.h"

/* The class of those that lie on a stack; of the runtime of blocks. */
extern void *_NSConcreteStackBlock[32];

/* The part of each before what it captured, and where its descriptor is in it. */
#define HEAD_BYTES	32
#define DESCRIPTOR_AT	24

/* Returns the address that an instruction loads eight bytes from, or that it loads itself; 0 if
 * it does not do that. */
static uintptr_t constant_of(const cs_insn *at, unsigned id)
{
	const cs_x86 *x = &at->detail->x86;

	if (at->id != id || x->op_count != 2 || x->operands[0].type != X86_OP_REG ||
	    x->operands[0].size != 8 || x->operands[1].type != X86_OP_MEM ||
	    x->operands[1].mem.base != X86_REG_RIP)
		return 0;
	return at->address + at->size + (uintptr_t)x->operands[1].mem.disp;
}

static void add_literal(struct frame *f, int64_t low, const int64_t *descriptor)
{
	int64_t high = low + descriptor[1];

	if (descriptor[1] < HEAD_BYTES || high > 0 || f->objects == FRAME_OBJECTS_MAX)
		return;
	f->object[f->objects++] = (struct frame_object){ low, high, f->code };
	f->literals++;
}

void find_literals(struct code *code, csh capstone)
{
	struct frame *f = code->frame;
	const uint8_t *bytes = (const uint8_t *)f->code.low;
	uintptr_t class = 0, descriptor = 0;
	size_t left = f->code.high - f->code.low;
	uint64_t address = f->code.low;
	cs_insn *at = cs_malloc(capstone);
	int64_t literal = 0;

	while (at && left && cs_disasm_iter(capstone, &bytes, &left, &address, at)) {
		const cs_x86 *x = &at->detail->x86;

		for (unsigned i = 0; i < x->op_count; i++)
			if (x->operands[i].type == X86_OP_MEM && x->operands[i].mem.base == X86_REG_RBP &&
			    (at->id == X86_INS_LEA || x->operands[i].mem.index != X86_REG_INVALID) &&
			    x->operands[i].mem.disp < code->lowest)
				code->lowest = x->operands[i].mem.disp;
		if (stores(at) && x->operands[0].mem.base == X86_REG_RBP && x->operands[0].size == 8) {
			int64_t disp = x->operands[0].mem.disp;

			if (class && *(void *const *)class == (void *)_NSConcreteStackBlock)
				literal = disp;
			if (descriptor && literal && disp == literal + DESCRIPTOR_AT)
				add_literal(f, literal, (const int64_t *)descriptor);
		}
		class = constant_of(at, X86_INS_MOV);
		descriptor = constant_of(at, X86_INS_LEA);
	}
	if (at)
		cs_free(at, 1);
}

const struct frame_object *literal_of(const struct frame *f, const cs_insn *at)
{
	const cs_x86 *x = &at->detail->x86;

	if (at->id != X86_INS_LEA || !is_register(&x->operands[0], X86_REG_RDI) ||
	    x->operands[1].mem.base != X86_REG_RBP || x->operands[1].mem.index != X86_REG_INVALID)
		return NULL;
	for (unsigned i = f->objects - f->literals; i < f->objects; i++)
		if (f->object[i].low <= x->operands[1].mem.disp && x->operands[1].mem.disp < f->object[i].high)
			return &f->object[i];
	return NULL;
}

/* Returns whether an instruction looks at the address on its way; not if it adds to it. */
static bool reads_argument(csh capstone, const cs_insn *at)
{
	cs_regs read, written;
	uint8_t reads, writes;

	if (at->id == X86_INS_ADD && is_register(&at->detail->x86.operands[0], X86_REG_RDI) &&
	    at->detail->x86.operands[1].type == X86_OP_IMM)
		return false;
	if (cs_regs_access(capstone, at, read, &reads, written, &writes))
		return true;
	for (unsigned i = 0; i < reads; i++)
		if (read[i] == X86_REG_RDI || read[i] == X86_REG_EDI || read[i] == X86_REG_DI || read[i] == X86_REG_DIL)
			return true;
	return false;
}

void look_at_literal(struct code *f, struct given *g, struct instruction *i, csh capstone,
		     const cs_insn *at)
{
	enum record_kind callee = RECORD_NONE;

	if (!g->literal)
		return;
	if (i->is_call && i->callee)
		callee = record_of(callee_of(i->callee));
	if (callee == RECORD_CONDITION)
		i->reads = (struct range){
			(uint32_t)(g->literal->low + f->frame_bytes),
			(uint32_t)(g->literal->high - g->literal->low)
		};
	else if (i->is_call || i->target >= 0 || i->next < 0 || reads_argument(capstone, at)) {
		if (callee != RECORD_OFFSET)
			take_object_at(f, g->from, g->disp);
	} else
		return;
	g->literal = NULL;
}
#endif
