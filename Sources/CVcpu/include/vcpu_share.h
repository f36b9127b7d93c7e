/* SPDX-License-Identifier: GPL-2.0-only */
/** Processes that search side by side: memory that they share, and how one begins. */
#ifndef VCPU_SHARE_H
#define VCPU_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Returns memory that the process shares with those that it forks, zero at first, and not
 *  taken before it is touched; NULL when there are no addresses for it. */
void *vcpu_share_map(size_t bytes);
/** Makes pages that are mapped such memory; false when that cannot be. */
bool vcpu_share_map_at(void *pages, size_t bytes);
/** Gives the memory back; NULL is none. */
void vcpu_share_unmap(void *p, size_t bytes);

/**
 * Forks the calling thread, which has a machine or none, as fork() does.  The new process
 * leaves signals that end a search to the old one, and does not outlive it.
 */
int vcpu_share_fork(void);

/** Reads a word that other processes write, and all that they wrote before it. */
static inline int32_t vcpu_share_load(const int32_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/** Writes a word that other processes read, after all that was written before. */
static inline void vcpu_share_store(int32_t *at, int32_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

/** Reads two words' worth, as vcpu_share_load() does. */
static inline uint64_t vcpu_share_load64(const uint64_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/** Writes a value where there was 0, and returns 0; returns what is there where it is not. */
static inline uint64_t vcpu_share_claim(uint64_t *at, uint64_t value)
{
	uint64_t known = 0;

	__atomic_compare_exchange_n(at, &known, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return known;
}

/** Adds bits to a byte. */
static inline void vcpu_share_or(uint8_t *at, uint8_t bits)
{
	__atomic_fetch_or(at, bits, __ATOMIC_RELAXED);
}

/** Adds to a word, and returns what it was. */
static inline int64_t vcpu_share_add(int64_t *at, int64_t value)
{
	return __atomic_fetch_add(at, value, __ATOMIC_SEQ_CST);
}

/** Takes a lock that is 0 when it is free. */
void vcpu_share_lock(int32_t *lock);
/** Gives the lock back. */
void vcpu_share_unlock(int32_t *lock);

#endif
