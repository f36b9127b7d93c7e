// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Explorer
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
        for leave in [Operation.cow(mm: 1), .exit(mm: 1), .zap(mm: 1)] {
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

    // MARK: The page was split

    /// The same as `shared`, in ptes.
    private func split(
        _ revision: String, _ subpages: Int, processes: Int = 2, cpus: Int = 1
    ) throws -> Stage {
        let stage = try shared(revision, subpages, processes: processes, cpus: cpus)
        stage.run(.pin(mm: 0, subpage: 0), .split, .unpin)
        for mm in 0...1 { #expect(stage.pte(0, of: mm) == "present ro") }
        return stage
    }

    @Test(arguments: revisions, sizes)
    func theWriterGetsACopyOfOneSubpage(_ revision: String, _ subpages: Int) throws {
        for written in [0, subpages - 1] {
            let stage = try split(revision, subpages)
            let before = stage.world.state(), flushes = stage.marks(CMM_MARK_FLUSH_TLB)
            var c = stage.run(.cow(mm: 1, subpage: written))
            for i in Set([0, 1, subpages - 1]) {
                #expect(stage.pte(i, of: 0) == "present ro")
                #expect(stage.pte(i, of: 1) == (i == written ? "present rw" : "present ro"))
            }
            #expect(c.ptes == UInt32(2 * subpages))
            #expect(c.head_mapcount == (written == 0 ? 1 : 2))
            #expect(c.head_count == c.head_mapcount)  // the copying has left nothing
            #expect(c.tail_mapcount == (written == 1 ? 1 : 2))
            #expect(c.tail_count == c.tail_mapcount)
            #expect(c.rss.0 == Int64(subpages))
            #expect(c.rss.1 == Int64(subpages))
            #expect(c.anon_pages == before.anon_pages + 1)
            #expect(c.used_pages == before.used_pages + 1)
            #expect(c.lru_pages == UInt32(subpages))  // the copy waits in the pagevec
            #expect(stage.marks(CMM_MARK_COPY_PAGE) == 1)
            #expect(stage.marks(CMM_MARK_COPY_HUGE_PAGE) == 0)
            #expect(stage.marks(CMM_MARK_MEMCG_CHARGE) == 2)  // the huge page, and the copy
            #expect(stage.marks(CMM_MARK_NOTIFIER_CHANGE_PTE) == 1)
            #expect(stage.marks(CMM_MARK_FLUSH_TLB) == flushes + 1)

            // It is writable now: another write copies nothing.
            c = stage.run(.lruDrain, .cow(mm: 1, subpage: written))
            #expect(c.lru_pages == UInt32(subpages + 1))
            #expect(c.used_pages == before.used_pages + 1)
            #expect(stage.marks(CMM_MARK_COPY_PAGE) == 1)

            let exits: [Operation] = [.exit(mm: 0), .exit(mm: 1)]
            c = stage.run(written == 0 ? exits[0] : exits[1])
            #expect(c.anon_pages == Int64(subpages))
            #expect(c.used_pages == UInt32(4 + subpages))
            stage.nothingIsLeft(after: [written == 0 ? exits[1] : exits[0]])
        }
    }

    /// The others have copies, or have left: nothing is copied, and the page is the
    /// writer's alone from then on.
    @Test(arguments: revisions)
    func theLastOneKeepsTheSubpage(_ revision: String) throws {
        for writer in 0...1 {
            let other = 1 - writer
            for leave in [Operation.cow(mm: other), .exit(mm: other), .zap(mm: other)] {
                let stage = try split(revision, 4)
                stage.run(leave, .lruDrain)
                let used = stage.pagesInUse, copies = stage.marks(CMM_MARK_COPY_PAGE)
                #expect(stage.world.value(of: "page->mapping") == "&anon_vma->root")
                let c = stage.run(.cow(mm: writer))
                #expect(stage.pte(0, of: writer) == "present rw", "after \(leave)")
                #expect(c.head_mapcount == 1)
                #expect(c.head_count == 1)
                #expect((writer == 0 ? c.rss.0 : c.rss.1) == 4)
                #expect(stage.pagesInUse == used)
                #expect(stage.marks(CMM_MARK_COPY_PAGE) == copies)
                // That of mm 0 is the one that its child has, too.
                #expect(
                    stage.world.value(of: "page->mapping")
                        == (writer == 0 ? "&anon_vma->root" : "&anon_vma 1->root"))
                let left: [Operation] = [.exit(mm: 0), .exit(mm: 1)]
                stage.nothingIsLeft(
                    after: leave == .exit(mm: other) ? [left[writer]] : left)
            }
        }
    }

    /// A page that has gone is to be mapped again: that is another fault, and not ported.
    @Test(arguments: revisions)
    func aZappedSubpageStaysAway(_ revision: String) throws {
        let stage = try split(revision, 2)
        let before = stage.run(.zap(mm: 1)), c = stage.run(.cow(mm: 1))
        #expect(c.ptes == 2 && c.ptes == before.ptes)
        #expect(c.rss.1 == 0)
        #expect(c.used_pages == before.used_pages)
        stage.nothingIsLeft(after: [.exit(mm: 0), .exit(mm: 1)])
    }

    /// One CPU has three single pages and two that all share.
    @Test(arguments: revisions)
    func noSinglePageToCopyTo(_ revision: String) throws {
        let stage = try split(revision, 8)
        for i in 0..<5 { stage.run(.cow(mm: 1, subpage: i)) }
        let before = stage.world.state()
        #expect(
            stage.world.run([.cow(mm: 1, subpage: 5)])
                == "the operation needs !(fault & VM_FAULT_ERROR)")
        #expect(stage.pte(5, of: 1) == "present ro")
        #expect(stage.world.state().used_pages == before.used_pages)
        // The reference on the page was given back.
        stage.nothingIsLeft(after: [.exit(mm: 1), .exit(mm: 0)])
    }

    /// Two writers of a page: each copies it, or the second one finds it left alone.
    @Test(arguments: revisions)
    func twoWriters(_ revision: String) throws {
        let outcomes = try race([.cow(mm: 0)], [.cow(mm: 1)], revision)
        #expect(outcomes.verdict == .verified)
        // The state does not say which page is whose; but whether one is gone.
        #expect(Set(outcomes.all.map { $0.state["head_count"] }) == [0, 1])
        for outcome in outcomes.all {
            #expect(outcome.state["rss[0]"] == 2 && outcome.state["rss[1]"] == 2)
            #expect(outcome.state["used_pages"] == 2 * 4 + 3)
        }
    }

    /// Two threads, one page: it is copied once, what the other copied is thrown away.
    @Test(arguments: revisions)
    func twoThreadsWrite(_ revision: String) throws {
        let outcomes = try race([.cow(mm: 1)], [.cow(mm: 1)], revision)
        #expect(outcomes.verdict == .verified)
        #expect(outcomes.all.map { $0.state["head_count"] } == [1])
        #expect(outcomes.all.first?.state["used_pages"] == 2 * 4 + 3)
    }

    /// A page that is zapped during the copy is not mapped again by it.
    @Test(arguments: revisions)
    func aZapDuringTheCopy(_ revision: String) throws {
        let outcomes = try race([.cow(mm: 1)], [.zap(mm: 1)], revision)
        #expect(outcomes.verdict == .verified)
        for outcome in outcomes.all {
            #expect(outcome.state["ptes"] == 2)
            #expect(outcome.state["rss[1]"] == 0)
        }
    }

    /// All ways in which two CPUs end that meet at a split page of two subpages.
    private func race(_ first: [Operation], _ second: [Operation], _ revision: String) throws -> Outcomes {
        try Outcomes(
            of: try Plan(
                scenario: "by hand", subpages: 2, processes: 2,
                setup: [
                    .mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1),
                    .pin(mm: 0, subpage: 0), .split, .unpin,
                ],
                cpus: [first, second], roles: ["first", "second"], watch: [Watch("pte 0 of")]),
            revision: .named(revision))
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
        #expect(stage.pte(subpages - 1, of: 1) == "present rw")
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
    @Test(arguments: Revision.all.indices)
    func aSplitDuringACopyInSinglePages(_ depth: Int) throws {
        let life: [Operation] = [
            .mmap(mm: 2), .fault(mm: 2), .lruDrain, .pin(mm: 2, subpage: 0), .split, .unpin,
            .exit(mm: 2),
        ]
        // Three processes and two CPUs have six huge pages, of which one is shared;
        // the single pages are of the CPU that makes the scene, so it is the writer.
        let plan = try Plan(
            scenario: "by hand", subpages: 2, processes: 3,
            setup: [.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1)]
                + Array(repeating: life, count: 5).joined() + [.pin(mm: 0, subpage: 0)],
            cpus: [[.cow(mm: 1)], [.split, .unpin]], roles: ["write", "split"],
            watch: [Watch("pte 1 of mm 1"), Watch("pmd of")])
        let revision = Revision.all[depth]
        let fails = revision.failsIn!.contains("split-vs-cow")
        let report = try Check(plan, revision: revision, options: .init()).run()
        #expect(report.verdict == (fails ? .bug : .verified), "\(TextReport(report).text)")
        #expect(report.executions > 1)
        #expect(report.bugs.map(\.expression) == (fails ? ["mapcount != page_mapcount(page)"] : []))
        // It is the fallback that was explored.
        let world = try World(plan, revision: revision)
        #expect(world.run([.cow(mm: 1)]) == nil)
        #expect(vcpu_machine_marks(world.machine.handle, UInt32(CMM_MARK_COPY_PAGE.rawValue)) == 2)
    }

    /// Too few to copy all: those that were taken are given back, and the page is
    /// split, so that one will do.
    @Test(arguments: revisions)
    func tooFewSinglePages(_ revision: String) throws {
        let subpages = 16
        let stage = try shared(revision, subpages, processes: 3, cpus: 2)
        exhaust(stage, by: 2, cpu: 1)
        let used = stage.pagesInUse, splits = stage.marks(CMM_MARK_THP_SPLIT)
        let charges = stage.marks(CMM_MARK_MEMCG_CHARGE)
        let uncharges = stage.marks(CMM_MARK_MEMCG_UNCHARGE)
        let c = stage.run(.cow(mm: 1))
        // Four of this CPU's own and three that are shared; then one of them.
        #expect(stage.marks(CMM_MARK_MEMCG_CHARGE) == charges + 7 + 1)
        #expect(stage.marks(CMM_MARK_MEMCG_UNCHARGE) == uncharges + 7)
        #expect(stage.marks(CMM_MARK_THP_SPLIT) == splits + 1)
        #expect(stage.marks(CMM_MARK_COPY_PAGE) == 1)
        for mm in 0...1 {
            #expect(stage.pmd(of: mm) == "table")
            #expect(stage.pte(0, of: mm) == (mm == 0 ? "present ro" : "present rw"))
            #expect(stage.pte(1, of: mm) == "present ro")
        }
        #expect(c.ptes == UInt32(2 * subpages))
        #expect(!c.head_is_compound)
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 1)
        #expect(c.tail_count == 2)
        #expect(stage.pagesInUse == used + 1)
        stage.nothingIsLeft(after: [.lruDrain, .exit(mm: 0), .exit(mm: 1)])
    }

    /// Not even one is left: the page was split for nothing, and no memory has changed.
    @Test(arguments: revisions)
    func nothingToCopyTo(_ revision: String) throws {
        let subpages = 16
        let stage = try shared(revision, subpages, processes: 5, cpus: 2)
        stage.run(.mmap(mm: 2), .fault(mm: 2), .lruDrain, .fork(from: 2, to: 3))
        stage.run(.pin(mm: 2, subpage: 0), .split, .unpin)
        for i in 0..<11 { stage.run(.cow(mm: 3, subpage: i)) }
        exhaust(stage, by: 4, cpu: 1)
        let used = stage.pagesInUse, splits = stage.marks(CMM_MARK_THP_SPLIT)
        let copies = stage.marks(CMM_MARK_COPY_PAGE), charges = stage.marks(CMM_MARK_MEMCG_CHARGE)
        #expect(
            stage.world.run([.cow(mm: 1)])
                == "the operation needs !(fault & VM_FAULT_ERROR)")
        #expect(stage.world.endCheck() == nil)
        let c = stage.world.state()
        #expect(stage.marks(CMM_MARK_MEMCG_CHARGE) == charges)
        #expect(stage.marks(CMM_MARK_THP_SPLIT) == splits + 1)
        #expect(stage.marks(CMM_MARK_COPY_PAGE) == copies)
        for mm in 0...1 { #expect(stage.pte(0, of: mm) == "present ro") }
        #expect(!c.head_is_compound)
        #expect(c.head_mapcount == 2)
        #expect(c.head_count == 2)
        #expect(c.tail_count == 2)
        #expect(stage.pagesInUse == used)
        stage.nothingIsLeft(
            after: [.lruDrain, .exit(mm: 0), .exit(mm: 1), .exit(mm: 2), .exit(mm: 3)])
    }

    /// Makes single pages, of the CPU's own, out of all huge ones that are left.
    private func exhaust(_ stage: Stage, by mm: Int, cpu: Int = 0) {
        let life: [Operation] = [
            .lruDrain, .pin(mm: mm, subpage: 0), .split, .unpin, .exit(mm: mm),
        ]
        // A fault that finds none is not an error, and maps nothing.
        let fallbacks = stage.marks(CMM_MARK_THP_FAULT_FALLBACK)
        while stage.marks(CMM_MARK_THP_FAULT_FALLBACK) == fallbacks {
            #expect(stage.world.run([.mmap(mm: mm), .fault(mm: mm)] + life, cpu: cpu) == nil)
        }
        #expect(stage.world.endCheck() == nil)
    }
}
