// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

extension CheckOptions {
    /// The options of the search that a witness is from: they say in which order it
    /// learned of conflicts, and so what a step is.
    ///
    /// - Throws: `unknownName` where the file says a policy that there is not.
    public mutating func take(_ file: WitnessFile) throws(HarnessError) {
        guard let policy = Policy(rawValue: file.policy) else {
            throw .unknownName(
                UnknownName(file.policy, kind: "policy", known: Policy.allCases.map(\.rawValue)))
        }
        self.policy = policy
        seed = file.seed
    }
}

extension Check {
    /// Runs the execution of a witness once more.
    ///
    /// - Throws: `diverged` where the execution is not what the witness says, or does not
    ///   end in its failure.
    public func replay(_ file: WitnessFile) throws(HarnessError) -> CheckReport {
        try world.machine.withCurrent { () throws(HarnessError) in
            try learn(file.learned)
            do throws(Follower.Divergence) {
                let witness = try Follower(world: world, resolver: resolver).follow(file)
                return report(
                    [witness], steps: file.schedule.cpus.count,
                    learned: vcpu_machine_generation(world.machine.handle),
                    scope: "one interleaving, replayed: \(world.plan.cpus.count) CPUs, "
                        + "\(world.plan.subpages) subpages")
            } catch {
                throw .diverged(step: error.step, expected: error.expected, came: error.came)
            }
        }
    }

    /// Runs the execution of a witness as far as it goes, and from there on at random, as
    /// often as `randomExecutions` says or until the budget or Ctrl-C ends it.
    public func explore(from file: WitnessFile) throws(HarnessError) -> CheckReport {
        try world.machine.withCurrent { () throws(HarnessError) in
            try learn(file.learned)
            var prefix = file.schedule.cpus.count
            do throws(Follower.Divergence) {
                _ = try Follower(world: world, resolver: resolver).follow(file)
            } catch {
                prefix = error.step
            }
            let outcome = Search(world.workload, options).run(
                after: Array(file.schedule.cpus.prefix(prefix)))
            let executions = outcome.counts.randomExecutions
            var report = report(
                Array(outcome.witnesses.all.values), stale: Array(outcome.witnesses.stale.values),
                steps: Int(outcome.counts.events), learned: nil,
                scope: "\(executions) random interleavings that begin with \(prefix) steps of the witness")
            report.executions = executions
            report.seconds = outcome.seconds
            report.interrupted = options.interrupted()
            return report
        }
    }

    /// The report of executions that failed so.
    ///
    /// - Parameter stale: witnesses of steps that mean nothing any more.
    func report(
        _ witnesses: [Witness], stale: [Witness] = [], steps: Int, learned: UInt64?, scope: String
    ) -> CheckReport {
        var report = CheckReport(
            world.plan, world.revision, options, verdict: .bounded, scope: scope)
        report.executions = 1
        report.events = UInt64(steps)
        report.conflicts = UInt64(vcpu_machine_conflicts(world.machine.handle))
        let patience = Patience(options, since: .now)
        report.bugs = witnesses.map { explain($0, patience, learned: learned) }
        report.bugs += stale.map { witness in
            var finding = resolver.finding(witness)
            finding.note = "(met before all conflicts were known, and not again since)"
            return finding
        }
        report.verdict = Verdict(report.bugs.map(\.kind)) ?? .bounded
        return report
    }

    /// Searches until it knows of as many conflicts as when the witness was met.
    private func learn(_ goal: UInt64?) throws(HarnessError) {
        let learner = Learner(world.machine.handle, goal, options.interrupted)
        var own = options
        own.progress = nil
        own.interrupted = { learner.isOver }
        // A random search that had a budget went on for longer than one that has none.
        own.budget = options.policy.isSampled && goal != nil ? .seconds(1_000_000) : nil
        if !learner.isOver { _ = Search(world.workload, own).run() }
        if options.interrupted() { throw .badSchedule("it was interrupted") }
        guard goal == nil || learner.known == goal else {
            throw .badSchedule(
                "the search learns of \(learner.known) conflicts, not of \(goal!): the witness is of "
                    + "other code, or of another mmrace")
        }
    }

    /// Knows when enough is known.  One thread asks.
    private final class Learner: @unchecked Sendable {
        private let handle: OpaquePointer
        private let goal: UInt64?
        private let interrupted: () -> Bool
        var known: UInt64 { vcpu_machine_generation(handle) }
        var isOver: Bool { interrupted() || goal.map { known >= $0 } ?? false }

        init(_ handle: OpaquePointer, _ goal: UInt64?, _ interrupted: @escaping () -> Bool) {
            self.handle = handle
            self.goal = goal
            self.interrupted = interrupted
        }
    }
}
