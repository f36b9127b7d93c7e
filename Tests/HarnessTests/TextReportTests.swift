// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

@Suite("Text of a check")
struct TextReportTests {
    private func text(_ kind: FindingKind, tree: String?) -> String {
        var report = CheckReport(
            scenario: "split-vs-zap", parameters: [:], revision: "", version: "", title: "",
            policy: "dpor", seed: 1, tree: tree, verdict: .bug)
        report.bugs = [Finding(kind: kind, expression: "capable is not provided")]
        return TextReport(report).text
    }

    /// The report of an unresolved symbol says where there is more on it; that of another
    /// failure does not.
    @Test func anUnresolvedSymbolHasAHint() {
        let hint = "\nwhere to add what is missing: mmrace tree check /src/linux\n"
        #expect(text(.unresolvedSymbol, tree: "/src/linux").hasSuffix(hint))
        #expect(!text(.bugOn, tree: "/src/linux").contains("tree check"))
    }

    /// The command that is offered can be typed.
    @Test func aPathIsQuotedForAShell() {
        #expect(text(.bugOn, tree: "my tree").contains("--tree 'my tree'"))
        #expect(TextReport.quoted("/src/v3.14-rc1_x") == "/src/v3.14-rc1_x")
        #expect(TextReport.quoted("it's") == "'it'\\''s'")
        for word in ["", "a b", "a$b", "~", "a;b", "a*"] { #expect(TextReport.quoted(word) == "'\(word)'") }
    }
}
