// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

/// The race as b5a8cad376ee describes it.
enum Changelog {
    static let form1 = "__split_huge_page: BUG_ON(mapcount != page_mapcount(page))"
    static let form2 = "zap_huge_pmd: VM_BUG_ON(!PageHead(page))"

    /// Its order of steps, in the tree's own lines.
    static func expectSteps(_ report: CheckReport) throws {
        let first = try #require(report.bugs.first { $0.function == "__split_huge_page" })
        try expectOrder(
            first.diagram,
            [
                "zap_huge_pmd()", "pmdp_get_and_clear()",
                "pmd of mm 0: huge present rw -> 0 (none) (1)", "__split_huge_page()",
                "page_check_address_pmd()", "mm_find_pmd()", "pmd of mm 0 is 0 (none) (2)",
                "printk: mapcount 0 page_mapcount 1",
                "BUG_ON(mapcount != page_mapcount(page)) // CRASH!!!",
                "(1) mm/huge_memory.c:", "(2) mm/rmap.c:",
                "__split_huge_page(): BUG_ON(mapcount != page_mapcount(page));",
            ])
        let second = try #require(report.bugs.first { $0.function == "zap_huge_pmd" })
        try expectOrder(
            second.diagram,
            [
                "zap_huge_pmd()", "pmdp_get_and_clear()", "page_remove_rmap()",
                "page->_mapcount: 0 -> -1", "__split_huge_page()", "mm_find_pmd()", "is 0 (none)",
                "__split_huge_page_refcount()", "page->flags: head -> 0",
                "VM_BUG_ON(!PageHead(page)) // CRASH!!!",
                "mm/huge_memory.c:", "zap_huge_pmd(): VM_BUG_ON",
            ])
    }

    private static func expectOrder(_ text: String, _ steps: [String]) throws {
        // Line breaks do not matter.
        let text = inOneLine(text)
        var rest = text[...]
        for step in steps {
            let found = try #require(
                rest.range(of: step), "\(step) is not there, or too early:\n\(text)")
            rest = rest[found.upperBound...]
        }
    }
}

/// A diagram, however it is cut into lines.
func inOneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

extension CheckReport {
    /// The sites of its failures, without lines and files.
    var sites: Set<String> { Set(bugs.map { "\($0.function): \($0.kind.rawValue)(\($0.expression))" }) }
}
