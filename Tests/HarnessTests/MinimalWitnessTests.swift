// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

/// The executions that reports show are the shortest there are.
@Suite("Minimal witnesses")
struct MinimalWitnessTests {
    private func check(
        _ scenario: String, _ revision: Revision, minimal: Bool = true, policy: Policy = .dpor
    ) throws -> CheckReport {
        var options = CheckOptions()
        options.minimal = minimal
        options.policy = policy
        return try Check(Scenario.named(scenario).plan(), revision: revision, options: options).run()
    }

    private static func length(_ finding: Finding) -> (Int, Int) {
        (finding.switches, finding.schedule.cpus.count)
    }

    /// Every failure that mutations show: all are replayed, none is longer than that which
    /// the search met, and some are shorter.
    @Test(arguments: ["split-vs-zap", "split-vs-gup"])
    func noneIsLongerThanBefore(_ scenario: String) throws {
        var shorter = 0, count = 0
        for mutation in Mutation.all where mutation.scenario == scenario && mutation.expectation == .found {
            let known = try check(scenario, mutation.revision, minimal: false).bugs
            let bugs = try check(scenario, mutation.revision).bugs
            #expect(bugs.map(\.identity) == known.map(\.identity))
            for (bug, known) in zip(bugs, known) {
                #expect(bug.minimal == true && known.minimal == nil, "\(mutation.revision.id) \(bug.identity)")
                #expect(bug.interleaving != nil && bug.runs != nil, "\(mutation.revision.id) \(bug.identity)")
                #expect(Self.length(bug) <= Self.length(known), "\(mutation.revision.id) \(bug.identity)")
                shorter += Self.length(bug) < Self.length(known) ? 1 : 0
                count += 1
            }
        }
        #expect(count > 5 && shorter > 2, "\(shorter) of \(count)")
    }

    /// Their steps differ, and so may the number of these.
    @Test func bothSearchesEndInAsManySwitches() throws {
        let revision = try Revision.named("117b0791ac42")
        func switches(_ policy: Policy) throws -> [String: Int] {
            let bugs = try check("split-vs-zap", revision, policy: policy).bugs
            #expect(bugs.allSatisfy { $0.minimal == true && $0.interleaving != nil })
            return Dictionary(uniqueKeysWithValues: bugs.map { ($0.identity, $0.switches) })
        }
        let known = try switches(.dpor)
        #expect(known.values.sorted() == [1, 3])
        #expect(try switches(.states) == known)
    }
}
