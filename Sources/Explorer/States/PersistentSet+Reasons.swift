// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The reasons for which sets are as large as they are.
extension PersistentSet {
    /// Tells of each CPU that joins one of the CPUs of a set, so that it is this set, and the
    /// member for whose operation it joins.
    func tell(
        _ join: (_ member: Int) -> Void, _ set: UInt32, _ graph: inout ContextGraph,
        _ contexts: UnsafePointer<ContextGraph.ID>, enabled: UInt32, unfinished: UInt32
    ) {
        let first = (0..<cpus).first { cpu in
            let alone: UInt32 = 1 << UInt32(cpu)
            return set & alone != 0
                && closure(of: alone, &graph, contexts, enabled: enabled, unfinished: unfinished)
                    & enabled == set
        }
        guard let first else { return }
        tell(
            join, 1 << UInt32(first), set, &graph, contexts, enabled: enabled, unfinished: unfinished)
    }

    /// Tells the same of a set that grew from `known`.
    func tell(
        _ join: (_ member: Int) -> Void, _ known: UInt32, _ set: UInt32, _ graph: inout ContextGraph,
        _ contexts: UnsafePointer<ContextGraph.ID>, enabled: UInt32, unfinished: UInt32
    ) {
        var members = known, done: UInt32 = 0
        while members & ~done != 0 && set & ~members != 0 {
            let member = (members & ~done).trailingZeroBitCount
            done |= 1 << UInt32(member)
            let joining = unfinished & ~members
                & (enabled & (1 << UInt32(member)) == 0
                    ? holders(member, graph, contexts, unfinished: unfinished)
                    : dependent(on: member, &graph, contexts))
            for _ in 0..<(joining & set).nonzeroBitCount { join(member) }
            members |= joining
        }
    }

    /// The CPUs that can do something which the operation of a member depends on.
    private func dependent(
        on member: Int, _ graph: inout ContextGraph, _ contexts: UnsafePointer<ContextGraph.ID>
    ) -> UInt32 {
        var result: UInt32 = 0
        for other in 0..<cpus
        where other != member && graph.depends(contexts[member], onFutureOf: contexts[other], of: other) {
            result |= 1 << UInt32(other)
        }
        return result
    }
}
