// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

/// Compares a text with a file.  `MMRACE_RECORD=1` writes the files anew; look
/// at what changed before you commit it.
func expectSnapshot(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots/\(name).txt")
    if ProcessInfo.processInfo.environment["MMRACE_RECORD"] != nil {
        try text.write(to: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: path, encoding: .utf8)
    #expect(text == expected, sourceLocation: sourceLocation)
}

/// Both diagrams of the race, as a reader sees them.
@Suite("Snapshots of the diagrams")
struct SnapshotTests {
    @Test(arguments: [("__split_huge_page", "form-1"), ("zap_huge_pmd", "form-2")])
    func diagram(function: String, file: String) throws {
        let plan = try Scenario.named("split-vs-zap").plan()
        let report = try Check(plan, revision: .named("117b0791ac42"), options: .init()).run()
        let bug = try #require(report.bugs.first { $0.function == function })
        try expectSnapshot(bug.diagram + "\n", "split-vs-zap-\(file)")
    }

    /// The order of steps of the changelog of b5a8cad376ee.
    @Test func theStepsAreThoseOfTheChangelog() throws {
        let plan = try Scenario.named("split-vs-zap").plan()
        let report = try Check(plan, revision: .named("117b0791ac42"), options: .init()).run()
        let first = try #require(report.bugs.first { $0.function == "__split_huge_page" })
        try expectOrder(
            first.diagram,
            [
                "zap_huge_pmd()", "pmdp_get_and_clear()", "-> 0 (none)", "__split_huge_page()",
                "page_check_address_pmd()", "mm_find_pmd()", "is 0 (none)",
                "BUG_ON(mapcount != page_mapcount(page)) // CRASH!!!",
            ])
        let second = try #require(report.bugs.first { $0.function == "zap_huge_pmd" })
        try expectOrder(
            second.diagram,
            [
                "zap_huge_pmd()", "pmdp_get_and_clear()", "page_remove_rmap()",
                "page->_mapcount: 0 -> -1", "__split_huge_page()", "mm_find_pmd()", "is 0 (none)",
                "__split_huge_page_refcount()", "VM_BUG_ON(!PageHead(page)) // CRASH!!!",
            ])
    }

    private func expectOrder(_ text: String, _ steps: [String]) throws {
        var rest = text[...]
        for step in steps {
            let found = try #require(rest.range(of: step), "\(step) is not there, or too early")
            rest = rest[found.upperBound...]
        }
    }
}
