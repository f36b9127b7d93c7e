// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import Explorer
import Testing

@testable import LitmusSupport

/// The reduced search against brute force, which has no reduction that could
/// be wrong: every enabled CPU at every access.
@Suite("Source-DPOR against brute force")
struct BruteForceTests {
    /// 8 x 1,250 = 10,000 programs small enough for brute force, executions cut by a
    /// BUG or a deadlock included, with all reductions and with a part of them.
    @Test(arguments: 0..<8)
    func randomProgramsAgree(stream: Int) throws {
        var programs = RandomPrograms(seed: 0x5eed + UInt64(stream))
        let differential = try Differential()
        var compared = 0
        var withFailures = 0
        var blockedForEver = 0
        while compared < 1250 {
            let program = programs.next()
            switch try differential.compare(program) {
            case .tooBig: continue
            case .differ(let difference): Issue.record("\(difference)\n\(program)")
            case .agree(let truth):
                if !truth.failures.isEmpty { withFailures += 1 }
                if kinds(truth).contains("deadlock") { blockedForEver += 1 }
            }
            compared += 1
        }
        // The comparison is not of programs in which nothing happens.
        #expect(withFailures > 250)
        #expect(blockedForEver > 25)
    }

    /// 8 x 2,500 = 20,000 larger ones, of up to five CPUs: one CPU at each race shows what
    /// all that are enabled there do.
    @Test(arguments: 0..<8)
    func oneInitialIsEnough(stream: Int) throws {
        var programs = RandomPrograms(seed: 0xc0 + UInt64(stream))
        let differential = try Differential()
        var compared = 0
        var traces = 0
        while compared < 2500 {
            let program = programs.nextLarge()
            switch try differential.compareConservative(program) {
            case .tooBig: continue
            case .differ(let difference): Issue.record("\(difference)\n\(program)")
            case .agree(let all): traces += all.traces.count
            }
            compared += 1
        }
        // Most of them have races.
        #expect(traces > 5 * compared)
    }

    /// Each search begins with CPUs that are in no section, whatever ran on the machine
    /// before: the first of them may wait for all.
    @Test func sectionsEndWithTheExecution() throws {
        let machine = try Litmus.newMachine()
        let first = try Litmus([[], [op(LITMUS_RCU_LOCK)]], on: machine)
        _ = explore(first.workload)
        let second = try Litmus([[op(LITMUS_SYNCHRONIZE_RCU)], []], on: machine)
        #expect(explore(second.workload).failures.isEmpty)
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

    /// Found by random programs, the least of each kind.
    private static let found: [(String, [[litmus_operation]])] = [
        // The reuse of memory was not an event, so no other CPU could run while it was
        // free.
        ("freed, and used again", [
            [op(LITMUS_FREE, 1, 1), op(LITMUS_STORE, 8, 1), op(LITMUS_REUSE, 1, 1)],
            [op(LITMUS_ADD, 1, 1), op(LITMUS_ADD, 0, 1)],
        ]),
        // Its lock was free again before whoever waits got it.
        ("a lock that is freed, and used again", [
            [op(LITMUS_LOCK, 1)],
            [op(LITMUS_FREE, 8, 2), op(LITMUS_LOAD, 0), op(LITMUS_REUSE, 8, 2)],
        ]),
        // trylock_page() against lock_page(): what takes the bit is not an acquisition, so
        // nobody was sent before it.
        ("a bit lock that is taken with test_and_set_bit()", [
            [op(LITMUS_BIT_TRYLOCK, 1, 2), op(LITMUS_ADD, 1, 1), op(LITMUS_BIT_UNLOCK, 1)],
            [op(LITMUS_BIT_LOCK, 1)],
        ]),
        // Readers do not conflict with each other, but with who looks at their number.
        ("a look at a semaphore that is read", [
            [op(LITMUS_SEMAPHORE_IS_LOCKED, 1)],
            [op(LITMUS_READ_LOCK, 1)],
        ]),
        ("a look at a semaphore that is read, by chance", [
            [op(LITMUS_SEMAPHORE_IS_LOCKED, 1)],
            [op(LITMUS_READ_TRYLOCK, 1, 2), op(LITMUS_READ_UNLOCK, 1)],
        ]),
        // The end of the inner section hid the outer from a writer that waits for ever.
        ("a read section inside another that never ends", [
            [op(LITMUS_READ_LOCK, 0), op(LITMUS_READ_LOCK, 0), op(LITMUS_READ_UNLOCK, 0)],
            [op(LITMUS_WRITE_LOCK, 0)],
        ]),
        ("the end of another's read section", [
            [op(LITMUS_READ_LOCK, 0)],
            [op(LITMUS_READ_UNLOCK, 0)],
        ]),
        // Releases that ran with the step before, though not of what this CPU holds.
        ("a release of another's bit lock", [
            [op(LITMUS_BIT_LOCK, 0)],
            [op(LITMUS_BIT_UNLOCK, 0)],
        ]),
        ("a release of another's bit lock, before its own", [
            [op(LITMUS_BIT_LOCK, 0), op(LITMUS_BIT_UNLOCK, 0)],
            [op(LITMUS_BIT_LOCK, 1), op(LITMUS_BIT_UNLOCK, 0), op(LITMUS_BIT_UNLOCK, 1)],
        ]),
        // By word, the holder's second lock hid the first from the CPU that comes later.
        ("a second lock in the same word", [
            [op(LITMUS_WRITE_LOCK, 0), op(LITMUS_WRITE_LOCK, 1)],
            [op(LITMUS_LOAD, 1), op(LITMUS_WRITE_LOCK, 0)],
        ]),
        // The end of the CPU came before an assertion that waited for its next event.
        ("an assertion before a sleep in a section", [
            [op(LITMUS_LOAD, 0)],
            [op(LITMUS_RCU_LOCK, 0), op(LITMUS_ADD, 0, 1), op(LITMUS_ASSERT_BYTES, 3, 2),
                op(LITMUS_MIGHT_SLEEP, 0)],
        ]),
        ("an assertion before a release of what is not held", [
            [op(LITMUS_STORE, 0, 1)],
            [op(LITMUS_ASSERT_NOT, 0, 1), op(LITMUS_UNLOCK, 0)],
        ]),
        // The number of words that an assertion reads was seen before its event, when another CPU had
        // written one of them already, and not when it had not.
        ("an assertion that reads elsewhere", [
            [op(LITMUS_SYNCHRONIZE_RCU), op(LITMUS_ADD, 1, 1)],
            [op(LITMUS_RCU_LOCK), op(LITMUS_ASSERT_INDEXED, 1, 1), op(LITMUS_ADD, 1, 1)],
        ]),
        // A CPU that waits was not asked in an execution that ends because all others sleep.
        ("two that read, and one that writes first", [
            [op(LITMUS_READ_LOCK, 1)], [op(LITMUS_READ_LOCK, 1)], [op(LITMUS_WRITE_LOCK, 1)],
        ]),
        ("a lock that is looked at, and two that wait", [
            [op(LITMUS_LOCK, 0)], [op(LITMUS_LOCK, 1)], [op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1)],
        ]),
        // Only the acquisition was reversed, though the lock was free again before its release.
        ("a bit lock that is cleared, and set again, by its holder", [
            [op(LITMUS_BIT_LOCK, 0), op(LITMUS_CLEAR_BIT, 0, 63), op(LITMUS_SET_BIT, 0, 63),
                op(LITMUS_BIT_UNLOCK, 0)],
            [op(LITMUS_BIT_LOCK, 0)],
        ]),
        ("a bit lock that another clears, and its holder sets again", [
            [op(LITMUS_BIT_LOCK, 0), op(LITMUS_SET_BIT, 0, 63), op(LITMUS_BIT_UNLOCK, 0)],
            [op(LITMUS_CLEAR_BIT, 0, 63)],
            [op(LITMUS_BIT_LOCK, 0)],
        ]),
        // By word, the release that ran with the step before was of another lock, and only
        // the acquisition of that was reversed.
        ("an eager release of another lock in the same word", [
            [op(LITMUS_WRITE_LOCK, 1), op(LITMUS_LOAD, 1), op(LITMUS_WRITE_UNLOCK, 1)],
            [op(LITMUS_WRITE_LOCK, 0), op(LITMUS_SLEEPING_BIT_LOCK, 1),
                op(LITMUS_SLEEPING_BIT_UNLOCK, 1), op(LITMUS_WRITE_UNLOCK, 0)],
        ]),
        // The invariant was asked after steps, and there were none.
        ("an invariant of what no two CPUs share", [[op(LITMUS_ADD, 0, 1)], []]),
        // The writes of the CPU between its report and the end of the step counted against it.
        ("an invariant after a report", [
            [op(LITMUS_LOAD, 1)],
            [op(LITMUS_LOAD, 1), op(LITMUS_REPORT_IF), op(LITMUS_SET_BIT, 0), op(LITMUS_SET_BIT, 1)],
        ]),
        // An assertion that warns is evaluated with the CPU's next event, as others are.
        ("a warning, and the CPU goes on", warning),
        ("two warnings before an event", [
            [op(LITMUS_WARN_NOT, 0, other: 0, 1), op(LITMUS_WARN_NOT, 1, other: 0, 1), op(LITMUS_ADD, 2, 1)],
            [op(LITMUS_STORE, 0, 1), op(LITMUS_LOAD, 2), op(LITMUS_STORE, 1, 1)],
        ]),
    ]

    private static let warning = [
        [op(LITMUS_WARN_NOT, 1, other: 0, 1), op(LITMUS_LOAD, 2), op(LITMUS_BUG_IF, 0, other: 0, 0)],
        [op(LITMUS_STORE, 1, 1)],
    ]

    /// The BUG behind the warning is met in the executions in which the CPU was warned, too.
    @Test func aWarningLetsItsCPUGoOn() throws {
        let always = [[op(LITMUS_STORE, 1, 1)] + Self.warning[0]]
        for cpus in [always, Self.warning] {
            let program = RandomProgram(
                cpus: cpus, oracle: .init(variable: 3, value: 1), subset: .all)
            guard case .agree(let truth) = try Differential().compare(program) else {
                Issue.record("\(try Differential().compare(program))")
                continue
            }
            #expect(kinds(truth) == ["bad-state", "BUG_ON"])
        }
    }

    @Test(arguments: found.indices)
    func programsThatWereFound(index: Int) throws {
        let (name, cpus) = Self.found[index]
        let differential = try Differential()
        for subset: Reductions in [
            .all, .all.subtracting(.exactConflicts), .all.subtracting([.exactConflicts, .awaitLoops]), [],
            [.oneInitial],
        ] {
            let program = RandomProgram(
                cpus: cpus, oracle: .init(variable: 0, value: 1), subset: subset)
            guard case .agree = try differential.compare(program) else {
                Issue.record("\(name): \(try differential.compare(program))")
                continue
            }
        }
    }

    /// No random execution shows a trace that the exhaustive search missed.
    @Test func randomTracesAreAmongTheExhaustive() throws {
        var programs = RandomPrograms(seed: 77)
        for _ in 0..<200 {
            let litmus = try Litmus(programs.next().cpus)
            let all = explore(litmus.workload, limits: SearchLimits(executions: 20_000))
            guard all.end == .complete else { continue }
            let sampled = sampledTraces(litmus.workload, by: RandomScheduler(seed: 3, executions: 50))
            let seen = try #require(sampled)
            #expect(seen.isSubset(of: Set(all.traces.keys)))
            #expect(!seen.isEmpty)
        }
    }
}
