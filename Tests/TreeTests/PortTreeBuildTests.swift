// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import PortTree
import Testing

@testable import Tree

extension PortTreeTests {
    /// The parts of a tree that are built, and those that are not.
    @Suite struct Building {
        // MARK: The cache

        /// Wherever it lies.
        @Test func anUnchangedTreeIsNotBuiltAgain() throws {
            let tree = try PortTree.fixed()
            let first = try tree.build()
            let again = try PortTree(copyOf: tree).build()
            #expect(again.compiled == 0)
            #expect(again.path == first.path)
            #expect(again.files == first.files && again.headers == first.headers)
            #expect(again.unresolved.map(\.symbol) == first.unresolved.map(\.symbol))
        }

        @Test(arguments: ["mm/rmap.c", "include/linux/memcontrol.h"])
        func onlyWhatIncludesAChangedFileIsCompiled(_ name: String) throws {
            let tree = try PortTree.fixed()
            let first = try tree.build()
            let text = try tree.text(name)
            try tree.write(name, text + "/* \(UUID()) */\n")
            let header = "#include <linux/memcontrol.h>"
            let users = try first.files.filter {
                try name == $0 || name.hasSuffix(".h") && tree.text($0).contains(header)
            }
            let changed = try tree.build()
            #expect(changed.compiled == users.count)
            #expect(1..<first.files.count ~= users.count)
            #expect(changed.path != first.path)
            // As it was: both are there still.
            try tree.write(name, text)
            let again = try tree.build()
            #expect(again.compiled == 0)
            #expect(again.path == first.path)
        }

        // MARK: What nothing defines

        @Test func allThatIsUsedIsProvided() throws {
            // xchg() calls this for a word of another size.
            let build = try PortTree.fixed().build()
            #expect(build.unresolved.map(\.symbol) == ["mmrace_bad_exchange_size"])
        }

        /// A function or an object: to use it ends the execution with its name.
        @Test(arguments: [
            "extern void not_there(void); not_there();",
            "extern int not_there; if (not_there) end = start;",
            "extern int not_there; not_there = 1;",
        ])
        func aSymbolThatIsUnresolved(_ use: String) throws {
            let tree = try PortTree.fixed()
            let file = "mm/memory.c", place = "tlb_gather_mmu(&tlb, mm, start, end);"
            try tree.edit(file, place, to: "{ \(use) }\n\t\(place)")
            let line = try tree.line(of: "not_there", in: file)
            let symbol = try #require(tree.build().unresolved.first { $0.symbol == "not_there" })
            #expect(symbol.users.first == "\(file):\(line)")
            let report = try tree.check("split-vs-zap")
            #expect(report.verdict == .unresolved)
            #expect(report.reason?.contains("not_there is an unresolved symbol; \(file):\(line) needs it") == true)
            #expect(report.bugs.map(\.kind) == [.unresolvedSymbol])
            #expect(report.bugs.map(\.expression) == ["not_there is not provided"])
            #expect(report.bugs.map(\.line) == [line])
            #expect(report.bugs.allSatisfy { $0.diagram.contains("zap_page_range()") })
        }

        /// The way to the symbol is drawn as that to a BUG is.
        @Test func theDiagramOfAnUnresolvedSymbol() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                "mm/rmap.c", "if (!atomic_add_negative(-1, &page->_mapcount))",
                to: "extern void not_there(void); not_there();\n\tif (!atomic_add_negative(-1, &page->_mapcount))")
            let bug = try #require(tree.check("split-vs-zap").bugs.first)
            let line = try tree.line(of: "not_there", in: "mm/rmap.c")
            #expect(
                bug.headline
                    == "unresolved-symbol at mm/rmap.c:\(line)! page_remove_rmap(): not_there is not provided")
            #expect(
                bug.diagram.split(separator: "\n\n").first == """
                    CPU0 (split_huge_page)        CPU1 (zap mm 0)
                    split_huge_page_to_list()
                      page_get_anon_vma()
                        page_mapped()
                          page->_mapcount is 0 (1)
                        page_mapped()
                          page->_mapcount is 0 (2)
                                                  zap_pmd_range()
                                                    pmd of mm 0 is huge present rw (3)
                                                    zap_huge_pmd()
                                                      __pmd_trans_huge_lock()
                                                        pmd_lock()
                                                          lock ptl of mm 0's pmd (4)
                                                        pmd of mm 0 is huge present rw (5)
                                                        pmd of mm 0 is huge present rw (6)
                                                      pmdp_get_and_clear()
                                                        pmd of mm 0: huge present rw -> 0 (none) (7)
                                                      page_remove_rmap()
                                                        not_there is not provided // CRASH!!! (8)
                      anon_vma_lock_write()
                        ... stands here (9)
                    """)
        }

        @Test func whoMissesItInAHeader() throws {
            let tree = try PortTree.fixed()
            let file = "include/linux/mm.h"
            let start = "static inline void compound_unlock(struct page *page)\n{"
            try tree.edit(file, start, to: start + "\n\textern void not_there(void); not_there();")
            let line = try tree.line(of: "not_there", in: file)
            let symbol = try #require(tree.build().unresolved.first { $0.symbol == "not_there" })
            #expect(!symbol.users.isEmpty && symbol.users.allSatisfy { $0 == "\(file):\(line)" })
        }

        /// Only a fork of single pages would come here.
        @Test func whatIsMissingAndNotUsedDoesNoHarm() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                "mm/memory.c", "pte = pte_mkold(pte);",
                to: "{ extern void not_there(void); not_there(); }\n\tpte = pte_mkold(pte);")
            #expect(try tree.build().unresolved.contains { $0.symbol == "not_there" })
            #expect(try tree.check("split-vs-zap").verdict == .verified)
        }

        // MARK: What does not compile

        @Test(arguments: [
            ("not_declared = 1;", "use of undeclared identifier 'not_declared'"),
            // The arguments of a function that is not declared would be guessed.
            ("not_declared();", "declaration of function 'not_declared'"),
        ])
        func theCompilersOwnWordsAreTold(_ statement: String, _ words: String) throws {
            let tree = try PortTree.fixed()
            let place = "anon_vma_lock_write(anon_vma);\n\t\tanon_vma_unlock_write(anon_vma);"
            try tree.edit("mm/rmap.c", place, to: statement + "\n" + place)
            let line = try tree.line(of: statement, in: "mm/rmap.c")
            let error = #expect(throws: TreeError.self) { try tree.build() }
            #expect(error?.description == "'mm/rmap.c' does not compile:")
            #expect(error?.details.contains("mm/rmap.c:\(line):") == true)
            #expect(error?.details.contains(words) == true)
        }

        // MARK: Boot

        /// huge_memory.c's own are called at boot, and before the scenario begins.
        @Test(arguments: [true, false])
        func initcalls(_ isOne: Bool) throws {
            let tree = try PortTree.fixed()
            let file = "mm/huge_memory.c", first = "static inline pmd_t maybe_pmd_mkwrite("
            try tree.edit(
                file, first,
                to: """
                    #include <linux/init.h>
                    static int ready;
                    static int __init get_ready(void) { ready = 1; return 0; }
                    \(isOne ? "subsys_initcall(get_ready);" : "")
                    \(first)
                    """)
            let use = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
            try tree.edit(file, use, to: "\tBUG_ON(!ready);\n\(use)")
            if isOne {
                #expect(try tree.check("split-vs-zap").verdict == .verified)
            } else {
                let error = #expect(throws: HarnessError.self) { try tree.check("split-vs-zap") }
                #expect(error.map { "\($0)".contains("!ready") } == true)
            }
        }
    }
}
