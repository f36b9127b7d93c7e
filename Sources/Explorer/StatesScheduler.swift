// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Tries every enabled CPU in every state, depth first, and goes on from each state once,
/// however many executions lead there: no reduction is needed for that, so what it says of
/// a state it says of all.
///
/// It returns to a state by a checkpoint, not by running its steps again. The machine must
/// not await loops: a CPU that spins comes back to a state on the way to it, which
/// `hasCycle` says; then the search is not one of all executions.
package struct StatesScheduler: Scheduler, ~Copyable {
    package static let isSystematic = true
    package static let restores = true

    /// A state with choices left.
    private struct Branch {
        let checkpoint: OpaquePointer
        /// Steps before it.
        var depth: Int
        /// CPUs that are still to be tried, as a mask.
        var left: UInt32
    }

    private let machine: OpaquePointer
    private let cpus: Int
    private var states = StateSet()
    /// The states on the way to this one, with it.
    private var path: [vcpu_state_name] = []
    /// How many of them have a name that ends so: few that are not on the way are looked for.
    private var onPath = [UInt16](repeating: 0, count: 1 << 16)
    private var branches: [Branch] = []
    /// Branches in use; behind them is room for more.
    private var open = 0
    /// The choice in the state that was returned to; nil once it is made.
    private var chosen: Int?
    /// The CPU that ran last; nil when all did.
    private var last: Int?
    private var hasBegun = false
    /// Whether an execution came back to a state that it had been in.
    package private(set) var hasCycle = false
    /// Whether there was not enough memory for a state.
    package private(set) var isOutOfMemory = false

    /// Prepares for a search of a workload.
    package init(_ workload: Workload) {
        machine = workload.machine.handle
        cpus = workload.cpus
    }

    deinit { for branch in branches { vcpu_checkpoint_free(branch.checkpoint) } }

    /// The number of states so far.
    package var stateCount: UInt64 { UInt64(states.count) }

    package mutating func begin() -> Int? {
        guard hasBegun else {
            hasBegun = true
            return 0
        }
        if hasCycle || isOutOfMemory { return nil }
        while open > 0 && branches[open - 1].left == 0 { open -= 1 }
        guard open > 0 else { return nil }
        let branch = branches[open - 1]
        vcpu_machine_restore(machine, branch.checkpoint)
        while path.count > branch.depth + 1 { onPath[slot(path.removeLast())] -= 1 }
        chosen = branch.left.trailingZeroBitCount
        branches[open - 1].left &= branch.left - 1
        return branch.depth
    }

    package mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        if let cpu = chosen {
            chosen = nil
            last = cpu
            return cpu
        }
        if let last { vcpu_machine_scrub(machine, UInt32(last)) } else {
            for cpu in 0..<cpus { vcpu_machine_scrub(machine, UInt32(cpu)) }
        }
        let name = vcpu_machine_state_name(machine)
        guard states.insert(name) else {
            if onPath[slot(name)] > 0 && path.contains(where: { $0 == name }) { hasCycle = true }
            return nil
        }
        path.append(name)
        onPath[slot(name)] += 1
        // The CPU that ran last goes on: fewer context switches.
        let cpu = last.flatMap { enabled & (1 << UInt32($0)) != 0 ? $0 : nil } ?? enabled.trailingZeroBitCount
        let left = enabled & ~(1 << UInt32(cpu))
        if left != 0 && !push(left) { return nil }
        last = cpu
        return cpu
    }

    private func slot(_ name: vcpu_state_name) -> Int { Int(name.high & 0xffff) }

    private mutating func push(_ left: UInt32) -> Bool {
        if open == branches.count {
            guard let checkpoint = vcpu_checkpoint_new() else {
                isOutOfMemory = true
                return false
            }
            branches.append(Branch(checkpoint: checkpoint, depth: 0, left: 0))
        }
        guard vcpu_machine_save(machine, branches[open].checkpoint) else {
            isOutOfMemory = true
            return false
        }
        branches[open].depth = path.count - 1
        branches[open].left = left
        open += 1
        return true
    }
}
