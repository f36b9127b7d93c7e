/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Liveness of the bytes of a frame, by the machine code of its function.  A byte is live
 * where a call returns if some path from there reads it before it is written, or if its
 * address is taken anywhere; but not if no path that leads there has written it.  That is
 * decided for code that addresses its frame by the frame pointer and keeps nothing in
 * registers that a callee saves, as code without optimisation does; what is not
 * understood is live.
 */
#include <stdlib.h>
#include <string.h>

#include "live.h"

#if defined(__x86_64__)
#include <capstone/capstone.h>

/* A larger frame is live as a whole. */
#define FRAME_MAX 4096

/* Bytes of the frame, from its lowest; none when the count is 0. */
struct range {
	uint32_t first, count;
};

struct instruction {
	uint64_t address;
	uint32_t bytes;
	bool is_call;
	uint64_t callee;
	struct range reads, writes;	/* of the frame */
	struct range takes;		/* the object whose address it takes */
	int32_t next, target;		/* -1: none */
};

struct function {
	const struct frame *frame;
	csh capstone;
	struct instruction *code;
	size_t count;
	uint32_t frame_bytes;
	uint32_t outgoing;		/* bytes at its low end that callees take as arguments */
	bool is_masked;			/* all is understood so far */
	/* A bit for each byte: those whose address is taken anywhere; and when an
	 * instruction begins, those that are live, and those that may have been written. */
	size_t row;
	uint64_t *taken, *live, *written;
};

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

static bool keeps_registers(const struct function *f, const cs_insn *at)
{
	cs_regs read, written;
	uint8_t reads, writes;

	if (cs_regs_access(f->capstone, at, read, &reads, written, &writes))
		return true;
	for (unsigned i = 0; i < reads; i++)
		if (is_saved_by_callee(read[i]))
			return true;
	for (unsigned i = 0; i < writes; i++)
		if (is_saved_by_callee(written[i]))
			return true;
	return false;
}

static bool is_register(const cs_x86_op *o, x86_reg reg)
{
	return o->type == X86_OP_REG && o->reg == reg;
}

static bool has(const cs_insn *at, uint8_t group)
{
	for (unsigned i = 0; i < at->detail->groups_count; i++)
		if (at->detail->groups[i] == group)
			return true;
	return false;
}

/* Bits first .. first + count of a row. */
static void set_bits(uint64_t *row, struct range r, bool value)
{
	for (uint32_t i = r.first; i < r.first + r.count; i++) {
		if (value)
			row[i / 64] |= 1ull << (i % 64);
		else
			row[i / 64] &= ~(1ull << (i % 64));
	}
}

/* An address in the frame is taken: of a variable, or of the compiler's own between two. */
static void take_object_at(struct function *f, struct instruction *i, int64_t at)
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
	if (first < end) {
		low = first;
		high = end;
	}
	low = low < -bytes ? -bytes : low;
	high = high > 0 ? 0 : high;
	i->takes = (struct range){ (uint32_t)(low + bytes), (uint32_t)(high - low) };
	set_bits(f->taken, i->takes, true);
}

/* Returns whether all that the instruction does with its first operand is to write it. */
static bool stores(const cs_insn *at)
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
static void look_at_memory(struct function *f, struct instruction *i, const cs_insn *at,
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
			f->outgoing = (uint32_t)(disp + o->size);
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
static bool is_orderly(const struct function *f, const cs_insn *at, size_t index)
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

static void look_at_flow(struct function *f, struct instruction *i, const cs_insn *at)
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
		if (!is_immediate || (uint64_t)x->operands[0].imm < f->frame->low ||
		    (uint64_t)x->operands[0].imm >= f->frame->high) {
			f->is_masked = false;	/* a table, or code elsewhere */
			return;
		}
		i->target = (int32_t)((uint64_t)x->operands[0].imm - f->frame->low);
		if (at->id == X86_INS_JMP)
			i->next = -1;
	}
}

/* Reads the beginning of the function; false if it makes no frame. */
static bool read_prologue(struct function *f, const cs_insn *at, size_t index)
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
static bool read_code(struct function *f)
{
	const uint8_t *code = (const uint8_t *)f->frame->low;
	size_t left = f->frame->high - f->frame->low;
	uint64_t address = f->frame->low;
	cs_insn *at = cs_malloc(f->capstone);
	size_t index = 0;
	bool is_known = at;

	while (is_known && left && cs_disasm_iter(f->capstone, &code, &left, &address, at)) {
		struct instruction *i = &f->code[f->count++];
		const cs_x86 *x = &at->detail->x86;

		*i = (struct instruction){ .address = at->address, .bytes = at->size };
		look_at_flow(f, i, at);
		if (at->id == X86_INS_ENDBR64)
			continue;
		is_known = read_prologue(f, at, index) && !keeps_registers(f, at);
		if (!is_orderly(f, at, index))
			f->is_masked = false;
		for (unsigned k = 0; f->is_masked && k < x->op_count; k++)
			if (x->operands[k].type == X86_OP_MEM)
				look_at_memory(f, i, at, &x->operands[k]);
		index++;
	}
	if (at)
		cs_free(at, 1);
	return is_known && !left;
}

static size_t index_of(const struct function *f, uint64_t address)
{
	size_t low = 0, high = f->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (f->code[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void link_code(struct function *f)
{
	for (size_t k = 0; k < f->count; k++) {
		struct instruction *i = &f->code[k];

		if (!i->next)
			i->next = k + 1 < f->count ? (int32_t)k + 1 : -1;
		if (i->target < 0)
			continue;
		size_t target = index_of(f, f->frame->low + (uint64_t)i->target);

		if (target == f->count ||
		    f->code[target].address != f->frame->low + (uint64_t)i->target)
			f->is_masked = false;
		i->target = (int32_t)target;
	}
}

/* Goes backward until nothing is added. */
static void find_live(struct function *f)
{
	uint64_t row[FRAME_MAX / 64];
	bool grows = true;

	while (grows) {
		grows = false;
		for (size_t k = f->count; k-- > 0;) {
			const struct instruction *i = &f->code[k];
			uint64_t *live = f->live + k * f->row;

			memset(row, 0, f->row * 8);
			for (size_t w = 0; w < f->row; w++) {
				if (i->next >= 0)
					row[w] |= f->live[(size_t)i->next * f->row + w];
				if (i->target >= 0)
					row[w] |= f->live[(size_t)i->target * f->row + w];
			}
			set_bits(row, i->writes, false);
			set_bits(row, i->reads, true);
			if (memcmp(live, row, f->row * 8)) {
				memcpy(live, row, f->row * 8);
				grows = true;
			}
		}
	}
}

/* Adds a row to that of an instruction that may come next; returns whether it grew. */
static bool pass_on(struct function *f, int32_t to, const uint64_t *row)
{
	bool grows = false;

	for (size_t w = 0; to >= 0 && w < f->row; w++) {
		uint64_t *at = &f->written[(size_t)to * f->row + w];

		grows |= (row[w] & ~*at) != 0;
		*at |= row[w];
	}
	return grows;
}

/* Goes forward until nothing is added: an object may be written from when its address was
 * taken first. */
static void find_written(struct function *f)
{
	uint64_t row[FRAME_MAX / 64];
	bool grows = true;

	while (grows) {
		grows = false;
		for (size_t k = 0; k < f->count; k++) {
			const struct instruction *i = &f->code[k];

			memcpy(row, f->written + k * f->row, f->row * 8);
			set_bits(row, i->writes, true);
			set_bits(row, i->takes, true);
			grows |= pass_on(f, i->next, row);
			grows |= pass_on(f, i->target, row);
		}
	}
}

/* Returns whether a byte of the frame counts when a call returns. */
static bool is_live(const struct function *f, size_t call, uint32_t byte)
{
	int32_t next = f->code[call].next;
	uint64_t bits = f->taken[byte / 64];

	if (byte < f->outgoing)
		return true;
	if (next >= 0)
		bits |= f->live[(size_t)next * f->row + byte / 64];
	return (bits & f->written[call * f->row + byte / 64]) >> (byte % 64) & 1;
}

static void report(const struct function *f, bool is_known, live_receiver *receive)
{
	size_t words = is_known && f->is_masked ? f->frame_bytes / 8 : 0;

	for (size_t k = 0; k < f->count; k++) {
		const struct instruction *i = &f->code[k];
		struct live_call *call;

		if (!i->is_call)
			continue;
		call = calloc(1, sizeof(*call) + words * 8);
		if (!call)
			return;
		call->after = i->address + i->bytes;
		call->kind = !is_known ? LIVE_UNKNOWN : f->is_masked ? LIVE_MASKED : LIVE_WHOLE;
		call->target = is_known ? i->callee : 0;
		call->words = (uint32_t)words;
		for (uint32_t b = 0; b < words * 8; b++)
			if (is_live(f, k, b))
				call->mask[b / 8] |= 0xffull << (8 * (b % 8));
		receive(call);
	}
}

void live_analyse(const struct frame *frame, live_receiver *receive)
{
	struct function f = { .frame = frame, .is_masked = frame->has_all_objects };
	bool is_known;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &f.capstone))
		return;
	cs_option(f.capstone, CS_OPT_DETAIL, CS_OPT_ON);
	f.code = calloc(frame->high - frame->low + 1, sizeof(f.code[0]));
	f.taken = calloc(FRAME_MAX / 64, 8);
	is_known = frame->has_all_objects && f.code && f.taken && read_code(&f);
	if (is_known)
		link_code(&f);
	f.row = (f.frame_bytes + 63) / 64;
	f.live = calloc(f.count * f.row + 1, 8);
	f.written = calloc(f.count * f.row + 1, 8);
	if (!f.live || !f.written)
		is_known = false;
	if (is_known && f.is_masked) {
		find_live(&f);
		find_written(&f);
	}
	if (f.code)
		report(&f, is_known, receive);
	free(f.written);
	free(f.live);
	free(f.taken);
	free(f.code);
	cs_close(&f.capstone);
}
#else
/* Frames of other architectures are not understood yet: all is live. */
void live_analyse(const struct frame *f, live_receiver *receive)
{
}
#endif
