// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The choices of a depth-first search along its current execution: one node for each
/// step, and the events that the steps are.
///
/// The execution begins with `known` steps that are as they were in the one before. Then
/// comes the node that was backtracked to, if there is one, with another choice; then
/// nodes that are new.
struct SearchTree: ~Copyable {
    /// A point at which a CPU was chosen; sets of CPUs are masks.
    struct Node {
        /// CPUs that can take a step.
        var enabled: UInt32
        /// CPUs whose next step is covered elsewhere.
        var sleep: UInt32
        /// CPUs that are to be tried, with those that were.
        var backtrack: UInt32
        /// CPUs that were tried, without the chosen one.
        var done: UInt32
        /// The CPU that takes the step.
        var chosen: UInt32

        /// CPUs that are still to be tried, with the chosen one.
        var left: UInt32 { backtrack & ~done & ~sleep & enabled }
    }

    /// The events of the execution; its length is the number of steps that were appended.
    var log: EventLog
    private(set) var nodes: UnsafeMutablePointer<Node>
    private var capacity = 1 << 12
    /// Nodes whose choice is made.
    private var count = 0
    /// Steps that repeat the execution before.
    private var known = 0
    private var hasBegun = false
    /// Steps of this execution that were asked for.
    private(set) var depth = 0

    init(cpus: Int, words: Int) {
        log = EventLog(cpus: cpus, words: words)
        nodes = .allocate(capacity: capacity)
    }

    deinit { nodes.deallocate() }

    /// Moves on to the deepest node that has something left, and chooses that.
    ///
    /// - Returns: the number of steps before it; nil when nothing is left anywhere.
    mutating func backtrack() -> Int? {
        // Nodes behind the last step were not reached again.
        count = depth
        depth = 0
        if !hasBegun {
            hasBegun = true
            return 0
        }
        while count > 0 {
            let at = nodes + (count - 1)
            at.pointee.done |= 1 << at.pointee.chosen
            if at.pointee.left != 0 {
                at.pointee.chosen = UInt32(at.pointee.left.trailingZeroBitCount)
                known = count - 1
                log.truncate(to: known)
                return known
            }
            count -= 1
        }
        return nil
    }

    /// Whether the next step is that of a node whose choice is made; else one is to be
    /// opened.
    var isChosen: Bool { depth < count }

    /// The CPU of the next step, if that repeats a step of the execution before; nil if it
    /// is new.
    ///
    /// - Throws: when the machine is not as it was at this node.
    @inline(__always)
    mutating func repeated(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        if depth >= count { return nil }
        if let reason = mismatch(machine, enabled) { throw Divergence(reason: reason) }
        if depth >= known { return nil }
        depth += 1
        return Int(nodes[depth - 1].chosen)
    }

    /// Says what is not as it was when the search stood at the next node before.
    private func mismatch(_ machine: OpaquePointer, _ enabled: UInt32) -> String? {
        if enabled != nodes[depth].enabled {
            let differ = enabled ^ nodes[depth].enabled
            let cpu = differ.trailingZeroBitCount
            let now = enabled & (1 << UInt32(cpu)) != 0 ? "can run and could not" : "cannot run and could"
            return "before step \(depth + 1) CPU \(cpu) \(now) before"
        }
        // The event of the node that was backtracked to is another one now.
        guard depth < known else { return nil }
        let p = nodes[depth].chosen
        return log.matches(depth, UInt8(p), vcpu_machine_pending(machine, p).pointee)
            ? nil : "step \(depth + 1) of CPU \(p) is another operation than before"
    }

    /// Makes a node for the next step.
    ///
    /// - Parameter backtrack: CPUs to try besides the one that is chosen.
    mutating func open(enabled: UInt32, sleep: UInt32, backtrack: UInt32) {
        if depth == capacity {
            let larger = UnsafeMutablePointer<Node>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: nodes, count: depth)
            nodes.deallocate()
            nodes = larger
            capacity *= 2
        }
        // Stay with the CPU that ran last: fewer context switches.
        let awake = enabled & ~sleep
        var chosen = UInt32(awake.trailingZeroBitCount)
        if depth > 0, awake & (1 << nodes[depth - 1].chosen) != 0 {
            chosen = nodes[depth - 1].chosen
        }
        nodes[depth] = Node(
            enabled: enabled, sleep: sleep, backtrack: backtrack | 1 << chosen, done: 0,
            chosen: chosen)
        count = depth + 1
    }

    /// Appends the event of the next step; returns its CPU.
    @inline(__always)
    mutating func take(_ machine: OpaquePointer) -> Int {
        let p = nodes[depth].chosen
        log.append(UInt8(p), vcpu_machine_pending(machine, p).pointee)
        depth += 1
        return Int(p)
    }

    /// Appends the releases of the step before the next, if it was new.
    @inline(__always)
    mutating func appendReleases(_ machine: OpaquePointer) {
        if depth <= known { return }
        var count: UInt32 = 0
        let releases = vcpu_machine_releases(machine, &count)!
        for i in 0..<Int(count) { log.appendRelease(releases[i]) }
    }

    /// The part of the tree that is done; each node shares its weight evenly among the
    /// choices known for it.
    var explored: Double {
        var weight = 1.0
        var done = 0.0
        for i in 0..<depth {
            let node = nodes[i]
            let known = node.backtrack & ~node.sleep & node.enabled
            let share = weight / Double(max(known.nonzeroBitCount, 1))
            done += share * Double((node.done & known).nonzeroBitCount)
            weight = share
        }
        return done
    }

    /// Stops the program where a node is not what the search takes it for; for tests.
    func _checkInvariants() {
        precondition(known <= depth && depth <= count && count <= capacity)
        precondition(log.count == depth, "each step is one event")
        for i in 0..<depth {
            let node = nodes[i], chosen: UInt32 = 1 << node.chosen
            precondition(chosen & node.enabled != 0, "the CPU of step \(i + 1) can run")
            precondition(chosen & node.sleep == 0, "the CPU of step \(i + 1) does not sleep")
            precondition(chosen & node.backtrack != 0, "the CPU of step \(i + 1) is to be tried")
            precondition(chosen & node.done == 0, "the CPU of step \(i + 1) was not tried before")
            precondition(node.done & ~node.backtrack == 0, "what was tried was to be tried")
            precondition((node.backtrack | node.sleep) & ~node.enabled == 0, "all of them can run")
            precondition(node.done & node.sleep == 0, "what sleeps is not tried")
            precondition(log.cpu[i] == node.chosen, "event \(i + 1) is of the CPU of its step")
        }
    }
}
