// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import Testing

@testable import Harness
@testable import LitmusSupport

/// The reduced search against brute force, which has no reduction that could
/// be wrong: every enabled CPU at every access.
@Suite("Source-DPOR against brute force")
struct BruteForceTests {
    /// 8 x 1,250 = 10,000 programs small enough for brute force; the same final
    /// states and the same failures, executions cut by a BUG or a deadlock too.
    @Test(arguments: 0..<8)
    func randomProgramsAgree(stream: Int) throws {
        var programs = RandomPrograms(seed: 0x5eed + UInt64(stream))
        var compared = 0
        var withFailures = 0
        var blockedForEver = 0
        while compared < 1250 {
            let program = programs.next()
            let brute = try explore(
                program, [.exactConflicts], bruteForce: true,
                limits: SearchLimits(executions: 1000))
            if brute.end != .complete { continue }
            compared += 1
            let reduced = try explore(program)
            #expect(reduced.end == .complete)
            #expect(reduced == brute, "\(program)")
            // Each complete execution is a trace of its own: nothing is done twice.
            #expect(reduced.traces.count == Int(reduced.counts.executions), "\(program)")
            if !brute.failures.isEmpty { withFailures += 1 }
            if brute.failures.contains(where: { if case .deadlock = $0 { true } else { false } }) {
                blockedForEver += 1
            }
            if compared % 5 == 0 { try anySubsetAgrees(program, brute, &programs) }
        }
        // The comparison is not of programs in which nothing happens.
        #expect(withFailures > 250)
        #expect(blockedForEver > 10)
    }

    /// Each reduction alone and in company, switched on and off.
    private func anySubsetAgrees(
        _ program: [[litmus_operation]], _ brute: Exploration, _ programs: inout RandomPrograms
    ) throws {
        var subset: Reductions = []
        let singles: [Reductions] = [
            .fuseAssertions, .exactConflicts, .conflictsOnly, .eagerRelease, .sleepSets,
        ]
        for reduction in singles where programs.bits(0...1) == 1 { subset.insert(reduction) }
        let partly = try explore(program, subset, limits: SearchLimits(executions: 50_000))
        guard partly.end == .complete else { return }
        #expect(partly == brute, "\(subset) \(program)")
    }

    /// T CPUs with K sections each on one lock: (TK)! / (K!)^T orders.
    @Test(arguments: [(3, 1, 6), (3, 2, 90), (4, 2, 2520), (3, 4, 34650)])
    func closedForm(threads: Int, sections: Int, executions: UInt64) throws {
        let section = [
            op(LITMUS_LOCK), op(LITMUS_LOAD), op(LITMUS_STORE_REGISTER, 0, 1), op(LITMUS_UNLOCK),
        ]
        let program = (0..<sections).flatMap { _ in section }
        let result = try explore(Array(repeating: program, count: threads))
        #expect(result.counts.executions == executions)
        #expect(result.counts.blocked == 0)
        #expect(result.traces.count == Int(executions))
        #expect(result.failures.isEmpty)
    }

    /// Found by random programs: with conflicts by word, a holder that waits for its
    /// own second lock in the same word hides the first one from who waits for it.
    @Test func aWaiterMayGoBeforeTheLockBeforeTheLast() throws {
        let program = [
            [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 1)],
            [op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0)],
        ]
        let brute = try explore(program, [.exactConflicts], bruteForce: true)
        #expect(brute.failures == [.deadlock(waiting: 1), .deadlock(waiting: 3)])
        #expect(try explore(program, [.conflictsOnly, .eagerRelease]) == brute)
        #expect(try explore(program) == brute)
    }

    /// Found by random programs, long after the first ten thousand: a writer that
    /// waits for ever behind nested read sections may also go before them.
    @Test func aWriterBehindNestedReadersMayGoFirst() throws {
        let program = [
            [op(LITMUS_READ_LOCK), op(LITMUS_READ_LOCK), op(LITMUS_WRITE_LOCK)],
            [op(LITMUS_WRITE_LOCK), op(LITMUS_BUG_IF, 0, 0)],
        ]
        let brute = try explore(program, [.exactConflicts], bruteForce: true)
        #expect(try explore(program) == brute)
        #expect(kinds(brute) == ["deadlock", "BUG_ON"])
    }

    /// Likewise: a trylock that fails because its own CPU holds the lock stands
    /// between the acquisition and one that waits for ever.
    @Test func aWaiterBehindAFailedTrylockMayGoFirst() throws {
        let program = [
            [op(LITMUS_LOCK), op(LITMUS_TRYLOCK, 0, 0), op(LITMUS_LOCK)],
            [op(LITMUS_LOCK), op(LITMUS_STORE, 1, 1), op(LITMUS_UNLOCK)],
        ]
        let brute = try explore(program, [.exactConflicts], bruteForce: true)
        #expect(try explore(program) == brute)
        #expect(brute.states.count == 2)
    }

    /// No random execution shows a trace that the exhaustive search missed.
    @Test func randomTracesAreAmongTheExhaustive() throws {
        var programs = RandomPrograms(seed: 77)
        for _ in 0..<200 {
            let litmus = try Litmus(programs.next())
            let all = explore(litmus.workload, limits: SearchLimits(executions: 20_000))
            guard all.end == .complete else { continue }
            var seen: Set<UInt64> = []
            var walk = RandomWalk(litmus.workload, seed: 3, hashTraces: true)
            defer { walk.deallocate() }
            walk.onTrace = { seen.insert($0) }
            let end = litmus.machine.withCurrent { walk.run(SearchLimits(executions: 50)) }
            #expect(end == .sampled)
            #expect(seen.isSubset(of: Set(all.traces.keys)))
            #expect(!seen.isEmpty)
        }
    }
}
