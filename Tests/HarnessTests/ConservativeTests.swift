// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

/// The port without the choice of one CPU at each race: the same in every outcome.
@Suite("Conservative search of the port")
struct ConservativeTests {
    @Test(arguments: Scenario.catalogue.map(\.name))
    func outcomesAreEqual(scenario: String) throws {
        let plan = try Scenario.named(scenario).plan()
        var conservative = CheckOptions()
        conservative.reductions.remove(.oneInitial)
        for revision in Revision.all + Mutation.all.map(\.revision) {
            let fast = try Outcomes(of: plan, revision: revision)
            let slow = try Outcomes(of: plan, revision: revision, options: conservative)
            #expect(fast.verdict == slow.verdict, "\(revision.id)")
            #expect(fast.all == slow.all, "\(revision.id)")
            #expect(!fast.all.isEmpty)
        }
    }
}
