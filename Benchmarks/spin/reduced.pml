/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests/CLitmusProgram/reduced.c for Spin: the same accesses in the same order, each a step;
 * sequential consistency.  -DM=3 has three mappings; -DBUGGY looks before it locks.
 */
#ifndef M
#define M 1
#endif
#define PRESENT 1
#define SPLITTING 2

bit anon_vma;
bit ptl[M];
byte pmd[M];
byte mapcount;
bit is_head;

inline lock(word)
{
	atomic { word == 0 -> word = 1 }
}

inline unlock(word)
{
	word = 0
}

proctype zap(byte i)
{
	byte value;

	lock(ptl[i]);
	value = pmd[i];
	if
	:: !(value & PRESENT) ->
		unlock(ptl[i])
	:: (value & PRESENT) && (value & SPLITTING) ->
		unlock(ptl[i]);
		lock(anon_vma);
		unlock(anon_vma)
	:: (value & PRESENT) && !(value & SPLITTING) ->
		pmd[i] = 0;
		mapcount--;
		assert(is_head);
		unlock(ptl[i])
	fi
}

proctype split()
{
	byte i, found, value;

	lock(anon_vma);
	for (i : 0 .. M - 1) {
#ifdef BUGGY
		value = pmd[i];
		if
		:: !(value & PRESENT) -> goto next
		:: else
		fi;
#endif
		lock(ptl[i]);
		value = pmd[i];
		if
		:: value & PRESENT ->
			pmd[i] = value | SPLITTING;
			found++
		:: else
		fi;
		unlock(ptl[i]);
next:		skip
	}
	assert(mapcount == found);
	is_head = 0;
	for (i : 0 .. M - 1) {
		lock(ptl[i]);
		value = pmd[i];
		if
		:: value & SPLITTING -> pmd[i] = 0
		:: else
		fi;
		unlock(ptl[i])
	}
	unlock(anon_vma)
}

init {
	byte i;

	d_step {
		mapcount = M;
		is_head = 1;
		for (i : 0 .. M - 1) {
			pmd[i] = PRESENT
		}
	}
	atomic {
		run split();
		for (i : 0 .. M - 1) {
			run zap(i)
		}
	}
}
