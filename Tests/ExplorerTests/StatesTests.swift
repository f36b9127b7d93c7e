// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// The search of all states, beside what random programs say of it.
@Suite("States")
struct StatesTests {
    @Test(arguments: [Reductions.all, [.exactConflicts]])
    func aDeadlockAfterAnAssertion(_ reductions: Reductions) throws {
        let programs = [
            [op(LITMUS_ASSERT_NOT, 0, 1), op(LITMUS_STORE_REGISTER, 1, 1), op(LITMUS_ASSERT_NOT, 1, 2)],
            [op(LITMUS_STORE, 0, 1), op(LITMUS_BIT_LOCK, 0), op(LITMUS_ASSERT_BYTES, 2, other: 1, 4), op(LITMUS_BIT_LOCK, 0), op(LITMUS_BIT_UNLOCK, 0), op(LITMUS_BIT_UNLOCK, 0)],
        ]
        let truth = try explore(programs, [.exactConflicts], bruteForce: true)
        let states = try #require(exploreStates(Litmus(programs, reductions).workload, reductions))
        #expect(states == truth)
    }

    /// A set of CPUs that is too small by one: random programs notice.
    @Test func aSmallerSetIsNoticed() throws {
        var programs = RandomPrograms(seed: 5)
        let machine = try Litmus.newMachine()
        var noticed = 0
        for _ in 0..<400 where noticed < 3 {
            let cpus = programs.next().cpus
            func litmus() throws -> Litmus { try Litmus(cpus, .all, on: machine) }
            let right = exploreStates(try litmus().workload, limits: SearchLimits(executions: 200))
            guard let right, right.end == .complete else { continue }
            if exploreStates(try litmus().workload, mistake: .smallerSets) != right { noticed += 1 }
        }
        #expect(noticed == 3)
    }

    /// A CPU that goes round for ever, beside one that fails later and that it does not depend on.
    @Test func aLoopThatIsForgottenIsNoticed() throws {
        let programs = [
            [op(LITMUS_SPIN_UNTIL, 0, 1)],
            [op(LITMUS_STORE, 0, 2), op(LITMUS_STORE, 1, 3), op(LITMUS_LOAD, 1), op(LITMUS_BUG_IF, 0, 3)],
            [op(LITMUS_LOAD, 1)],
        ]
        let right = try #require(exploreStates(Litmus(programs).workload))
        #expect(kinds(right).contains("BUG_ON"))
        let wrong = try #require(exploreStates(Litmus(programs).workload, mistake: .loopsForgotten))
        #expect(!kinds(wrong).contains("BUG_ON"))
    }

    /// Memory is freed and used again in one order or the other, and read after both.
    @Test func freedMemoryIsAPartOfAState() throws {
        let programs = [
            [op(LITMUS_FREE, 0), op(LITMUS_ADD, 1, 1)],
            [op(LITMUS_REUSE, 0), op(LITMUS_ADD, 1, 1)],
            [op(LITMUS_LOAD, 1), op(LITMUS_SKIP_IF, 0, other: 1, 0), op(LITMUS_SKIP_IF, 0, other: 1, 1), op(LITMUS_STORE, 0, 1)],
        ]
        let truth = try explore(programs, [.exactConflicts], bruteForce: true)
        let right = try #require(exploreStates(Litmus(programs).workload))
        #expect(right == truth)
        #expect(kinds(right) == ["use-after-free"])
        let wrong = try #require(exploreStates(Litmus(programs).workload, spoil: VCPU_SPOIL_FREED))
        #expect(wrong != truth)
    }
}
