// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

/// Each revision and each mutation in each scenario, as it was: a change that means
/// to keep verdicts, counts and sites shows here that it did.
@Suite("Table of verdicts")
struct VerdictTableTests {
    @Test(arguments: Scenario.catalogue.map(\.name))
    func table(_ scenario: String) throws {
        let plan = try Scenario.named(scenario).plan()
        var text = ""
        for revision in Revision.all + Mutation.all.map(\.revision) {
            var options = CheckOptions()
            // A page that is freed twice has very many ways to go on.
            options.first = revision.id == "gather_not_flushed"
            text += row(try Check(plan, revision: revision, options: options).run())
        }
        try expectSnapshot(text, "verdicts-\(scenario)")
    }

    /// Sites without their lines, which move with every edit.
    private func row(_ report: CheckReport) -> String {
        let sites = report.bugs.map { "    \($0.kind) in \($0.function): \($0.expression)\n" }
        return "\(report.revision): \(report.verdict.rawValue), \(report.executions) executions, "
            + "\(report.blocked) cut short, \(report.events) events, \(report.conflicts) conflicts\n"
            + sites.sorted().joined()
    }
}
