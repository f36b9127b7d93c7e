// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Report
import Testing

@testable import Harness

/// The port's states in rounds, which are made to begin after a few states.
@Suite("Rounds of the port", .serialized)
struct RoundsOfThePortTests {
    private func check(_ plan: Plan, _ revision: Revision, _ change: (inout CheckOptions) -> Void) throws -> CheckReport {
        var options = CheckOptions()
        options.policy = .states
        options.minimal = false
        change(&options)
        return try Check(plan, revision: revision, options: options).run()
    }

    private func sites(_ report: CheckReport) -> Set<String> {
        Set(report.bugs.map { "\($0.kind.rawValue) in \($0.function):\($0.line): \($0.expression)" })
    }

    /// The same sites fail in rounds, and no others.
    @Test(arguments: Scenario.catalogue.map(\.name))
    func failuresAreTheSame(_ scenario: String) throws {
        let plan = try Scenario.named(scenario).plan()
        var large = 0
        for revision in Revision.all + Mutation.all.map(\.revision) {
            let alone = try check(plan, revision) { $0.statesAlone = .max }
            let rounds = try check(plan, revision) { $0.statesAlone = 100 }
            #expect(rounds.verdict == alone.verdict, "\(revision.id)")
            #expect(sites(rounds) == sites(alone), "\(revision.id)")
            if alone.states ?? 0 > 100 { large += 1 }
        }
        #expect(large > 0)
    }

    /// Two mappings, on a revision that fails and one that does not.
    @Test(arguments: ["117b0791ac42", "b5a8cad376ee"])
    func countsDoNotDependOnTheProcesses(_ revision: String) throws {
        let plan = try Scenario.named("split-vs-zap").plan(["mappings": 2])
        let reports = try [1, 2, 3].map { jobs in
            try check(plan, .named(revision)) {
                $0.statesAlone = 500
                $0.jobs = jobs
            }
        }
        for report in reports {
            #expect(report.states == reports[0].states)
            #expect(report.executions == reports[0].executions)
            #expect(report.blocked == reports[0].blocked)
            #expect(report.events == reports[0].events)
            #expect(sites(report) == sites(reports[0]))
        }
        #expect(reports[0].states! > 5000)
    }
}
