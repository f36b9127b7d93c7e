/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks that sleep, and RCU, in the place of kernel/. */
/* Since v6.19 an inline function, of mutex_init_generic(): both are defined here. */
#define __mutex_init	__tree_mutex_init
#include <linux/mutex.h>
#undef __mutex_init
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <asm/bug.h>

static vcpu_rwsem *state_of(struct rw_semaphore *sem)
{
	return (vcpu_rwsem *)&sem->count;
}

#define MIGHT_SLEEP() do {						\
	VCPU_SITE(VCPU_SLEEP_IN_ATOMIC, "sleeping in an RCU read section");	\
	vcpu_might_sleep(&__site);					\
} while (0)

/* The wait queue is never used: any waiter may be next. */
void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	*state_of(sem) = (vcpu_rwsem) { 0 };
}

void down_read(struct rw_semaphore *sem)
{
	MIGHT_SLEEP();
	vcpu_down_read(state_of(sem));
}

int down_read_trylock(struct rw_semaphore *sem)
{
	return vcpu_down_read_trylock(state_of(sem));
}

void up_read(struct rw_semaphore *sem)
{
	vcpu_up_read(state_of(sem));
}

void down_write(struct rw_semaphore *sem)
{
	MIGHT_SLEEP();
	vcpu_down_write(state_of(sem));
}

void up_write(struct rw_semaphore *sem)
{
	vcpu_up_write(state_of(sem));
}

int down_read_killable(struct rw_semaphore *sem)
{
	down_read(sem);
	return 0;
}

int down_write_killable(struct rw_semaphore *sem)
{
	down_write(sem);
	return 0;
}

/*
 * The word of the lock inside is all that there is of a mutex: of a spinlock_t, or of a
 * raw_spinlock_t, as the version has it; the machine's lies at the start of both.
 */
static vcpu_spinlock *word_of(struct mutex *lock)
{
	return (vcpu_spinlock *)&lock->wait_lock;
}

void mutex_init_generic(struct mutex *lock)
{
	*word_of(lock) = (vcpu_spinlock) { 0 };
}

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	mutex_init_generic(lock);
}

void mutex_lock(struct mutex *lock)
{
	MIGHT_SLEEP();
	vcpu_spin_lock(word_of(lock));
}

void mutex_unlock(struct mutex *lock)
{
	vcpu_spin_unlock(word_of(lock));
}

void __rcu_read_lock(void)
{
	vcpu_rcu_read_lock();
}

void __rcu_read_unlock(void)
{
	vcpu_rcu_read_unlock();
}

void synchronize_rcu(void)
{
	vcpu_synchronize_rcu();
}

void synchronize_sched(void)
{
	vcpu_synchronize_rcu();
}
