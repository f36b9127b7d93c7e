/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual machine that the code under test runs on: virtual CPUs (one
 * fibre each, all on the calling thread), one arena that holds everything
 * mutable, and the primitives that kernel code is built from.
 *
 * This header is the code-under-test side: what the shim headers of CMM call.
 * Every function here is one event of the CPU that calls it; plain C loads and
 * stores become events through the compiler's __tsan_* hooks.  The explorer's
 * side is vcpu_machine.h.
 *
 * Outside an execution (world set-up, end checks) the primitives do what they
 * say, at once, and nothing is scheduled.
 */
#ifndef VCPU_H
#define VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The kind of finding that a site reports. */
enum vcpu_bug_kind {
	VCPU_BUG_ON = 1,	/**< BUG() / BUG_ON(): always compiled in */
	VCPU_VM_BUG_ON,		/**< VM_BUG_ON*(): CONFIG_DEBUG_VM */
	VCPU_BAD_STATE,		/**< bad_page(), pmd_clear_bad() and the like */
	VCPU_INVARIANT,		/**< an invariant of the scenario */
	VCPU_USE_AFTER_FREE,	/**< access to poisoned memory */
	VCPU_LEAK,		/**< something is left over at the end */
	VCPU_OOPS,		/**< a wild access: SIGSEGV in the code under test */
	VCPU_SLEEP_IN_ATOMIC,	/**< a sleeping function in an RCU section, or with interrupts off */
	VCPU_LOCK_MISUSE,	/**< unlock of a lock that is not held */
	VCPU_UNRESOLVED,		/**< the use of a symbol that nothing defines */
};

/** One place in the source that can report a bug; statically allocated. */
struct vcpu_site {
	enum vcpu_bug_kind kind;
	const char *expression;	/**< the condition as it is written */
	const char *function;
	const char *file;	/**< as the compiler names it (may be absolute) */
	int line;
};

/** Index of the running virtual CPU; 0 outside an execution. */
int vcpu_id(void);

/** First byte of the current machine's arena (fixed for its lifetime). */
void *vcpu_arena(void);

/** Size of the current machine's arena in bytes. */
size_t vcpu_arena_size(void);

/**
 * Reports a bug.  In an execution the CPU halts for good, keeping its locks,
 * as an oopsed task does; the other CPUs go on.  Outside an execution the
 * finding is recorded and control returns to the caller of
 * vcpu_machine_guard().
 */
_Noreturn void vcpu_bug(const struct vcpu_site *site);

/** A finding that does not stop the CPU (bad_page()). */
void vcpu_report(const struct vcpu_site *site);

typedef bool (^vcpu_condition)(void);

/**
 * Asserts that bad() is false.  The block must have no side effects and may be
 * called more than once and later, up to the CPU's next event: a passing
 * assertion has no effect, so it may move there ("assertion fusing").  What it
 * captures is captured by value, here.
 */
void vcpu_assert_not(vcpu_condition bad, const struct vcpu_site *site);

/** Kernel log line; kept only while a trace is recorded. */
void vcpu_printk(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Counts a call of a stub, so that a test may ask for it.  index < 32. */
void vcpu_mark(unsigned index);

/* ---- oracles: what they say beside the site that they return ------------- */

/** True while somebody reads what oracles explain; else they may be quick. */
bool vcpu_explains(void);
/**
 * Says what is false, with the values; "{}" stands for the name of the word
 * `about`, which is of concern, too, unless it is NULL.  An oracle that explains
 * and returns NULL tolerates what it saw: somebody at work is entitled to it.
 * Kept only while vcpu_explains().
 */
void vcpu_explain(const void *about, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/** A word that the values come from: reports show who wrote it.  NULL is none. */
void vcpu_concern(const void *address);

/* ---- atomic read-modify-write, one event each ------------------------- */

/** *p += i, returns the new value. */
int vcpu_add_return(int *p, int i);
long vcpu_add_return_long(long *p, long i);
/** *p = i (one write event). */
void vcpu_set(int *p, int i);
/** Adds i unless *p == unless; returns whether it added. */
bool vcpu_add_unless(int *p, int i, int unless);
/** Stores value, returns the old one. */
uint64_t vcpu_exchange64(uint64_t *p, uint64_t value);
/** Compare and exchange; returns the old value. */
uint64_t vcpu_cmpxchg64(uint64_t *p, uint64_t expected, uint64_t value);

/* ---- atomic bit operations: they touch their bit and nothing else ------ */

bool vcpu_test_bit(unsigned nr, const volatile unsigned long *p);
void vcpu_set_bit(unsigned nr, volatile unsigned long *p);
void vcpu_clear_bit(unsigned nr, volatile unsigned long *p);
bool vcpu_test_and_set_bit(unsigned nr, volatile unsigned long *p);
bool vcpu_test_and_clear_bit(unsigned nr, volatile unsigned long *p);

/* ---- locks: state lives in the lock word, in the arena ------------------ */

/** 0 free, else 1 + the holder's index. */
typedef struct { uint32_t owner; } vcpu_spinlock;
void vcpu_spin_lock(vcpu_spinlock *l);
void vcpu_spin_unlock(vcpu_spinlock *l);
bool vcpu_spin_trylock(vcpu_spinlock *l);
bool vcpu_spin_is_locked(const vcpu_spinlock *l);

/** 0 free, n > 0 readers, -1 - cpu: a writer.  No queue, hence no fairness. */
typedef struct { int32_t count; } vcpu_rwsem;
void vcpu_down_read(vcpu_rwsem *s);
void vcpu_up_read(vcpu_rwsem *s);
bool vcpu_down_read_trylock(vcpu_rwsem *s);
void vcpu_down_write(vcpu_rwsem *s);
void vcpu_up_write(vcpu_rwsem *s);
bool vcpu_rwsem_is_locked(const vcpu_rwsem *s);

/** A lock that is one bit of a word (PG_compound_lock); spins. */
void vcpu_bit_spin_lock(unsigned nr, unsigned long *p);
void vcpu_bit_spin_unlock(unsigned nr, unsigned long *p);
/** The same, sleeping (PG_locked). */
void vcpu_bit_lock(unsigned nr, unsigned long *p);
void vcpu_bit_unlock(unsigned nr, unsigned long *p);

/* ---- RCU ---------------------------------------------------------------- */

void vcpu_rcu_read_lock(void);
void vcpu_rcu_read_unlock(void);
/** Blocks until every CPU that is in a read section now has left it. */
void vcpu_synchronize_rcu(void);
/** Reports VCPU_SLEEP_IN_ATOMIC at site when in an RCU read section, or with
 *  interrupts off. */
void vcpu_might_sleep(const struct vcpu_site *site);

/* ---- interrupts: only those by which a CPU tells others to flush their TLB -- */

/** This CPU takes no interrupts while it runs in address space `of`; nests. */
void vcpu_irqs_off(const void *of);
void vcpu_irqs_on(void);
/** Blocks until every other CPU that now runs in `of` without taking interrupts
 *  has taken one: what it did with them off is over then. */
void vcpu_interrupt_others(const void *of);

/* ---- lifetime ----------------------------------------------------------- */

/** From now on any access to [p, p + bytes) is a use after free; one event. */
void vcpu_poison(const void *p, size_t bytes);
/** The memory is in use again; one event. */
void vcpu_unpoison(const void *p, size_t bytes);
/** memset that is not instrumented: for clear_page() on memory nobody sees. */
void vcpu_clear(void *p, size_t bytes);

#endif
