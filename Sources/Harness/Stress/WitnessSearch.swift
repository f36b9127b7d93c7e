// SPDX-License-Identifier: GPL-2.0-only
import Report

/// A search for schedules that lead to the sites which a stress run hit.
struct WitnessSearch {
    private let plans: [Plan]
    private let target: StressTarget
    private let width: Int
    private let interrupted: @Sendable () -> Bool
    /// The time for each of the plans.
    private static let budget = Duration.seconds(20)
    private static let covered =
        "the explorer covered every interleaving and did not meet it; real CPUs also reorder"
    private static let interruption = "interrupted before the explorer met it"

    /// The scenario with as few subpages as it can have comes first: there are
    /// fewer interleavings, and seldom fewer bugs.
    ///
    /// - Parameter width: the characters in a line of a diagram, at most.
    init(
        _ plan: Plan, target: StressTarget, width: Int, interrupted: @escaping @Sendable () -> Bool
    ) {
        var plans = [plan]
        if let scenario = try? Scenario.named(plan.scenario) {
            var settings = plan.parameters
            let pin = settings["pin"] ?? 0
            settings["subpages"] = scenario.parameters.first { $0.name == "subpages" }?
                .allowed.first { $0 > pin && $0 >= target.fewestSubpages }
            if let small = try? scenario.plan(settings), small != plan {
                plans.insert(small, at: 0)
            }
        }
        self.plans = plans
        self.target = target
        self.width = width
        self.interrupted = interrupted
    }

    /// Returns a schedule for each of the sites, in their order, or the reason why none was
    /// found.
    func witnesses(of sites: [StressSite]) -> [StressWitness] {
        let reason =
            interrupted() ? Self.interruption : "the explorer did not meet it within its budget"
        var witnesses = sites.map { _ in StressWitness(reason: reason) }
        for plan in plans where witnesses.contains(where: \.command.isEmpty) && !interrupted() {
            var options = CheckOptions()
            options.budget = Self.budget
            options.interrupted = interrupted
            let report: CheckReport
            do {
                report = try Check(plan, revision: target.explored(plan), options: options).run()
            } catch {
                // Ctrl-C ended the build of a tree.
                if interrupted() { return witnesses.map { $0.command.isEmpty ? StressWitness(reason: Self.interruption) : $0 } }
                for index in witnesses.indices where witnesses[index].command.isEmpty {
                    witnesses[index].reason = "\(error)"
                }
                continue
            }
            for (index, site) in sites.enumerated() where witnesses[index].command.isEmpty {
                guard let bug = report.bugs.first(where: { matches($0, site) }) else { continue }
                witnesses[index] = StressWitness(
                    command: TextReport.command(report, bug), execution: bug.execution,
                    seconds: bug.seconds, diagram: bug.diagram(width: width))
            }
            for index in witnesses.indices where witnesses[index].command.isEmpty {
                if report.interrupted { witnesses[index].reason = Self.interruption }
                // No interleaving of this plan has it under sequential consistency.
                if report.verdict == .verified { witnesses[index].reason = Self.covered }
            }
        }
        return witnesses
    }

    /// Returns whether the two are one site; what has no line is when the kinds are equal.
    private func matches(_ bug: Finding, _ site: StressSite) -> Bool {
        guard bug.kind == site.kind else { return false }
        switch site.kind {
        case .deadlock, .livelock, .oops, .useAfterFree, .lockMisuse: return true
        default: return bug.expression == site.expression && bug.function == site.function
        }
    }
}
