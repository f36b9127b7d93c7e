/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks that sleep, and RCU, in the place of kernel/ and mm/filemap.c. */
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>
#include <linux/srcu.h>

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
	sem->count = 0;
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

/* The word of the lock inside is all that there is of a mutex. */
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	spin_lock_init(&lock->wait_lock);
}

void mutex_lock(struct mutex *lock)
{
	MIGHT_SLEEP();
	vcpu_spin_lock(&lock->wait_lock.rlock.raw_lock);
}

void mutex_unlock(struct mutex *lock)
{
	vcpu_spin_unlock(&lock->wait_lock.rlock.raw_lock);
}

/* The lock of a page is a bit of it.  See linux/pagemap.h for lock_page(). */
void __lock_page(struct page *page)
{
	vcpu_bit_lock(PG_locked, &page->flags);
}

void unlock_page(struct page *page)
{
	vcpu_bit_unlock(PG_locked, &page->flags);
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
