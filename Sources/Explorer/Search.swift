// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The phases of one search: random walk, exhaustive search, and both again
/// when a conflict turns up that was not known.
package struct Search {
    /// The result of a search.
    package struct Outcome {
        /// The reason for which the search ended.
        package var end: SearchEnd
        /// Counts of its executions and events.
        package var counts = SearchCounts()
        /// Witnesses of what failed.
        package var witnesses = Witnesses()
        /// The seconds that it took.
        package var seconds = 0.0
        /// Schedules that lead to each end, in as many ways as it was come to from a state, where
        /// the options ask for them.
        package var ends: [[UInt8]] = []
        /// Whether it would have seen two CPUs conflict, had they done so.
        package var seesConflicts: Bool
    }

    /// Each restart makes at least one more word or assertion known; a search
    /// that does not settle is a defect of ours.
    private static let mostRestarts: UInt64 = 10_000

    private let workload: Workload
    private let options: SearchOptions
    private let history = History()

    /// Schedules in which searches in rounds met conflicts that were not known.
    private final class History {
        var grown: [[UInt8]] = []
        /// Those of a checkpoint that did not run again yet; nil before it was looked at.
        var left: [[UInt8]]?
        /// Whether nothing is left of a checkpoint of an earlier process.
        var isOwn = false
        /// Memory for what is known of contexts, of a search that began anew.
        var memory: ContextGraph?
    }

    /// Prepares a search of a workload.
    package init(_ workload: Workload, _ options: SearchOptions) {
        self.workload = workload
        self.options = options
    }

    /// Searches; the workload's machine is the calling thread's.
    package func run() -> Outcome {
        timed { limits, outcome in
            while outcome.counts.restarts <= Self.mostRestarts {
                outcome.counts.executions = 0
                outcome.counts.blocked = 0
                outcome.counts.randomExecutions = 0
                outcome.counts.cut = 0
                outcome.end = random(limits, &outcome)
                if outcome.end == .sampled && !options.policy.isSampled {
                    outcome.end = exhaustive(limits, &outcome)
                }
                guard outcome.end == .conflictsGrew else { break }
                outcome.witnesses.restart()
                outcome.counts.restarts += 1
                if let end = limits.reached {
                    outcome.end = end
                    break
                }
            }
            if outcome.end == .complete { options.checkpoint?.remove() }
        }
    }

    /// Draws what follows the steps of a schedule: sixteen times as many executions as the
    /// random phase of `run()` has for two CPUs; with a budget, as many as there is time for.
    package func run(after schedule: [UInt8]) -> Outcome {
        let executions = options.budget == nil ? options.randomExecutions << 4 : .max
        return timed { limits, outcome in
            while true {
                outcome.end = explore(
                    by: PrefixScheduler(
                        schedule, then: RandomScheduler(seed: options.seed, executions: executions)),
                    limits, &outcome)
                guard outcome.end == .conflictsGrew else { break }
                outcome.counts.randomExecutions = 0
                outcome.witnesses.restart()
                outcome.counts.restarts += 1
            }
        }
    }

    /// Lets the body fill an outcome, within the limits that the options say.
    private func timed(_ body: (SearchLimits, inout Outcome) -> Void) -> Outcome {
        let start = ContinuousClock.now
        workload.prepare(for: options.policy)
        var outcome = Outcome(
            end: .budget, seesConflicts: options.reductions.contains(.conflictsOnly))
        var limits = SearchLimits(start: start)
        limits.stopAtFirstFailure = options.first
        limits.interrupted = options.interrupted
        if let budget = options.budget { limits.deadline = start.advanced(by: budget) }
        body(limits, &outcome)
        outcome.seconds = start.duration(to: .now) / .seconds(1)
        return outcome
    }

    private func random(_ limits: SearchLimits, _ outcome: inout Outcome) -> SearchEnd {
        let isWhole = options.policy.isSampled
        var executions = options.randomExecutions << (2 * max(workload.cpus - 2, 0))
        // A search of states learns what it does not know of conflicts at little cost.
        if options.policy == .states { executions >>= 3 }
        return explore(
            by: RandomScheduler(
                seed: options.seed,
                // With a budget, a random search is as long as that.
                executions: isWhole && options.budget != nil ? .max : executions,
                steps: isWhole ? .max : options.randomEvents),
            limits, &outcome)
    }

    private func exhaustive(_ limits: SearchLimits, _ outcome: inout Outcome) -> SearchEnd {
        // The executions of the random phase are among those that follow.
        outcome.counts.cut = 0
        outcome.witnesses.forgetCuts()
        workload.onBegin?()
        if options.policy == .states {
            if let end = states(limits, &outcome) { return end }
            workload.onBegin?()
        }
        return options.policy == .dfs
            ? explore(by: DFSScheduler(workload), limits, &outcome)
            : explore(by: DPORScheduler(workload, options.reductions), limits, &outcome)
    }

    /// Goes through all states; nil where a CPU does not end, and no state is met twice.
    private func states(_ limits: SearchLimits, _ outcome: inout Outcome) -> SearchEnd? {
        guard vcpu_machine_keeps_states() else { return nil }
        let handle = workload.machine.handle
        vcpu_machine_set_options(handle, options.reductions.subtracting(.awaitLoops).machineOptions)
        defer { vcpu_machine_set_options(handle, options.reductions.machineOptions) }
        let begun = outcome.counts
        var graph: ContextGraph?
        let isWatched = workload.onBranch != nil || workload.onEnd != nil || workload.onFailure != nil
        var (end, livelocks) = alone(
            limits, &outcome, &graph, mostStates: isWatched ? nil : options.statesAlone)
        if let known = graph.take() {
            if let rounds = inRounds(limits, &outcome, known, begun) {
                (end, livelocks) = rounds
            } else {
                // There are no addresses for what processes share.
                outcome.counts = begun
                (end, livelocks) = alone(limits, &outcome, &graph, mostStates: nil)
            }
        }
        guard outcome.counts.cut == 0 else {
            outcome.witnesses.forgetCuts()
            outcome.counts = begun
            return nil
        }
        for livelock in livelocks {
            note(livelock, seconds: limits.start.duration(to: .now) / .seconds(1), &outcome)
        }
        return end
    }

    private typealias Livelocks = [(schedule: [UInt8], waiting: UInt32)]

    private var memory: Int { options.memory ?? ProcessMemory.half }

    /// Goes through states in one process. Where there are more than so many, it gives up, and
    /// gives what it knows of contexts.
    private func alone(
        _ limits: SearchLimits, _ outcome: inout Outcome, _ graph: inout ContextGraph?, mostStates: Int?
    ) -> (SearchEnd, Livelocks) {
        var driver = ExecutionDriver(
            workload,
            StatesScheduler(
                workload, options.reductions, memory: memory, mostStates: mostStates,
                nothing: mostStates == nil ? nil : history.memory.take()))
        driver.onProgress = options.progress
        driver.counts = outcome.counts
        driver.witnesses = outcome.witnesses
        let end = driver.run(limits)
        outcome.witnesses = driver.witnesses
        outcome.counts = driver.counts
        if driver.scheduler.isLarge && end == .complete && driver.counts.cut == 0 {
            graph = driver.scheduler.giveGraph()
        } else if end == .conflictsGrew {
            history.memory = driver.scheduler.giveMemory()
        }
        return (driver.scheduler.isOutOfMemory ? .memory : end, driver.scheduler.livelocks)
    }

    /// Goes through states in rounds, by as many processes as are asked for; nil when it cannot.
    private func inRounds(
        _ limits: SearchLimits, _ outcome: inout Outcome, _ graph: consuming ContextGraph,
        _ begun: SearchCounts
    ) -> (SearchEnd, Livelocks)? {
        guard
            var search = RoundSearch(
                workload, options.reductions, workers: options.jobs, expected: options.statesAlone, memory: memory,
                graph: graph, counts: begun, witnesses: outcome.witnesses, grown: history.grown,
                store: options.checkpoint)
        else { return nil }
        search.onProgress = options.progress
        var end: SearchEnd?
        if !history.isOwn { options.checkpoint?.load { bytes in end = resume(bytes, &search, limits) } }
        // From now on this search's own work is kept, which it does not need.
        if end != .conflictsGrew { history.isOwn = true }
        if end == nil || end == .complete { end = search.run(limits) }
        history.grown = search.grown
        outcome.counts = search.counts
        outcome.witnesses = search.witnesses
        if options.keepsEnds { outcome.ends = search.ends() }
        return (end!, search.livelocks)
    }

    /// Goes on with what was kept. Returns complete when that can be, and why it cannot where not.
    private func resume(
        _ bytes: UnsafeRawBufferPointer, _ search: inout RoundSearch, _ limits: SearchLimits
    ) -> SearchEnd {
        let other = SearchEnd.nondeterministic(
            "the checkpoint is not of this search, of another build of mmrace, or larger than --memory lets it be")
        var rest = bytes
        guard let checkpoint = Checkpoint(&rest) else { return other }
        if history.left == nil { history.left = checkpoint.grown }
        // The conflicts that were learned before are learned first, in the same order.
        if let schedule = history.left?.first {
            history.left?.removeFirst()
            let generation = vcpu_machine_generation(workload.machine.handle)
            search.learn(schedule, limits)
            return vcpu_machine_generation(workload.machine.handle) == generation ? other : .conflictsGrew
        }
        return search.resume(checkpoint, rest, limits) ? .complete : other
    }

    /// Notes a livelock, with a schedule in which CPUs that spin wait, as replays have it.
    private func note(
        _ livelock: (schedule: [UInt8], waiting: UInt32), seconds: Double, _ outcome: inout Outcome
    ) {
        let handle = workload.machine.handle
        vcpu_machine_set_options(handle, options.reductions.machineOptions)
        defer { vcpu_machine_set_options(handle, options.reductions.subtracting(.awaitLoops).machineOptions) }
        var schedule: [UInt8] = []
        func step(_ cpu: Int) {
            vcpu_machine_step(handle, UInt32(cpu))
            schedule.append(UInt8(cpu))
        }
        vcpu_machine_begin(handle)
        for cpu in livelock.schedule where vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) != 0 {
            step(Int(cpu))
        }
        while schedule.count < livelock.schedule.count + Self.mostRounds {
            let enabled = vcpu_machine_enabled(handle)
            if enabled == 0 { break }
            for cpu in 0..<workload.cpus where vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) != 0 { step(cpu) }
        }
        let spins = (0..<workload.cpus).first { workload.machine.loop(of: $0) != nil }
        let isShown = vcpu_machine_enabled(handle) == 0 && vcpu_machine_cut(handle) == 0 && spins != nil
        let shown = isShown ? schedule : livelock.schedule
        shown.withUnsafeBufferPointer {
            outcome.witnesses.note(
                .livelock(waiting: livelock.waiting),
                cpu: spins ?? livelock.waiting.trailingZeroBitCount, schedule: $0,
                execution: outcome.counts.executions + outcome.counts.randomExecutions,
                seconds: seconds)
        }
    }

    /// Steps in which CPUs that spin are seen to.
    private static let mostRounds = 10_000

    private func explore<S: Scheduler & ~Copyable>(
        by scheduler: consuming S, _ limits: SearchLimits, _ outcome: inout Outcome
    ) -> SearchEnd {
        var driver = ExecutionDriver(workload, scheduler)
        driver.onProgress = options.progress
        driver.counts = outcome.counts
        driver.witnesses = outcome.witnesses
        let end = driver.run(limits)
        outcome.counts = driver.counts
        outcome.witnesses = driver.witnesses
        return end
    }
}
