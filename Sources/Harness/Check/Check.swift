// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// What to check, and how hard.
public struct CheckOptions: Sendable {
    public var policy = Policy.dpor
    public var reductions = Reductions.all
    public var seed: UInt64 = 1
    /// Executions of the random phase that opens a search of two CPUs, four times
    /// as many for each CPU more; with `Policy.random` and no budget, the whole.
    public var randomExecutions: UInt64 = 256
    /// Steps after which the random phase that opens a search ends, too.
    public var randomEvents: UInt64 = 250_000
    public var budget: Duration?
    /// Stop at the first failure.
    public var first = false
    /// Asked now and then; true ends the check.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Characters in a line of a diagram, at most.
    public var width = 80
    /// Told now and then how far the search is.
    public var progress: (@Sendable (SearchCounts, Double) -> Void)?

    public init() {}
}

/// Checks one plan on one revision: a short random phase, which meets bugs and
/// conflicts soon; then the exhaustive search; then a replay of each finding.
public struct Check {
    let world: World
    let options: CheckOptions
    private let symbolizer: Symbolizer

    public init(_ plan: Plan, revision: Revision, options: CheckOptions) throws(HarnessError) {
        guard Machine.seesAccesses else { throw .noHooks }
        world = try World(plan, revision: revision, reductions: options.reductions)
        self.options = options
        symbolizer = Symbolizer(folders: revision.tree?.folders ?? [:])
    }

    public func run() -> CheckReport {
        world.machine.withCurrent {
            let start = ContinuousClock.now
            var outcome = Search(world.workload, options).run()
            var report = CheckReport(
                scenario: world.plan.scenario, parameters: world.plan.parameters,
                revision: world.revision.id, version: world.revision.version,
                title: world.revision.title, policy: options.policy, seed: options.seed,
                tree: world.revision.tree?.path,
                configuration: world.revision.tree?.configuration, verdict: outcome.verdict, scope: "",
                executions: outcome.counts.executions, blocked: outcome.counts.blocked,
                events: outcome.counts.events,
                randomExecutions: outcome.counts.randomExecutions,
                conflicts: outcome.counts.conflicts, seconds: outcome.seconds,
                interrupted: outcome.end == .interrupted, bugs: [], loops: [], reason: nil)
            let patience = Patience(options, since: start)
            for finding in outcome.witnesses.all.values {
                report.bugs.append(explain(finding, patience))
            }
            for finding in outcome.witnesses.cuts.values {
                guard
                    Trace(replaying: finding, of: world.workload, while: patience) != nil,
                    let loop = LoopReport(
                        of: finding.cpu, in: world.machine, names: world.names,
                        symbolizer: symbolizer)
                else { continue }
                report.loops.append(loop)
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
                what += "; a VM_BUG_ON that passes is no step of its own"
            }
        }
        switch end {
        case .complete where !report.loops.isEmpty:
            return "not all interleavings: a loop was followed for a few rounds only: \(what)"
        case .complete:
            return options.policy == .random
                ? what
                : "every interleaving: \(what)"
        case .sampled: return "\(report.randomExecutions) random interleavings only: \(what)"
        case .budget: return "not all interleavings: the budget ran out: \(what)"
        case .firstFailure: return "not all interleavings: stopped at the first failure: \(what)"
        case .interrupted: return "incomplete: interrupted: \(what)"
        case .stuck:
            return "not all interleavings: a loop was given up that others do not see: \(what)"
        case .conflictsGrew, .nondeterministic: return "not all interleavings: \(what)"
        }
    }

    private func describe(_ finding: Witness) -> BugReport {
        var bug = BugReport(
            kind: "", expression: "", function: "", file: "", line: 0, cpu: finding.cpu,
            execution: finding.execution, seconds: finding.seconds, switches: finding.switches,
            diagram: "", schedule: Schedule(finding.schedule).text)
        switch finding.failure {
        case .site(let site, let pc):
            let s = site.pointee
            bug.kind = kindName(s.kind)
            bug.expression = String(cString: s.expression)
            if s.line > 0 {
                bug.function = s.function.map { String(cString: $0) } ?? ""
                bug.file = s.file.map { Symbolizer.kernelName(String(cString: $0)) } ?? ""
                bug.line = Int(s.line)
            } else if let place = symbolizer.place(UnsafeRawPointer(bitPattern: pc)) {
                bug.function = place.function
                bug.file = place.file
                bug.line = place.line
            }
        case .deadlock(let waiting):
            bug.kind = "deadlock"
            bug.expression =
                "\(Names.cpus(waiting)) \(waiting.nonzeroBitCount == 1 ? "waits" : "wait") for ever"
        case .livelock(let waiting):
            bug.kind = "livelock"
            let what = waiting.nonzeroBitCount == 1 ? "spins" : "spin or wait"
            bug.expression = "\(Names.cpus(waiting)) \(what) for ever"
        case .cut:
            preconditionFailure("a loop that was cut is not a failure")
        }
        return bug
    }

    /// Replays the finding's schedule with the trace on, and draws it.
    private func explain(_ finding: Witness, _ patience: Patience) -> BugReport {
        guard let trace = Trace(replaying: finding, of: world.workload, while: patience) else {
            var bug = describe(finding)
            bug.diagram = patience.isOver
                ? "(not drawn: the time is over)"
                : "(the schedule did not replay: please report this as a bug of mmrace)"
            return bug
        }
        return explain(finding, by: trace)
    }

    private func explain(_ finding: Witness, by trace: Trace) -> BugReport {
        let explanation = Explanation(
            trace, on: world.machine, names: world.names, symbolizer: symbolizer,
            width: options.width)
        var bug = describe(finding)
        bug.observed = explanation.observed
        bug.cpu = explanation.cpu ?? bug.cpu
        bug.diagram = explanation.text
        return bug
    }

    /// The schedule of a finding from before the search began anew means nothing any
    /// more: the search is repeated, with the trace on, until it has met all of them.
    private func explainStale(
        _ findings: [Witness], _ end: SearchEnd, _ patience: Patience
    ) -> [BugReport] {
        guard !findings.isEmpty else { return [] }
        let note =
            end == .complete
            ? "(met at random, in a state that no execution of the search went through)"
            : "(met before the search knew all conflicts; not met again within the budget)"
        let bugs = Repeat(of: findings, in: world.workload, options, while: patience)
            .explain(explain(_:by:))
        return zip(findings, bugs).map { finding, explained in
            var bug = explained ?? describe(finding)
            bug.diagram += (bug.diagram.isEmpty ? "" : "\n\n") + note
            return bug
        }
    }
}

/// The name of a kind of finding, in reports and JSON.
func kindName(_ kind: vcpu_bug_kind) -> String {
    switch kind {
    case VCPU_BUG_ON: "BUG_ON"
    case VCPU_VM_BUG_ON: "VM_BUG_ON"
    case VCPU_BAD_STATE: "bad-state"
    case VCPU_INVARIANT: "invariant"
    case VCPU_USE_AFTER_FREE: "use-after-free"
    case VCPU_LEAK: "leak"
    case VCPU_OOPS: "oops"
    case VCPU_SLEEP_IN_ATOMIC: "sleep-in-atomic"
    case VCPU_LOCK_MISUSE: "lock-misuse"
    case VCPU_UNRESOLVED: BugReport.unresolvedSymbol
    default: "unknown"
    }
}
