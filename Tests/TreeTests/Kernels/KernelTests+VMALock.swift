// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

@testable import Tree

/// A fault under the lock of a VMA against the tree's own dup_mmap().
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

    /// v6.1 has no such lock, and a fault takes mmap_lock.
    @Test func aFaultAndAForkWithoutTheLock() throws {
        for state in 0...6 {
            #expect(try KernelSource.v6_1.check("fault-vs-fork", ["state": state]).verdict == .verified)
        }
    }

    /// Each state has its findings, and no others.
    @Test(arguments: Relaxation.all)
    func aForkThatDoesNotLock(_ relaxation: Relaxation) throws {
        let folder = try Folder()
        let tree = try KernelSource.v6_12.copy(in: folder, relaxation.edits)
        for state in 0...6 {
            for at in 0...1 {
                let report = try KernelSource.v6_12.check("fault-vs-fork", ["state": state, "at": at], on: tree)
                let expected = relaxation.findings[state] ?? []
                #expect(report.verdict == (expected.isEmpty ? .verified : .bug), "state \(state)")
                #expect(Set(report.bugs.map(\.expression)) == expected, "state \(state)")
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
