// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

/// `check --profile`: what a search branches for.
@Suite("Profiles")
struct ProfileTests {
    private func check(
        _ scenario: String, _ revision: String, _ settings: [String: Int] = [:], _ policy: Policy = .dpor,
        profile: Bool = true, randomExecutions: UInt64? = nil
    ) throws -> CheckReport {
        var options = CheckOptions()
        options.profile = profile
        options.policy = policy
        if let randomExecutions { options.randomExecutions = randomExecutions }
        return try Check(
            Scenario.named(scenario).plan(settings), revision: .named(revision), options: options).run()
    }

    /// Each execution but the first begins with a branch of its own, so their number is that
    /// of the branches; without executions at random before, of the search that began anew last.
    @Test(arguments: Scenario.catalogue.map(\.name), [nil, 0])
    func thereIsABranchForEachExecution(_ scenario: String, _ randomExecutions: UInt64?) throws {
        let report = try check(scenario, "b5a8cad376ee", randomExecutions: randomExecutions)
        let profile = try #require(report.profile)
        #expect(profile.branches == report.executions + report.blocked - 1)
        #expect(profile.objects.reduce(0) { $0 + $1.branches } == profile.branches)
        #expect(profile.lines.reduce(0) { $0 + $1.branches } == profile.branches)
        #expect(profile.objects.map(\.branches) == profile.objects.map(\.branches).sorted(by: >))
    }

    /// Objects as diagrams name them, and lines of mm, not of the helpers in headers.
    @Test(arguments: [Policy.dpor, .states])
    func objectsAndLinesHaveNames(_ policy: Policy) throws {
        let profile = try #require(check("split-vs-zap", "b5a8cad376ee", ["mappings": 1], policy).profile)
        #expect(profile.branches > 0)
        #expect(profile.objects.contains { $0.object == "page->flags" })
        #expect(!profile.objects.contains { $0.object == "memory" })
        #expect(profile.lines.allSatisfy { $0.line > 0 && $0.file.contains("/") })
        #expect(profile.lines[0].file.hasPrefix("mm/"))
        #expect(profile.lines.allSatisfy { !$0.function.isEmpty && !$0.function.contains("_block_invoke") })
    }

    /// Nothing else of the report changes, and without the option there is none.
    @Test func countingChangesNothing() throws {
        func text(_ profile: Bool) throws -> String {
            var report = try check("split-vs-zap", "117b0791ac42", profile: profile)
            #expect((report.profile != nil) == profile)
            report.profile = nil
            report.seconds = 0
            for index in report.bugs.indices { report.bugs[index].seconds = 0 }
            return TextReport(report).text
        }
        #expect(try text(true) == text(false))
    }

    /// Long names, many rows.
    @Test func tablesStayWithinTheWidth() {
        let names = (0..<30).map { "a_structure_with_a_very_long_name_\($0)->and_a_member_that_has_one_as_well" }
        let profile = BranchProfile(
            branches: 30_000, objects: names.map { .init(object: $0, branches: 1000) },
            lines: names.map { .init(function: $0, file: "mm/huge_memory.c", line: 1234, branches: 1000) })
        let lines = profile.text(width: 80).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") })
        #expect(lines.contains { $0.hasSuffix("  19 others") && $0.contains("19,000  63.3 %") })
        #expect(BranchProfile(branches: 0, objects: [], lines: []).text(width: 80) == "  the search did not branch")
    }
}
