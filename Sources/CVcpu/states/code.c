/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads code that addresses its frame by the frame pointer, and keeps nothing in registers
 * that a callee saves, as code without optimisation does.
 */
#include "code.h"

#if defined(__x86_64__)
#include "literal.h"

static bool is_saved_by_callee(unsigned reg)
{
	switch (reg) {
	case X86_REG_RBX: case X86_REG_EBX: case X86_REG_BX: case X86_REG_BL: case X86_REG_BH:
	case X86_REG_R12: case X86_REG_R12D: case X86_REG_R12W: case X86_REG_R12B:
	case X86_REG_R13: case X86_REG_R13D: case X86_REG_R13W: case X86_REG_R13B:
	case X86_REG_R14: case X86_REG_R14D: case X86_REG_R14W: case X86_REG_R14B:
	case X86_REG_R15: case X86_REG_R15D: case X86_REG_R15W: case X86_REG_R15B:
		return true;
	default:
		return false;
	}
}

static bool uses_saved_register(csh capstone, const cs_insn *at)
{
	cs_regs read, written;
	uint8_t reads, writes;

	if (cs_regs_access(capstone, at, read, &reads, written, &writes))
		return true;
	for (unsigned i = 0; i < reads; i++)
		if (is_saved_by_callee(read[i]))
			return true;
	for (unsigned i = 0; i < writes; i++)
		if (is_saved_by_callee(written[i]))
			return true;
	return false;
}

static bool has(const cs_insn *at, uint8_t group)
{
	for (unsigned i = 0; i < at->detail->groups_count; i++)
		if (at->detail->groups[i] == group)
			return true;
	return false;
}

void take_object_at(struct code *f, struct instruction *i, int64_t at)
{
	int64_t low = INT64_MIN, high = 0, bytes = f->frame_bytes;
	int64_t first = INT64_MAX, end = INT64_MIN;

	if (at >= 0)
		return;			/* its caller keeps it */
	if (at < -bytes) {
		f->is_masked = false;
		return;
	}
	for (unsigned i = 0; i < f->frame->objects; i++) {
		const struct frame_object *o = &f->frame->object[i];

		if (o->low <= at && at < o->high) {
			first = o->low < first ? o->low : first;
			end = o->high > end ? o->high : end;
		}
		if (o->high <= at && o->high > low)
			low = o->high;
		if (o->low > at && o->low < high)
			high = o->low;
	}
	low = low < f->lowest ? f->lowest : low;
	if (first < end) {
		low = first;
		high = end;
	}
	low = low < -bytes ? -bytes : low;
	high = high > 0 ? 0 : high;
	i->takes = (struct range){ (uint32_t)(low + bytes), (uint32_t)(high - low) };
	set_bits(f->taken, i->takes, true);
	/* An object without a name is written as a whole before its middle is given away, so
	 * only what lies above may be written by others. */
	if (first >= end)
		i->takes = (struct range){ (uint32_t)(at + bytes), (uint32_t)(high - at) };
}

bool stores(const cs_insn *at)
{
	const cs_x86 *x = &at->detail->x86;

	if (x->op_count != 2 || x->operands[0].type != X86_OP_MEM)
		return false;
	switch (at->id) {
	case X86_INS_MOV:
		return x->operands[1].type == X86_OP_IMM ||
		       (x->operands[1].type == X86_OP_REG &&
			x->operands[1].size == x->operands[0].size);
	case X86_INS_MOVABS:
		return false;
	case X86_INS_MOVAPS: case X86_INS_MOVUPS: case X86_INS_MOVAPD: case X86_INS_MOVUPD:
	case X86_INS_MOVDQA: case X86_INS_MOVDQU:
		return x->operands[1].type == X86_OP_REG && x->operands[0].size == 16;
	case X86_INS_MOVQ: case X86_INS_MOVSD:
		return x->operands[1].type == X86_OP_REG && x->operands[0].size == 8;
	case X86_INS_MOVD: case X86_INS_MOVSS:
		return x->operands[1].type == X86_OP_REG && x->operands[0].size == 4;
	default:
		return false;
	}
}

/* Notes an operand in memory. */
static void look_at_memory(struct code *f, struct instruction *i, const cs_insn *at,
			   const cs_x86_op *o)
{
	int64_t disp = o->mem.disp;

	if (o->mem.base == X86_REG_RSP || o->mem.index == X86_REG_RSP) {
		/* Below is nothing; above are arguments of the next call. */
		if (at->id == X86_INS_LEA || o->mem.index != X86_REG_INVALID || !stores(at)) {
			if (disp >= 0 || at->id == X86_INS_LEA || o->mem.index != X86_REG_INVALID)
				f->is_masked = false;
			return;
		}
		if (disp >= 0 && disp + o->size > f->outgoing)
			f->outgoing = (uint32_t)(disp + o->size + 7) & ~7u;
		return;
	}
	if (o->mem.index == X86_REG_RBP) {
		f->is_masked = false;
		return;
	}
	if (o->mem.base != X86_REG_RBP)
		return;
	if (o->mem.index != X86_REG_INVALID || at->id == X86_INS_LEA) {
		take_object_at(f, i, disp);
		return;
	}
	if (disp >= 0)
		return;
	if (disp < -(int64_t)f->frame_bytes || disp + o->size > 0 || !o->size || o->size > 16 ||
	    (o->size & (o->size - 1)) || i->reads.count) {
		f->is_masked = false;
		return;
	}
	struct range r = { (uint32_t)(disp + f->frame_bytes), o->size };

	if (stores(at))
		i->writes = r;
	else
		i->reads = r;
}

/* Returns whether the instruction uses the frame or the stack pointer as code does that
 * has one frame from its beginning to its end. */
static bool is_orderly(const struct code *f, const cs_insn *at, size_t index)
{
	const cs_x86 *x = &at->detail->x86;

	switch (at->id) {
	case X86_INS_PUSH:
		return !index && is_register(&x->operands[0], X86_REG_RBP);
	case X86_INS_POP:
		return is_register(&x->operands[0], X86_REG_RBP);
	case X86_INS_ADD:
		if (is_register(&x->operands[0], X86_REG_RSP))
			return x->operands[1].type == X86_OP_IMM &&
			       x->operands[1].imm == f->frame_bytes;
		break;
	case X86_INS_SUB:
		if (is_register(&x->operands[0], X86_REG_RSP))
			return index == 2;
		break;
	case X86_INS_MOV:
		if (is_register(&x->operands[0], X86_REG_RBP))
			return index == 1;
		break;
	}
	for (unsigned i = 0; i < x->op_count; i++)
		if (is_register(&x->operands[i], X86_REG_RBP) ||
		    is_register(&x->operands[i], X86_REG_RSP) ||
		    is_register(&x->operands[i], X86_REG_EBP) ||
		    is_register(&x->operands[i], X86_REG_ESP))
			return false;
	return true;
}

static void look_at_flow(struct code *f, struct instruction *i, const cs_insn *at)
{
	const cs_x86 *x = &at->detail->x86;
	bool is_immediate = x->op_count == 1 && x->operands[0].type == X86_OP_IMM;

	/* Indices are put in when all are known. */
	i->next = 0;
	i->target = -1;
	if (has(at, CS_GRP_CALL)) {
		i->is_call = true;
		if (is_immediate)
			i->callee = (uint64_t)x->operands[0].imm;
	} else if (has(at, CS_GRP_RET) || has(at, CS_GRP_IRET) || at->id == X86_INS_UD2 ||
		   at->id == X86_INS_HLT) {
		i->next = -1;
	} else if (has(at, CS_GRP_JUMP)) {
		if (!is_immediate || (uint64_t)x->operands[0].imm < f->frame->code.low ||
		    (uint64_t)x->operands[0].imm >= f->frame->code.high) {
			f->is_masked = false;	/* a table, or code elsewhere */
			return;
		}
		i->target = (int32_t)((uint64_t)x->operands[0].imm - f->frame->code.low);
		if (at->id == X86_INS_JMP)
			i->next = -1;
	}
}

/* Reads the beginning of the function; false if it makes no frame. */
static bool read_prologue(struct code *f, const cs_insn *at, size_t index)
{
	const cs_x86 *x = &at->detail->x86;

	switch (index) {
	case 0:
		return at->id == X86_INS_PUSH && is_register(&x->operands[0], X86_REG_RBP);
	case 1:
		return at->id == X86_INS_MOV && is_register(&x->operands[0], X86_REG_RBP) &&
		       is_register(&x->operands[1], X86_REG_RSP);
	case 2:
		if (at->id != X86_INS_SUB || !is_register(&x->operands[0], X86_REG_RSP) ||
		    x->operands[1].type != X86_OP_IMM)
			return true;
		if (x->operands[1].imm < 0 || x->operands[1].imm % 8)
			f->is_masked = false;
		else if (x->operands[1].imm > FRAME_MAX)
			f->is_masked = false;
		else
			f->frame_bytes = (uint32_t)x->operands[1].imm;
		return true;
	default:
		return true;
	}
}

/* Reads all instructions; false if the function is not one that keeps nothing in registers. */
static bool read_code(struct code *f, csh capstone)
{
	const uint8_t *code = (const uint8_t *)f->frame->code.low;
	size_t left = f->frame->code.high - f->frame->code.low;
	uint64_t address = f->frame->code.low;
	cs_insn *at = cs_malloc(capstone);
	struct given given = { NULL, NULL, 0 };
	size_t index = 0;
	bool is_known = at;

	while (is_known && left && cs_disasm_iter(capstone, &code, &left, &address, at)) {
		struct instruction *i = &f->at[f->count++];
		const cs_x86 *x = &at->detail->x86;

		*i = (struct instruction){ .address = at->address, .bytes = at->size };
		look_at_flow(f, i, at);
		if (at->id == X86_INS_ENDBR64)
			continue;
		is_known = read_prologue(f, at, index) && !uses_saved_register(capstone, at);
		if (i->is_call) {
			i->outgoing = f->outgoing;
			f->outgoing = 0;
		}
		if (!is_orderly(f, at, index))
			f->is_masked = false;
		look_at_literal(f, &given, i, capstone, at);
		if (f->is_masked && literal_of(f->frame, at)) {
			given = (struct given){ literal_of(f->frame, at), i, x->operands[1].mem.disp };
			index++;
			continue;
		}
		for (unsigned k = 0; f->is_masked && k < x->op_count; k++)
			if (x->operands[k].type == X86_OP_MEM)
				look_at_memory(f, i, at, &x->operands[k]);
		index++;
	}
	if (at)
		cs_free(at, 1);
	return is_known && !left;
}

static size_t index_of(const struct code *f, uint64_t address)
{
	size_t low = 0, high = f->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (f->at[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void link_code(struct code *f)
{
	for (size_t k = 0; k < f->count; k++) {
		struct instruction *i = &f->at[k];

		if (!i->next)
			i->next = k + 1 < f->count ? (int32_t)k + 1 : -1;
		if (i->target < 0)
			continue;
		size_t target = index_of(f, f->frame->code.low + (uint64_t)i->target);

		if (target == f->count ||
		    f->at[target].address != f->frame->code.low + (uint64_t)i->target)
			f->is_masked = false;
		i->target = (int32_t)target;
	}
}

bool code_read(struct code *f)
{
	csh capstone;
	bool is_known;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone))
		return false;
	cs_option(capstone, CS_OPT_DETAIL, CS_OPT_ON);
	find_literals(f, capstone);
	is_known = read_code(f, capstone);
	cs_close(&capstone);
	if (is_known)
		link_code(f);
	return is_known;
}
#else
/* Frames of other architectures are not understood yet: all is live. */
bool code_read(struct code *f)
{
	return false;
}
#endif
