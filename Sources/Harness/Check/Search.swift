// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The phases of one search: random walk, exhaustive search, and both again
/// when a conflict turns up that was not known.
struct Search {
    /// What a search found, and how it ended.
    struct Outcome {
        var verdict: Verdict
        var end: SearchEnd
        var counts = SearchCounts()
        var witnesses = Witnesses()
        var seconds = 0.0
    }

    /// Each restart makes at least one more word or assertion known; a search
    /// that does not settle is a defect of ours.
    private static let mostRestarts: UInt64 = 10_000

    let workload: Workload
    let options: CheckOptions

    init(_ workload: Workload, _ options: CheckOptions) {
        self.workload = workload
        self.options = options
    }

    func run() -> Outcome {
        let start = ContinuousClock.now
        var outcome = Outcome(verdict: .bounded, end: .budget)
        var limits = SearchLimits(start: start)
        limits.stopAtFirstFailure = options.first
        limits.interrupted = options.interrupted
        if let budget = options.budget { limits.deadline = start.advanced(by: budget) }
        while outcome.counts.restarts <= Self.mostRestarts {
            outcome.counts.executions = 0
            outcome.counts.blocked = 0
            outcome.counts.randomExecutions = 0
            outcome.counts.cut = 0
            outcome.end = random(limits, &outcome)
            if outcome.end == .sampled && options.policy != .random {
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
        let d = start.duration(to: .now)
        outcome.seconds = Double(d.components.seconds) + Double(d.components.attoseconds) * 1e-18
        outcome.verdict = verdict(outcome)
        return outcome
    }

    private func random(_ limits: SearchLimits, _ outcome: inout Outcome) -> SearchEnd {
        var walk = RandomWalk(workload, seed: options.seed)
        defer { walk.deallocate() }
        walk.onProgress = options.progress
        walk.counts = outcome.counts
        walk.witnesses = outcome.witnesses
        var own = limits
        own.executions = options.randomExecutions << (2 * max(workload.cpus - 2, 0))
        // With a budget, a random search is as long as that.
        if options.policy == .random && options.budget != nil { own.executions = nil }
        if options.policy != .random { own.events = options.randomEvents }
        let end = walk.run(own)
        outcome.counts = walk.counts
        outcome.witnesses = walk.witnesses
        return end
    }

    private func exhaustive(_ limits: SearchLimits, _ outcome: inout Outcome) -> SearchEnd {
        var search = ExhaustiveSearch(
            workload, sourceSets: options.policy == .dpor,
            sleepSets: options.reductions.contains(.sleepSets),
            conservative: !options.reductions.contains(.oneInitial))
        defer { search.deallocate() }
        search.onProgress = options.progress
        search.counts = outcome.counts
        search.counts.cut = 0
        search.witnesses = outcome.witnesses
        search.witnesses.forgetCuts()
        let end = search.run(limits)
        outcome.counts = search.counts
        outcome.witnesses = search.witnesses
        return end
    }

    private func verdict(_ outcome: Outcome) -> Verdict {
        let found = Array(outcome.witnesses.all.keys) + Array(outcome.witnesses.stale.keys)
        let failures = found.filter { !$0.isUnresolved }
        if case .nondeterministic = outcome.end { return .nondeterministic }
        if outcome.end == .conflictsGrew { return .internalError }
        if failures.contains(where: { if case .site = $0 { true } else { false } }) { return .bug }
        if failures.contains(where: { if case .deadlock = $0 { true } else { false } }) {
            return .deadlock
        }
        if !failures.isEmpty { return .livelock }
        // What comes after the use of an unresolved symbol was not run.
        if !found.isEmpty { return .unresolved }
        guard outcome.end == .complete && outcome.counts.cut == 0 else { return .bounded }
        return outcome.counts.conflicts == 0 && options.reductions.contains(.conflictsOnly)
            ? .vacuous : .verified
    }
}
