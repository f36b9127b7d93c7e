// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Testing

@testable import Harness

/// A plan that sets up nothing and runs nothing: the test does it all by hand,
/// on one CPU.
func emptyPlan(subpages: Int, processes: Int) -> Plan {
    Plan(
        scenario: "by hand", parameters: [:], subpages: subpages, processes: processes,
        setup: [], cpus: [[]], roles: ["test"], watch: [])
}

/// A world that a test drives step by step; each step is followed by all oracles.
struct Stage {
    let world: World

    init(_ revision: String, subpages: Int, processes: Int = 1) throws {
        world = try World(
            emptyPlan(subpages: subpages, processes: processes), revision: .named(revision))
        #expect(world.census().used_pages == 0)
        #expect(world.endCheck() == nil, "an empty world")
    }

    /// Runs the calls; no assertion of the port, no invariant and no end oracle
    /// may fail after any of them.
    @discardableResult
    func run(_ calls: Call..., sourceLocation: SourceLocation = #_sourceLocation) -> cmm_census {
        for call in calls {
            #expect(world.run([call]) == nil, "\(call)", sourceLocation: sourceLocation)
            #expect(world.endCheck() == nil, "after \(call)", sourceLocation: sourceLocation)
            #expect(invariant() == nil, "after \(call)", sourceLocation: sourceLocation)
        }
        return world.census()
    }

    private func invariant() -> String? {
        world.machine.withCurrent {
            vcpu_machine_check(world.machine.handle, world.revision.subject.pointee.invariant, true)
                .map { String(cString: $0.pointee.expression) }
        }
    }

    /// How often the port called a stub or counted a vm event.
    func marks(_ mark: cmm_mark) -> Int {
        Int(vcpu_machine_marks(world.machine.handle, UInt32(mark.rawValue)))
    }

    /// Pages that are not in the allocator.
    var pagesInUse: Int { Int(world.census().used_pages) }
}

/// Every revision with each size of a huge page; names and numbers only, so that
/// a failing case reads well.
let revisions = Revision.all.map(\.id)
let sizes = [2, 4, 512]
