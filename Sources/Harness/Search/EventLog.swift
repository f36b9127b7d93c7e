// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The events of one execution with their vector clocks, and for each word of
/// the arena the chain of its accesses, newest first.
///
/// Appending an event finds the earlier events that it races with: those it
/// conflicts with and that nothing else orders before it (Abdulla, Aronis,
/// Jonsson, Sagonas: Source Sets, POPL 2014 / JACM 2017).  A lock is reversed
/// at its acquisitions: a release orders, and stands for the acquisition that
/// it ends.
struct EventLog {
    struct Entry {
        var mask: UInt64
        var word: UInt32
        var event: Int32
        /// The entry of the same word before this one, or -1.
        var under: Int32
        /// Next older entry of the same word that matters, or -1: of reads of one
        /// CPU that follow each other, the last stands for all.
        var previous: Int32
        /// Next older entry of the same word that writes, or -1.
        var previousWrite: Int32
        /// For a release: the event that acquired the lock; else -1.
        var partner: Int32
        var cpu: UInt8
        var writes: Bool
        var acquires: Bool
        /// A release that ran with the event, without being one.
        var eager: Bool
    }

    let cpus: Int
    /// Number of events.
    private(set) var count = 0
    /// Entries looked at since the log was made: what finding the races costs.
    private(set) var visited: UInt64 = 0
    /// Whether the last appended or examined one takes a lock.
    private var acquires = false
    /// Events that the last appended or examined one races with, newest first.
    private(set) var raceCount = 0

    private var eventCapacity = 0
    private var entryCapacity = 0
    private var entryCount = 0
    private(set) var cpu: UnsafeMutablePointer<UInt8>
    private(set) var operation: UnsafeMutablePointer<UInt8>
    private var firstEntry: UnsafeMutablePointer<Int32>
    /// `clock[event * cpus + q]`: 1 + index of the last event of `q` that
    /// happens before `event` or is it; 0 for none.
    private(set) var clock: UnsafeMutablePointer<Int32>
    private var entry: UnsafeMutablePointer<Entry>
    private let head: UnsafeMutablePointer<Int32>
    private let words: Int
    /// 1 + index of each CPU's last event.
    private let last: UnsafeMutablePointer<Int32>
    private var raceBuffer: UnsafeMutablePointer<Int32>
    private let now: UnsafeMutablePointer<Int32>

    init(cpus: Int, words: Int) {
        self.cpus = cpus
        self.words = words
        eventCapacity = 1 << 12
        entryCapacity = 1 << 13
        cpu = .allocate(capacity: eventCapacity)
        operation = .allocate(capacity: eventCapacity)
        firstEntry = .allocate(capacity: eventCapacity)
        clock = .allocate(capacity: eventCapacity * cpus)
        raceBuffer = .allocate(capacity: eventCapacity)
        entry = .allocate(capacity: entryCapacity)
        head = .allocate(capacity: words)
        head.initialize(repeating: -1, count: words)
        last = .allocate(capacity: cpus)
        last.initialize(repeating: 0, count: cpus)
        now = .allocate(capacity: cpus)
        now.initialize(repeating: 0, count: cpus)
    }

    func deallocate() {
        cpu.deallocate()
        operation.deallocate()
        firstEntry.deallocate()
        clock.deallocate()
        raceBuffer.deallocate()
        entry.deallocate()
        head.deallocate()
        last.deallocate()
        now.deallocate()
    }

    private static func grow<T>(_ p: inout UnsafeMutablePointer<T>, used: Int, to capacity: Int) {
        let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
        larger.moveInitialize(from: p, count: used)
        p.deallocate()
        p = larger
    }

    private mutating func reserveEvent() {
        guard count == eventCapacity else { return }
        eventCapacity *= 2
        Self.grow(&cpu, used: count, to: eventCapacity)
        Self.grow(&operation, used: count, to: eventCapacity)
        Self.grow(&firstEntry, used: count, to: eventCapacity)
        Self.grow(&clock, used: count * cpus, to: eventCapacity * cpus)
        Self.grow(&raceBuffer, used: 0, to: eventCapacity)
    }

    private mutating func push(
        _ part: vcpu_part, event: Int32, partner: Int32, acquires: Bool, eager: Bool
    ) {
        if entryCount == entryCapacity {
            entryCapacity *= 2
            Self.grow(&entry, used: entryCount, to: entryCapacity)
        }
        let word = Int(part.word)
        var e = Entry(
            mask: part.mask, word: part.word, event: event, under: head[word],
            previous: head[word], previousWrite: -1, partner: partner, cpu: cpu[Int(event)],
            writes: part.write != 0, acquires: acquires, eager: eager)
        if e.under >= 0 {
            let older = entry[Int(e.under)]
            e.previousWrite = older.writes ? e.under : older.previousWrite
            // What conflicts with the older read conflicts with this one, which comes
            // after it: who spins on a word does not make its chain longer.
            if isPlainRead(e) && isPlainRead(older) && older.cpu == e.cpu
                && older.mask & ~e.mask == 0
            {
                e.previous = older.previous
            }
        }
        entry[entryCount] = e
        head[word] = Int32(entryCount)
        entryCount += 1
    }

    @inline(__always)
    private func isPlainRead(_ e: Entry) -> Bool { !e.writes && !e.acquires && e.partner < 0 }

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
    private mutating func walk(_ p: UInt8, _ pending: vcpu_pending) {
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
        if races(e.mask, e.writes, part.mask, writes) && e.cpu != p
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

    /// Appends the operation that CPU `p` is about to execute.
    mutating func append(_ p: UInt8, _ pending: vcpu_pending) {
        reserveEvent()
        walk(p, pending)
        let releases =
            pending.operation == VCPU_RELEASE.rawValue
            || pending.operation == VCPU_RELEASE_SHARED.rawValue
        let index = Int32(count)
        cpu[count] = p
        operation[count] = UInt8(truncatingIfNeeded: pending.operation)
        firstEntry[count] = Int32(entryCount)
        now[Int(p)] = index + 1
        let to = clock + count * cpus
        for q in 0..<cpus { to[q] = now[q] }
        last[Int(p)] = index + 1
        count += 1
        let acquires =
            pending.operation == VCPU_ACQUIRE.rawValue
            || pending.operation == VCPU_ACQUIRE_SHARED.rawValue
            || pending.operation == VCPU_TRYLOCK.rawValue
        for i in 0..<Int(pending.count) {
            let part = pending.parts[i]
            push(
                part, event: index, partner: releases ? acquisition(of: part, by: p) : -1,
                acquires: acquires, eager: false)
        }
    }

    /// The event in which `p` took the lock that it releases; read sections nest.
    private func acquisition(of part: vcpu_part, by p: UInt8) -> Int32 {
        var at = head[Int(part.word)]
        var inner = 0
        while at >= 0 {
            let e = entry[Int(at)]
            at = e.previous
            guard e.cpu == p && (e.mask & part.mask) != 0 else { continue }
            if e.partner >= 0 {
                inner += 1
            } else if e.acquires {
                if inner == 0 { return e.event }
                inner -= 1
            }
        }
        return -1
    }

    /// A release that ran at the end of the last event.
    mutating func appendRelease(_ part: vcpu_part) {
        push(
            part, event: Int32(count - 1), partner: acquisition(of: part, by: cpu[count - 1]),
            acquires: false, eager: true)
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

    /// Drops all events from index `length` on.
    mutating func truncate(to length: Int) {
        guard length < count else { return }
        let keep = Int(firstEntry[length])
        while entryCount > keep {
            entryCount -= 1
            let e = entry[entryCount]
            head[Int(e.word)] = e.under
        }
        count = length
        for q in 0..<cpus { last[q] = 0 }
        var missing = cpus
        var i = count - 1
        while i >= 0 && missing > 0 {
            if last[Int(cpu[i])] == 0 {
                last[Int(cpu[i])] = Int32(i + 1)
                missing -= 1
            }
            i -= 1
        }
    }

    /// Whether the CPU's pending operation is what event `i` was: the check
    /// that a replayed prefix is the same execution.
    @inline(__always)
    func matches(_ i: Int, _ p: UInt8, _ pending: vcpu_pending) -> Bool {
        guard cpu[i] == p && UInt32(operation[i]) == pending.operation else { return false }
        let first = Int(firstEntry[i])
        for k in 0..<Int(pending.count) {
            let part = pending.parts[k]
            guard first + k < entryCount else { return false }
            let e = entry[first + k]
            guard e.event == Int32(i) && e.word == part.word && e.mask == part.mask
                && e.writes == (part.write != 0)
            else { return false }
        }
        return true
    }

    /// Hash of the happens-before relation: equal for equivalent executions.
    func traceHash() -> UInt64 {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: cpus + 1) { number in
            for q in 0..<cpus { number[q] = 0 }
            var sum: UInt64 = 0
            // Per-CPU numbers of events do not depend on the interleaving.
            let own = UnsafeMutablePointer<UInt64>.allocate(capacity: max(count, 1))
            defer { own.deallocate() }
            for i in 0..<count {
                number[Int(cpu[i])] += 1
                own[i] = number[Int(cpu[i])]
                var h = mix(UInt64(cpu[i]) << 32 | UInt64(operation[i]))
                for q in 0..<cpus {
                    let c = clock[i * cpus + q]
                    h = mix(h ^ (c == 0 ? 0 : own[Int(c) - 1]))
                }
                sum &+= h
            }
            return sum
        }
    }
}
