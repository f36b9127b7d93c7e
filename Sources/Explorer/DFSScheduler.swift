// SPDX-License-Identifier: GPL-2.0-only

/// Tries every enabled CPU at every step, depth first: brute force, the oracle for
/// `DPORScheduler`.
package struct DFSScheduler: Scheduler, ~Copyable {
    package static let isSystematic = true
    private var tree: SearchTree

    /// Prepares for a search of a workload.
    package init(_ workload: Workload) {
        tree = SearchTree(cpus: workload.cpus, words: workload.machine.words)
    }

    package mutating func begin() -> Int? { tree.backtrack() }

    package mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        tree.appendReleases(machine)
        if let cpu = try tree.repeated(machine, enabled: enabled) { return cpu }
        if !tree.isChosen { tree.open(enabled: enabled, sleep: 0, backtrack: enabled) }
        return tree.take(machine)
    }

    package mutating func end(_ machine: OpaquePointer) { tree.appendReleases(machine) }

    package var explored: Double { tree.explored }

    /// Hash of the happens-before relation of the execution that has ended.
    package func traceHash() -> UInt64 { tree.log.traceHash() }

    /// Stops the program where the search is not what it takes itself for.
    package func _checkInvariants() { tree._checkInvariants() }
}
