// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Explorer
import Testing

@testable import Harness

/// A plan that sets up nothing and runs nothing: the test does it all by hand,
/// on one CPU.
func emptyPlan(
    subpages: Int, processes: Int, cpus: Int = 1, setup: [Operation] = []
) throws -> Plan {
    try Plan(
        scenario: "by hand", subpages: subpages, processes: processes,
        setup: setup, cpus: Array(repeating: [], count: cpus),
        roles: Array(repeating: "test", count: cpus), watch: [])
}

extension World {
    /// The words of the arena that are not 0, the last first: tables are at its end.
    private var words: some Sequence<UnsafeMutableRawPointer> {
        let (arena, bytes) = machine.withCurrent { (vcpu_arena()!, vcpu_arena_size()) }
        return stride(from: bytes - 8, through: 0, by: -8).lazy.map { arena + $0 }
            .filter { $0.load(as: UInt64.self) != 0 }
    }

    /// The value of the entry of that name that is not none, in words; a table has
    /// its name in every entry, and a process has one that is used.
    func value(of name: String) -> String? {
        words.first { describe($0) == name }.flatMap {
            describe($0.load(as: UInt64.self), at: $0)
        }
    }

    /// The names of the words whose first half has a value.
    func names(of value: Int32) -> some Sequence<String> {
        words.filter { $0.load(as: Int32.self) == value }.compactMap { describe($0) }
    }
}

/// A world that a test drives step by step; each step is followed by all oracles.
struct Stage {
    let world: World

    init(_ revision: String, subpages: Int, processes: Int = 1, cpus: Int = 1) throws {
        world = try World(
            emptyPlan(subpages: subpages, processes: processes, cpus: cpus),
            revision: .named(revision))
        #expect(world.state().used_pages == 0)
        #expect(world.endCheck() == nil, "an empty world")
    }

    /// Runs the operations; no assertion of the port, no invariant and no end oracle
    /// may fail after any of them.
    @discardableResult
    func run(
        _ operations: Operation..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> cmm_state {
        for operation in operations {
            #expect(world.run([operation]) == nil, "\(operation)", sourceLocation: sourceLocation)
            #expect(world.endCheck() == nil, "after \(operation)", sourceLocation: sourceLocation)
            #expect(invariant() == nil, "after \(operation)", sourceLocation: sourceLocation)
        }
        return world.state()
    }

    private func invariant() -> String? {
        world.machine.withCurrent {
            vcpu_machine_check(world.machine.handle, world.revision.target.pointee.invariant, true)
                .map { String(cString: $0.pointee.expression) }
        }
    }

    /// The number of times that the port called a stub or counted a vm event.
    func marks(_ mark: cmm_mark) -> Int {
        Int(vcpu_machine_marks(world.machine.handle, UInt32(mark.rawValue)))
    }

    /// Pages that are not in the allocator.
    var pagesInUse: Int { Int(world.state().used_pages) }

    /// The pmd of a process, in words; nil if it is none.
    func pmd(of mm: Int) -> String? { world.value(of: "pmd of mm \(mm)") }

    /// A pte of a process, in words; nil if it is none.
    func pte(_ i: Int, of mm: Int) -> String? { world.value(of: "pte \(i) of mm \(mm)") }

    /// Exits the last processes; then all is as before the first.
    func nothingIsLeft(after operations: [Operation]) {
        for operation in operations { run(operation) }
        let c = world.state()
        #expect(pagesInUse == 0)
        #expect(c.lru_pages == 0)
        #expect(c.anon_vmas == 0)
        #expect(c.avcs == 0)
        #expect(c.anon_thp == 0)
        #expect(c.anon_pages == 0)
        #expect(c.rss.0 == 0)
        #expect(c.rss.1 == 0)
        #expect(c.head_mapcount == 0)
        #expect(c.head_count == 0)
    }
}

/// Every revision with each size of a huge page; names and numbers only, so that
/// a failing case reads well.
let revisions = Revision.all.map(\.id)
let sizes = [2, 4, 512]
