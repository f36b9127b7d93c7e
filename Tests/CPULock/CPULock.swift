// SPDX-License-Identifier: GPL-2.0-only
import Synchronization
import Testing

/// Each test of a suite with this trait waits until no other such test runs, in
/// whichever suite or target: all run threads on pinned CPUs, here or in a process
/// that they start, and would take them from each other.
public struct CPULock: SuiteTrait, TestTrait, TestScoping {
    public let isRecursive = true

    public init() {}

    /// Returns the lock for each case of a test, not once more for the suites around it.
    public func scopeProvider(for test: Test, testCase: Test.Case?) -> CPULock? {
        testCase == nil ? nil : self
    }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.turns.begin()
        defer { Self.turns.end() }
        try await function()
    }

    private static let turns = Turns()
}

extension Trait where Self == CPULock {
    /// The tests have the CPUs for themselves, as far as other tests are concerned
    /// that need it.
    public static var holdsTheCPUs: CPULock { CPULock() }
}

/// A lock that is handed on in the order of arrival; who waits takes no thread from
/// the other tests.
private final class Turns: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func begin() async {
        await withCheckedContinuation { turn in
            let isFree = state.withLock { state in
                defer { state.isTaken = true }
                if state.isTaken { state.waiting.append(turn) }
                return !state.isTaken
            }
            if isFree { turn.resume() }
        }
    }

    func end() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
