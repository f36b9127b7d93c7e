// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import ReportSchema
import Testing

extension Tool {
    /// For `--tree`: what was built by other tests is taken.
    static func runOnTree(
        _ words: String..., under command: [String] = [], in folder: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Run {
        try run(
            words, under: command, in: folder,
            environment: PortRepository.environment.merging(["MMRACE_CACHE": PortTree.cache]) { $1 }
                .merging(environment) { $1 })
    }
}

/// Kernel trees that are built and checked, from a shell.
@Suite(
    "Command line: a tree of the port",
    .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
struct PortTreeCommandTests {
    /// With `--git-bisect` and without.
    private func check(_ tree: PortTree, _ environment: [String: String] = [:]) throws -> [Run] {
        try [[], ["--git-bisect"]].map {
            try Tool.run(
                ["check", "--tree", tree.folder, "split-vs-zap"] + $0,
                environment: ["MMRACE_CACHE": PortTree.cache].merging(environment) { $1 })
        }
    }

    // MARK: Verdicts

    @Test func theRaceAndItsFix() throws {
        let tree = try PortTree.unfixed()
        let line = try tree.line(
            of: "BUG_ON(mapcount != page_mapcount(page))", in: "mm/huge_memory.c")
        for run in try check(tree) {
            #expect(run.status == 1)
            #expect(run.err.isEmpty)
            #expect(run.out.contains("split-vs-zap on \(tree.folder) (v3.14.1)"))
            #expect(run.out.contains("kernel BUG at mm/huge_memory.c:\(line)! __split_huge_page(): "))
            #expect(run.out.contains("\nagain: mmrace replay split-vs-zap --tree \(tree.folder) "))
        }
        for run in try check(try PortTree.fixed()) {
            #expect(run.status == 0)
            #expect(run.err.isEmpty)
            #expect(run.out.contains("  verdict: verified\n"))
        }
    }

    @Test func moreScenariosAndParameters() throws {
        let tree = try PortTree.fixed()
        let run = try Tool.runOnTree(
            "check", "--tree", tree.folder, "split-vs-zap", "exit-vs-fork",
            "--set", "subpages=4", "--format", "json")
        let reports = try run.json()
        #expect(run.status == 0)
        #expect(reports.map { $0["scenario"] as? String } == ["split-vs-zap", "exit-vs-fork"])
        #expect(reports.allSatisfy { $0["verdict"] as? String == "verified" })
        #expect(reports.allSatisfy { ($0["parameters"] as? [String: Int])?["subpages"] == 4 })
        #expect(reports.allSatisfy { $0["version"] as? String == "v3.14.65" })
        #expect(reports.allSatisfy { $0["tree"] as? String == tree.folder })
    }

    /// An unresolved symbol alone says nothing of the race; with a BUG beside it, the
    /// BUG does.
    @Test(arguments: [(true, [125, 125]), (false, [1, 1])])
    func unresolvedSymbols(_ isFixed: Bool, _ codes: [Int32]) throws {
        let tree = try isFixed ? PortTree.fixed() : PortTree.unfixed()
        try tree.edit(
            "mm/memory.c", "tlb_finish_mmu(&tlb, start, end);",
            to: "tlb_finish_mmu(&tlb, start, end);\n\t{ extern void not_there(void); not_there(); }")
        let runs = try check(tree)
        #expect(runs.map(\.status) == codes)
        #expect(runs.allSatisfy { $0.out.contains("not_there is not provided") })
    }

    // MARK: What cannot be judged

    /// Before any CPU runs: still a verdict, and no defect of mmrace.
    @Test func aSetUpThatIsUnresolved() throws {
        let tree = try PortTree.fixed()
        let place = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
        try tree.edit(
            "mm/huge_memory.c", place, to: "{ extern void not_there(void); not_there(); }\n\(place)")
        for run in try check(tree) {
            #expect(run.status == 125)
            #expect(run.err.isEmpty)
            #expect(run.out.contains("  verdict: unresolved\n"))
            #expect(run.out.contains("  cannot be judged: not_there is an unresolved symbol; mm/huge_memory.c:"))
            #expect(run.out.contains("add it to Sources/Tree/arch/compound-lock/runtime/kernel.c"))
        }
        let json = try Tool.runOnTree("check", "--tree", tree.folder, "split-vs-zap", "--format", "json").json()
        #expect(json.map { $0["verdict"] as? String } == ["unresolved"])
    }

    @Test func aTreeWithoutAFileThatIsNeeded() throws {
        let tree = try PortTree.fixed()
        try FileManager.default.removeItem(atPath: "\(tree.folder)/lib/rbtree.c")
        let run = try Tool.runOnTree("tree", "check", tree.folder)
        #expect(run.status == 125)
        #expect(run.out.hasSuffix(" cannot be judged: it has no lib/rbtree.c, which every scenario needs\n"))
        #expect(try check(tree).map(\.status) == [125, 125])
    }

    /// Nothing on standard output, and on the other what is the matter.
    private func expectNoVerdict(_ runs: [Run], _ message: String, lines: Int? = 1) {
        #expect(runs.map(\.status) == [64, 125])
        for run in runs {
            #expect(run.exited)
            #expect(run.out.isEmpty)
            #expect(run.err.hasPrefix("mmrace: "))
            #expect(run.err.contains(message), "\(run.err)")
            if let lines { #expect(run.err.split(separator: "\n").count == lines, "\(run.err)") }
        }
    }

    /// Its own headers say which generation a tree is of.
    @Test func theVersionInTheMakefileDecidesNothing() throws {
        let tree = try PortTree.fixed()
        let before = try check(tree)
        try tree.write("Makefile", tree.text("Makefile").replacing("= 3\n", with: "= 6\n"))
        let after = try check(tree)
        #expect(after.map(\.status) == before.map(\.status))
        #expect(after.allSatisfy { $0.out.contains("(v6.14.65)") })
        #expect(after.map(\.out).map { $0.contains("verdict: verified") } == before.map(\.out).map { $0.contains("verdict: verified") })
    }

    @Test func aTreeThatDoesNotCompile() throws {
        let tree = try PortTree.fixed()
        try tree.edit("mm/swap.c", "lru_add_drain_cpu(smp", to: "lru_add_drain_all_of(smp")
        let line = try tree.line(of: "lru_add_drain_all_of", in: "mm/swap.c")
        let runs = try check(tree)
        expectNoVerdict(runs, "'mm/swap.c' does not compile:\nmm/swap.c:\(line):", lines: nil)
        // The compiler's own words, as many as fit a screen.
        for run in runs {
            #expect(run.err.contains("error: implicit declaration of function 'lru_add_drain_all_of'"))
            #expect(run.err.split(separator: "\n").count <= 21)
        }
    }

    @Test func whatIsNoTree() throws {
        let tree = try PortTree.fixed()
        let flags = try tree.text("include/linux/page-flags.h")
        try tree.write("include/linux/page-flags.h", flags.replacing("PG_compound_lock", with: "PG_other_lock"))
        expectNoVerdict(
            try check(tree), "' is v3.14.65; its huge pages work differently from those that can be built")
        try tree.write("include/linux/page-flags.h", flags)
        try FileManager.default.removeItem(atPath: "\(tree.folder)/mm/rmap.c")
        expectNoVerdict(try check(tree), "' is not a kernel source tree: it has no mm/rmap.c")
    }

    @Test(arguments: [
        (["MMRACE_CC": "/nonexistent"], "no '/nonexistent' in PATH"),
        (["MMRACE_CC": "clang", "PATH": "/nonexistent"], "no 'clang' in PATH"),
        (["MMRACE_CC": "/bin/true"], "'/bin/true' is not a clang"),
    ])
    func whatItTakesIsNotThere(_ environment: [String: String], _ message: String) throws {
        expectNoVerdict(try check(try PortTree.fixed(), environment), message)
    }

    // MARK: tree check

    @Test func whatOfItIsTheTrees() throws {
        let tree = try PortTree.fixed()
        let place = "if (unlikely(!anon_vma)) {"
        try tree.edit(
            "mm/rmap.c", place,
            to: "{ extern void not_there(void); if (!vma) not_there(); }\n\t" + place)
        let line = try tree.line(of: "not_there", in: "mm/rmap.c")
        let text = try Tool.runOnTree("tree", "check", tree.folder)
        #expect(text.status == 0)
        #expect(text.out.hasPrefix("\(tree.folder): Linux v3.14.65\n"))
        #expect(text.out.contains("\n  mm/huge_memory.c\n  mm/rmap.c\n"))
        #expect(text.out.contains(#/\nnot_there +mm\/rmap\.c:\d+ +runtime\/kernel\.c\n/#))
        #expect(text.out.contains("mm/rmap.c:\(line) "))

        let json = try Tool.runOnTree("tree", "check", tree.folder, "--format", "json")
        #expect(try JSONSchema.published().mistakes(json.out) == [])
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect(report["tree"] as? String == tree.folder)
        #expect(report["version"] as? String == "v3.14.65")
        #expect(report["subpages"] as? Int == 2)
        #expect(report["compiled"] as? Int == 0)
        let files = try #require(report["files"] as? [String])
        #expect(files.contains("mm/huge_memory.c") && files.contains("lib/rbtree.c"))
        #expect(files.allSatisfy { text.out.contains("\n  \($0)\n") })
        let unresolved = try #require(report["unresolved"] as? [[String: Any]])
        let symbol = try #require(unresolved.first { $0["symbol"] as? String == "not_there" })
        #expect(symbol["users"] as? [String] == ["mm/rmap.c:\(line)"])
    }
}
