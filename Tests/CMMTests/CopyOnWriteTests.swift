// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Testing

@testable import Harness

/// Writes to a huge page that processes share, on one CPU, counted by hand: the
/// one who writes gets a page of its own, and the last one keeps what is left.
@Suite("Copy on write")
struct CopyOnWriteTests {
    /// A huge page that mm 0 and its child mm 1 map, both for reading only.
    private func shared(
        _ revision: String, _ subpages: Int, processes: Int = 2, cpus: Int = 1
    ) throws -> Stage {
        let stage = try Stage(revision, subpages: subpages, processes: processes, cpus: cpus)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1))
        #expect(stage.pmd(of: 0) == "huge present ro")
        #expect(stage.pmd(of: 1) == "huge present ro")
        return stage
    }

    @Test(arguments: revisions, sizes)
    func theWriterGetsACopy(_ revision: String, _ subpages: Int) throws {
        let stage = try shared(revision, subpages)
        var c = stage.run(.cow(mm: 1))
        #expect(stage.pmd(of: 0) == "huge present ro")  // mm 0 has not written
        #expect(stage.pmd(of: 1) == "huge present rw")
        #expect(c.huge_pmds == 2)
        #expect(c.deposited == 2)
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 1)  // neither the mapping nor the copying is left
        #expect(c.head_is_compound)
        #expect(c.rss.0 == Int64(subpages))
        #expect(c.rss.1 == Int64(subpages))
        #expect(c.nr_ptes.1 == 1)
        #expect(c.anon_thp == 2)
        #expect(c.anon_pages == Int64(2 * subpages))
        #expect(c.lru_pages == 1)  // the copy waits in the pagevec
        #expect(stage.pagesInUse == 2 * 4 + 2 * subpages)
        #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 1)
        #expect(stage.marks(CMM_MARK_THP_FAULT_ALLOC) == 2)
        #expect(stage.marks(CMM_MARK_MEMCG_CHARGE) == 2)

        // It is writable now: another write copies nothing.
        c = stage.run(.lruDrain, .cow(mm: 1))
        #expect(c.lru_pages == 2)
        #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 1)
        #expect(stage.pagesInUse == 2 * 4 + 2 * subpages)

        c = stage.run(.exit(mm: 1))
        #expect(c.anon_thp == 1)
        #expect(stage.pagesInUse == 4 + subpages)
        stage.nothingIsLeft(after: [.exit(mm: 0)])
    }

    /// Also when the copy goes after the page that it was made of.
    @Test(arguments: revisions, sizes)
    func theCopyOutlivesTheOriginal(_ revision: String, _ subpages: Int) throws {
        let stage = try shared(revision, subpages)
        let c = stage.run(.cow(mm: 1), .lruDrain, .exit(mm: 0))
        #expect(c.head_count == 0)
        #expect(c.huge_pmds == 1)
        #expect(c.rss.1 == Int64(subpages))
        #expect(stage.pagesInUse == 4 + subpages)
        stage.nothingIsLeft(after: [.exit(mm: 1)])
    }

    /// The others have copies, or have left: nothing is copied, nothing allocated.
    @Test(arguments: revisions, sizes)
    func theLastOneKeepsThePage(_ revision: String, _ subpages: Int) throws {
        for leave in [Call.cow(mm: 1), .exit(mm: 1), .zap(mm: 1)] {
            let stage = try shared(revision, subpages)
            stage.run(leave, .lruDrain)
            let used = stage.pagesInUse, copies = stage.marks(CMM_MARK_COPY_HUGE_PAGE)
            #expect(stage.pmd(of: 0) == "huge present ro", "after \(leave)")
            let c = stage.run(.cow(mm: 0))
            #expect(stage.pmd(of: 0) == "huge present rw", "after \(leave)")
            #expect(c.head_mapcount == 1)
            #expect(c.head_count == 1)
            #expect(c.rss.0 == Int64(subpages))
            #expect(stage.pagesInUse == used)
            #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == copies)
        }
    }

    /// Each takes one mapping and one reference away; a pin is not in the way.
    @Test(arguments: revisions, sizes)
    func aFamilyWrites(_ revision: String, _ subpages: Int) throws {
        let stage = try shared(revision, subpages, processes: 3)
        var c = stage.run(.fork(from: 1, to: 2), .pin(mm: 0, subpage: 1))
        #expect(c.head_mapcount == 3)
        #expect(c.head_count == 4)
        c = stage.run(.cow(mm: 2))
        #expect(c.head_mapcount == 2)
        #expect(c.head_count == 3)
        c = stage.run(.cow(mm: 0))
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 2)
        #expect(c.tail_mapcount == 1)  // the pin
        #expect(c.anon_thp == 3)
        // mm 1 is alone with the page: one mapping and the pin of another.
        stage.run(.cow(mm: 1))
        #expect(stage.pmd(of: 1) == "huge present rw")
        #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 2)
        #expect(stage.pagesInUse == 3 * 4 + 3 * subpages)
        stage.nothingIsLeft(
            after: [.unpin, .lruDrain, .exit(mm: 1), .exit(mm: 0), .exit(mm: 2)])
    }

    /// The copy is a page as any other: it is shared again, and copied again.
    @Test(arguments: revisions)
    func aCopyIsCopied(_ revision: String) throws {
        let stage = try shared(revision, 4, processes: 3)
        stage.run(.cow(mm: 1), .lruDrain, .fork(from: 1, to: 2))
        #expect(stage.pmd(of: 1) == "huge present ro")
        let c = stage.run(.cow(mm: 1))
        #expect(c.anon_thp == 3)
        #expect(stage.pagesInUse == 3 * 4 + 3 * 4)
        stage.nothingIsLeft(after: [.lruDrain, .exit(mm: 1), .exit(mm: 2), .exit(mm: 0)])
    }

    /// What the kernel would do in a pte table is not ported.
    @Test(arguments: revisions)
    func aWriteToASplitPageChangesNothing(_ revision: String) throws {
        let stage = try shared(revision, 2)
        stage.run(.pin(mm: 0, subpage: 0), .split, .unpin)
        let before = stage.world.census(), c = stage.run(.cow(mm: 1))
        #expect(c.ptes == 4 && c.ptes == before.ptes)
        #expect(c.head_count == before.head_count)
        #expect(c.used_pages == before.used_pages)
        #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 0)
    }

    // MARK: No huge page is to be had

    /// Single pages are there: what a CPU frees of a split page, it keeps.
    @Test(arguments: revisions, sizes)
    func aCopyInSinglePages(_ revision: String, _ subpages: Int) throws {
        let stage = try shared(revision, subpages, processes: 3)
        exhaust(stage, by: 2)
        let fallbacks = stage.marks(CMM_MARK_THP_FAULT_FALLBACK)
        var c = stage.run(.cow(mm: 1))
        #expect(stage.marks(CMM_MARK_THP_FAULT_FALLBACK) == fallbacks + 1)
        #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 0)
        #expect(stage.marks(CMM_MARK_COPY_PAGE) == subpages)
        #expect(stage.pmd(of: 1) == "table")
        #expect(stage.world.value(of: "pte \(subpages - 1) of mm 1") == "present rw")
        #expect(c.huge_pmds == 1)
        #expect(c.page_tables == 1)
        #expect(c.deposited == 1)  // that of mm 1 is in use now
        #expect(c.ptes == UInt32(subpages))
        #expect(c.head_is_compound)
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 1)
        #expect(c.rss.1 == Int64(subpages))
        #expect(c.nr_ptes.1 == 1)
        #expect(c.anon_thp == 1)
        #expect(c.anon_pages == Int64(2 * subpages))
        #expect(stage.pagesInUse == 2 * 4 + 2 * subpages)
        c = stage.run(.lruDrain)
        #expect(c.lru_pages == UInt32(1 + subpages))
        stage.nothingIsLeft(after: [.exit(mm: 1), .exit(mm: 0)])
    }

    /// It clears the pmd while the mapcount counts it, as the copy in a huge page
    /// does: the same race, and the same fix.
    @Test(arguments: 0..<HistoryTests.history.count)
    func aSplitDuringACopyInSinglePages(_ depth: Int) throws {
        let life: [Call] = [
            .mmap(mm: 2), .fault(mm: 2), .lruDrain, .pin(mm: 2, subpage: 0), .split, .unpin,
            .exit(mm: 2),
        ]
        // Three processes and two CPUs have six huge pages, of which one is shared;
        // the single pages are of the CPU that makes the scene, so it is the writer.
        let plan = Plan(
            scenario: "by hand", parameters: [:], subpages: 2, processes: 3,
            setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1)]
                + Array(repeating: life, count: 5).joined() + [.pin(mm: 0, subpage: 0)],
            cpus: [[.cow(mm: 1)], [.split, .unpin]], roles: ["write", "split"],
            watch: [Watch("pte 1 of mm 1"), Watch("pmd of")])
        let (id, verdict) = HistoryTests.history[depth]
        let report = try Check(plan, revision: .named(id), options: .init()).run()
        #expect(report.verdict == verdict, "\(TextReport(report).text)")
        #expect(report.executions > 1)
        #expect(report.bugs.map(\.expression) == (verdict == .bug ? ["mapcount != page_mapcount(page)"] : []))
        for bug in report.bugs { #expect(bug.diagram.contains("do_huge_pmd_wp_page_fallback()")) }
    }

    /// None on this CPU, or one too few: the page is split, so that one will do,
    /// and those that were taken are given back.
    @Test(arguments: revisions, [true, false])
    func nothingToCopyTo(_ revision: String, _ someAreThere: Bool) throws {
        let subpages = 4
        let stage = try shared(revision, subpages, processes: 4, cpus: 2)
        if someAreThere { stage.run(.mmap(mm: 2), .fault(mm: 2), .lruDrain) }
        exhaust(stage, by: 3, cpu: 1)
        if someAreThere { stage.run(.pin(mm: 2, subpage: 1), .split, .exit(mm: 2)) }
        let used = stage.pagesInUse, splits = stage.marks(CMM_MARK_THP_SPLIT)
        let charges = stage.marks(CMM_MARK_MEMCG_CHARGE)
        let uncharges = stage.marks(CMM_MARK_MEMCG_UNCHARGE)
        let c = stage.run(.cow(mm: 1))
        let taken = someAreThere ? subpages - 1 : 0
        #expect(stage.marks(CMM_MARK_MEMCG_CHARGE) == charges + taken)
        #expect(stage.marks(CMM_MARK_MEMCG_UNCHARGE) == uncharges + taken)
        #expect(stage.marks(CMM_MARK_THP_SPLIT) == splits + 1)
        #expect(stage.marks(CMM_MARK_COPY_PAGE) == 0)
        #expect(stage.pmd(of: 0) == "table")
        #expect(stage.pmd(of: 1) == "table")
        #expect(c.ptes == UInt32(2 * subpages))
        #expect(!c.head_is_compound)
        #expect(c.head_mapcount == 2)
        #expect(c.head_count == 2)
        #expect(c.tail_count == 2)
        #expect(stage.pagesInUse == used)
        if someAreThere { stage.run(.unpin) }
        stage.nothingIsLeft(after: [.exit(mm: 0), .exit(mm: 1)])
    }

    /// Makes single pages, of the CPU's own, out of all huge ones that are left.
    private func exhaust(_ stage: Stage, by mm: Int, cpu: Int = 0) {
        let life: [Call] = [
            .lruDrain, .pin(mm: mm, subpage: 0), .split, .unpin, .exit(mm: mm),
        ]
        while stage.world.run([.mmap(mm: mm), .fault(mm: mm)], cpu: cpu) == nil {
            #expect(stage.world.run(life, cpu: cpu) == nil)
        }
        #expect(stage.world.run([.exit(mm: mm)], cpu: cpu) == nil)
        #expect(stage.world.endCheck() == nil)
    }
}
