// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Testing

@testable import Harness

/// The life of a huge page on one CPU, counted by hand.
///
/// Tables: a process has its pgd from the beginning; the first fault adds one
/// pud, one pmd and one pte table, the last deposited for a later split.
@Suite("Life of a huge page")
struct LifeTests {
    @Test(arguments: revisions, sizes)
    func fault(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        #expect(stage.run(.mmap(mm: 0)).anon_vmas == 0)
        #expect(stage.pagesInUse == 1)  // the pgd

        var c = stage.run(.fault(mm: 0))
        #expect(c.huge_pmds == 1)
        #expect(c.deposited == 1)
        #expect(c.page_tables == 0)
        #expect(c.ptes == 0)
        #expect(c.rss.0 == Int64(subpages))
        #expect(c.nr_ptes.0 == 1)  // the deposited one counts
        #expect(c.head_is_compound)
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 2)  // the mapping and the pagevec
        #expect(c.tail_mapcount == 0)  // pins of the tail
        #expect(c.tail_count == 0)
        #expect(c.anon_thp == 1)
        #expect(c.anon_pages == Int64(subpages))
        #expect(c.anon_vmas == 1)
        #expect(c.avcs == 1)
        #expect(c.lru_pages == 0)
        #expect(stage.pagesInUse == 4 + subpages)  // pgd, pud, pmd, pte table
        #expect(stage.marks(CMM_MARK_THP_FAULT_ALLOC) == 1)

        c = stage.run(.lruDrain)
        #expect(c.lru_pages == 1)  // the huge page is one entry
        #expect(c.head_count == 1)  // the pagevec has let go

        // A second fault finds the pmd writable, and changes no number.
        c = stage.run(.fault(mm: 0))
        #expect(c.head_mapcount == 1)
        #expect(c.rss.0 == Int64(subpages))
        #expect(stage.marks(CMM_MARK_THP_FAULT_ALLOC) == 1)
    }

    @Test(arguments: revisions, sizes)
    func fork(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages, processes: 3)
        var c = stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1))
        #expect(c.huge_pmds == 2)
        #expect(c.deposited == 2)
        #expect(c.head_mapcount == 2)
        #expect(c.head_count == 2)  // one a mapping
        #expect(c.rss.0 == Int64(subpages))
        #expect(c.rss.1 == Int64(subpages))
        #expect(c.nr_ptes.0 == 1)
        #expect(c.nr_ptes.1 == 1)
        // The page is counted where it is first mapped, not once a mapping.
        #expect(c.anon_thp == 1)
        #expect(c.anon_pages == Int64(subpages))
        // The parent's, which is the root, and the child's own.
        #expect(c.anon_vmas == 2)
        // The parent's one; the child's to the parent's anon_vma and to its own.
        #expect(c.avcs == 1 + 2)
        #expect(stage.pagesInUse == 2 * 4 + subpages)

        // A grandchild hangs on three anon_vmas.
        c = stage.run(.fork(from: 1, to: 2))
        #expect(c.head_mapcount == 3)
        #expect(c.anon_vmas == 3)
        #expect(c.avcs == 1 + 2 + 3)
        #expect(c.rss.2 == Int64(subpages))

        // The middle one exits: its anon_vma stays as long as the grandchild.
        c = stage.run(.exit(mm: 1))
        #expect(c.head_mapcount == 2)
        #expect(c.huge_pmds == 2)
        #expect(c.anon_vmas == 3)
        #expect(c.avcs == 1 + 3)
        #expect(c.rss.1 == 0)
        #expect(stage.pagesInUse == 2 * 4 + subpages)

        stage.nothingIsLeft(after: [.exit(mm: 2), .exit(mm: 0)])
    }

    /// Since 7a3ef208e662: an anon_vma that no VMA calls its own, and that has one
    /// child, is the next child's.
    @Test(arguments: revisions)
    func anonVMAsAreTakenOver(_ revision: String) throws {
        let takesOver = try Revision.named(revision).has("7a3ef208e662")
        let stage = try Stage(revision, subpages: 2, processes: 5)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1), .fork(from: 1, to: 2))
        // Nothing to take over yet: each has its own.
        #expect(stage.run(.exit(mm: 1)).anon_vmas == 3)
        // That of 1 is free to take, once.
        #expect(stage.run(.fork(from: 2, to: 3)).anon_vmas == (takesOver ? 3 : 4))
        #expect(stage.run(.fork(from: 2, to: 4)).anon_vmas == (takesOver ? 4 : 5))
        // The root is never taken over, nor is that of the parent.
        #expect(stage.run(.exit(mm: 4)).anon_vmas == (takesOver ? 3 : 4))
        stage.nothingIsLeft(after: [.exit(mm: 3), .exit(mm: 0), .exit(mm: 2)])
    }

    @Test(arguments: revisions, sizes)
    func split(_ revision: String, _ subpages: Int) throws {
        for processes in 1...2 {
            let stage = try Stage(revision, subpages: subpages, processes: processes)
            stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain)
            if processes == 2 { stage.run(.fork(from: 0, to: 1)) }
            let mappings = Int32(processes)

            var c = stage.run(.pin(mm: 0, subpage: 0))
            #expect(c.head_count == mappings + 1)
            #expect(c.tail_mapcount == 0)

            c = stage.run(.split)
            #expect(!c.head_is_compound)
            #expect(c.huge_pmds == 0)
            #expect(c.deposited == 0)  // now in use
            #expect(c.page_tables == UInt32(processes))
            #expect(c.ptes == UInt32(subpages * processes))
            #expect(c.head_mapcount == mappings)
            #expect(c.tail_mapcount == mappings)
            #expect(c.head_count == mappings + 1)  // and the pin
            #expect(c.tail_count == mappings)
            #expect(c.rss.0 == Int64(subpages))
            #expect(c.rss.1 == (processes == 2 ? Int64(subpages) : 0))
            #expect(c.nr_ptes.0 == 1)
            #expect(c.anon_thp == 0)
            #expect(c.anon_pages == Int64(subpages))
            #expect(c.lru_pages == UInt32(subpages))  // each subpage is an entry
            // Nothing was allocated and nothing freed.
            #expect(stage.pagesInUse == 4 * processes + subpages)
            #expect(stage.marks(CMM_MARK_THP_SPLIT) == 1)

            // A page that is split is not split again.
            stage.run(.split)
            #expect(stage.marks(CMM_MARK_THP_SPLIT) == 1)

            c = stage.run(.unpin)
            #expect(c.head_count == mappings)
            stage.nothingIsLeft(after: (0..<processes).map { .exit(mm: $0) })
        }
    }

    /// The pagevec's reference is the head's alone, and the tails are put on
    /// the LRU before their head.
    @Test(arguments: revisions, sizes)
    func splitBeforeTheDrain(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        var c = stage.run(.mmap(mm: 0), .fault(mm: 0), .pin(mm: 0, subpage: 0), .split)
        #expect(c.head_count == 3)  // mapping, pagevec, pin
        #expect(c.tail_count == 1)
        #expect(c.lru_pages == UInt32(subpages - 1))
        c = stage.run(.lruDrain)
        #expect(c.head_count == 2)
        #expect(c.lru_pages == UInt32(subpages))
        stage.nothingIsLeft(after: [.unpin, .exit(mm: 0)])
    }

    @Test(arguments: revisions, sizes)
    func zapOfAHugePage(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages, processes: 2)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .fork(from: 0, to: 1))
        var c = stage.run(.zap(mm: 0))
        #expect(c.huge_pmds == 1)
        #expect(c.deposited == 1)
        #expect(c.head_mapcount == 1)
        #expect(c.head_count == 1)
        #expect(c.rss.0 == 0)
        #expect(c.rss.1 == Int64(subpages))
        #expect(c.nr_ptes.0 == 0)
        #expect(c.anon_thp == 1)
        // mm 0 keeps pgd, pud and pmd; its deposited table is free.
        #expect(stage.pagesInUse == 3 + 4 + subpages)

        c = stage.run(.zap(mm: 1))
        #expect(c.huge_pmds == 0)
        #expect(c.deposited == 0)
        #expect(c.rss.1 == 0)
        #expect(c.anon_thp == 0)
        #expect(c.anon_pages == 0)
        #expect(c.lru_pages == 0)
        #expect(stage.pagesInUse == 3 + 3)

        // Zapping nothing is harmless.
        stage.run(.zap(mm: 0), .zap(mm: 1), .zap(mm: 1))
        #expect(stage.pagesInUse == 3 + 3)

        // The address can be faulted in again.
        c = stage.run(.fault(mm: 0))
        #expect(c.huge_pmds == 1)
        #expect(c.rss.0 == Int64(subpages))
        #expect(c.anon_thp == 1)
        stage.nothingIsLeft(after: [.exit(mm: 0), .exit(mm: 1)])
    }

    @Test(arguments: revisions, sizes)
    func zapOfASplitPage(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: 0), .split)
        var c = stage.run(.zap(mm: 0))
        #expect(c.ptes == 0)
        #expect(c.page_tables == 1)  // MADV_DONTNEED frees no tables
        #expect(c.nr_ptes.0 == 1)
        #expect(c.rss.0 == 0)
        #expect(c.anon_pages == 0)
        #expect(c.head_mapcount == 0)
        #expect(c.head_count == 1)  // the pin
        #expect(c.lru_pages == 1)
        #expect(stage.pagesInUse == 4 + 1)
        stage.run(.zap(mm: 0))
        c = stage.run(.unpin)
        #expect(c.lru_pages == 0)
        #expect(stage.pagesInUse == 4)
        stage.nothingIsLeft(after: [.exit(mm: 0)])
    }

    /// After a split, a fork copies page by page.
    @Test(arguments: revisions, sizes)
    func forkAfterSplit(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages, processes: 2)
        let c = stage.run(
            .mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: 0), .split, .unpin,
            .fork(from: 0, to: 1))
        #expect(c.ptes == UInt32(2 * subpages))
        #expect(c.page_tables == 2)
        #expect(c.deposited == 0)
        #expect(c.head_mapcount == 2)
        #expect(c.head_count == 2)
        #expect(c.tail_mapcount == 2)
        #expect(c.tail_count == 2)
        #expect(c.rss.1 == Int64(subpages))
        #expect(c.nr_ptes.1 == 1)
        #expect(c.anon_pages == Int64(subpages))
        #expect(stage.pagesInUse == 2 * 4 + subpages)
        stage.nothingIsLeft(after: [.zap(mm: 0), .exit(mm: 1), .exit(mm: 0)])
    }
}
