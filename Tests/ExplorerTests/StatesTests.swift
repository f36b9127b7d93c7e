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
}
