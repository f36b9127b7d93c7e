/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a machine; private to CVcpu. */
#ifndef VCPU_PRIVATE_MACHINE_H
#define VCPU_PRIVATE_MACHINE_H

#include "../include/vcpu_machine.h"
#include "../include/vcpu_states.h"
#include "../explore/loop.h"
#include "../states/parts.h"
#include "fibre.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* A poisoned page is 512 words; the rest is room for fused assertions. */
#define PARTS_MAX 576
#define RELEASES_MAX 64
/* Words that one instruction can touch: 16 bytes, unaligned. */
#define ACCESS_WORDS 3
/* Locks that one CPU holds. */
#define TAKEN_MAX 64
/* Reads of one assertion, and of all that wait to be fused. */
#define ASSERT_READS_MAX 32
#define UNFUSABLE_MAX 64
#define POISON_LOG_MAX 4096
/* An execution that does not end is not recorded to its end. */
#define TRACE_MAX (1u << 18)
/* Arena bytes that are reset together. */
#define BLOCK_SHIFT 7
#define BLOCK_BYTES (1u << BLOCK_SHIFT)
/* It may differ from the snapshot; from when the state was named last. */
#define BLOCK_DIRTY 1u
#define BLOCK_TOUCHED 2u

/* Knowledge of one 8-byte word, from all executions so far. */
struct word {
	uint64_t visible;		/* bits that two CPUs conflict on */
	uint64_t lock;			/* bits that are a lock */
	uint64_t plain;			/* bits accessed other than by locking: where they are
					 * a lock too, its releases are events */
	uint64_t watched;		/* bits that an invariant depends on */
	uint64_t guard;			/* bits that are a lock under which it says nothing */
	uint64_t read[VCPU_MAX];	/* bits each CPU has read */
	uint64_t written[VCPU_MAX];
};

enum cpu_state { CPU_IDLE, CPU_RUNNING, CPU_FINISHED, CPU_HALTED };

/* The end that a blocked operation waits for; the first four are the kinds of lock, then
 * come the kinds of section in their order. */
enum wait_kind {
	WAIT_NONE, WAIT_SPIN, WAIT_BIT, WAIT_WRITE, WAIT_READ, WAIT_RCU, WAIT_IRQ,
	WAIT_LOOP,		/* until another CPU changes what the loop reads */
	WAIT_CUT		/* for ever: the CPU is followed no further */
};

/* A CPU can be in the middle of one of these, and another wait for its end. */
enum section_kind { SECTION_RCU, SECTION_IRQ, SECTIONS };

struct section {
	uint32_t nesting;
	const void *of;			/* what this CPU's section is about */
};

/* The part of a copy, or of a fill, that is still to be done. */
struct copied {
	unsigned char *to;
	const unsigned char *from;
	size_t bytes;
	uint64_t word;			/* that was read, and is written next */
};

/* A lock that a CPU holds. */
struct taken_lock {
	const void *lock;
	uint64_t bits;
	bool shared;
};

/* The place in an operation at which it waits for assertions that come first. */
enum flush_place {
	FLUSH_BEFORE,			/* all of it, or elsewhere */
	FLUSH_WRITE,			/* before an access that is not an event */
	FLUSH_POISON			/* before a use after free ends the CPU */
};

struct cpu {
	struct fibre fibre;
	enum cpu_state state;
	void (*body)(void *);
	void *argument;

	struct vcpu_pending pending;
	const void *pending_pc;
	enum wait_kind wait;
	const void *wait_address;
	uint64_t wait_mask;
	struct section section[SECTIONS];
	unsigned taken_count;
	unsigned guards;		/* of the locks taken, those of an invariant */
	uint64_t quiet;			/* accesses since the last event */
	uint64_t operand[2];		/* of the pending atomic operation */
	/* More of what an operation that waits needs to go on: see states/record.h. */
	uint64_t offset;		/* of what it accesses, in the arena */
	uint64_t value;			/* that it stores, or its other argument */
	bool releases_own;		/* the lock that it gives back was taken by this CPU */
	enum flush_place flushes;	/* where assertions come first */
	struct copied copied;
	const struct vcpu_site *ends;	/* with which it halts next, or NULL */
	struct vcpu_state_name name;	/* of all but the sections that it waits for */

	/* Assertion fusing. */
	bool oopsed;			/* its wild access is being reported */
	bool collecting;		/* an assertion is being evaluated */
	bool overflow;			/* it read more than fits */
	const struct vcpu_site *inner;	/* an assertion inside it that failed */
	unsigned deferred;
	unsigned reads;			/* of the deferred assertions */
	unsigned fresh;			/* of the assertion being evaluated */
	struct taken_lock taken[TAKEN_MAX];
	struct vcpu_part read[ASSERT_READS_MAX];
	struct vcpu_part fresh_read[ASSERT_READS_MAX];
	struct deferred_assertion assertion[DEFERRED_MAX];

	struct vcpu_part parts[PARTS_MAX];
	struct loop loop;
};

struct vcpu_machine {
	unsigned char *memory;		/* in one piece: most of what the pointers below point to */
	size_t memory_bytes;
	unsigned char *arena;
	bool arena_is_borrowed;		/* it is not in the memory */
	size_t arena_bytes;
	size_t words_total;		/* and one more for each kind of section */
	unsigned char *snapshot;
	unsigned char *poison;		/* a byte a word */
	unsigned char *poison_snapshot;
	struct word *word;
	unsigned char *dirty;		/* a byte a block */
	uint32_t *dirty_list;
	uint32_t dirty_count;
	struct touched *touched_list;
	uint32_t touched_count;
	struct vcpu_state_name arena_name;	/* the sum of the blocks' names */
	struct vcpu_state_name *block_name;	/* as when the state was named last */
	struct counters counters;
	unsigned char *counted;		/* blocks with counters, a byte a block; or NULL */
	struct region region[REGIONS_MAX];
	unsigned regions;
	uintptr_t region_low, region_high;	/* all lie between these */
	uint64_t regions_version;	/* when they changed last */
	struct frame_name *frame_name;
	unsigned char region_hint[REGION_HINTS];	/* where an address like this was found last */
	struct poison_change poison_log[POISON_LOG_MAX];
	uint32_t poison_changes;
	struct vcpu_state_name poison_name;
	struct journal journal;

	uint32_t options;
	bool executing;			/* events are scheduled */
	bool trace_on;
	uint32_t loops;			/* CPUs that may be in a loop */
	uint32_t cut;			/* CPUs that are followed no further, as a mask */
	bool stuck;			/* one of them, as it ran too long without an event */
	uint32_t changes;		/* enum vcpu_changes */
	bool pauses;			/* a CPU that is quiet for long has a step */
	bool watches;			/* invariants say what they depend on */
	bool shows;			/* the last step may change what one says */
	int running;			/* CPU on its own stack, or -1 */
	unsigned cpu_count;
	struct fibre scheduler;		/* the thread that explores */
	struct cpu *cpu;
	/* CPUs whose sections must end before one of another CPU's waits is over. */
	uint32_t awaited[VCPU_MAX][SECTIONS];
	uint32_t unfinished;		/* CPUs that have not ended, as of when they ran last */
	uint32_t waiting;		/* those of them that wait for something */
	uint32_t unnamed;		/* CPUs that ran since they were named, as a mask */
	struct vcpu_state_name cpus_name;	/* the sum of the others' names */
	uint32_t step;
	uint64_t generation;
	uint64_t accesses;
	uint32_t *conflicts;		/* words on which CPUs conflict; shared, behind the words */

	const struct vcpu_unresolved *unresolved;	/* may be NULL */

	struct vcpu_part release[RELEASES_MAX];
	uint32_t releases;
	struct vcpu_bug_record bug[VCPU_BUGS_MAX];
	uint32_t bugs;
	const void *unfusable[UNFUSABLE_MAX];
	unsigned unfusables;
	uint64_t marks[32];

	struct vcpu_trace_record *trace;
	size_t trace_count, trace_capacity;
	size_t open_write[VCPU_MAX + 1]; /* 1 + index of the record without `after` */
	/* The text by which the oracle that was asked last explains its answer. */
	char explanation[VCPU_EXPLANATION_BYTES];
	const void *about;		/* the word that "{}" stands for, or NULL */
	const void *concern[VCPU_CONCERNS_MAX];
	uint32_t concerns;

	struct spoil *spoil;		/* NULL but in a test of names */
	void *signal_stack;
	struct vcpu_machine *outer;	/* that was current before */
	unsigned nested;		/* entries while it was current */
};

/* The machine of this thread; never NULL, so that the hooks need no test. */
extern __thread struct vcpu_machine *vcpu_current
	__attribute__((tls_model("initial-exec")));
extern struct vcpu_machine vcpu_no_machine;

static inline struct cpu *running_cpu(struct vcpu_machine *m)
{
	return &m->cpu[m->running];
}

/* The bits of the CPUs that there are. */
static inline uint32_t all_cpus(const struct vcpu_machine *m)
{
	return (1u << m->cpu_count) - 1;
}

/* Notes whether a CPU has ended, and whether it waits: it ran, or is what it was before. */
static inline void note_progress(struct vcpu_machine *m, unsigned cpu)
{
	const struct cpu *c = &m->cpu[cpu];
	bool runs = c->state == CPU_RUNNING;

	m->unfinished = (m->unfinished & ~(1u << cpu)) | (uint32_t)runs << cpu;
	m->waiting = (m->waiting & ~(1u << cpu)) | (uint32_t)(runs && c->wait != WAIT_NONE) << cpu;
}

/* The words, and behind them the number of those on which CPUs conflict. */
static inline size_t word_bytes(const struct vcpu_machine *m)
{
	return (m->words_total + SECTIONS) * sizeof(m->word[0]) + sizeof(uint64_t);
}

static inline size_t blocks(const struct vcpu_machine *m)
{
	return m->arena_bytes >> BLOCK_SHIFT;
}

/* machine.c: fresh pages, all zero, or NULL. */
void *pages_map(size_t bytes);
void pages_unmap(void *p, size_t bytes);

/* snapshot.c */
/* Makes the arena, one block of it, or what is freed of it what it was at the snapshot. */
void snapshot_restore(struct vcpu_machine *m);
void block_restore(struct vcpu_machine *m, uint32_t block);
void poison_restore(struct vcpu_machine *m);

/* The block is about to change, for the first time since its execution began or its state
 * was named. */
void touch_block(struct vcpu_machine *m, uint32_t block);

/* states/ */
/* Notes where a region lies. */
void set_region(struct vcpu_machine *m, unsigned index, const void *first, size_t bytes);
/* Finds the regions that are objects. */
void find_objects(struct vcpu_machine *m);
/* Keeps a block as it is; returns where, or NOT_KEPT. */
size_t journal_block(struct vcpu_machine *m, uint32_t block);
/* The bytes that were kept there. */
const unsigned char *journal_bytes(const struct journal *j, size_t entry);
void journal_poison(struct vcpu_machine *m, uint32_t word, uint32_t count);
/* Forgets what was kept: an execution begins. */
void journal_begin(struct journal *j);
void journal_free(struct journal *j);
/* Makes what lies below the CPU's stack the same whatever ran there before. */
void stack_scrub(struct cpu *c);
/* Forgets the name of a CPU, which is about to run. */
static inline void forget_name(struct vcpu_machine *m, unsigned cpu)
{
	if (m->unnamed >> cpu & 1)
		return;
	m->unnamed |= 1u << cpu;
	m->cpus_name.low -= m->cpu[cpu].name.low;
	m->cpus_name.high -= m->cpu[cpu].name.high;
}
/* Forgets those of all. */
static inline void forget_names(struct vcpu_machine *m)
{
	m->unnamed = ~0u;
	m->cpus_name = (struct vcpu_state_name){ 0, 0 };
}
/* Names these words of the poison anew: before they change, and after. */
void name_poison(struct vcpu_machine *m, uint32_t word, uint32_t count, bool is_before);

/* Notes that bytes of the arena change before anything else happens: a CPU that waits first
 * notes it when the wait is over. */
static inline void mark_dirty(struct vcpu_machine *m, uintptr_t offset, size_t bytes)
{
	uintptr_t last = (offset + bytes - 1) >> BLOCK_SHIFT;

	for (uintptr_t block = offset >> BLOCK_SHIFT; block <= last; block++)
		if (unlikely(m->dirty[block] != (BLOCK_DIRTY | BLOCK_TOUCHED)))
			touch_block(m, (uint32_t)block);
}

/* conflicts.c: the knowledge of words, which is nil at first, in memory that is shared. */
bool words_map(struct vcpu_machine *m);

/* Adds bits to a set that other processes add to; returns what it was. */
static inline uint64_t learn_bits(uint64_t *set, uint64_t bits)
{
	return __atomic_fetch_or(set, bits, __ATOMIC_SEQ_CST);
}

static inline void learn_count(uint32_t *count)
{
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

/* conflicts.c: learn what was not known. */
void learn_access(struct vcpu_machine *m, struct word *w, uint64_t mask, bool write);
void learn_plain(struct vcpu_machine *m, struct word *w, uint64_t mask);

/* Notes the access; true if two CPUs conflict on it. */
static inline bool access_is_visible(struct vcpu_machine *m, uint32_t word, uint64_t mask,
				     bool write)
{
	struct word *w = &m->word[word];
	uint64_t known = write ? w->written[m->running] : w->read[m->running];

	if (unlikely(mask & ~known))
		learn_access(m, w, mask, write);
	if (unlikely(m->watches) && write && (w->guard | (running_cpu(m)->guards ? 0 : w->watched)) & mask)
		return true;
	return (w->visible & mask) || !(m->options & VCPU_CONFLICTS_ONLY);
}

/* Notes that bits are accessed other than by locking. */
static inline void note_plain(struct vcpu_machine *m, uint32_t word, uint64_t mask)
{
	if (unlikely(mask & ~m->word[word].plain))
		learn_plain(m, &m->word[word], mask);
}

/* Notes that the running CPU changed these bits, outside a lock that it says so of. */
static inline void note_change(struct vcpu_machine *m, uint32_t word, uint64_t mask)
{
	m->changes |= VCPU_CHANGED_MEMORY;
	if (unlikely(m->word[word].watched & mask) && !running_cpu(m)->guards)
		m->shows = true;
}

/* The bits of a word that so many bytes are, where conflicts are exact. */
static inline uint64_t byte_mask(const struct vcpu_machine *m, uintptr_t offset, unsigned bytes)
{
	if (bytes >= 8 || !(m->options & VCPU_EXACT_CONFLICTS))
		return ~0ull;
	return ((1ull << (8 * bytes)) - 1) << (8 * (offset & 7));
}

/* event.c */
/* One access of the running CPU: waits to be scheduled if it is visible. */
void access_word(struct vcpu_machine *m, uintptr_t offset, uint64_t mask, bool write,
		 uint32_t operation, const void *pc);
/* The same of up to ACCESS_WORDS words, all of them at once. */
void access_words(struct vcpu_machine *m, const struct vcpu_part *parts, unsigned words,
		  uint32_t operation, const void *pc);
/* Halts the CPU when what it accesses is freed memory. */
void check_poison(struct vcpu_machine *m, uintptr_t offset, const void *pc);
/* Waits to be scheduled with the parts in the CPU's buffer. */
void event_wait(struct vcpu_machine *m, uint32_t operation, uint32_t count, const void *pc);

/* assert.c */
void assertions_flush(struct vcpu_machine *m);
void assertions_flush_at(struct vcpu_machine *m, enum flush_place place);
void assertions_fuse(struct vcpu_machine *m, struct cpu *c, uint32_t *count);
void assertions_run(struct vcpu_machine *m, struct cpu *c);
void assertions_before_write(struct vcpu_machine *m, struct cpu *c, uint32_t word,
			     uint64_t mask);
void assertion_collect(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask,
		       bool write);

/* stuck.c: for the calling thread. */
void stuck_watch(void);
void stuck_unwatch(void);

/* trace.c */
/* Forgets what is recorded: an execution begins. */
void trace_begin(struct vcpu_machine *m);
/* Returns the new record, or NULL when there is not enough room. */
struct vcpu_trace_record *trace_add(struct vcpu_machine *m, enum vcpu_trace_kind kind,
				    const void *pc, const void *address, uint32_t bytes,
				    uint64_t mask, const struct vcpu_site *site);
void trace_close(struct vcpu_machine *m, int cpu);
/* The number of machines that record what happens: calls are far more than all else, so their
 * hooks look at nothing else. */
extern _Atomic unsigned vcpu_traces;
/* Records a call, or its end, if the current machine records what happens. */
void trace_call(enum vcpu_trace_kind kind, const void *pc, const void *caller);

/* bug.c, and core/lock.c */
extern const struct vcpu_site vcpu_site_use_after_free, vcpu_site_not_held;
void record_bug(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc,
		bool halts);
_Noreturn void halt_with(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc);

/* states/spoil.c: NULL is ignored. */
void spoil_free(struct spoil *s);

/* unresolved.c: the symbol that an address lies in, or NULL. */
const struct vcpu_site *unresolved_at(const struct vcpu_machine *m, const void *address);

#endif
