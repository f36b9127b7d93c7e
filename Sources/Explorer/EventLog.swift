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
package struct EventLog: ~Copyable {
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
    package private(set) var count = 0
    /// Entries looked at since the log was made: what finding the races costs.
    package internal(set) var visited: UInt64 = 0
    /// Whether the last appended or examined one takes a lock.
    var acquires = false
    /// Events that the last appended or examined one races with, newest first.
    var raceCount = 0

    private var eventCapacity = 0
    private var entryCapacity = 0
    private var entryCount = 0
    private(set) var cpu: UnsafeMutablePointer<UInt8>
    private(set) var operation: UnsafeMutablePointer<UInt8>
    private var firstEntry: UnsafeMutablePointer<Int32>
    /// `clock[event * cpus + q]`: 1 + index of the last event of `q` that
    /// happens before `event` or is it; 0 for none.
    private(set) var clock: UnsafeMutablePointer<Int32>
    var entry: UnsafeMutablePointer<Entry>
    let head: UnsafeMutablePointer<Int32>
    /// 1 + index of each CPU's last event.
    let last: UnsafeMutablePointer<Int32>
    var raceBuffer: UnsafeMutablePointer<Int32>
    let now: UnsafeMutablePointer<Int32>

    /// Makes an empty log of an execution of so many CPUs.
    package init(cpus: Int, words: Int) {
        self.cpus = cpus
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

    deinit {
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

    mutating func reserveEvent() {
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
            // An access that conflicts with the older read conflicts with this one, which
            // comes after it: a CPU that spins on a word does not make its chain longer.
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

    /// Appends the operation that CPU `p` is about to execute.
    package mutating func append(_ p: UInt8, _ pending: vcpu_pending) {
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
    package mutating func appendRelease(_ part: vcpu_part) {
        push(
            part, event: Int32(count - 1), partner: acquisition(of: part, by: cpu[count - 1]),
            acquires: false, eager: true)
    }

    /// Drops all events from index `length` on.
    package mutating func truncate(to length: Int) {
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
    package func traceHash() -> UInt64 {
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

/// A 64-bit finaliser.
@inline(__always)
private func mix(_ value: UInt64) -> UInt64 {
    var x = value &+ 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
}
