// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// A search over states in rounds, by processes side by side, up to its end.
struct RoundSearch: ~Copyable {
    /// A livelock: a schedule that leads to it, and the CPUs that have not finished.
    typealias Livelock = (schedule: [UInt8], waiting: UInt32)

    private let workload: Workload
    private let workers: Int
    private var driver: ExecutionDriver<RoundScheduler>
    /// The number of this round, from 1.
    private var round: Int32 = 1
    private let before: SearchCounts
    /// The version of the graph when the round began.
    private var version: Int
    /// The steps between all states, when no set grew any more.
    private var steps: StateGraph?
    private let store: (any CheckpointStore)?
    /// When what was done is kept next.
    private var due: ContinuousClock.Instant

    /// Counts of the search so far.
    private(set) var counts: SearchCounts
    /// Witnesses of the failures so far.
    private(set) var witnesses: Witnesses
    /// Schedules in which conflicts were met that were not known; each ended a search.
    private(set) var grown: [[UInt8]]
    /// Livelocks, once the search is complete.
    private(set) var livelocks: [Livelock] = []
    /// Called now and then, with the counts and the seconds so far.
    var onProgress: ((SearchCounts, Double) -> Void)?

    /// Prepares for a search by so many processes, with what is known of contexts, of at least
    /// `expected` states, in so much memory at most; nil when there are no addresses for that.
    init?(
        _ workload: Workload, _ reductions: Reductions, workers: Int, expected: Int, memory: Int,
        graph: consuming ContextGraph, counts: SearchCounts, witnesses: Witnesses,
        grown: [[UInt8]] = [], store: (any CheckpointStore)? = nil
    ) {
        guard let table = StateTable(cpus: workload.cpus, expected: expected, limit: memory),
            let work = WorkList(workers: workers)
        else { return nil }
        self.workload = workload
        self.workers = workers
        self.counts = counts
        self.witnesses = witnesses
        before = counts
        self.grown = grown
        self.store = store
        due = ContinuousClock.now.advanced(by: store?.interval ?? .zero)
        version = graph.version
        driver = ExecutionDriver(
            workload,
            RoundScheduler(workload, reductions, graph: graph, table: table, work: work))
    }

    /// Searches until nothing is left, or a limit is met.
    mutating func run(_ limits: SearchLimits) -> SearchEnd {
        let end = allRounds(limits)
        if end == .conflictsGrew {
            // It changes the steps, so what was done is worth nothing; and how much that was
            // depends on who met it first.
            counts = before
            return end
        }
        count(isComplete: end == .complete)
        if end != .complete { save() }
        return end
    }

    private mutating func allRounds(_ limits: SearchLimits) -> SearchEnd {
        while true {
            switch goOn(limits) {
            case .done:
                if driver.scheduler.graph.version != version || learnLoops() {
                    round += 1
                    version = driver.scheduler.graph.version
                } else {
                    return .complete
                }
            case .goOn: if isDue { save() }
            case .end(let end): return end
            }
        }
    }

    private enum Turn {
        /// Nothing is left to be explored in this round.
        case done
        /// The processes are to go on, when there is more room, and what was done is kept.
        case goOn
        case end(SearchEnd)
    }

    /// Lets the processes work until one of them has a reason to stop.
    private mutating func goOn(_ limits: SearchLimits) -> Turn {
        driver.scheduler.graph.begin(round: round)
        driver.scheduler.table.makeRoom()
        driver.scheduler.work.begin(states: driver.scheduler.table.count)
        let (reports, end) = (workers > 1 ? fork(limits) : nil) ?? ([workAlone(limits)], nil)
        report(limits)
        for report in reports.compactMap({ $0 }) {
            counts.cut += UInt64(report.cuts)
            for schedule in report.schedules { note(schedule, limits) }
        }
        return (end ?? limits.reached).map { .end($0) } ?? turn(reports)
    }

    /// Works in this process until all is done, or it is time to keep it.
    private mutating func workAlone(_ limits: SearchLimits) -> WorkerReport {
        guard store != nil else { return work(limits) }
        var limits = limits
        let (due, interrupted) = (due, limits.interrupted)
        limits.interrupted = { interrupted() || ContinuousClock.now >= due }
        return work(limits)
    }

    /// Lets processes work, and watches the limits; returns what they say, and the limit that
    /// was met.  Nil when there cannot be as many processes.
    private mutating func fork(_ limits: SearchLimits) -> ([WorkerReport?], SearchEnd?)? {
        let stopped = driver.scheduler.work.stopped
        var end: SearchEnd?
        guard
            var workers = Workers(
                workers,
                {
                    // The process that forked it sees to the limits.
                    var limits = limits
                    limits.deadline = nil
                    limits.interrupted = { stopped.pointee != 0 }
                    return work(limits)
                })
        else { return nil }
        let reports = workers.wait {
            if end == nil { end = limits.reached }
            if end != nil || isDue { driver.scheduler.work.stop() }
            report(limits)
        }
        return (reports, end)
    }

    /// Searches until all is done, or there is a reason to stop.
    private mutating func work(_ limits: SearchLimits) -> WorkerReport {
        driver.onProgress = workers == 1 ? onProgress : nil
        driver.scheduler.restart()
        driver.counts = SearchCounts()
        driver.witnesses = Witnesses()
        let end = driver.run(limits)
        var report = WorkerReport()
        driver.scheduler.table.leave()
        report.cuts = Int64(driver.counts.cut)
        report.schedules = driver.witnesses.all.values.map(\.schedule)
        report.reason =
            switch end {
            case .complete:
                switch driver.scheduler.leaving {
                case nil: .done
                case .stop: .stopped
                case .room: .room
                case .memory: .memory
                }
            case .firstFailure: .firstFailure
            case .stuck: .stuck
            case .conflictsGrew: .conflictsGrew
            case .nondeterministic: .nondeterministic
            default: .stopped
            }
        if case .nondeterministic(let reason) = end { report.text = Array(reason.utf8) }
        if report.reason == .conflictsGrew { report.schedules.append(driver.steps) }
        if report.reason != .done { driver.scheduler.work.stop() }
        return report
    }

    /// Decides what is to be done, as the processes ended.
    private mutating func turn(_ reports: [WorkerReport?]) -> Turn {
        func isAny(_ reason: WorkerReport.Reason) -> Bool {
            reports.contains { $0?.reason == reason }
        }
        // A conflict that is new changes the steps of all.
        if isAny(.conflictsGrew) {
            for report in reports {
                if let report, report.reason == .conflictsGrew { grown.append(report.schedules.last ?? []) }
            }
            return .end(.conflictsGrew)
        }
        if isAny(.stuck) { return .end(.stuck) }
        if let report = reports.first(where: { $0?.reason == .nondeterministic }), let report {
            return .end(.nondeterministic(String(decoding: report.text, as: UTF8.self)))
        }
        // It is for want of memory that one is killed.
        if isAny(.memory) || reports.contains(where: { $0 == nil }) { return .end(.memory) }
        if isAny(.firstFailure) { return .end(.firstFailure) }
        return isAny(.room) || isAny(.stopped) ? .goOn : .done
    }

    /// Runs an execution of another process again, and notes what failed.
    private mutating func note(_ schedule: [UInt8], _ limits: SearchLimits) {
        vcpu_machine_keep_states(workload.machine.handle, false)
        defer { vcpu_machine_keep_states(workload.machine.handle, true) }
        let replay = Replay(schedule, of: workload) { _ in true }
        for witness in replay.witnesses {
            witness.schedule.withUnsafeBufferPointer {
                witnesses.note(
                    witness.failure, cpu: witness.cpu, schedule: $0,
                    execution: before.randomExecutions + 1, seconds: limits.start.duration(to: .now) / .seconds(1))
            }
        }
    }

    private mutating func report(_ limits: SearchLimits) {
        counts.states = driver.scheduler.stateCount
        counts.open = driver.scheduler.work.open
        onProgress?(counts, limits.start.duration(to: .now) / .seconds(1))
    }

    /// Notes ways that come back to where they were; returns whether there are new ones.
    private mutating func learnLoops() -> Bool {
        let known = StateGraph(driver.scheduler.table, isComplete: true)
        steps = known
        let cycles = known.longest != nil ? [] : StateGraph.cycles(of: driver.scheduler.table)
        let version = driver.scheduler.graph.version
        for step in cycles.flatMap(\.steps) {
            driver.scheduler.graph.noteLoop(driver.scheduler.table.contexts(of: step.state)[step.cpu])
        }
        livelocks = cycles.filter { !$0.leaves }.compactMap { cycle in
            let record = driver.scheduler.table.records[Int(cycle.first)]
            if record.hasFailed { return nil }
            return (driver.scheduler.table.schedule(to: cycle.first), UInt32(record.unfinished))
        }
        return driver.scheduler.graph.version != version
    }

    /// Schedules of all steps that led to no state.
    func ends() -> [[UInt8]] { StateGraph.ends(of: driver.scheduler.table) }

    /// Counts what was searched.
    private mutating func count(isComplete: Bool) {
        let graph = isComplete ? steps! : StateGraph(driver.scheduler.table, isComplete: false)
        counts.states = driver.scheduler.stateCount
        counts.executions = graph.ends
        counts.blocked = UInt64(max(0, Int(graph.steps) - Int(graph.ends) - (Int(counts.states) - 1)))
        counts.events = before.events + graph.steps
        counts.deepest = max(before.deepest, graph.longest ?? 0)
        counts.conflicts = UInt64(vcpu_machine_conflicts(workload.machine.handle))
    }

    // MARK: Checkpoints

    private var isDue: Bool { store != nil && ContinuousClock.now >= due }

    /// Keeps what was done.  The more that is, the longer it takes, and the rarer it is.
    private mutating func save() {
        guard let store else { return }
        let start = ContinuousClock.now
        var checkpoint = Checkpoint()
        checkpoint.round = Int64(round)
        checkpoint.version = Int64(version)
        checkpoint.numbers =
            driver.scheduler.table.numbersOfParts + driver.scheduler.graph.numbersOfBytes
        checkpoint.grown = grown
        checkpoint.failures = witnesses.all.values.map(\.schedule)
        let bytes = checkpoint.bytes
        bytes.withUnsafeBytes {
            store.save([$0] + driver.scheduler.table.parts + driver.scheduler.graph.bytes)
        }
        let pause = max(store.interval, start.duration(to: .now) * 20)
        due = ContinuousClock.now.advanced(by: pause)
    }

    /// Learns of the conflicts that are met in an execution.
    mutating func learn(_ schedule: [UInt8], _ limits: SearchLimits) {
        note(schedule, limits)
        grown.append(schedule)
    }

    /// Goes on with what was kept; false where that is not of this search.
    mutating func resume(_ checkpoint: Checkpoint, _ rest: UnsafeRawBufferPointer, _ limits: SearchLimits) -> Bool {
        var rest = rest
        guard driver.scheduler.table.restore(checkpoint.numbers.prefix(4), &rest),
            driver.scheduler.graph.restore(checkpoint.numbers.dropFirst(4), &rest), rest.isEmpty,
            areNamedAlike()
        else { return false }
        round = Int32(truncatingIfNeeded: checkpoint.round)
        version = Int(checkpoint.version)
        for schedule in checkpoint.failures { note(schedule, limits) }
        return true
    }

    /// Whether states have the names that they had when they were kept: some are come to anew.
    private mutating func areNamedAlike() -> Bool {
        let count = driver.scheduler.table.count
        let handle = workload.machine.handle
        for id in stride(from: 0, to: count, by: max(1, count / 64))
        where driver.scheduler.table.records[id].isState {
            vcpu_machine_begin(handle)
            for cpu in driver.scheduler.table.schedule(to: StateTable.ID(id)) {
                guard vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) != 0,
                    vcpu_machine_keep(handle, UInt32(cpu))
                else { return false }
                vcpu_machine_step(handle, UInt32(cpu))
            }
            let name = vcpu_machine_state_name(handle)
            guard name == driver.scheduler.table.name(of: StateTable.ID(id)) else { return false }
        }
        return count > 0
    }
}
