/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual machine that the code under test runs on: virtual CPUs (one
 * fibre each, all on the calling thread), one arena that holds everything
 * mutable, and the primitives that kernel code is built from.
 *
 * This header is the side of the code under test: the shim headers of CMM call it.
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

/** Declares `__site`, the place in the source where this stands. */
#define VCPU_SITE(kind, text)						\
	static const struct vcpu_site __site = {			\
		kind, text, __func__, __FILE__, __LINE__ }

/** Returns the index of the running virtual CPU; 0 outside an execution. */
int vcpu_id(void);

/** Returns the first byte of the current machine's arena (fixed for its lifetime). */
void *vcpu_arena(void);

/** Returns the size of the current machine's arena in bytes. */
size_t vcpu_arena_size(void);

/**
 * Reports a bug.  In an execution the CPU halts for good, keeping its locks,
 * as an oopsed task does; the other CPUs go on.  Outside an execution the
 * finding is recorded and control returns to the caller of
 * vcpu_machine_guard().
 */
_Noreturn void vcpu_bug(const struct vcpu_site *site);

/** Reports a bug with which the CPU goes on (bad_page()). */
void vcpu_report(const struct vcpu_site *site);

/** A condition that the machine evaluates when it likes: see vcpu_assert_not(). */
typedef bool (^vcpu_condition)(void);

/**
 * Asserts that bad() is false.  The block must have no side effects and may be
 * called more than once and later, up to the CPU's next event: a passing
 * assertion has no effect, so it may move there ("assertion fusing").  Its
 * captures are captured by value, here.  Where it is true, the CPU halts as of
 * vcpu_bug(), or goes on as of vcpu_report() if the site's kind is VCPU_BAD_STATE.
 */
void vcpu_assert_not(vcpu_condition bad, const struct vcpu_site *site);

/** Writes a line of the kernel's log, which is kept only while a trace is recorded. */
void vcpu_printk(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Counts a call of a stub, so that a test may ask for it.  index < 32. */
void vcpu_mark(unsigned index);

/* ---- oracles: the explanation beside the site that they return ----------- */

/** Returns true while the explanations of oracles are read; else they may be quick. */
bool vcpu_explains(void);
/**
 * Explains a failure, with the values; "{}" stands for the name of the word
 * `about`, which is of concern, too, unless it is NULL.  An oracle that explains
 * and returns NULL tolerates what it saw: the holder of a lock is entitled to it.
 * Kept only while vcpu_explains().
 */
void vcpu_explain(const void *about, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/** Names a word that the values come from: reports show the CPU that wrote it.  NULL is
 *  ignored. */
void vcpu_concern(const void *address);

/**
 * An invariant says what it depends on, so that a search which leaves out states knows which steps
 * can change its answer.  It says so of each state that it is asked in; what it does not
 * say, it may not read.
 */
/** Returns true while a search wants to know. */
bool vcpu_watches(void);
/** Says that the answer depends on these bytes, which lie in one word; returns true if that
 *  was not known. */
bool vcpu_watch(const volatile void *p, size_t bytes);
/** The same of bits of a word. */
bool vcpu_watch_bits(const volatile unsigned long *p, uint64_t bits);
/** Says that there is no finding while the lock is held: a spinlock, or these bits of a word;
 *  returns true if that was not known. */
bool vcpu_watch_guard(const volatile void *lock, uint64_t bits);

/* ---- atomic read-modify-write, one event each ------------------------- */

/** Adds i to *p; returns the new value. */
int vcpu_add_return(int *p, int i);
/** Adds i to *p; returns the new value. */
long vcpu_add_return_long(long *p, long i);
/** Sets *p to i: one write. */
void vcpu_set(int *p, int i);
/** Adds i unless *p == unless; returns whether it added. */
bool vcpu_add_unless(int *p, int i, int unless);
/** The same; returns the old value. */
int vcpu_fetch_add_unless(int *p, int i, int unless);
/** Stores value, returns the old one. */
uint32_t vcpu_exchange32(uint32_t *p, uint32_t value);
/** Stores value if *p is what is expected; returns the old value. */
uint32_t vcpu_cmpxchg32(uint32_t *p, uint32_t expected, uint32_t value);
/** Stores value, returns the old one. */
uint64_t vcpu_exchange64(uint64_t *p, uint64_t value);
/** Stores value if *p is what is expected; returns the old value. */
uint64_t vcpu_cmpxchg64(uint64_t *p, uint64_t expected, uint64_t value);

/* ---- atomic bit operations: they touch their bit and nothing else ------ */

/** Returns whether the bit is set. */
bool vcpu_test_bit(unsigned nr, const volatile unsigned long *p);
/** Sets the bit. */
void vcpu_set_bit(unsigned nr, volatile unsigned long *p);
/** Clears the bit. */
void vcpu_clear_bit(unsigned nr, volatile unsigned long *p);
/** Sets the bit; returns whether it was set before. */
bool vcpu_test_and_set_bit(unsigned nr, volatile unsigned long *p);
/** Clears the bit; returns whether it was set before. */
bool vcpu_test_and_clear_bit(unsigned nr, volatile unsigned long *p);

/* ---- locks: state lives in the lock word, in the arena ------------------ */

/** A spinlock: 0 is free, else 1 + the holder's index. */
typedef struct { uint32_t owner; } vcpu_spinlock;
/** Takes the lock, as soon as it can be had. */
void vcpu_spin_lock(vcpu_spinlock *l);
/** Gives the lock back; VCPU_LOCK_MISUSE if this CPU does not hold it. */
void vcpu_spin_unlock(vcpu_spinlock *l);
/** Takes the lock if it is free now; returns whether it was. */
bool vcpu_spin_trylock(vcpu_spinlock *l);
/** Returns whether any CPU holds the lock. */
bool vcpu_spin_is_locked(const vcpu_spinlock *l);

/** A semaphore: 0 is free, n > 0 are readers, -1 - cpu is a writer.  There is no queue,
 *  hence no fairness. */
typedef struct { int32_t count; } vcpu_rwsem;
/** Takes the semaphore for reading, as soon as there is no writer. */
void vcpu_down_read(vcpu_rwsem *s);
/** Gives it back; VCPU_LOCK_MISUSE if this CPU does not read. */
void vcpu_up_read(vcpu_rwsem *s);
/** Takes it for reading if there is no writer now; returns whether there was none. */
bool vcpu_down_read_trylock(vcpu_rwsem *s);
/** Takes the semaphore for writing, as soon as it is free. */
void vcpu_down_write(vcpu_rwsem *s);
/** Gives it back; VCPU_LOCK_MISUSE if this CPU does not write. */
void vcpu_up_write(vcpu_rwsem *s);
/** Returns whether any CPU holds it. */
bool vcpu_rwsem_is_locked(const vcpu_rwsem *s);

/** Takes a lock that is one bit of a word, as soon as it can be had, whether those who wait
 *  spin (PG_compound_lock) or sleep (PG_locked). */
void vcpu_bit_lock(unsigned nr, unsigned long *p);
/** Gives the lock back; VCPU_LOCK_MISUSE if this CPU does not hold it. */
void vcpu_bit_unlock(unsigned nr, unsigned long *p);

/* ---- RCU ---------------------------------------------------------------- */

/** Begins a read-side section; nests. */
void vcpu_rcu_read_lock(void);
/** Ends it; VCPU_LOCK_MISUSE if there is none. */
void vcpu_rcu_read_unlock(void);
/** Blocks until every CPU that is in a read-side section now has left it. */
void vcpu_synchronize_rcu(void);
/** Reports VCPU_SLEEP_IN_ATOMIC at site when in an RCU read section, or with
 *  interrupts off. */
void vcpu_might_sleep(const struct vcpu_site *site);

/* ---- interrupts: only those by which a CPU tells others to flush their TLB -- */

/** Begins a region in which this CPU runs in address space `of` and takes no interrupts;
 *  nests. */
void vcpu_irqs_off(const void *of);
/** Ends it; VCPU_LOCK_MISUSE if there is none. */
void vcpu_irqs_on(void);
/** Blocks until every other CPU that now runs in `of` without taking interrupts
 *  has taken one: what it did with them off is over then. */
void vcpu_interrupt_others(const void *of);

/* ---- lifetime ----------------------------------------------------------- */

/** Makes any access to [p, p + bytes) a use after free; one event. */
void vcpu_poison(const void *p, size_t bytes);
/** Takes memory into use again; one event. */
void vcpu_unpoison(const void *p, size_t bytes);
/** Zeroes memory without an event: for clear_page() on memory that no other CPU sees. */
void vcpu_clear(void *p, size_t bytes);

#endif
