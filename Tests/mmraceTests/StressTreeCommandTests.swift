// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import PortTree
import ReportSchema
import Testing

/// Kernel trees on real CPUs, from a shell.
@Suite(
    "Command line: stress of a tree", .holdsTheCPUs,
    .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"),
    .enabled(if: StressHost.hasTwoCPUs, "needs two CPUs; mmrace may use \(StressHost.cpus.count)"))
struct StressTreeCommandTests {
    private static let sites: Set = ["mapcount != page_mapcount(page)", "!PageHead(page)"]

    private func stress(_ tree: PortTree, _ words: String) throws -> Run {
        try Tool.run(
            ["stress", "split-vs-zap", "--tree", tree.folder] + words.split(separator: " ").map(String.init),
            under: ["/usr/bin/env", "MMRACE_CACHE=\(PortTree.cache)"])
    }

    private func report(_ run: Run) throws -> [String: Any] {
        let reports = try run.json()
        #expect(reports.count == 1)
        return try #require(reports.first)
    }

    // MARK: Verdicts

    /// Whatever runs: compiled as a kernel is, or with hooks.
    @Test(
        .enabled(if: StressHost.proves, "this build has no hooks: it cannot explore"),
        arguments: ["none", "locks", "hooks", "accesses"])
    func aHitIsHandedToTheExplorer(_ noise: String) throws {
        let tree = try PortTree.unfixed()
        let run = try stress(tree, "--noise \(noise) --first --seconds 300 --format json")
        #expect(run.status == 1)
        #expect(run.err.isEmpty)
        #expect(try JSONSchema.published().mistakes(run.out) == [])
        let report = try report(run)
        #expect(report["verdict"] as? String == "bug")
        #expect(report["tree"] as? String == tree.folder)
        #expect(report["version"] as? String == "v3.14.1")
        #expect(report["parameters"] as? [String: Int] == ["mappings": 1, "pin": 0, "subpages": 512])
        #expect((report["cpus"] as? [Int])?.count == 2)
        let site = try #require((report["sites"] as? [[String: Any]])?.first)
        let expression = try #require(site["expression"] as? String)
        #expect(Self.sites.contains(expression))
        let line = try #require(site["line"] as? Int)
        let lines = try tree.text("mm/huge_memory.c").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[line - 1].contains("BUG_ON(\(expression))"))
        let proof = try #require(site["proof"] as? [String: Any])
        let command = try #require(proof["command"] as? String).split(separator: " ").map(String.init)
        #expect(command.prefix(5) == ["mmrace", "replay", "split-vs-zap", "--tree", tree.folder])
        let again = try Tool.run(
            Array(command.dropFirst()), environment: ["MMRACE_CACHE": PortTree.cache])
        #expect(again.status == 1)
        #expect(again.out.contains(expression))
    }

    /// The explorer shows a schedule of each site; the report says what was run, and how again.
    @Test(.enabled(if: StressHost.proves, "this build has no hooks: it cannot explore"))
    func theReportOfATree() throws {
        let tree = try PortTree.unfixed()
        let run = try stress(tree, "--seconds 2 --cpus \(StressHost.list(StressHost.two)) --noise locks")
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("split-vs-zap on \(tree.folder) (v3.14.1) \"the tree's own files\"\n"))
        #expect(run.out.contains("CPUs \(StressHost.two.map(String.init).joined(separator: ", ")) (as asked)"))
        #expect(run.out.contains("\n  scope: 11 files of the tree as they are, on a fake x86-64; mmrace's own\n"))
        #expect(run.out.contains("A schedule for site 1, found by the explorer in "))
        #expect(!run.out.contains("No schedule for site"))
        #expect(run.out.contains("\nagain, with other luck: mmrace stress split-vs-zap --tree \(tree.folder) --set "))
    }

    @Test func aCleanTreesStatement() throws {
        let run = try stress(try PortTree.fixed(), "--seconds 0.5")
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("\n  verdict: bounded\n"))
        #expect(run.out.contains("\n  0 hits in "))
        #expect(run.out.contains("Whatever is hit more often than "))
        #expect(!run.out.contains("verified") && !run.out.contains("again"))
    }

    /// A BUG that each split meets.
    private func alwaysHit() throws -> PortTree {
        let tree = try PortTree.fixed()
        try tree.edit(
            "mm/huge_memory.c", "BUG_ON(mapcount != page_mapcount(page));",
            to: "BUG_ON(mapcount == page_mapcount(page));")
        return tree
    }

    @Test func confidenceAgainstAnotherTree() throws {
        let worse = try alwaysHit()
        let run = try stress(
            try PortTree.fixed(), "--until-confidence 0.99 --seconds 0.3 --against \(worse.folder)")
        #expect(run.status == 0, "\(run.out)")
        #expect(run.out.contains("\n  verdict: confident\n"))
        #expect(run.out.contains("iterations on \(worse.folder), in "))
        #expect(run.out.contains("BUG_ON(mapcount == page_mapcount(page))"))
    }

    @Test(.enabled(if: StressHost.proves, "this build has no hooks: it cannot explore"))
    func aSweepOfATree() throws {
        let tree = try alwaysHit()
        let run = try stress(tree, "--sweep --seconds 0.1 --set subpages=4 --format json")
        #expect(run.status == 1)
        #expect(try JSONSchema.published().mistakes(run.out) == [])
        let object = try JSONSerialization.jsonObject(with: Data(run.out.utf8))
        let cells = try #require((object as? [String: Any])?["cells"] as? [[String: Any]])
        let met = cells.filter { ($0["hits"] as? [Int])?.contains { $0 > 0 } == true }
        #expect(Set(met.compactMap { $0["noise"] as? String }) == ["none", "locks", "hooks", "accesses"])
    }

    // MARK: What the code does that it must not

    /// A symbol that nothing defines is a finding with its name, and decides nothing.
    @Test func unresolvedSymbols() throws {
        let tree = try PortTree.fixed()
        try tree.edit(
            "mm/memory.c", "tlb_finish_mmu(&tlb, start, end);",
            to: "tlb_finish_mmu(&tlb, start, end);\n\t{ extern void not_there(void); not_there(); }")
        let run = try stress(tree, "--seconds 0.3 --no-proof")
        #expect(run.status == 125)
        #expect(run.out.contains("\n  verdict: unresolved (1 distinct site)\n"))
        #expect(run.out.contains("not_there is not provided"))
        #expect(run.out.contains("cannot be judged: not_there is an unresolved symbol; mm/memory.c:"))
        let line = try tree.line(of: "not_there();", in: "mm/memory.c")
        #expect(run.out.contains("mm/memory.c:\(line)"))
    }

    @Test func aSetUpThatIsUnresolved() throws {
        let tree = try PortTree.fixed()
        let place = "\tpage = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);"
        try tree.edit(
            "mm/huge_memory.c", place, to: "{ extern void not_there(void); not_there(); }\n\(place)")
        let run = try stress(tree, "--seconds 0.3")
        #expect(run.status == 125)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("\n  verdict: unresolved\n"))
        #expect(run.out.contains("  cannot be judged: not_there is an unresolved symbol; mm/huge_memory.c:"))
    }

    /// Its place is that of the instruction, in the tree.
    @Test func aWildAccess() throws {
        let tree = try PortTree.fixed()
        try tree.edit(
            "mm/memory.c", "tlb_finish_mmu(&tlb, start, end);",
            to: "tlb_finish_mmu(&tlb, start, end);\n\t*(volatile int *)(start >> 60) = 1;")
        let line = try tree.line(of: "start >> 60", in: "mm/memory.c")
        let run = try stress(tree, "--seconds 0.3 --no-proof")
        #expect(run.status == 1)
        #expect(run.out.contains("mm/memory.c:\(line)"))
        #expect(run.out.contains("wild memory access"))
    }

    /// A CPU that waits for itself: the calls and locks are named, as the port's are.
    @Test func aRunThatHangs() throws {
        let tree = try PortTree.fixed()
        try tree.edit(
            "mm/memory.c", "tlb_finish_mmu(&tlb, start, end);",
            to: "tlb_finish_mmu(&tlb, start, end);\n\tspin_lock(&mm->page_table_lock); spin_lock(&mm->page_table_lock);")
        let run = try stress(tree, "--seconds 0.3 --no-proof")
        #expect(run.status == 1)
        #expect(run.out.contains("The CPUs as they were found:"))
        #expect(run.out.contains(" waits for mm 0->page_table_lock\n   in zap_page_range() "))
    }

    // MARK: What cannot be run

    private func expectNothing(_ run: Run, _ status: Int32, _ message: String) {
        #expect(run.exited && run.status == status)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("mmrace: "))
        #expect(run.err.contains(message), "\(run.err)")
    }

    @Test func aTreeThatDoesNotCompile() throws {
        let tree = try PortTree.fixed()
        try tree.edit("mm/swap.c", "lru_add_drain_cpu(smp", to: "lru_add_drain_all_of(smp")
        let line = try tree.line(of: "lru_add_drain_all_of", in: "mm/swap.c")
        expectNothing(try stress(tree, "--seconds 1"), 64, "'mm/swap.c' does not compile:\nmm/swap.c:\(line):")
    }

    @Test func whatIsNoTree() throws {
        let run = try Tool.run("stress", "split-vs-zap", "--tree", "/nonexistent")
        expectNothing(run, 64, "there is no '/nonexistent'")
        let other = try stress(try PortTree.fixed(), "--until-confidence 0.9 --against v3.12")
        expectNothing(other, 64, "there is no 'v3.12'")
    }

    @Test(arguments: [
        (["--tree", "/", "--revision", "v3.12"], "--tree and --revision exclude each other"),
        (["--config", "NUMA"], "--config is for a kernel tree: give --tree, too"),
        (["--tree", "/", "--set", "subpages=3"], "'3' is not a value of parameter 'subpages'"),
        (["--tree", "/", "--cpus", "\(StressHost.nowhere),0"], "there is no CPU \(StressHost.nowhere)"),
    ])
    func wrongUsage(_ words: [String], _ message: String) throws {
        let run = try Tool.run(["stress", "split-vs-zap"] + words)
        expectNothing(run, 64, message)
        #expect(run.err.split(separator: "\n").count == 1)
    }

    // MARK: Ctrl-C

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptEndsTheCompiler(_ signal: Int32) throws {
        let standIn = try StandIn(compiler: StandIn.sleeper)
        var compiler: Int32?
        let run = try standIn.run(["stress", "--tree", standIn.tree, "split-vs-zap"]) { process in
            compiler = standIn.pid(process)
            kill(process, signal)
        }
        #expect(!standIn.hasSlept)
        expectNothing(run, 125, "interrupted while the tree was built: nothing is known of it\n")
        #expect(try kill(#require(compiler), 0) != 0 && errno == ESRCH, "the compiler lives on")
        #expect(try standIn.unfinished() == [])
    }

    @Test func anInterruptEndsTheRun() throws {
        let tree = try PortTree.fixed()
        let run = try Tool.run(
            ["stress", "--tree", tree.folder, "split-vs-zap", "--seconds", "3600"],
            under: ["/usr/bin/env", "MMRACE_CACHE=\(PortTree.cache)"]
        ) { process in
            StressHost.waitForThreads(process)
            kill(process, SIGINT)
        }
        #expect(run.exited && run.status == 125)
        #expect(run.out.contains("\n  verdict: bounded, incomplete: interrupted\n"))
        #expect(run.out.contains("Whatever is hit more often than ") || run.out.contains("0 iterations"))
    }
}
