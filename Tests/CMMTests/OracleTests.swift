// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Explorer
import Testing

@testable import Harness

/// The way in which a test breaks a counter, a pointer or a table entry of a good world.
enum Damage: Sendable, Hashable {
    case increment
    /// The whole 8 bytes: an entry has a bit of its own at the top.
    case clear
    /// Flips one bit: a page flag.
    case flip(bit: Int)

    func apply(at address: UnsafeMutableRawPointer) {
        let word = address.assumingMemoryBound(to: UInt32.self)
        switch self {
        case .increment: word.pointee &+= 1
        case .clear: address.storeBytes(of: 0, as: UInt64.self)
        case .flip(let bit): word.pointee ^= 1 << bit
        }
    }

    /// Bytes from one place to try to the next: counters are halves of words.
    var stride: Int { self == .clear ? 8 : 4 }
}

/// One word to break, by the name that reports give it, and the condition of the
/// oracle that must notice.
struct Sabotage: Sendable, CustomTestStringConvertible {
    let object: String
    let damage: Damage
    let noticed: String
    var testDescription: String { "\(object): \(noticed)" }

    init(_ object: String, _ damage: Damage, _ noticed: String) {
        self.object = object
        self.damage = damage
        self.noticed = noticed
    }
}

/// An oracle that never fires proves nothing: each condition is shown a world
/// in which only that is wrong.
@Suite("Oracles fire")
struct OracleTests {
    // Bits of page->flags, as enum pageflags of v3.12 has them.
    private static let locked = 0, lru = 5, tail = 15

    static let huge: [Sabotage] = [
        Sabotage("page->_count", .increment, "head->_count.counter != references"),
        Sabotage(
            "page->_mapcount", .increment,
            "raw_mapcount(head) != expected->huge_entries"),
        Sabotage("page->flags", .flip(bit: locked), "page_is_locked"),
        Sabotage("page->flags", .flip(bit: lru), "on_lru != on_lists"),
        Sabotage("page[1]->flags", .flip(bit: tail), "!raw_tail(page_tail)"),
        Sabotage("page[1]->first_page", .increment, "raw_head(page_tail) != head"),
        Sabotage("page[1]->_count", .increment, "page_tail->_count.counter != 0"),
        Sabotage(
            "page[1]->_mapcount", .increment,
            "raw_mapcount(page_tail) != tail->pins"),
        Sabotage("pmd of mm 0", .clear, "deposits != huge_pmds"),
        Sabotage(
            "mm 0->rss_stat.count[MM_ANONPAGES]", .increment,
            "anon_rss != rss"),
        Sabotage(
            "mm 0->rss_stat.count[MM_FILEPAGES]", .increment,
            "file_rss != file"),
        Sabotage("mm 0->nr_ptes", .increment, "raw_nr_ptes(mm) != tables + deposits"),
        Sabotage("mm 0->page_table_lock", .increment, "page_table_lock_held"),
        Sabotage("mm 0->mmap_sem", .increment, "mmap_lock_held"),
        Sabotage("zone->lock", .increment, "zone_lock_held"),
        Sabotage("zone->lru_lock", .increment, "lru_lock_held"),
        Sabotage("zone->vm_stat", .increment, "anon_pages != mapped"),
        Sabotage("anon_vma_cachep->list_lock", .increment, "list_lock_held"),
        Sabotage("anon_vma->rwsem", .increment, "anon_vma_lock_held"),
        Sabotage("anon_vma->refcount", .increment, "refcount_differs"),
        Sabotage("mm_cachep", .increment, "raw_cache_live(world_cache(CACHE_MM)) != mms"),
        Sabotage("vm_area_cachep", .increment, "raw_cache_live(world_cache(CACHE_VMA)) != vmas"),
        Sabotage(
            "anon_vma_chain_cachep", .increment,
            "raw_cache_live(world_cache(CACHE_AVC)) != chains"),
        Sabotage("anon_vma_cachep", .increment, "raw_cache_live(world_cache(CACHE_ANON_VMA)) != reachable + waiting"),
    ]

    static let split: [Sabotage] = [
        Sabotage("page[1]->_count", .increment, "page->_count.counter != references"),
        Sabotage(
            "page[1]->_mapcount", .increment, "raw_mapcount(page) != expected->entries"),
        Sabotage("page[1]->flags", .flip(bit: tail), "raw_tail(page)"),
        Sabotage("page[1]->flags", .flip(bit: locked), "page_is_locked"),
        Sabotage("page->flags", .flip(bit: lru), "on_lru != on_lists"),
        Sabotage(
            "pte 1 of mm 0", .clear, "anon_rss != rss"),
        Sabotage("mm 0->nr_ptes", .increment, "raw_nr_ptes(mm) != tables + deposits"),
    ]

    private static let setup: [Operation] = [.mmap(mm: 0), .fault(mm: 0), .lruDrain]

    @Test(arguments: revisions, huge)
    func endCheckOfAHugePage(_ revision: String, _ sabotage: Sabotage) throws {
        let world = try world(revision, Self.setup)
        #expect(findings(in: world, of: sabotage, by: { world.endCheck() }).contains(sabotage.noticed))
        #expect(world.endCheck() == nil, "the damage was undone")
    }

    /// Only this commit has it.
    @Test func endCheckOfTheDegree() throws {
        for (revision, notices) in [("f72e7dcdd252", false), ("7a3ef208e662", true)] {
            let world = try world(revision, Self.setup)
            let sabotage = Sabotage("anon_vma->degree", .increment, "degree_differs")
            let found = findings(in: world, of: sabotage, by: { world.endCheck() })
            #expect(found.contains(sabotage.noticed) == notices)
        }
    }

    @Test(arguments: revisions, split)
    func endCheckOfASplitPage(_ revision: String, _ sabotage: Sabotage) throws {
        let world = try world(revision, Self.setup + [.pin(mm: 0, subpage: 0), .split, .unpin])
        #expect(findings(in: world, of: sabotage, by: { world.endCheck() }).contains(sabotage.noticed))
        #expect(world.endCheck() == nil, "the damage was undone")
    }

    /// A second huge page, which reports do not know by name.
    @Test(arguments: revisions)
    func endCheckOfACopy(_ revision: String) throws {
        let world = try world(
            revision, Self.setup + [.fork(from: 0, to: 1), .cow(mm: 1), .lruDrain], processes: 2)
        #expect(world.endCheck() == nil)
        // Its head is the only page that is counted, besides the first and the tables.
        let copy = try #require(
            world.names(of: 0).first { $0.hasPrefix("page ") && $0.hasSuffix("->_mapcount") }
        ).split(separator: "-")[0]
        for sabotage in [
            Sabotage("\(copy)->_count", .increment, "head->_count.counter != references"),
            Sabotage(
                "\(copy)->_mapcount", .increment,
                "raw_mapcount(head) != expected->huge_entries"),
            Sabotage("\(copy)->flags", .flip(bit: Self.locked), "page_is_locked"),
            Sabotage("pmd of mm 1", .clear, "deposits != huge_pmds"),
            Sabotage("zone->vm_stat", .increment, "anon_pages != mapped"),
        ] {
            let found = findings(in: world, of: sabotage, by: { world.endCheck() })
            #expect(found.contains(sabotage.noticed), "\(sabotage.object)")
        }
        #expect(world.endCheck() == nil, "the damage was undone")
    }

    /// Both values, and the words that they come from.
    @Test func whatIsFalseIsSaid() throws {
        let world = try world("7a3ef208e662", Self.setup)
        for (object, by, said, concerned) in [
            (
                "page->_mapcount", { invariant(of: world) },
                "page_mapcount is 2, 1 entry maps the page", ["page->_mapcount", "pmd of mm 0"]
            ),
            (
                "page->_count", { world.endCheck() },
                "{} is 2, references that exist: 1 (mappings 1, pins of the head 0, pins of "
                    + "tails 0, pagevecs 0)", ["page->_count", "pmd of mm 0"]
            ),
            (
                "mm 0->nr_ptes", { world.endCheck() },
                "{} is 2, page tables in use and deposited: 0 + 1", ["mm 0->nr_ptes"]
            ),
            (
                "anon_vma->refcount", { world.endCheck() },
                "{} is 2, references that exist: 1 (itself, and 0 of which it is the root)",
                ["anon_vma->refcount"]
            ),
        ] as [(String, () -> String?, String, [String])] {
            let (arena, bytes) = world.machine.withCurrent { (vcpu_arena()!, vcpu_arena_size()) }
            let address = try #require(
                stride(from: 0, to: bytes, by: 4).lazy.map { arena + $0 }
                    .first { world.describe($0) == object })
            let handle = world.machine.handle
            vcpu_machine_trace(handle, true)
            address.assumingMemoryBound(to: Int32.self).pointee += 1
            #expect(by() != nil)
            address.assumingMemoryBound(to: Int32.self).pointee -= 1
            #expect(String(cString: vcpu_machine_explanation(handle)) == said)
            var count: UInt32 = 0
            let words = vcpu_machine_concerns(handle, &count)!
            let names = (0..<Int(count)).compactMap { words[$0].flatMap { world.describe($0) } }
            #expect(Set(names).isSuperset(of: concerned), "\(names)")
            #expect(by() == nil, "the damage was undone")
            vcpu_machine_trace(handle, false)
        }
    }

    /// The holder of a lock is entitled to a difference; it is explained all the same, to
    /// tell since when it is there, but only to who listens.
    @Test func aToleratedDifferenceIsExplained() throws {
        let world = try world("7a3ef208e662", Self.setup)
        let handle = world.machine.handle
        let (arena, bytes) = world.machine.withCurrent { (vcpu_arena()!, vcpu_arena_size()) }
        func word(_ name: String) throws -> UnsafeMutablePointer<Int32> {
            try #require(
                stride(from: 0, to: bytes, by: 4).lazy.map { arena + $0 }
                    .first { world.describe($0) == name }
            ).assumingMemoryBound(to: Int32.self)
        }
        try word("page->_mapcount").pointee += 1
        try word("zone->lru_lock").pointee = 1
        for listens in [false, true] {
            vcpu_machine_trace(handle, listens)
            #expect(invariant(of: world) == nil)
            #expect((vcpu_machine_explanation(handle).pointee != 0) == listens)
        }
        try word("zone->lru_lock").pointee = 0
        #expect(invariant(of: world) != nil)
        vcpu_machine_trace(handle, false)
    }

    /// An oracle's finding is not a CPU's, and asking it in passing leaves no trace.
    @Test func anOracleHasNoCPU() throws {
        let world = try world("7a3ef208e662", Self.setup)
        let handle = world.machine.handle
        let (arena, bytes) = world.machine.withCurrent { (vcpu_arena()!, vcpu_arena_size()) }
        let mapcount = try #require(
            stride(from: 0, to: bytes, by: 4).lazy.map { arena + $0 }
                .first { world.describe($0) == "page->_mapcount" })
        mapcount.assumingMemoryBound(to: Int32.self).pointee += 1
        let before = world.machine.bugs.count
        world.machine.withCurrent {
            #expect(
                vcpu_machine_ask(handle, world.revision.target.pointee.invariant, true) != nil)
        }
        #expect(world.machine.bugs.count == before)
        #expect(invariant(of: world) != nil)
        #expect(world.machine.bugs.last?.cpu == UInt32(VCPU_MAX))
    }

    @Test(arguments: revisions)
    func invariants(_ revision: String) throws {
        let whole = try world(revision, Self.setup)
        for sabotage in [
            Sabotage("page->_mapcount", .increment, "page_mapcount(page) != entries that map page"),
            Sabotage("page[1]->flags", .flip(bit: Self.tail), "PageTail(page + i) != PageHead(page)"),
            Sabotage("page[1]->first_page", .increment, "compound_head(page + i) != page"),
            Sabotage("pmd of mm 0", .clear, "page_mapcount(page) != entries that map page"),
        ] {
            let found = findings(in: whole, of: sabotage, by: { invariant(of: whole) })
            #expect(found.contains(sabotage.noticed), "\(sabotage.object)")
        }
        let split = try world(revision, Self.setup + [.pin(mm: 0, subpage: 0), .split, .unpin])
        for object in ["page[1]->_mapcount", "pte 1 of mm 0"] {
            let sabotage = Sabotage(
                object, object.hasPrefix("pte") ? .clear : .increment,
                "page_mapcount(page + i) != entries that map page + i")
            let found = findings(in: split, of: sabotage, by: { invariant(of: split) })
            #expect(found.contains(sabotage.noticed), "\(sabotage.object)")
        }
        #expect(invariant(of: whole) == nil)
        #expect(invariant(of: split) == nil)
    }

    /// The mistake in the code of the port, not in the test's: one CPU suffices,
    /// as the tail is left with one reference for its mapping and none for the pin.
    @Test func theEndCheckFindsAForgottenPin() throws {
        let calls = Self.setup + [.pin(mm: 0, subpage: 1), .split]
        let mutant = try world("tail_pin_not_counted", calls)
        #expect(mutant.state().tail_count == 1)
        #expect(mutant.endCheck() == "page->_count.counter != references")
        #expect(try world("b5a8cad376ee", calls).endCheck() == nil)
    }

    /// An operation that cannot be is reported, and is not a crash.
    @Test(arguments: revisions)
    func impossibleOperationsAreReported(_ revision: String) throws {
        let world = try World(
            emptyPlan(subpages: 2, processes: 1), revision: .named(revision))
        #expect(world.run([.zap(mm: 0)]) == "the operation needs mm != NULL")
        #expect(world.run([.mmap(mm: 0)]) == nil)
        #expect(world.run([.mmap(mm: 0)]) != nil, "mm 0 exists already")
        let plan = try emptyPlan(subpages: 2, processes: 1, setup: [.zap(mm: 0)])
        #expect(throws: HarnessError.setupFailed("the operation needs mm != NULL")) {
            _ = try World(plan, revision: .named(revision))
        }
    }

    private func world(
        _ revision: String, _ calls: [Operation], processes: Int = 1
    ) throws -> World {
        let world = try World(
            emptyPlan(subpages: 2, processes: processes), revision: .named(revision))
        try #require(world.run(calls) == nil)
        return world
    }

    private func invariant(of world: World) -> String? {
        world.machine.withCurrent {
            vcpu_machine_check(world.machine.handle, world.revision.target.pointee.invariant, true)
                .map { String(cString: $0.pointee.expression) }
        }
    }

    /// Breaks each word of that name in turn, asks the oracle, and mends it: a
    /// name can be that of an array, of which one element is looked at.
    private func findings(
        in world: World, of sabotage: Sabotage, by oracle: () -> String?
    ) -> Set<String> {
        let handle = world.machine.handle
        let (arena, bytes) = world.machine.withCurrent { (vcpu_arena()!, vcpu_arena_size()) }
        var found: Set<String> = []
        vcpu_machine_trace(handle, true)
        defer { vcpu_machine_trace(handle, false) }
        var words = 0
        for offset in stride(from: 0, to: bytes, by: sabotage.damage.stride) {
            let address = arena + offset
            guard world.describe(address) == sabotage.object else { continue }
            let aligned = arena + offset / 8 * 8
            let good = aligned.load(as: UInt64.self)
            sabotage.damage.apply(at: address)
            if let finding = oracle() {
                found.insert(finding)
                let said = String(cString: vcpu_machine_explanation(handle))
                #expect(!said.isEmpty && said != finding, "\(finding) is not explained")
                var count: UInt32 = 0
                _ = vcpu_machine_concerns(handle, &count)
                #expect(count > 0 || !said.contains("{}"), "\(said)")
            }
            aligned.storeBytes(of: good, as: UInt64.self)
            words += 1
        }
        #expect(words > 0, "no word is called \(sabotage.object)")
        return found
    }
}
