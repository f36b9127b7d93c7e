// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Synchronization
import Testing

/// Tests that run host threads do not run at the same time.
@Suite("The lock of the CPUs")
struct CPULockTests {
    private final class Holders: Sendable {
        private let count = Atomic(0)

        func hold() async -> Int {
            let holders = count.add(1, ordering: .relaxed).newValue
            // The others may come in meanwhile, if they can.
            for _ in 0..<10 { await Task.yield() }
            count.subtract(1, ordering: .relaxed)
            return holders
        }
    }

    @Test func onlyOneHoldsItAtATime() async throws {
        let test = try #require(Test.current)
        let holders = Holders()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await CPULock().provideScope(for: test, testCase: nil) {
                        #expect(await holders.hold() == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The suite around a test does not hold it while its tests wait for it.
    @Test func onlyTheCasesOfATestHoldIt() throws {
        let test = try #require(Test.current)
        #expect(CPULock().scopeProvider(for: test, testCase: nil) == nil)
        #expect(CPULock().scopeProvider(for: test, testCase: Test.Case.current) != nil)
    }
}
