// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

/// The effort of a check is that of its search.
public typealias CheckOptions = SearchOptions

/// Checks one plan on one revision: a short random phase, which meets bugs and
/// conflicts soon; then the exhaustive search; then a replay of each finding.
public struct Check {
    let world: World
    let options: CheckOptions
    let resolver: Resolver

    /// Sets the world up.
    ///
    /// - Throws: what `World` throws, and `noHooks`.
    public init(_ plan: Plan, revision: Revision, options: CheckOptions) throws(HarnessError) {
        guard Machine.seesAccesses else { throw .noHooks }
        world = try World(plan, revision: revision, reductions: options.reductions)
        world.workload.prepare(for: options.policy)
        self.options = options
        resolver = Resolver(
            names: world.names, symbolizer: Symbolizer(folders: revision.tree?.folders ?? [:]))
    }

    /// Searches, explains what it found, and reports.
    public func run() -> CheckReport {
        world.machine.withCurrent {
            let start = ContinuousClock.now
            var workload = world.workload
            let branches = options.profile ? BranchCounter(of: &workload, resolver) : nil
            var outcome = Search(workload, options).run()
            var report = CheckReport(
                world.plan, world.revision, options, verdict: outcome.verdict)
            let missing = Reductions.named.filter { !options.reductions.contains($0.reduction) }.map(\.name)
            if !missing.isEmpty { report.without = missing }
            report.executions = outcome.counts.executions
            report.blocked = outcome.counts.blocked
            report.events = outcome.counts.events
            if outcome.counts.states > 0 { report.states = outcome.counts.states }
            report.profile = branches?.profile
            report.randomExecutions = outcome.counts.randomExecutions
            report.conflicts = outcome.counts.conflicts
            report.seconds = outcome.seconds
            report.interrupted = outcome.end == .interrupted
            let patience = Patience(options, since: start)
            let learned = vcpu_machine_generation(world.machine.handle)
            let met = Array(outcome.witnesses.all.values)
            report.bugs = met.map { explain($0, patience, learned: learned) }
            for witness in outcome.witnesses.cuts.values {
                guard
                    Trace(replaying: witness, of: world.workload, while: patience) != nil,
                    let loop = resolver.loop(of: witness.cpu, on: world.machine)
                else { continue }
                report.loops.append(loop)
            }
            if options.minimal {
                let deadline = options.budget.map { start + $0 }
                shorten(&report.bugs, met, patience, learned: learned, until: deadline)
            }
            report.bugs += explainStale(
                Array(outcome.witnesses.stale.values), outcome.end, patience)
            if case .nondeterministic(let reason) = outcome.end { report.reason = reason }
            if outcome.verdict == .unresolved { report.reason = unresolved(outcome.witnesses) }
            outcome.witnesses = Witnesses()
            report.scope = scope(report, outcome.end)
            return report
        }
    }

    /// Says of what the verdict speaks: scenario, bound, memory model.
    private func scope(_ report: CheckReport, _ end: SearchEnd) -> String {
        var what =
            "\(world.plan.cpus.count) CPUs, \(world.plan.subpages) subpages, "
            + "sequential consistency"
        if let tree = world.revision.tree, !tree.scope.isEmpty {
            what += "; \(tree.scope)"
            if options.reductions.contains(.fuseAssertions) {
                what += "; a VM_BUG_ON that passes is not a step of its own"
            }
        }
        switch end {
        case .complete where !report.loops.isEmpty:
            return "not all interleavings: a loop was followed for a few rounds only: \(what)"
        case .complete: return "every interleaving: \(what)"
        case .sampled: return "\(report.randomExecutions) random interleavings only: \(what)"
        case .budget: return "not all interleavings: the budget ran out: \(what)"
        case .memory: return "not all interleavings: no memory for more states (see --memory): \(what)"
        case .firstFailure: return "not all interleavings: stopped at the first failure: \(what)"
        case .interrupted: return "incomplete: interrupted: \(what)"
        case .stuck:
            return "not all interleavings: a loop was given up that others do not see: \(what)"
        case .conflictsGrew, .nondeterministic: return "not all interleavings: \(what)"
        }
    }

    /// Replays the witness with the trace on, and makes a finding of it.
    ///
    /// - Parameter learned: how often the search had learned of a conflict; nil when its
    ///   schedule is for no other process.
    func explain(_ witness: Witness, _ patience: Patience, learned: UInt64?) -> Finding {
        guard let trace = Trace(replaying: witness, of: world.workload, while: patience) else {
            var finding = resolver.finding(witness)
            finding.note = patience.isOver
                ? "(not drawn: the time is over)"
                : "(the schedule did not replay: please report this as a bug of mmrace)"
            return finding
        }
        var finding = resolver.finding(witness, by: trace, on: world.machine)
        let runs = try? Follower(world: world, resolver: resolver).runs(finding.schedule)
        // Had it learned more meanwhile, its steps would be others.
        if let runs, learned == vcpu_machine_generation(world.machine.handle) {
            finding.runs = runs
            finding.learned = learned
        }
        return finding
    }

    /// Exchanges findings for those of shorter executions, as far as these are found.
    ///
    /// - Parameter met: the witnesses that the findings are of.
    private func shorten(
        _ findings: inout [Finding], _ met: [Witness], _ patience: Patience, learned: UInt64,
        until deadline: ContinuousClock.Instant?
    ) {
        let shortest = ShortestWitness(world.workload, options, until: deadline).shorten(met)
        for (index, witness) in shortest.enumerated() {
            if witness.schedule != met[index].schedule {
                findings[index] = explain(witness, patience, learned: learned)
            }
            if witness.isMinimal { findings[index].minimal = true }
        }
    }

    /// The schedule of a witness from before the search began anew means nothing any
    /// more: the search is repeated, with the trace on, until it has met all of them.
    private func explainStale(
        _ witnesses: [Witness], _ end: SearchEnd, _ patience: Patience
    ) -> [Finding] {
        guard !witnesses.isEmpty else { return [] }
        let note =
            end == .complete
            ? "(met at random, in a state that no execution of the search went through)"
            : "(met before the search knew all conflicts; not met again within the budget)"
        let findings = Repeat(of: witnesses, in: world.workload, options, while: patience)
            .explain { resolver.finding($0, by: $1, on: world.machine) }
        return zip(witnesses, findings).map { witness, explained in
            var finding = explained ?? resolver.finding(witness)
            finding.note = note
            return finding
        }
    }
}
