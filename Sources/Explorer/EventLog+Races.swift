// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Finding the races of an operation.
extension EventLog {
    /// Index of the i-th race found by the last `append` or `examine`.
    @inline(__always)
    func race(_ i: Int) -> Int { Int(raceBuffer[i]) }

    /// Whether event `a` happens before event `b` (or is it).
    @inline(__always)
    func happensBefore(_ a: Int, _ b: Int) -> Bool {
        clock[b * cpus + Int(cpu[a])] > Int32(a)
    }

    @inline(__always)
    private func join(_ event: Int32) {
        let other = clock + Int(event) * cpus
        for q in 0..<cpus where other[q] > now[q] { now[q] = other[q] }
    }

    /// Fills `now` with the clock of the operation, and the race buffer.
    mutating func walk(_ p: UInt8, _ pending: vcpu_pending) {
        raceCount = 0
        let mine = last[Int(p)]
        if mine == 0 {
            for q in 0..<cpus { now[q] = 0 }
        } else {
            let from = clock + Int(mine - 1) * cpus
            for q in 0..<cpus { now[q] = from[q] }
        }
        acquires =
            pending.operation == VCPU_ACQUIRE.rawValue
            || pending.operation == VCPU_ACQUIRE_SHARED.rawValue
        if pending.count == 1 {
            let part = pending.parts[0]
            var at = newest(part)
            while at >= 0 {
                let e = entry[Int(at)]
                if visit(e, p, part, acquires) { break }
                at = older(e, part)
            }
        } else if pending.count > 1 {
            walkAll(p, pending, acquires)
        }
    }

    /// The newest entry that an access can conflict with: to a read, only writes matter.
    @inline(__always)
    private func newest(_ part: vcpu_part) -> Int32 {
        let at = head[Int(part.word)]
        return at < 0 || part.write != 0 || entry[Int(at)].writes ? at : entry[Int(at)].previousWrite
    }

    /// The next older entry that the access can conflict with.
    @inline(__always)
    private func older(_ e: Entry, _ part: vcpu_part) -> Int32 {
        part.write != 0 ? e.previous : e.previousWrite
    }

    /// Several words: the newest access of any of them comes first, so that an
    /// older one which it orders is not taken for a race.
    private mutating func walkAll(_ p: UInt8, _ pending: vcpu_pending, _ acquires: Bool) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Int(pending.count)) { cursor in
            for i in 0..<Int(pending.count) { cursor[i] = newest(pending.parts[i]) }
            while true {
                var newest = -1
                var event: Int32 = -1
                for i in 0..<Int(pending.count) where cursor[i] >= 0 {
                    let candidate = entry[Int(cursor[i])].event
                    if candidate > event {
                        event = candidate
                        newest = i
                    }
                }
                if newest < 0 { return }
                let e = entry[Int(cursor[newest])]
                let done = visit(e, p, pending.parts[newest], acquires)
                cursor[newest] = done ? -1 : older(e, pending.parts[newest])
            }
        }
    }

    /// Looks at one older access; true when nothing older can matter.
    @inline(__always)
    private mutating func visit(
        _ e: Entry, _ p: UInt8, _ part: vcpu_part, _ acquires: Bool
    ) -> Bool {
        let writes = part.write != 0
        visited &+= 1
        if areDependent(e.mask, e.writes, part.mask, writes) && e.cpu != p
            && (e.event >= now[Int(e.cpu)] || e.partner >= now[Int(e.cpu)])
        {
            if acquires { reverseAcquisition(of: e, part) }
            // By word, it may be another lock that is released: this one can be had before.
            if !e.eager || acquires && part.mask == ~0 { addRace(e.event) }
            join(e.event)
        }
        return e.writes && (part.mask & ~e.mask) == 0
    }

    @inline(__always)
    private func isTrylock(_ event: Int32) -> Bool {
        UInt32(operation[Int(event)]) == VCPU_TRYLOCK.rawValue
    }

    /// A lock cannot be had before a release, nor inside a critical section: what can
    /// be reversed is the event that took it.  Where that is not known for certain it is
    /// each that may have, back to where the lock was free: readers overlap, a trylock
    /// may have failed, a plain write may have set the bit, or cleared it in the middle of
    /// a section and so let others in there; and where conflicts are by word, another
    /// lock may be meant.  One too many costs time only.
    private mutating func reverseAcquisition(of e: Entry, _ part: vcpu_part) {
        let exact = part.mask != ~0
        if exact && excludes(e) { return }
        if e.partner >= now[Int(e.cpu)] && !isTrylock(e.partner) { addRace(e.partner) }
        var at = e.previous
        while at >= 0 {
            let older = entry[Int(at)]
            at = older.previous
            guard older.mask & part.mask != 0 else { continue }
            if older.partner >= 0 {
                if exact && frees(older) { return }
            } else if older.acquires || older.writes {
                if older.event >= now[Int(older.cpu)] { addRace(older.event) }
                if exact && excludes(older) { return }
            }
        }
    }

    /// Whether the lock was free before and is this CPU's alone: not where it is read.
    @inline(__always)
    private func excludes(_ e: Entry) -> Bool {
        e.acquires && UInt32(operation[Int(e.event)]) == VCPU_ACQUIRE.rawValue
    }

    /// Whether nobody holds the lock afterwards: not where it is read.  A reader's
    /// release writes only where somebody looks at the lock, and is an event then.
    @inline(__always)
    private func frees(_ e: Entry) -> Bool {
        e.writes && (e.eager || UInt32(operation[Int(e.event)]) != VCPU_RELEASE_SHARED.rawValue)
    }

    @inline(__always)
    private mutating func addRace(_ event: Int32) {
        for i in 0..<raceCount where raceBuffer[i] == event { return }
        raceBuffer[raceCount] = event
        raceCount += 1
    }

    /// Finds the races of an operation that is pending but never executed; its
    /// clock is left for `initials`.
    mutating func examine(_ p: UInt8, _ pending: vcpu_pending) {
        reserveEvent()
        walk(p, pending)
    }

    /// CPUs that can go first when the execution after event `j` is replayed
    /// without what depends on `j`, and then the event (or the pending
    /// operation) that was appended or examined last, of CPU `p`.
    ///
    /// - Returns: them, and whether `p` may have to go first all the same: it takes a
    ///   lock, and what comes before it there may hold it.
    func initials(after j: Int, through end: Int, of p: UInt8) -> (cpus: UInt32, orItself: Bool) {
        var seen: UInt32 = 0
        var result: UInt32 = 0
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: cpus) { first in
            for k in (j + 1)..<max(end, j + 1) {
                if happensBefore(j, k) { continue }
                let q = cpu[k]
                if seen & (1 << q) != 0 { continue }
                if isInitial(clock + k * cpus, seen, first) { result |= 1 << q }
                seen |= 1 << q
                first[Int(q)] = Int32(k)
                if seen & (1 << p) != 0 && seen.nonzeroBitCount == cpus - 1 { break }
            }
            if seen & (1 << p) != 0 { return (result, false) }
            if isInitial(now, seen, first) { return (result | 1 << p, false) }
            return (result, acquires)
        }
    }

    @inline(__always)
    private func isInitial(
        _ clock: UnsafeMutablePointer<Int32>, _ seen: UInt32,
        _ first: UnsafeMutableBufferPointer<Int32>
    ) -> Bool {
        var rest = seen
        while rest != 0 {
            let r = rest.trailingZeroBitCount
            if clock[r] > first[r] { return false }
            rest &= rest - 1
        }
        return true
    }
}
