// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

@Suite("Text of a check")
struct TextReportTests {
    private func text(_ kind: String, tree: String?) -> String {
        let bug = BugReport(
            kind: kind, expression: "capable is not provided", function: "", file: "", line: 0, cpu: 0,
            execution: 1, seconds: 0, switches: 0, diagram: "", schedule: "0x1")
        return TextReport(
            CheckReport(
                scenario: "split-vs-zap", parameters: [:], revision: "", version: "", title: "",
                policy: .dpor, seed: 1, tree: tree, verdict: .bug, scope: "", executions: 1, blocked: 0,
                events: 1, randomExecutions: 0, conflicts: 0, seconds: 0, interrupted: false,
                bugs: [bug], loops: [], reason: nil)
        ).text
    }

    /// The report of an unresolved symbol says where there is more on it; that of another
    /// failure does not.
    @Test func anUnresolvedSymbolHasAHint() {
        let hint = "\nwhere to add what is missing: mmrace tree check /src/linux\n"
        #expect(text("unresolved-symbol", tree: "/src/linux").hasSuffix(hint))
        #expect(!text("BUG_ON", tree: "/src/linux").contains("tree check"))
    }

    /// The command that is offered can be typed.
    @Test func aPathIsQuotedForAShell() {
        #expect(text("BUG_ON", tree: "my tree").contains("--tree 'my tree'"))
        #expect(TextReport.quoted("/src/v3.14-rc1_x") == "/src/v3.14-rc1_x")
        #expect(TextReport.quoted("it's") == "'it'\\''s'")
        for word in ["", "a b", "a$b", "~", "a;b", "a*"] { #expect(TextReport.quoted(word) == "'\(word)'") }
    }
}
