// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Sets of CPUs such that what all others can do does not depend on the next steps of those.
///
/// A CPU joins where its future meets the pending operation of a member. One that waits
/// for a lock joins those that hold it: nothing else lets it go on.
struct PersistentSet {
    let machine: OpaquePointer
    let cpus: Int

    /// The smallest set that can be found of those that are enabled, as a mask.
    ///
    /// - Parameters:
    ///   - contexts: that of each CPU.
    ///   - preferred: the CPU whose set is taken if none is smaller.
    ///   - awaited: the CPUs whose sections end a wait, as `awaited(_:)` has them; nil to ask
    ///     the machine, which stands in the state.
    func smallest(
        _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>, enabled: UInt32,
        unfinished: UInt32, preferred: Int?, awaited: UInt32? = nil
    ) -> UInt32 {
        if enabled & (enabled - 1) == 0 || canLoop(&graph, contexts, unfinished) { return enabled }
        var best = enabled, size = enabled.nonzeroBitCount
        var left = enabled
        while left != 0 {
            let cpu = preferred.flatMap { left & (1 << UInt32($0)) != 0 ? $0 : nil }
                ?? left.trailingZeroBitCount
            left &= ~(1 << UInt32(cpu))
            let set = enabled & joined(
                to: 1 << UInt32(cpu), &graph, contexts, enabled: enabled, unfinished: unfinished,
                awaited: awaited)
            if set.nonzeroBitCount < size { (best, size) = (set, set.nonzeroBitCount) }
            if size == 1 { break }
        }
        return best
    }

    /// Whether a CPU could go round for ever while others that are not in the set wait.
    @inline(__always)
    private func canLoop(
        _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>, _ unfinished: UInt32
    ) -> Bool {
        graph.hasLoops && canComeToLoop(&graph, contexts, unfinished)
    }

    private func canComeToLoop(
        _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>, _ unfinished: UInt32
    ) -> Bool {
        for cpu in 0..<cpus where unfinished & (1 << UInt32(cpu)) != 0 {
            if graph.canLoop(contexts[cpu]) { return true }
        }
        return false
    }

    /// The set with all that has to join.
    func closure(
        of set: UInt32, _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>,
        enabled: UInt32, unfinished: UInt32, awaited: UInt32? = nil
    ) -> UInt32 {
        if canLoop(&graph, contexts, unfinished) { return enabled }
        return joined(to: set, &graph, contexts, enabled: enabled, unfinished: unfinished, awaited: awaited)
    }

    /// The same where no CPU can go round for ever.
    @inline(__always)
    private func joined(
        to set: UInt32, _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>,
        enabled: UInt32, unfinished: UInt32, awaited: UInt32?
    ) -> UInt32 {
        var set = set, done: UInt32 = 0
        while set & ~done != 0 {
            let cpu = (set & ~done).trailingZeroBitCount
            done |= 1 << UInt32(cpu)
            if enabled & (1 << UInt32(cpu)) == 0 {
                set |= unfinished & holders(cpu, graph, contexts, unfinished: unfinished, awaited: awaited)
                continue
            }
            var others = unfinished & ~set & graph.neighbours(of: contexts[cpu])
            while others != 0 {
                let other = others.trailingZeroBitCount
                others &= others - 1
                if graph.depends(contexts[cpu], onFutureOf: contexts[other], of: other) { set |= 1 << UInt32(other) }
            }
            if set & enabled == enabled { break }
        }
        return set
    }

    /// The CPUs one of which has to go on before that one can.
    func holders(
        _ cpu: Int, _ graph: borrowing ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>,
        unfinished: UInt32, awaited: UInt32? = nil
    ) -> UInt32 {
        let all = ~(1 << UInt32(cpu)) as UInt32
        if let (lock, shared) = graph.acquires(contexts[cpu]) {
            var holders: UInt32 = 0
            for other in 0..<cpus where other != cpu && graph.holds(contexts[other], lock, shared) {
                holders |= 1 << UInt32(other)
            }
            // It took the lock in a way that is not known.
            return holders == 0 ? all : holders
        }
        guard graph.awaits(contexts[cpu]) else { return all }
        return awaited.map { $0 == 0 ? all : $0 } ?? vcpu_machine_holders(machine, UInt32(cpu))
    }

    /// The CPUs whose sections the one CPU waits for that waits for sections, in the state
    /// that the machine stands in; 0 if none does, or several: then all have to go on.
    func awaited(
        _ graph: borrowing ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>, waiting: UInt32
    ) -> UInt32 {
        var awaited: UInt32 = 0, count = 0
        for cpu in 0..<cpus where waiting & (1 << UInt32(cpu)) != 0 && graph.awaits(contexts[cpu]) {
            awaited = vcpu_machine_holders(machine, UInt32(cpu))
            count += 1
        }
        return count == 1 ? awaited : 0
    }
}
