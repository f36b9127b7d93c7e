// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import PortTree
import Testing

@testable import Tree

extension PortTree {
    func build(subpages: Int = 2, _ configuration: ConfigRequest = .init()) throws -> TreeBuild {
        try TreeBuild(
            KernelTree(folder), subpages: subpages, configuration: configuration, cache: Self.cache)
    }

    func check(
        _ scenario: String, _ settings: [String: Int] = [:], _ configuration: ConfigRequest = .init()
    ) throws -> CheckReport {
        let plan = try Scenario.named(scenario).plan(settings)
        let revision = try build(subpages: plan.subpages, configuration).revision(named: folder)
        return try Check(plan, revision: revision, options: .init()).run()
    }
}

/// All of the way from a tree to a report.  One after the other: trees that are
/// equal are one object, with one arena.
@Suite(
    "A tree made of the port", .serialized,
    .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
struct PortTreeTests {
    @Test(arguments: [2, 4])
    func theRaceIsFoundInItsLines(_ subpages: Int) throws {
        let tree = try PortTree.unfixed()
        let report = try tree.check("split-vs-zap", ["subpages": subpages])
        #expect(report.verdict == .bug)
        #expect(report.sites == [Changelog.form1, Changelog.form2], "\(TextReport(report).text)")
        let file = "mm/huge_memory.c"
        #expect(report.bugs.allSatisfy { $0.file == file })
        let lines = [
            "__split_huge_page": try tree.line(
                of: "BUG_ON(mapcount != page_mapcount(page))", in: file),
            "zap_huge_pmd": try tree.line(
                of: "VM_BUG_ON_PAGE(!PageHead(page)", behind: "int zap_huge_pmd(", in: file),
        ]
        for bug in report.bugs { #expect(bug.line == lines[bug.function]) }
    }

    @Test func theStepsAreThoseOfTheChangelog() throws {
        let tree = try PortTree.unfixed()
        let report = try tree.check("split-vs-zap")
        try Changelog.expectSteps(report)
        // From debug information, with the line of the tree's own file.
        let clear = "orig_pmd = pmdp_get_and_clear(tlb->mm, addr, pmd);"
        let line = try tree.line(of: clear, in: "mm/huge_memory.c")
        let shown = "mm/huge_memory.c:\(line) zap_huge_pmd(): \(clear)"
        #expect(inOneLine(report.bugs[0].diagram).contains(shown))
    }

    @Test(arguments: [2, 4])
    func theFixIsVerified(_ subpages: Int) throws {
        let report = try PortTree.fixed().check("split-vs-zap", ["subpages": subpages])
        #expect(report.verdict == .verified, "\(TextReport(report).text)")
        #expect(report.version == "v3.14.65")
    }

    /// The same outcomes as those of the port itself, which has other locks and
    /// another allocator: what fails, and what is in memory at the end.
    @Test(
        arguments: [
            ("v3.13", "v3.7"), ("v3.13", "117b0791ac42"), ("v3.14.1", "e009bb30c8df"),
            ("v3.14.65", "b5a8cad376ee"), ("v4.1", Revision.all.last!.id),
        ], Scenario.catalogue.map(\.name))
    func itIsLikeThePort(_ revision: (version: String, id: String), _ scenario: String) throws {
        let plan = try Scenario.named(scenario).plan()
        let tree = try PortTree(revision.version, upTo: revision.id)
        let found = try Outcomes(
            of: plan, revision: tree.build(subpages: plan.subpages).revision(named: tree.folder))
        let port = try Outcomes(of: plan, revision: .named(revision.id))
        #expect(found.verdict == port.verdict)
        #expect(found.all == port.all)
    }

    /// An outcome is all of that: the race has more of them than its fix.
    @Test func outcomesTellTheRaceFromItsFix() throws {
        let plan = try Scenario.named("split-vs-zap").plan()
        let race = try Outcomes(of: plan, revision: .named("e009bb30c8df"))
        let fixed = try Outcomes(of: plan, revision: .named("b5a8cad376ee"))
        #expect(fixed.all.count == 3)
        #expect(race.all.isStrictSuperset(of: fixed.all))
        #expect(fixed.all.allSatisfy { $0.failures.isEmpty && $0.waiting == 0 })
        #expect(race.all.subtracting(fixed.all).allSatisfy { !$0.failures.isEmpty })
        // The page is split, or was zapped before; they differ in numbers, too.
        #expect(Set(fixed.all.map { $0.state["page_tables"] }) == [0, 1])
    }

    /// Named as the tree names it, wherever the tree lies, and lay when it was built.
    @Test func aBugInAHeader() throws {
        let file = "include/linux/mm.h"
        let start = "static inline void compound_unlock(struct page *page)\n{"
        func built() throws -> PortTree {
            let tree = try PortTree.fixed()
            try tree.edit(file, start, to: start + "\n\tBUG_ON(!PageTail(page));")
            _ = try tree.build()
            return try PortTree(copyOf: tree)
        }
        let tree = try built()
        #expect(try tree.build().compiled == 0)
        let line = try tree.line(of: "BUG_ON(!PageTail(page))", in: file)
        let bugs = try tree.check("split-vs-zap").bugs
        #expect(bugs.map(\.file) == [file])
        #expect(bugs.map(\.line) == [line])
        let shown = " \(file):\(line) compound_unlock(): BUG_ON(!PageTail(page));"
        #expect(bugs.allSatisfy { inOneLine($0.diagram).contains(shown) })
    }

    /// The pmd's lock is dropped for a moment while the mapping is half gone.
    @Test func aLockThatIsDroppedByHand() throws {
        let tree = try PortTree.fixed()
        let line = "tlb_remove_pmd_tlb_entry(tlb, pmd, addr);"
        try tree.edit("mm/huge_memory.c", line, to: "spin_unlock(ptl); \(line) spin_lock(ptl);")
        let report = try tree.check("split-vs-zap")
        #expect(report.verdict == .bug)
        #expect(report.sites.contains(Changelog.form1))
    }
}
