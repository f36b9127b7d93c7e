// SPDX-License-Identifier: GPL-2.0-only
import CMM
import Testing

@testable import Harness

/// A reference on a subpage, as get_user_pages() takes it: on a tail it is
/// counted in the tail's _mapcount and in the head's _count, until a split
/// turns it into a reference on the tail itself.
@Suite("Pins")
struct PinTests {
    @Test(arguments: revisions, sizes)
    func aTailPinSurvivesTheSplit(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain)
        var c = stage.run(.pin(mm: 0, subpage: 1))
        #expect(c.tail_mapcount == 1)
        #expect(c.tail_count == 0)
        #expect(c.head_count == 2)  // mapping and pin
        #expect(c.head_mapcount == 1)

        c = stage.run(.split)
        #expect(c.tail_mapcount == 1)  // the mapping now, no longer the pin
        #expect(c.tail_count == 2)  // mapping and pin
        #expect(c.head_count == 1)
        #expect(c.head_mapcount == 1)

        c = stage.run(.zap(mm: 0))
        #expect(c.tail_mapcount == 0)
        #expect(c.tail_count == 1)
        #expect(c.head_count == 0)  // free: the pin was not the head's
        #expect(stage.pagesInUse == 4 + 1)  // four tables and the tail

        c = stage.run(.unpin)
        #expect(c.tail_count == 0)
        #expect(stage.pagesInUse == 4)
        stage.run(.exit(mm: 0))
        #expect(stage.pagesInUse == 0)
    }

    @Test(arguments: revisions, sizes)
    func aTailPinKeepsTheWholePage(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: subpages - 1))
        var c = stage.run(.exit(mm: 0))
        #expect(c.head_is_compound)
        #expect(c.head_mapcount == 0)
        #expect(c.head_count == 1)
        #expect(stage.pagesInUse == subpages)
        // It is not mapped, so that no anon_vma leads to it: it cannot be split.
        c = stage.run(.split)
        #expect(c.head_is_compound)
        #expect(stage.marks(CMM_MARK_THP_SPLIT) == 0)
        stage.run(.unpin)
        #expect(stage.pagesInUse == 0)
    }

    @Test(arguments: revisions, sizes)
    func aPinThatIsDroppedLeavesNoTrace(_ revision: String, _ subpages: Int) throws {
        for subpage in [0, 1, subpages - 1] {
            let stage = try Stage(revision, subpages: subpages)
            stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain)
            let c = stage.run(.pin(mm: 0, subpage: subpage), .unpin)
            #expect(c.head_count == 1)
            #expect(c.head_mapcount == 1)
            #expect(c.tail_mapcount == 0)
            #expect(c.head_is_compound)
            // Without a pin there is nothing to split or to drop.
            stage.run(.split, .unpin)
            #expect(stage.marks(CMM_MARK_THP_SPLIT) == 0)
        }
    }

    /// A pin of a page that is split already is a plain reference.
    @Test(arguments: revisions, sizes)
    func aPinAfterTheSplit(_ revision: String, _ subpages: Int) throws {
        let stage = try Stage(revision, subpages: subpages)
        stage.run(.mmap(mm: 0), .fault(mm: 0), .lruDrain, .pin(mm: 0, subpage: 0), .split, .unpin)
        let c = stage.run(.pin(mm: 0, subpage: 1))
        #expect(c.tail_count == 2)
        #expect(c.tail_mapcount == 1)
        #expect(c.head_count == 1)
        stage.run(.exit(mm: 0))
        #expect(stage.pagesInUse == 1)
        stage.run(.unpin)
        #expect(stage.pagesInUse == 0)
    }
}
