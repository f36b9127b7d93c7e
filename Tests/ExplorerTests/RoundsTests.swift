// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// The search of states in rounds, by one process and by several.
@Suite("Rounds", .serialized)
struct RoundsTests {
    private func same(_ a: Exploration, _ b: Exploration) -> Bool {
        a == b && a.counts.states == b.counts.states && a.counts.steps == b.counts.steps
            && a.counts.executions == b.counts.executions && a.end == b.end
    }

    /// States, steps and ends are the same, whichever process explored what.
    @Test func countsDoNotDependOnTheProcesses() throws {
        var programs = RandomPrograms(seed: 23)
        let machine = try Litmus.newMachine()
        var failing = 0, compared = 0
        while compared < 25 {
            let cpus = programs.nextLarge().cpus
            func litmus() throws -> Litmus { try Litmus(cpus, .all, on: machine) }
            let alone = try #require(exploreStates(try litmus().workload, limits: SearchLimits(executions: 2000)))
            guard alone.end == .complete, 500..<20_000 ~= alone.counts.states else { continue }
            let one = try #require(exploreRounds(try litmus().workload))
            #expect(one == alone)
            for jobs in [2, 3] {
                let several = try #require(exploreRounds(try litmus().workload, jobs: jobs))
                #expect(same(one, several), "\(cpus): \(one.counts), \(several.counts)")
            }
            compared += 1
            if !one.failures.isEmpty { failing += 1 }
        }
        #expect(failing > 3)
    }

    /// A way that comes back to where it was, and one that is not left any more.
    @Test(arguments: [
        [[op(LITMUS_SPIN_UNTIL, 0, 2)], [op(LITMUS_STORE, 0, 1)]],
        [[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_STORE, 0, 1)]],
        [
            [op(LITMUS_SPIN_UNTIL, 0, 1)],
            [op(LITMUS_STORE, 0, 2), op(LITMUS_STORE, 1, 3)],
            [op(LITMUS_LOAD, 1), op(LITMUS_BUG_IF, 0, 3)],
        ],
        [
            [op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_STORE, 1, 1)],
            [op(LITMUS_SPIN_UNTIL, 1, 1), op(LITMUS_STORE, 0, 1)],
        ],
        [
            [op(LITMUS_SPIN_LOCKS, 0, other: 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_SPIN_LOCKS, 1, other: 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
        ],
    ])
    func loopsAreDecided(_ programs: [[litmus_operation]]) throws {
        let alone = try #require(exploreStates(Litmus(programs).workload))
        for jobs in [1, 2] {
            let rounds = try #require(exploreRounds(Litmus(programs).workload, jobs: jobs))
            #expect(rounds.end == .complete)
            #expect(kinds(rounds) == kinds(alone))
            #expect(rounds.finalStates == alone.finalStates)
        }
    }

    /// A conflict of which each process meets one CPU only: one of them has to know of the other's.
    ///
    /// The search begins with the orders in which the first CPU was first: the others have much to
    /// do then. The rest goes to one process, when there is nothing else: the first CPU touches a
    /// variable if the second one was first, and the second one if the third was. By when the
    /// process has done the former, the other one waits, and gets the latter. Operations that do
    /// nothing take the time for that.
    @Test func conflictsAreSharedByProcesses() throws {
        let nothing = Array(repeating: op(LITMUS_SKIP_IF, 0, 99), count: 1_000_000)
        func first(_ id: Int) -> [litmus_operation] { [op(LITMUS_CMPXCHG, 0, id)] + nothing }
        // The register says which CPU was first, and 0 to itself.
        func after(_ id: Int, _ operations: [litmus_operation]) -> [litmus_operation] {
            let others = (0...3).filter { $0 != id }
            return others.enumerated().map {
                op(LITMUS_SKIP_IF, other: others.count - 1 - $0 + operations.count, $1)
            } + operations
        }
        let touch = [op(LITMUS_STORE, 1, 1)], much = Array(repeating: op(LITMUS_STORE, 2, 1), count: 60)
        let programs = [
            first(1) + after(2, touch), first(2) + after(3, touch) + after(1, much), first(3) + after(1, much),
        ]
        let one = try #require(exploreRounds(Litmus(programs).workload, alone: 3000))
        #expect(one.counts.states > 3000)
        #expect(one.counts.conflicts == 3)
        for _ in 0..<3 {
            let two = try #require(exploreRounds(Litmus(programs).workload, jobs: 2, alone: 3000))
            #expect(same(one, two))
            #expect(two.counts.conflicts == one.counts.conflicts)
        }
    }

    /// Many states in little memory: it ends, and does not say that it is complete.
    @Test(arguments: [1, 2]) func memoryIsALimit(_ jobs: Int) throws {
        let adds = Array(repeating: op(LITMUS_ADD, 0, 1), count: 12)
        let litmus = try Litmus([adds, adds, adds])
        #expect(exploreRounds(litmus.workload, jobs: jobs, memory: 64 << 10) == nil)
        #expect(try #require(exploreRounds(litmus.workload, jobs: jobs)).end == .complete)
    }
}
