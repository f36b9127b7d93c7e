// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

extension Mutation: CustomTestStringConvertible {
    public var testDescription: String { revision.id }
}

/// The tool measured, by what the default parameters do not show; `VerdictTableTests` has
/// each mutation in each scenario with those.
@Suite("Mutations")
struct MutationTests {
    /// Failure sites, as "function: expression".
    private func sites(_ report: CheckReport) -> Set<String> {
        Set(report.bugs.map { "\($0.function): \($0.expression)" })
    }

    private func check(
        _ revision: String, _ settings: [String: Int], in scenario: String = "split-vs-zap"
    ) throws -> CheckReport {
        try Check(
            Scenario.named(scenario).plan(settings), revision: .named(revision), options: .init()
        ).run()
    }

    /// A pin of a tail that is forgotten, and mutants that must be equivalent with more than
    /// one mapping, too.
    @Test(arguments: Mutation.all.filter { !$0.parameters.isEmpty })
    func isAsExpectedWithItsParameters(_ mutation: Mutation) throws {
        let report = try check(mutation.revision.id, mutation.parameters, in: mutation.scenario)
        if mutation.expectation == .equivalent {
            #expect(report.verdict == .verified, "\(TextReport(report).text)")
            #expect(report.executions > 1)
        } else {
            #expect(report.verdict == .bug, "\(mutation.what)")
        }
    }

    /// The end check sees it, and not the port itself.
    @Test func theEndCheckSeesTheForgottenTailPin() throws {
        let report = try check("tail_pin_not_counted", ["pin": 1])
        #expect(report.bugs.contains { $0.kind == .leak })
    }

    /// The failures that upstream's code is known for, by the CPUs and in the file that have
    /// them, and no others.
    @Test(arguments: [0, 1])
    func theBugsOfTheBrokenRevision(_ pin: Int) throws {
        let broken = try check("117b0791ac42", ["pin": pin])
        #expect(
            sites(broken) == [
                "__split_huge_page: mapcount != page_mapcount(page)",
                "zap_huge_pmd: !PageHead(page)",
            ])
        #expect(Set(broken.bugs.map(\.kind)) == [.bugOn, .vmBugOn])
        #expect(broken.bugs.allSatisfy { $0.file == "mm/huge_memory.c" })
        // The splitter is CPU 0 and meets the one, the zapper meets the other.
        #expect(broken.bugs.first { $0.kind == .bugOn }?.cpu == 0)
        #expect(broken.bugs.first { $0.kind == .vmBugOn }?.cpu == 1)
    }

    /// The size of the huge page changes the work and not the race.
    @Test(arguments: [4, 8])
    func historyHoldsForOtherSizes(_ subpages: Int) throws {
        let settings = ["subpages": subpages]
        #expect(try check("bf929152e9f6", settings).verdict == .verified)
        #expect(try check("117b0791ac42", settings).bugs.count == 2)
        #expect(try check("b5a8cad376ee", settings).verdict == .verified)
    }
}
