// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Searches for the execution that shows a failure with the fewest context switches, and of
/// those with as many for one with the fewest steps.
///
/// A round goes through all executions with so many switches, the next one through those
/// with one more: a place in it is a state together with the CPU that ran last, and every
/// CPU that can run is tried. An execution is followed no further where another came to the
/// same place with no more switches in no more steps, as it can then be exchanged for that
/// one. So a failure that is first met in a round has no execution with fewer switches, and
/// when the round has ended none that is shorter.
///
/// A CPU that spins is not awaited here (`VCPU_AWAIT_LOOPS`): a machine that does that has
/// more to its state than can be taken back. A round of such a loop that changes nothing is
/// in no shortest execution, for without it the rest of the execution is the same. A replay
/// lets a CPU wait only after such rounds, so it has the same steps; each execution that is
/// returned was replayed. A livelock has no last step, so none is shortest.
package struct ShortestWitness: ~Copyable {
    /// Steps after which the search is given up: those of two or three seconds.
    package static let mostSteps = 1 << 20
    /// Steps of one execution after which it is given up: a CPU may never come to an end.
    private static let deepest = 1 << 14
    /// Steps after which the clock is looked at.
    private static let stepsBetweenLooks = 1 << 8

    /// A failure, and how it was met.
    private struct Goal {
        let known: Witness
        /// The best execution that was met here.
        var best: Witness?
        /// Whether no execution is shorter than the better of the two.
        var isSettled = false

        /// The steps of executions that are of use in a round: fewer than these.
        func cap(in round: Int) -> Int? {
            if let best { return best.schedule.count }
            return known.switches <= round ? known.schedule.count : nil
        }
    }

    /// A place on the way.
    private struct Node {
        /// CPUs that are to be tried.
        var left: UInt32
        var switches: Int
        /// Bugs that are noted.
        var bugs: UInt32
    }

    private let workload: Workload
    private let machine: OpaquePointer
    private let options: SearchOptions
    private let limits: SearchLimits
    private let most: Int
    private let generation: UInt64
    private var goals: [Failure: Goal] = [:]
    private var places = FewestSteps()
    private var nodes: [Node] = []
    /// The CPU of each step on the way.
    private var schedule: [UInt8] = []
    private var steps = 0
    private var round = 0
    /// Executions are followed for fewer steps: longer ones are of no use in this round.
    private var cap = Int.max
    /// Whether the round met a place as soon as never before.
    private var isNew = false

    /// Prepares for failures of a workload that a search with these options met.
    ///
    /// - Parameters:
    ///   - deadline: the time at which it is given up; nil for none.
    ///   - mostSteps: those of all executions after which it is given up.
    package init(
        _ workload: Workload, _ options: SearchOptions, until deadline: ContinuousClock.Instant?,
        mostSteps: Int = mostSteps
    ) {
        self.workload = workload
        self.options = options
        machine = workload.machine.handle
        most = mostSteps
        var limits = SearchLimits()
        limits.deadline = deadline
        limits.interrupted = options.interrupted
        self.limits = limits
        generation = vcpu_machine_generation(machine)
    }

    /// Returns the witnesses in their order, each with the shortest execution that is known,
    /// and whether it is minimal. They are unchanged when the search meets a conflict that was
    /// not known: steps are no longer what they were.
    package consuming func shorten(_ witnesses: [Witness]) -> [Witness] {
        for witness in witnesses where witness.failure.isOfOneStep {
            goals[witness.failure] = Goal(known: witness)
        }
        guard vcpu_machine_keeps_states(), !goals.isEmpty, limits.reached == nil else { return witnesses }
        search()
        guard generation == vcpu_machine_generation(machine) else { return witnesses }
        return witnesses.map { witness in
            guard let goal = goals[witness.failure] else { return witness }
            var better = witness
            if let best = goal.best, best.isShorter(than: witness) { better = best }
            if better.schedule != witness.schedule && !replays(better) { return witness }
            better.isMinimal = goal.isSettled
            return better
        }
    }

    private func replays(_ witness: Witness) -> Bool {
        let replay = Replay(witness.schedule, of: workload) { _ in true }
        return replay.steps == witness.schedule.count
            && replay.witnesses.contains { $0.failure == witness.failure }
    }

    /// Goes through the rounds until all is settled, or a limit is reached.
    private mutating func search() {
        vcpu_machine_set_options(machine, options.reductions.subtracting(.awaitLoops).machineOptions)
        vcpu_machine_keep_states(machine, true)
        defer {
            vcpu_machine_keep_states(machine, false)
            vcpu_machine_set_options(machine, options.reductions.machineOptions)
        }
        vcpu_machine_begin(machine)
        noteBugs(from: 0)
        ask(workload.invariant)
        repeat {
            isNew = false
            lookAtGoals()
            guard deepen() else { return }
            for failure in goals.keys where goals[failure]!.cap(in: round) != nil {
                goals[failure]!.isSettled = true
            }
            round += 1
        } while isNew && goals.values.contains { !$0.isSettled }
    }

    /// Goes through the executions of this round; false when it had to stop.
    private mutating func deepen() -> Bool {
        let enabled = vcpu_machine_enabled(machine)
        if enabled == 0 { noteEnd() }
        nodes.append(Node(left: enabled, switches: 0, bugs: bugCount))
        while let node = nodes.last {
            guard node.left != 0 else {
                nodes.removeLast()
                if nodes.isEmpty { break }
                schedule.removeLast()
                guard vcpu_machine_undo(machine) else { return false }
                continue
            }
            // The CPU that ran last goes first: no place is come to sooner.
            let cpu = schedule.last.flatMap { node.left & (1 << UInt32($0)) != 0 ? Int($0) : nil }
                ?? node.left.trailingZeroBitCount
            nodes[nodes.count - 1].left &= ~(1 << UInt32(cpu))
            let isSwitch = schedule.last.map { Int($0) != cpu } ?? false
            guard take(cpu, switches: node.switches + (isSwitch ? 1 : 0), after: node) else { return false }
        }
        return true
    }

    /// Takes a step, and goes on from where it leads, or takes it back; false when the search
    /// has to stop.
    private mutating func take(_ cpu: Int, switches: Int, after node: Node) -> Bool {
        guard vcpu_machine_keep(machine, UInt32(cpu)) else { return false }
        vcpu_machine_step(machine, UInt32(cpu))
        steps += 1
        schedule.append(UInt8(cpu))
        if vcpu_machine_generation(machine) != generation || vcpu_machine_cut(machine) != 0
            || steps >= most || steps % Self.stepsBetweenLooks == 0 && limits.reached != nil {
            return false
        }
        let hasChanged = vcpu_machine_changes(machine) != 0
        let arrival = places.arrive(
            at: place(cpu), switches: UInt16(switches), steps: UInt32(schedule.count),
            round: UInt16(round))
        let enabled = vcpu_machine_enabled(machine)
        if arrival == .new {
            isNew = true
            noteBugs(from: node.bugs)
            if hasChanged { ask(workload.invariant) }
            if enabled == 0 { noteEnd() }
        }
        guard arrival != .covered, schedule.count < cap else {
            schedule.removeLast()
            return vcpu_machine_undo(machine)
        }
        let left = switches < round ? enabled : enabled & (1 << UInt32(cpu))
        nodes.append(Node(left: left, switches: switches, bugs: bugCount))
        return schedule.count < Self.deepest
    }

    /// The name of the state together with the CPU that led there.
    private func place(_ cpu: Int) -> vcpu_state_name {
        var name = vcpu_machine_state_name(machine)
        name.low &+= UInt64(cpu + 1) &* 0x9e37_79b9_7f4a_7c15
        name.high ^= UInt64(cpu + 1) &* 0xe703_7ed1_a0b4_28db
        return name
    }

    private var bugCount: UInt32 {
        var count: UInt32 = 0
        _ = vcpu_machine_bugs(machine, &count)
        return count
    }

    /// Notes the bugs of the execution but the first so many.
    private mutating func noteBugs(from first: UInt32) {
        let bugs = workload.machine.bugs
        for i in Int(first)..<max(Int(first), bugs.count) {
            note(Failure(bugs[i]), cpu: Int(bugs[i].cpu))
        }
    }

    /// Asks an oracle while no CPU has failed, as a replay does, and notes what it finds, which
    /// ends nothing. Returns whether all is well.
    @discardableResult
    private mutating func ask(_ oracle: vcpu_oracle?) -> Bool {
        guard let oracle, bugCount == 0 else { return true }
        _ = vcpu_machine_check(machine, oracle, true)
        let bugs = workload.machine.bugs
        guard let bug = bugs.first else { return true }
        note(Failure(bug), cpu: Int(schedule.last ?? 0))
        vcpu_machine_keep_bugs(machine, 0)
        return false
    }

    /// Notes a failure of the execution that has come to its end.
    private mutating func noteEnd() {
        guard bugCount == 0 else { return }
        let unfinished = vcpu_machine_unfinished(machine)
        if unfinished != 0 {
            note(.deadlock(waiting: unfinished), cpu: unfinished.trailingZeroBitCount)
        } else if ask(workload.invariant) {
            ask(workload.endCheck)
        }
    }

    private mutating func note(_ failure: Failure, cpu: Int) {
        guard let goal = goals[failure], !goal.isSettled else { return }
        var witness = goal.known
        witness.schedule = schedule
        witness.switches = schedule.withUnsafeBufferPointer { Witness.switches($0) }
        witness.cpu = cpu
        guard witness.isShorter(than: goal.known), goal.best.map(witness.isShorter(than:)) ?? true
        else { return }
        goals[failure]!.best = witness
        lookAtGoals()
    }

    /// Finds out which executions are of use in this round.
    private mutating func lookAtGoals() {
        cap = 0
        for goal in goals.values where !goal.isSettled {
            cap = max(cap, goal.cap(in: round) ?? .max)
        }
    }
}

extension Witness {
    /// Whether it has fewer context switches, or as many and fewer steps.
    fileprivate func isShorter(than other: Witness) -> Bool {
        (switches, schedule.count) < (other.switches, other.schedule.count)
    }
}

extension Failure {
    /// Whether there is a step with which an execution shows it.
    fileprivate var isOfOneStep: Bool {
        switch self {
        case .site, .deadlock: true
        case .livelock, .cut: false
        }
    }
}
