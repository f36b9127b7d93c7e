// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

/// Each revision and each mutation in each scenario, with its default parameters.
@Suite("Table of verdicts")
struct VerdictTableTests {
    /// Verdicts, counts and sites are as they were, so that a change that means to keep them
    /// shows that it did; the verdicts are those that the lists expect, and each failure
    /// is explained.
    @Test(arguments: Scenario.catalogue.map(\.name))
    func table(_ scenario: String) throws {
        let plan = try Scenario.named(scenario).plan()
        var text = ""
        for revision in Revision.all {
            let report = try Check(plan, revision: revision, options: .init()).run()
            let fails = try #require(revision.failsIn).contains(scenario)
            #expect(report.verdict == (fails ? .bug : .verified), "\(revision.id)")
            text += row(report)
        }
        for mutation in Mutation.all {
            var options = CheckOptions()
            options.first = mutation.expectation == .foundFirst
            let report = try Check(plan, revision: mutation.revision, options: options).run()
            if mutation.expectation == .equivalent {
                #expect(report.verdict == .verified, "\(mutation.revision.id)")
            } else if mutation.scenario == scenario, mutation.parameters.isEmpty {
                #expect(!report.bugs.isEmpty, "\(mutation.revision.id)")
            }
            for bug in report.bugs { try expectExplained(bug, of: mutation.revision.id) }
            text += row(report)
        }
        try expectSnapshot(text, "verdicts-\(scenario)")
    }

    /// A name that is in a list of C and no scenario's would never be looked for.
    @Test func theListsNameScenarios() throws {
        for name in Revision.all.flatMap({ $0.failsIn ?? [] }) { _ = try Scenario.named(name) }
        for mutation in Mutation.all {
            _ = try Scenario.named(mutation.scenario).plan(mutation.parameters)
        }
    }

    /// Sites without their lines, which move with every edit.
    private func row(_ report: CheckReport) -> String {
        let sites = report.bugs.map { "    \($0.kind.rawValue) in \($0.function): \($0.expression)\n" }
        return "\(report.revision): \(report.verdict.rawValue), \(report.executions) executions, "
            + "\(report.blocked) cut short, \(report.events) events, \(report.conflicts) conflicts\n"
            + sites.sorted().joined()
    }
}
