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

    /// Counts of the search so far.
    private(set) var counts: SearchCounts
    /// Witnesses of the failures so far.
    private(set) var witnesses: Witnesses
    /// Livelocks, once the search is complete.
    private(set) var livelocks: [Livelock] = []
    /// Called now and then, with the counts and the seconds so far.
    var onProgress: ((SearchCounts, Double) -> Void)?

    /// Prepares for a search by so many processes, of states in so much memory at most, with
    /// what is known of contexts; nil when there are no addresses for that.
    init?(
        _ workload: Workload, _ reductions: Reductions, workers: Int, memory: Int,
        graph: consuming ContextGraph, counts: SearchCounts, witnesses: Witnesses
    ) {
        guard let table = StateTable(cpus: workload.cpus, limit: memory),
            let work = WorkList(workers: workers)
        else { return nil }
        self.workload = workload
        self.workers = workers
        self.counts = counts
        self.witnesses = witnesses
        before = counts
        driver = ExecutionDriver(
            workload,
            RoundScheduler(workload, reductions, graph: graph, table: table, work: work))
    }

    /// Searches until nothing is left, or a limit is met.
    mutating func run(_ limits: SearchLimits) -> SearchEnd {
        let end = allRounds(limits)
        count(isComplete: end == .complete)
        return end
    }

    private mutating func allRounds(_ limits: SearchLimits) -> SearchEnd {
        var version = driver.scheduler.graph.version
        while true {
            switch goOn(limits) {
            case .done:
                if driver.scheduler.graph.version != version || learnLoops() {
                    round += 1
                    version = driver.scheduler.graph.version
                } else {
                    return .complete
                }
            case .room: break
            case .end(let end): return end
            }
        }
    }

    private enum Turn {
        /// Nothing is left to be explored in this round.
        case done
        /// The processes are to go on, with more room.
        case room
        case end(SearchEnd)
    }

    /// Lets the processes work until one of them has a reason to stop.
    private mutating func goOn(_ limits: SearchLimits) -> Turn {
        driver.scheduler.graph.begin(round: round)
        driver.scheduler.table.makeRoom()
        driver.scheduler.work.begin(states: driver.scheduler.table.count)
        guard var workers = Workers(workers, { _ in work(limits) }) else { return .end(.memory) }
        var end: SearchEnd?
        let reports = workers.wait {
            if end == nil { end = limits.reached }
            if end != nil { driver.scheduler.work.stop() }
            report(limits)
        }
        report(limits)
        for report in reports.compactMap({ $0 }) {
            counts.cut += UInt64(report.cuts)
            for schedule in report.schedules { note(schedule, limits) }
        }
        return end.map { .end($0) } ?? turn(reports)
    }

    /// Searches in a process of its own, until all is done or there is a reason to stop.
    private mutating func work(_ limits: SearchLimits) -> WorkerReport {
        var limits = limits
        let seconds = limits.start
        limits.deadline = nil
        limits.interrupted = { false }
        limits.start = seconds
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

    /// What is to be done, as the processes ended.
    private func turn(_ reports: [WorkerReport?]) -> Turn {
        func isAny(_ reason: WorkerReport.Reason) -> Bool {
            reports.contains { $0?.reason == reason }
        }
        // What conflicts changes the steps of all.
        if isAny(.conflictsGrew) { return .end(.conflictsGrew) }
        if isAny(.stuck) { return .end(.stuck) }
        if let report = reports.first(where: { $0?.reason == .nondeterministic }), let report {
            return .end(.nondeterministic(String(decoding: report.text, as: UTF8.self)))
        }
        // One that is killed without a word was too large for the machine.
        if isAny(.memory) || reports.contains(where: { $0 == nil }) { return .end(.memory) }
        if isAny(.firstFailure) { return .end(.firstFailure) }
        return isAny(.room) ? .room : .done
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
        onProgress?(counts, limits.start.duration(to: .now) / .seconds(1))
    }

    /// Notes ways that come back to where they were; returns whether there are new ones.
    private mutating func learnLoops() -> Bool {
        let isAcyclic = StateGraph(driver.scheduler.table, isComplete: true).longest != nil
        let cycles = isAcyclic ? [] : StateGraph.cycles(of: driver.scheduler.table)
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

    /// Counts what was searched.
    private mutating func count(isComplete: Bool) {
        let graph = StateGraph(driver.scheduler.table, isComplete: isComplete)
        counts.states = driver.scheduler.stateCount
        counts.executions = graph.ends
        counts.blocked = UInt64(max(0, Int(graph.steps) - Int(graph.ends) - (Int(counts.states) - 1)))
        counts.events = before.events + graph.steps
        counts.deepest = max(before.deepest, graph.longest ?? 0)
        counts.conflicts = UInt64(vcpu_machine_conflicts(workload.machine.handle))
    }
}
