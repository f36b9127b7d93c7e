// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Source-DPOR (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, POPL 2014), depth first:
/// at each node only a source set of CPUs is explored, found from the races of the
/// executions themselves, with sleep sets on top.
///
/// A BUG halts its CPU and the others go on, so the program that is searched is
/// "a BUG ends the task", all of whose interleavings are covered.
package struct DPORScheduler: Scheduler, ~Copyable {
    package static let isSystematic = true
    private var tree: SearchTree
    private let sleepSets: Bool
    /// Explores all enabled CPUs where there is a race: the oracle for `addBacktrack`.
    private let conservative: Bool
    /// CPUs whose next step is covered elsewhere.
    private var sleep: UInt32 = 0
    private let onBranch: ((Int) -> Void)?

    /// Prepares for a search of a workload with the reductions that are the search's.
    package init(_ workload: Workload, _ reductions: Reductions) {
        tree = SearchTree(cpus: workload.cpus, words: workload.machine.words)
        sleepSets = reductions.contains(.sleepSets)
        conservative = !reductions.contains(.oneInitial)
        onBranch = workload.onBranch
    }

    package mutating func begin() -> Int? {
        sleep = 0
        return tree.backtrack()
    }

    package mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        tree.appendReleases(machine)
        if let cpu = try tree.repeated(machine, enabled: enabled) { return cpu }
        if !tree.isChosen {
            if enabled & ~sleep == 0 {
                // Executions that go on from here are covered elsewhere, but a CPU that waits for
                // a lock may go before those whose turn it was here: that is seen here only.
                racesOfPending(machine, vcpu_machine_unfinished(machine) & ~enabled)
                return nil
            }
            tree.open(enabled: enabled, sleep: sleep, backtrack: 0)
        }
        sleep = sleepSets ? stillAsleep(machine) : 0
        let cpu = tree.take(machine)
        for i in 0..<tree.log.raceCount {
            addBacktrack(tree.log.race(i), end: tree.log.count - 1, cpu)
        }
        return cpu
    }

    package mutating func end(_ machine: OpaquePointer) {
        tree.appendReleases(machine)
        racesOfPending(machine, vcpu_machine_unfinished(machine))
    }

    package var explored: Double { tree.explored }

    /// Hash of the happens-before relation of the execution that has ended.
    package func traceHash() -> UInt64 { tree.log.traceHash() }

    /// Stops the program where the search is not what it takes itself for.
    package func _checkInvariants() { tree._checkInvariants() }

    /// CPUs that sleep at the next node, and whose steps do not depend on its step.
    private func stillAsleep(_ machine: OpaquePointer) -> UInt32 {
        let node = tree.nodes[tree.depth]
        let pending = vcpu_machine_pending(machine, node.chosen)!
        var asleep = (node.sleep | node.done) & ~(1 << node.chosen)
        var sleep: UInt32 = 0
        while asleep != 0 {
            let q = UInt32(asleep.trailingZeroBitCount)
            asleep &= asleep - 1
            if !areDependent(vcpu_machine_pending(machine, q).pointee, pending.pointee) {
                sleep |= 1 << q
            }
        }
        return sleep
    }

    /// Adds the races of CPUs that stand at an operation which the execution does not
    /// execute: they may wait for ever, or for what comes in other executions only.
    private mutating func racesOfPending(_ machine: OpaquePointer, _ cpus: UInt32) {
        var waiting = cpus
        while waiting != 0 {
            let q = waiting.trailingZeroBitCount
            waiting &= waiting - 1
            tree.log.examine(UInt8(q), vcpu_machine_pending(machine, UInt32(q)).pointee)
            for i in 0..<tree.log.raceCount {
                addBacktrack(tree.log.race(i), end: tree.log.count, q)
            }
        }
    }

    /// Lets some CPU go before event `j`, with which the last event, or the pending
    /// operation, of CPU `p` races.
    ///
    /// Call v that which could run from node `j` on, were the race reversed: the events
    /// after `j` that do not depend on it, then the operation of `p`.  Any CPU that can begin v
    /// (an *initial*) leads there, so one of them suffices: a source set.  Where no
    /// initial is enabled, there is nothing to reverse, and the race is dropped.  For if
    /// v has an event before that of `p`, the first such is executable at `j`: all that
    /// it depends on was before `j`, and a lock that it takes was free at `j`, as its
    /// release would come before it in v, or depend on `j`, as it then would, too.  So v
    /// is the operation of `p` alone, and it waits at `j` for a lock that is held there.
    /// It can go before `j` only if it goes before the lock is taken, which is a race of
    /// its own that the log reports with this one (`reverseAcquisition`), or after it is
    /// released.  That release is after `j` in this execution and depends on it.  If it
    /// can come first, that is a race, too, and in the execution that has it first, v is
    /// no longer alone with a lock that is held.
    ///
    /// All this needs that v can run to its end.  It cannot where an event of it takes what
    /// `p` waits for and does not give it back in v: of two readers and a writer, say, the
    /// second reader comes before the writer in v, and is independent of the first.  Then
    /// the CPU `p` has to go before that, too, so where its lock is free at `j` it is added
    /// besides.
    ///
    /// The races of pending operations are asked for at the end of each execution, and in
    /// one that ends because all enabled CPUs sleep: there, of CPUs that are not enabled.
    /// Such an execution is covered elsewhere from there on, but a CPU that waits in it may
    /// have to go before the very steps by which it differs.
    ///
    /// That one initial is enough is not taken on trust: `conservative` explores all that
    /// are enabled, and has the same traces on the port and on random programs.  That the
    /// log reports all races is for brute force to say.
    private mutating func addBacktrack(_ j: Int, end: Int, _ p: Int) {
        let node = tree.nodes + j
        if conservative { add(node.pointee.enabled, to: node, p) }
        // A CPU that waits for a lock there cannot go first.
        let first = tree.log.initials(after: j, through: end, of: UInt8(p))
        let initials = first.cpus & node.pointee.enabled
        if first.orItself { add(node.pointee.enabled & (1 << UInt32(p)), to: node, p) }
        if initials == 0 { return }
        if initials & (node.pointee.backtrack | node.pointee.sleep) != 0 { return }
        if initials & (1 << UInt32(p)) != 0 {
            add(1 << UInt32(p), to: node, p)
        } else {
            add(initials & (~initials &+ 1), to: node, p)
        }
    }

    /// Lets those CPUs go first at a node, for the operation of CPU `p`.
    @inline(__always)
    private func add(_ cpus: UInt32, to node: UnsafeMutablePointer<SearchTree.Node>, _ p: Int) {
        if let onBranch {
            for _ in 0..<(cpus & ~node.pointee.backtrack).nonzeroBitCount { onBranch(p) }
        }
        node.pointee.backtrack |= cpus
    }
}
