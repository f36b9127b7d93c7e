// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import PortTree
import Testing

@testable import Tree

/// Tests fixes that were posted for the race of b5a8cad376ee before its cause was known, and loops
/// of the kind that such patches bring.
extension PortTreeTests {
    @Suite("Fixes that were rejected")
    struct RejectedFixTests {
        private static let file = "mm/huge_memory.c"

        /// The first one walks again until the counts agree, which a zap that is on its
        /// way makes them do.  The search waits with the CPU that walks, and ends.
        @Test func walkingAgainHidesTheFirstBugAndNotTheSecond() throws {
            let tree = try PortTree.unfixed()
            try tree.edit(Self.file, "\tmapcount = 0;\n\tanon_vma_interval", to: "retry:\n\tmapcount = 0;\n\tanon_vma_interval")
            try tree.edit(
                Self.file,
                """
                \tif (mapcount != page_mapcount(page))
                \t\tprintk(KERN_ERR "mapcount %d page_mapcount %d\\n",
                \t\t       mapcount, page_mapcount(page));
                \tBUG_ON(mapcount != page_mapcount(page));
                """,
                to: "\tif (mapcount != page_mapcount(page))\n\t\tgoto retry;\n")
            let report = try tree.check("split-vs-zap")
            #expect(report.verdict == .bug)
            #expect(report.sites == [Changelog.form2], "\(TextReport(report).text)")
            #expect(report.loops.isEmpty)
            #expect(report.scope.hasPrefix("every interleaving"))
        }

        /// Another takes the compound lock around what the second BUG looks at.
        @Test func aCompoundLockInTheZapIsRefuted() throws {
            let tree = try PortTree.unfixed()
            try tree.edit(
                Self.file, "\tpage = pmd_page(orig_pmd);\n\tif (!0)\n",
                to: "\tpage = pmd_page(orig_pmd);\n\tcompound_lock(page);\n\tif (!0)\n")
            try tree.edit(
                Self.file, "\tVM_BUG_ON_PAGE(!PageHead(page), page);\n\tmm_dec_nr_ptes(tlb->mm);",
                to: "\tVM_BUG_ON_PAGE(!PageHead(page), page);\n\tcompound_unlock(page);\n\tmm_dec_nr_ptes(tlb->mm);")
            let report = try tree.check("split-vs-zap")
            #expect(report.verdict == .bug)
            #expect(report.sites.contains(Changelog.form1), "\(TextReport(report).text)")
        }

        /// A zap that waits, with the page table lock held, for a split that may not come.
        @Test func aFlagThatNobodySetsIsALivelock() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                Self.file, "int zap_huge_pmd(", to: "static int split_is_done;\nint zap_huge_pmd(")
            try tree.edit(
                Self.file, "\torig_pmd = pmdp_get_and_clear(tlb->mm, addr, pmd);\n\ttlb_remove",
                to: """
                    \twhile (!*(volatile int *)&split_is_done)
                    \t\t;
                    \torig_pmd = pmdp_get_and_clear(tlb->mm, addr, pmd);
                    \ttlb_remove
                    """)
            try tree.edit(
                Self.file, "\t__split_huge_page_refcount(page, list);\n",
                to: "\tsplit_is_done = 1;\n\t__split_huge_page_refcount(page, list);\n")
            let report = try tree.check("split-vs-zap")
            #expect(report.verdict == .livelock)
            #expect(report.scope.hasPrefix("every interleaving"))
            let bug = try #require(report.bugs.first)
            let line = try tree.line(of: "while (!*(volatile int *)&split_is_done)", in: Self.file)
            #expect(bug.diagram.contains("spins at mm/huge_memory.c:\(line) zap_huge_pmd()"), "\(bug.diagram)")
            #expect(bug.diagram.contains("until another CPU changes what it reads:"))
        }
    }
}
