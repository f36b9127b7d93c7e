// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness
@testable import LitmusSupport

/// The port without the choice of one CPU at each race, and by its states with and without
/// sets of CPUs: the same in every outcome.
@Suite("Conservative search of the port")
struct ConservativeTests {
    /// A page that is freed twice has very many ways to go on: it is left to `make fuzz`.
    private static let longest = ("zap-vs-gup", "gather_not_flushed")

    @Test(arguments: Scenario.catalogue.map(\.name))
    func outcomesAreEqual(scenario: String) throws {
        for revision in Revision.all.map(\.id) + Mutation.all.map(\.revision.id)
        where (scenario, revision) != Self.longest {
            try expectEqualOutcomes(scenario, revision)
        }
    }

    @Test(.enabled(if: FuzzSetting.seconds != nil, "by make fuzz"))
    func outcomesOfTheLongestAreEqual() throws {
        try expectEqualOutcomes(Self.longest.0, Self.longest.1)
    }

    private func expectEqualOutcomes(_ scenario: String, _ revision: String) throws {
        let plan = try Scenario.named(scenario).plan()
        var conservative = CheckOptions()
        conservative.reductions.remove(.oneInitial)
        let fast = try Outcomes(of: plan, revision: .named(revision), options: CheckOptions())
        for reductions in [Reductions.all, .all.subtracting(.persistentSets)] {
            var options = Outcomes.options
            options.reductions = reductions
            let states = try Outcomes(of: plan, revision: .named(revision), options: options)
            #expect(states.verdict == fast.verdict, "\(revision)")
            #expect(states.all == fast.all, "\(revision)")
        }
        let slow = try Outcomes(of: plan, revision: .named(revision), options: conservative)
        #expect(fast.verdict == slow.verdict, "\(revision)")
        #expect(fast.all == slow.all, "\(revision)")
        #expect(!fast.all.isEmpty)
    }
}
