// SPDX-License-Identifier: GPL-2.0-only
import Foundation
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
///
/// Its state is under an NSLock: ThreadSanitizer, under which these tests run, does not know
/// that a Mutex excludes.
private final class Turns: @unchecked Sendable {
    private let lock = NSLock()
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func begin() async {
        await withCheckedContinuation { turn in
            let isFree = lock.withLock {
                defer { isTaken = true }
                if isTaken { waiting.append(turn) }
                return !isTaken
            }
            if isFree { turn.resume() }
        }
    }

    func end() {
        let next = lock.withLock { () -> CheckedContinuation<Void, Never>? in
            if waiting.isEmpty {
                isTaken = false
                return nil
            }
            return waiting.removeFirst()
        }
        next?.resume()
    }
}
