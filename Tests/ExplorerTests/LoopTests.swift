// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// Loops that only another CPU can end: the search waits for it, ends, and says
/// `livelock` of nothing that another CPU would have ended.
@Suite("Spin loops")
struct LoopTests {
    private func check(
        _ programs: [[litmus_operation]], _ policy: Policy = .dpor
    ) throws -> Search.Outcome {
        let litmus = try Litmus(programs)
        var options = SearchOptions()
        options.policy = policy
        return litmus.machine.withCurrent { Search(litmus.workload, options).run() }
    }

    /// The search of states, in which CPUs do not wait, has the same ends and failures.
    private func compareStates(_ programs: [[litmus_operation]], _ truth: Exploration) throws {
        for reductions in [Reductions.all, .all.subtracting(.persistentSets), [.exactConflicts]] {
            let states = try #require(exploreStates(Litmus(programs, reductions).workload, reductions))
            #expect(states.end == .complete)
            #expect(states.finalStates == truth.finalStates, "\(programs) \(reductions.rawValue)")
            #expect(states.failures == truth.failures, "\(programs) \(reductions.rawValue)")
        }
    }

    /// All ends of a program, by three searches: brute force and the reduced search,
    /// both with CPUs that wait, and brute force in which a CPU spins as often as an
    /// execution of so many steps lets it.
    private func compare(_ programs: [[litmus_operation]], depth: Int) throws -> Exploration {
        let reduced = try explore(programs)
        let brute = try explore(programs, [.exactConflicts, .awaitLoops], bruteForce: true)
        var spinning = try explore(
            programs, [.exactConflicts], bruteForce: true, limits: SearchLimits(depth: depth))
        #expect(reduced.end == .complete && brute.end == .complete && spinning.end == .complete)
        #expect(reduced == brute, "\(programs)")
        #expect(reduced.counts.cut == brute.counts.cut || reduced.counts.cut > 0)
        // A CPU that spins at the last step has not ended: there is no state to compare.
        #expect(spinning.counts.cut > 0)
        spinning.failures = spinning.failures.filter {
            if case .site = $0 { true } else { false }
        }
        #expect(
            spinning.failures == reduced.failures.filter {
                if case .site = $0 { true } else { false }
            })
        #expect(spinning.finalStates.isSubset(of: reduced.finalStates))
        #expect(reduced.finalStates.isSubset(of: spinning.finalStates))
        try compareStates(programs, reduced)
        return reduced
    }

    @Test func aFlagThatIsSetEndsTheLoop() throws {
        let programs = [
            [op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_LOAD, 1)],
            [op(LITMUS_STORE, 1, 5), op(LITMUS_STORE, 0, 1)],
        ]
        #expect(try check(programs).answer == "verified")
        #expect(try compare(programs, depth: 14).finalStates.count == 1)
    }

    @Test func aFlagThatNobodySetsIsALivelock() throws {
        let outcome = try check([[op(LITMUS_SPIN_UNTIL, 0, 2)], [op(LITMUS_STORE, 0, 1)]])
        #expect(outcome.answer == "livelock")
        #expect(outcome.end == .complete)
        #expect(outcome.witnesses.all.keys.elements == [.livelock(waiting: 1)])
    }

    /// A CPU that spins with a lock that the other one needs.
    @Test func whoSpinsWithALockIsALivelock() throws {
        let outcome = try check([
            [op(LITMUS_LOCK), op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_UNLOCK)],
            [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1), op(LITMUS_UNLOCK)],
        ])
        #expect(outcome.answer == "livelock")
        #expect(outcome.witnesses.all.keys.elements == [.livelock(waiting: 3)])
    }

    @Test func twoThatSpinOnEachOtherAreALivelock() throws {
        let outcome = try check([
            [op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_STORE, 1, 1)],
            [op(LITMUS_SPIN_UNTIL, 1, 1), op(LITMUS_STORE, 0, 1)],
        ])
        #expect(outcome.witnesses.all.keys.elements == [.livelock(waiting: 3)])
    }

    /// A loop on memory that no other CPU was known to write: another one does, later.
    @Test func aFlagThatIsNotKnownToBeSharedYet() throws {
        let programs = [[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_ADD, 0, 1)]]
        let outcome = try check(programs)
        #expect(outcome.answer == "verified")
        #expect(try explore(programs).end == .complete)
    }

    /// No event at all, as nobody else has a use for the word.
    @Test func aLoopWithoutAnyEventIsALivelock() throws {
        let outcome = try check([
            [op(LITMUS_SPIN_UNTIL, 3, 1)], [op(LITMUS_ADD, 0, 1)], [op(LITMUS_ADD, 0, 1)],
        ])
        #expect(outcome.answer == "livelock")
        #expect(outcome.witnesses.all.keys.elements == [.livelock(waiting: 1)])
    }

    @Test func aTrylockThatIsTriedAgain() throws {
        let section = [op(LITMUS_LOAD), op(LITMUS_STORE_REGISTER, 0, 1), op(LITMUS_UNLOCK)]
        let programs = [[op(LITMUS_SPIN_LOCK)] + section, [op(LITMUS_SPIN_LOCK)] + section]
        #expect(try check(programs).answer == "verified")
        #expect(try compare(programs, depth: 16).finalStates.count == 2)
    }

    @Test func aReferenceThatIsTriedForAgain() throws {
        let programs = [
            [op(LITMUS_SPIN_GET), op(LITMUS_SPIN_GET)],
            [op(LITMUS_ADD, 0, 1), op(LITMUS_ADD, 0, -1), op(LITMUS_ADD, 0, 1)],
        ]
        #expect(try check(programs).answer == "verified")
        _ = try compare(programs, depth: 16)
    }

    /// A CPU that waits must be told of a word that is freed, too.
    @Test func aWordThatIsFreedUnderASpinner() throws {
        let programs = [[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_ADD, 0, 2), op(LITMUS_FREE, 0)]]
        let outcome = try check(programs)
        #expect(outcome.answer == "use-after-free")
        #expect(kinds(try compare(programs, depth: 14)) == ["use-after-free"])
    }

    /// There and back again: the spinner may have seen it, and may have missed it.
    @Test func aValueThatIsThereForAMoment() throws {
        let programs = [
            [op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_STORE, 0, 1), op(LITMUS_STORE, 0, 0)],
        ]
        let outcome = try check(programs)
        #expect(outcome.answer == "livelock")
        #expect(try compare(programs, depth: 14).finalStates.count == 1)
    }

    /// Lock one, try the other, give back: others see it, so it is not left out, and
    /// two such CPUs can go on for ever and need not.
    @Test func locksThatAreGivenBackAreFollowedForAWhile() throws {
        let programs = [
            [op(LITMUS_SPIN_LOCKS, 0, other: 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
            [op(LITMUS_SPIN_LOCKS, 1, other: 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
        ]
        let outcome = try check(programs)
        #expect(outcome.answer == "bounded")
        #expect(outcome.end == .complete)
        #expect(outcome.counts.cut > 0)
        #expect(outcome.witnesses.all.isEmpty)
        #expect(!outcome.witnesses.cuts.isEmpty)
        // States tell that there is always a way out.
        #expect(try check(programs, .states).answer == "verified")
    }

    /// Livelocks are decided by states as well, and shown by a schedule that replays.
    @Test(arguments: [
        [[op(LITMUS_SPIN_UNTIL, 0, 2)], [op(LITMUS_STORE, 0, 1)]],
        [
            [op(LITMUS_LOCK), op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_UNLOCK)],
            [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1), op(LITMUS_UNLOCK)],
        ],
        [
            [op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_STORE, 1, 1)],
            [op(LITMUS_SPIN_UNTIL, 1, 1), op(LITMUS_STORE, 0, 1)],
        ],
        [[op(LITMUS_SPIN_UNTIL, 3, 1)], [op(LITMUS_ADD, 0, 1)], [op(LITMUS_ADD, 0, 1)]],
    ])
    func livelocksAreDecided(_ programs: [[litmus_operation]]) throws {
        let litmus = try Litmus(programs)
        var options = SearchOptions()
        options.policy = .states
        try litmus.machine.withCurrent {
            let outcome = Search(litmus.workload, options).run()
            #expect(outcome.witnesses.all.keys.elements == (try check(programs)).witnesses.all.keys.elements)
            let witness = try #require(outcome.witnesses.all.values.first)
            let replay = Replay(witness.schedule, of: litmus.workload) { _ in true }
            #expect(replay.steps == witness.schedule.count)
            #expect(vcpu_machine_enabled(litmus.machine.handle) == 0)
        }
    }

    @Test func aFlagThatIsPolledUnderALock() throws {
        let polling = [op(LITMUS_POLL, 0, other: 0, 1)]
        let ends = try check([
            polling, [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1), op(LITMUS_UNLOCK)],
        ])
        #expect(ends.answer == "bounded")
        #expect(ends.witnesses.all.isEmpty)
        #expect(try check(
            [polling, [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1), op(LITMUS_UNLOCK)]], .states).answer == "verified")
        // Alone, it repeats itself for ever, whatever others could have seen of it.
        let never = try check([
            polling, [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 2), op(LITMUS_UNLOCK)],
        ])
        #expect(never.answer == "livelock")
    }

    /// No access, so nothing that could be asked: the CPU time of it ends it.
    @Test func aLoopThatTouchesNothingIsGivenUp() throws {
        let outcome = try check([[op(LITMUS_HANG)], [op(LITMUS_ADD, 0, 1)]])
        #expect(outcome.end == .stuck)
        #expect(outcome.answer == "bounded")
        #expect(outcome.counts.randomExecutions == 0)
    }

    /// A loop that gets somewhere is not a spin loop, however often it reads the same.
    @Test(arguments: [3, 40])
    func aLoopThatCountsIsNotCut(rounds: Int) throws {
        let counting = [op(LITMUS_COUNT_UNTIL, 0, other: rounds, 1)]
        let outcome = try check([counting, [op(LITMUS_STORE, 0, 2)]])
        #expect(outcome.answer == "verified")
        #expect(outcome.counts.executions == UInt64(rounds) + 1)
        #expect(try check([[op(LITMUS_TURN, 0, rounds)], [op(LITMUS_LOAD)]]).counts.cut == 0)
    }

    /// The same operation many times is not a loop that repeats itself.
    @Test func readsInARowAreNotALoop() throws {
        let reads = Array(repeating: op(LITMUS_LOAD), count: 12)
        let outcome = try check([reads, [op(LITMUS_STORE, 0, 1)]])
        #expect(outcome.answer == "verified")
        #expect(outcome.counts.executions == 13)
    }

    /// Random programs with loops in them, reduced and by brute force.
    @Test func randomProgramsWithLoopsAgree() throws {
        var random = SplitMix64(seed: 11)
        var withLivelocks = 0
        for _ in 0..<200 {
            let programs = (0..<2).map { _ in
                (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    let v = Int.random(in: 0...1, using: &random)
                    return switch Int.random(in: 0...6, using: &random) {
                    case 0: op(LITMUS_SPIN_UNTIL, v, Int.random(in: 0...1, using: &random))
                    case 1: op(LITMUS_SPIN_GET, v)
                    case 2: op(LITMUS_SPIN_LOCK, v)
                    case 3: op(LITMUS_STORE, v, Int.random(in: 0...1, using: &random))
                    case 4: op(LITMUS_ADD, v, 1)
                    case 5: op(LITMUS_STORE_REGISTER, v, 1)
                    default: op(LITMUS_LOAD, v)
                    }
                }
            }
            let brute = try explore(
                programs, [.exactConflicts, .awaitLoops], bruteForce: true,
                limits: SearchLimits(executions: 2000))
            if brute.end != .complete { continue }
            let reduced = try explore(programs)
            #expect(reduced == brute, "\(programs)")
            #expect(reduced.counts.cut == 0)
            try compareStates(programs, brute)
            if kinds(brute).contains("livelock") { withLivelocks += 1 }
        }
        #expect(withLivelocks > 20)
    }

    /// A chain of accesses of one word: each is looked at a few times, not once for
    /// each that came after it.
    @Test func manyReadsOfOneWordAreNotQuadratic() throws {
        let litmus = try Litmus([
            [op(LITMUS_COUNT_UNTIL, 0, other: 120, 9), op(LITMUS_COUNT_UNTIL, 0, other: 120, 9)],
            [op(LITMUS_STORE, 0, 1)],
        ])
        litmus.machine.withCurrent {
            var learn = ExecutionDriver(
                litmus.workload, RandomScheduler(seed: 1, executions: 4))
            _ = learn.run(SearchLimits())
            var driver = ExecutionDriver(
                litmus.workload,
                LoggedScheduler(RandomScheduler(seed: 1, executions: 20), of: litmus.workload))
            _ = driver.run(SearchLimits())
            let counts = driver.counts, visited = driver.scheduler.log.visited
            #expect(counts.events > 4000)
            #expect(visited < 3 * counts.events)
        }
    }
}

/// A limit limits wherever the search stands: it is asked by the number of steps.
@Suite("Limits of a search")
struct LimitTests {
    /// An execution without an end, as the reduction that would wait is off.
    private func endless() throws -> Litmus {
        try Litmus(
            [[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_STORE, 0, 2)]], [.exactConflicts])
    }

    @Test(arguments: [false, true])
    func anExecutionIsInterrupted(random: Bool) throws {
        let litmus = try endless()
        var asked = 0
        var limits = SearchLimits(depth: 1 << 40)
        limits.interrupted = {
            asked += 1
            return asked == 3
        }
        let (end, events) = random
            ? run(litmus, RandomScheduler(seed: 1), limits)
            : run(litmus, DPORScheduler(litmus.workload, .all), limits)
        #expect(end == .interrupted)
        #expect(asked == 3)
        #expect(events <= 3 * 256)
    }

    /// Searches until no conflict is new; returns the end, and the events that it took.
    private func run<S: Scheduler & ~Copyable>(
        _ litmus: Litmus, _ scheduler: @autoclosure () -> S, _ limits: SearchLimits,
        _ onProgress: ((SearchCounts, Double) -> Void)? = nil
    ) -> (SearchEnd, UInt64) {
        litmus.machine.withCurrent {
            while true {
                var driver = ExecutionDriver(litmus.workload, scheduler())
                driver.onProgress = onProgress
                let end = driver.run(limits)
                if end != .conflictsGrew { return (end, driver.counts.events) }
            }
        }
    }

    @Test func anExecutionEndsAtTheDeadline() throws {
        let litmus = try endless()
        var limits = SearchLimits(depth: 1 << 40)
        limits.deadline = .now
        let (end, _) = run(litmus, DPORScheduler(litmus.workload, .all), limits)
        #expect(end == .budget)
    }

    /// Too many steps are not a livelock: how the execution ends is not known.
    @Test func aLimitOfStepsIsBounded() throws {
        let litmus = try endless()
        let result = explore(
            litmus.workload, [.exactConflicts],
            limits: SearchLimits(executions: 3, depth: 1000))
        // However early the other CPU goes: it does not end the loop.
        #expect(result.counts.cut == 3)
        #expect(result.counts.executions == 3)
        #expect(kinds(result).isEmpty)
    }

    @Test func progressIsToldWithinAnExecution() throws {
        let litmus = try endless()
        var told = 0
        _ = run(
            litmus, DPORScheduler(litmus.workload, .all),
            SearchLimits(executions: 1, depth: 100_000)
        ) { _, _ in told += 1 }
        #expect(told >= 5)
    }
}

extension Search.Outcome {
    /// The kinds of what failed; else whether all interleavings were covered.
    fileprivate var answer: String {
        let kinds = Set((Array(witnesses.all.keys) + Array(witnesses.stale.keys)).map(\.kindName))
        if !kinds.isEmpty { return kinds.sorted().joined(separator: ", ") }
        return end == .complete && counts.cut == 0 ? "verified" : "bounded"
    }
}
