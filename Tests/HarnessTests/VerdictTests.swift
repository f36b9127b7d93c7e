// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import Explorer
import Testing

@testable import Harness
@testable import LitmusSupport

/// One program for each verdict, on machines of a few words.
@Suite("Verdicts")
struct VerdictTests {
    private func verdict(
        _ programs: [[litmus_operation]], _ change: (inout CheckOptions) -> Void = { _ in }
    ) throws -> Search.Outcome {
        let litmus = try Litmus(programs)
        var options = CheckOptions()
        change(&options)
        return litmus.machine.withCurrent { Search(litmus.workload, options).run() }
    }

    private let increment = [
        op(LITMUS_LOCK), op(LITMUS_LOAD), op(LITMUS_STORE_REGISTER, 0, 1), op(LITMUS_UNLOCK),
    ]

    @Test func lockedIncrementsAreVerified() throws {
        let outcome = try verdict([increment, increment])
        #expect(outcome.verdict == .verified)
        #expect(outcome.counts.executions == 2)
    }

    @Test func aLostUpdateIsABug() throws {
        // Both read 0 before either stores: the assertion that 1 never stays fails.
        let racy = [op(LITMUS_LOAD), op(LITMUS_STORE_REGISTER, 0, 1)]
        let outcome = try verdict([racy, racy + [op(LITMUS_ASSERT_NOT, 0, 1)]])
        #expect(outcome.verdict == .bug)
    }

    @Test func locksInOppositeOrderAreADeadlock() throws {
        let outcome = try verdict([
            [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
        ])
        #expect(outcome.verdict == .deadlock)
        #expect(outcome.end == .complete)
    }

    @Test func aPartialDeadlockIsADeadlock() throws {
        // CPU 2 finishes; the others wait for each other.
        let outcome = try verdict([
            [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
            [op(LITMUS_ADD, 0, 1)],
        ])
        #expect(outcome.verdict == .deadlock)
    }

    @Test func aFailedAssertionLeavesNothingToReport() throws {
        let outcome = try verdict([
            [op(LITMUS_ASSERT_NOT, 0, 0), op(LITMUS_REPORT_IF, 0, 0)], [op(LITMUS_STORE, 0, 0)],
        ])
        let sites = Array(outcome.witnesses.all.keys) + Array(outcome.witnesses.stale.keys)
        #expect(sites.count == 1)
        #expect(outcome.verdict == .bug)
    }

    @Test func waitingForAHaltedHolderIsNotADeadlock() throws {
        // The BUG is the finding; the CPU that waits for its lock is not.
        let outcome = try verdict([
            [op(LITMUS_LOCK, 0), op(LITMUS_BUG_IF, 0, 0)],
            [op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0)],
        ])
        #expect(outcome.verdict == .bug)
        #expect(outcome.witnesses.all.count == 1)
    }

    @Test func nothingSharedIsVacuous() throws {
        let outcome = try verdict([[op(LITMUS_ADD, 0, 1)], [op(LITMUS_ADD, 1, 1)]])
        #expect(outcome.verdict == .vacuous)
    }

    @Test func aBudgetIsNeverASuccess() throws {
        let many = (0..<8).flatMap { _ in increment }
        let outcome = try verdict([many, many, many]) { $0.budget = .milliseconds(50) }
        #expect(outcome.verdict == .bounded)
        #expect(outcome.end == .budget)
    }

    @Test func randomIsNeverASuccess() throws {
        let outcome = try verdict([increment, increment]) { $0.policy = .random }
        #expect(outcome.verdict == .bounded)
    }

    @Test func anInterruptIsNeverASuccess() throws {
        let many = (0..<8).flatMap { _ in increment }
        let outcome = try verdict([many, many, many]) { $0.interrupted = { true } }
        #expect(outcome.verdict == .bounded)
        #expect(outcome.end == .interrupted)
    }

    @Test func aProgramWithAMemoryOfItsOwnIsNondeterministic() throws {
        let flaky = [op(LITMUS_FLAKY, 0), op(LITMUS_ADD, 0, 1), op(LITMUS_ADD, 1, 1)]
        let result = try explore(
            [flaky, [op(LITMUS_ADD, 0, 1), op(LITMUS_ADD, 1, 1)]], .all.subtracting(.conflictsOnly))
        guard case .nondeterministic = result.end else {
            Issue.record("ended as \(result.end)")
            return
        }
    }

    @Test func onlyVerifiedAndConfidentExitZero() {
        #expect(Verdict.allCases.filter { $0.exitCode == 0 } == [.verified, .confident])
        #expect(Verdict.bounded.exitCode == 125)
    }
}
