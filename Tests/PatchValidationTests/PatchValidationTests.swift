// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

/// Whether the revision that the compile flags select is free of the race.  It
/// fails under `swift test -Xcc -DMMRACE_REVERT_b5a8cad376ee`, as it should; no
/// other suite looks at what the flags select.
@Suite("Patch validation")
struct PatchValidationTests {
    @Test func exitVersusFork() throws {
        try validate(["subpages": 2], "exit-vs-fork")
    }

    @Test func splitVersusCOW() throws {
        try validate(["subpages": 2], "split-vs-cow")
    }

    @Test func splitVersusZap() throws {
        try validate(["mappings": 1, "subpages": 2])
    }

    @Test func splitVersusZapWithATailPinned() throws {
        try validate(["mappings": 1, "subpages": 2, "pin": 1])
    }

    @Test func splitVersusTwoZaps() throws {
        try validate(["mappings": 2, "subpages": 2])
    }

    /// A failure shows its interleavings in the output of the test.
    private func validate(
        _ settings: [String: Int], _ scenario: String = "split-vs-zap",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let plan = try Scenario.named(scenario).plan(settings)
        let report = try Check(plan, revision: .underTest, options: CheckOptions()).run()
        if report.verdict != .verified {
            Issue.record("\(TextReport(report).text)", sourceLocation: sourceLocation)
        }
    }
}
