// SPDX-License-Identifier: GPL-2.0-only
/// What a search learned.  BAD
/// Which of them fails is found later.  BAD
/// Returns what a search learned.
let learned = 0  // Nobody reads it.  BAD
let text = "// there is no comment here"
// As many as there are CPUs.  BAD
// What is missing here?
/// This is no sentence.  BAD
/// There is no other, and where there is no lock, it is no longer held.
/// The CPU waits until he has the lock.  BAD
/// The CPU waits until it has the lock; the cache, the heap, this.
let url = "https://example.org/his/he.html"
/// The subject under test.  BAD
/// The subject line of the commit.
struct Prover {}  // BAD
let races = dependences(a, b), races2 = races(a, b)  // BAD
/// A real thread.  BAD
/// A thread of the host.
/// The standard value.  BAD
/// Standard output.
/// Orders that differ only in what commutes.  BAD
/// A census of the pages.  BAD
/// The mutation that survives.  BAD
