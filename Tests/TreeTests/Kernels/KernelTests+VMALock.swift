// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

@testable import Tree

/// A fault under the lock of a VMA, or a store through a TLB, against the tree's own dup_mmap().
extension KernelTests {
    /// The numbers are known from another program, whose dup_mmap() was written by hand.
    @Test(arguments: zip(0...6, [17, 12, 12, 12, 12, 17, 12]))
    func executionsOfAFaultAndAFork(_ state: Int, _ executions: UInt64) throws {
        for at in 0...1 {
            let report = try KernelSource.v6_12.check("fault-vs-fork", ["state": state, "at": at], policy: .dpor)
            #expect(report.verdict == .verified)
            #expect(report.executions == executions)
        }
    }

    @Test(arguments: zip(7...9, [12, 12, 12]))
    func executionsOfAFaultInAFileAndAFork(_ state: Int, _ executions: UInt64) throws {
        for at in 0...1 {
            let report = try KernelSource.v6_12.check("fault-vs-fork", ["state": state, "at": at], policy: .dpor)
            #expect(report.verdict == .verified)
            #expect(report.executions == executions)
        }
    }

    /// In the other two states there are a million states, and some half a minute.
    @Test(arguments: [1, 2, 3, 4, 6, 7, 8, 9])
    func twoThreadsThatFault(_ state: Int) throws {
        for at in 0...1 {
            let report = try KernelSource.v6_12.check("fault-vs-fork", ["state": state, "at": at, "faults": 2])
            #expect(report.verdict == .verified)
        }
    }

    /// v6.1 has no such lock, and a fault takes mmap_lock.
    @Test func aFaultAndAForkWithoutTheLock() throws {
        for state in 0...9 {
            #expect(try KernelSource.v6_1.check("fault-vs-fork", ["state": state]).verdict == .verified)
        }
        for state in 2...4 {
            #expect(try KernelSource.v6_1.check("store-vs-fork", ["state": state]).verdict == .verified)
        }
    }

    @Test(arguments: Relaxation.all)
    func aForkThatDoesNotLock(_ relaxation: Relaxation) throws {
        try expectFindings(of: relaxation, "fault-vs-fork", states: 0...6, at: [0, 1])
    }

    @Test(arguments: Relaxation.ofFiles)
    func aForkThatDoesNotLockFiles(_ relaxation: Relaxation) throws {
        try expectFindings(of: relaxation, "fault-vs-fork", states: 7...9, at: [0, 1])
    }

    @Test(arguments: Relaxation.ofStores)
    func aStoreThatAForkDoesNotWaitFor(_ relaxation: Relaxation) throws {
        try expectFindings(of: relaxation, "store-vs-fork", states: 2...4)
    }

    /// The copy is made while the flush of the fork is pending, and the store goes to the old page.
    @Test(arguments: [3, 4])
    func theStoreThatIsLost(_ state: Int) throws {
        let folder = try Folder()
        let tree = try KernelSource.v6_12.copy(in: folder, Relaxation.storeLost.edits)
        let report = try KernelSource.v6_12.check("store-vs-fork", ["state": state], on: tree)
        try expectPicture(#require(report.bugs.first), "store-lost-\(state)-6.12")
    }

    /// Each state has its findings, and no others.
    private func expectFindings(
        of relaxation: Relaxation, _ scenario: String, states: ClosedRange<Int>, at subpages: [Int] = []
    ) throws {
        let folder = try Folder()
        let tree = try KernelSource.v6_12.copy(in: folder, relaxation.edits)
        for state in states {
            let expected = relaxation.findings[state] ?? []
            for settings in subpages.isEmpty ? [[:]] : subpages.map({ ["at": $0] }) {
                let report = try KernelSource.v6_12.check(
                    scenario, settings.merging(["state": state]) { $1 }, on: tree)
                #expect(report.verdict == (expected.isEmpty ? .verified : .bug), "state \(state) \(settings)")
                #expect(Set(report.bugs.map(\.expression)) == expected, "state \(state) \(settings)")
            }
        }
    }

    @Test(arguments: Relaxation.mistakes)
    func aMistakeThatTheEndShows(_ mistake: Relaxation) throws {
        let folder = try Folder()
        let tree = try KernelSource.v6_12.copy(in: folder, mistake.edits)
        for (state, expected) in mistake.findings {
            let report = try KernelSource.v6_12.check("fault-vs-fork", ["state": state], on: tree)
            #expect(report.verdict == .bug)
            #expect(expected.isSubset(of: report.bugs.map(\.expression)), "state \(state)")
        }
    }
}
