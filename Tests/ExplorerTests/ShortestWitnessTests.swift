// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Testing

@testable import Explorer
@testable import LitmusSupport

/// The shortest executions that show failures, beside those that brute force has.
@Suite("Shortest witnesses")
struct ShortestWitnessTests {
    /// Each interleaving of a program, every step of each from the beginning: it knows
    /// neither names of states nor how to take a step back.
    private struct BruteForce {
        let workload: Workload
        /// Interleavings and their beginnings before a program is too large.
        let most: Int
        private(set) var shortest: [Failure: Witness] = [:]
        private(set) var longest: [Failure: Witness] = [:]
        private var count = 0
        private var generation: UInt64 = 0
        private var machine: OpaquePointer { workload.machine.handle }

        init(_ workload: Workload, most: Int) {
            self.workload = workload
            self.most = most
        }

        /// Returns false for a program that is too large.
        mutating func run() -> Bool {
            while true {
                generation = vcpu_machine_generation(machine)
                (shortest, longest, count) = ([:], [:], 0)
                guard walk([]) else { return false }
                if !isStale { return true }
            }
        }

        /// Whether steps are no longer what they were when it began.
        private var isStale: Bool { vcpu_machine_generation(machine) != generation }

        private mutating func walk(_ schedule: [UInt8]) -> Bool {
            count += 1
            guard count <= most else { return false }
            vcpu_machine_begin(machine)
            for cpu in schedule { vcpu_machine_step(machine, UInt32(cpu)) }
            let enabled = vcpu_machine_enabled(machine), unfinished = vcpu_machine_unfinished(machine)
            for bug in workload.machine.bugs { note(Failure(bug), schedule) }
            if workload.machine.bugs.isEmpty {
                let holds = ask(workload.invariant, schedule)
                if enabled == 0 && unfinished != 0 {
                    note(.deadlock(waiting: unfinished), schedule)
                } else if enabled == 0 && holds {
                    _ = ask(workload.endCheck, schedule)
                }
            }
            for cpu in 0..<workload.cpus where enabled & (1 << UInt32(cpu)) != 0 {
                if isStale { return true }
                guard walk(schedule + [UInt8(cpu)]) else { return false }
            }
            return true
        }

        private mutating func ask(_ oracle: vcpu_oracle?, _ schedule: [UInt8]) -> Bool {
            guard let oracle else { return true }
            _ = vcpu_machine_check(machine, oracle, true)
            guard let bug = workload.machine.bugs.first else { return true }
            note(Failure(bug), schedule)
            vcpu_machine_keep_bugs(machine, 0)
            return false
        }

        private mutating func note(_ failure: Failure, _ schedule: [UInt8]) {
            let witness = Witness(
                failure: failure, cpu: 0, schedule: schedule, execution: 1,
                switches: schedule.withUnsafeBufferPointer { Witness.switches($0) }, seconds: 0)
            if shortest[failure].map({ length(witness) < length($0) }) ?? true { shortest[failure] = witness }
            if longest[failure].map({ length(witness) > length($0) }) ?? true { longest[failure] = witness }
        }
    }

    private static func length(_ witness: Witness) -> (Int, Int) {
        (witness.switches, witness.schedule.count)
    }

    /// Compares with brute force; returns the number of failures whose executions differ in
    /// length, or nil for a program that is too large.
    private func compare(
        _ program: RandomProgram, _ options: SearchOptions, on machine: Machine
    ) throws -> Int? {
        let litmus = try Litmus(program.cpus, options.reductions, oracle: program.oracle, on: machine)
        var workload = litmus.workload
        if program.asksInvariant { workload.invariant = litmus_invariant }
        let result = machine.withCurrent { Self.search(workload, options) }
        guard let (known, found, truth) = result else { return nil }
        for witness in found {
            let shortest = truth[witness.failure]!
            #expect(witness.isMinimal, "\(program)")
            #expect(
                Self.length(witness) == Self.length(shortest),
                "\(witness.schedule), and brute force \(shortest.schedule) of \(program)")
        }
        #expect(found.map(\.failure) == known.map(\.failure))
        return known.count { Self.length($0) > Self.length(truth[$0.failure]!) }
    }

    /// Returns the longest executions of all failures, those that are found from them, and the
    /// shortest ones of brute force; nil for a program that is too large.
    private static func search(
        _ workload: Workload, _ options: SearchOptions
    ) -> (known: [Witness], found: [Witness], truth: [Failure: Witness])? {
        workload.prepare(for: options.policy)
        defer { vcpu_machine_watch(workload.machine.handle, false) }
        var truth = BruteForce(workload, most: 4000)
        guard truth.run() else { return nil }
        let known = truth.longest.values.sorted { $0.schedule.count < $1.schedule.count }
        let found = ShortestWitness(workload, options, until: nil).shorten(known)
        return (known, found, truth.shortest)
    }

    /// Steps of a search of states are others where there is an invariant.
    @Test(arguments: [Policy.dpor, .states], [Reductions.all, [.exactConflicts, .awaitLoops]])
    func itIsAsShortAsThatOfBruteForce(_ policy: Policy, _ reductions: Reductions) throws {
        var options = SearchOptions()
        options.policy = policy
        options.reductions = reductions
        let machine = try Litmus.newMachine()
        var compared = 0, longer = 0
        for seed in 0..<UInt64(1000) {
            var random = RandomPrograms(seed: seed)
            guard let count = try compare(random.next(), options, on: machine) else { continue }
            compared += 1
            longer += count
        }
        #expect(compared > 500 && longer > 200, "\(compared), \(longer)")
    }

    private func check(
        _ programs: [[litmus_operation]], mostSteps: Int = ShortestWitness.mostSteps
    ) throws -> [Witness] {
        let litmus = try Litmus(programs)
        return litmus.machine.withCurrent {
            let options = SearchOptions()
            let met = Array(Search(litmus.workload, options).run().witnesses.all.values)
            return ShortestWitness(litmus.workload, options, until: nil, mostSteps: mostSteps).shorten(met)
        }
    }

    private static let deadlock = [
        [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)],
        [op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)],
    ]

    @Test func aDeadlockTakesOneSwitch() throws {
        let witness = try #require(check(Self.deadlock).first)
        #expect(witness.failure == .deadlock(waiting: 3))
        #expect(witness.isMinimal && witness.switches == 1 && witness.schedule.count == 2)
    }

    /// The CPU that loads variable 0 late takes two steps more, and comes to the same state:
    /// the later arrival is the shorter one.
    @Test func fewerStepsToTheSameState() throws {
        let litmus = try Litmus([
            [
                op(LITMUS_LOAD, 3), op(LITMUS_SKIP_IF, 0, other: 5, 0), op(LITMUS_LOAD, 0),
                op(LITMUS_SKIP_IF, 0, other: 2, 1), op(LITMUS_LOAD, 2), op(LITMUS_LOAD, 2),
                op(LITMUS_STORE, 1, 1),
                // What was loaded last is part of the state.
                op(LITMUS_LOAD, 4),
            ],
            [
                op(LITMUS_STORE, 2, 0), op(LITMUS_STORE, 3, 1), op(LITMUS_STORE, 0, 1),
                op(LITMUS_STORE, 0, 0), op(LITMUS_LOAD, 1), op(LITMUS_BUG_IF, 0, 1),
            ],
        ])
        let found = try litmus.machine.withCurrent {
            let options = SearchOptions()
            var long = try #require(Search(litmus.workload, options).run().witnesses.all.values.first)
            long.schedule = [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]
            long.switches = 2
            #expect(Replay(long.schedule, of: litmus.workload) { _ in true }.witnesses.map(\.failure) == [long.failure])
            return ShortestWitness(litmus.workload, options, until: nil).shorten([long])
        }
        #expect(found.map(\.isMinimal) == [true])
        #expect(found.map(\.schedule) == [[1, 1, 1, 0, 0, 0, 1, 1]])
    }

    /// After a bug no oracle is asked, so the execution with one switch, in which CPU 0 reports
    /// before it lets CPU 1 break the invariant, does not show that.
    @Test func noOracleIsAskedAfterABug() throws {
        let litmus = try Litmus(
            [
                [op(LITMUS_LOAD, 1), op(LITMUS_REPORT_IF, 0, 0), op(LITMUS_STORE, 2, 1)],
                [
                    op(LITMUS_STORE, 1, 1), op(LITMUS_LOAD, 2), op(LITMUS_SKIP_IF, 0, other: 1, 0),
                    op(LITMUS_STORE, 0, 3),
                ],
            ], oracle: litmus_oracle(variable: 0, value: 3))
        var workload = litmus.workload
        workload.invariant = litmus_invariant
        let found = litmus.machine.withCurrent {
            let options = SearchOptions()
            let met = Array(Search(workload, options).run().witnesses.all.values)
            return ShortestWitness(workload, options, until: nil).shorten(met)
        }
        let broken = try #require(found.first { $0.failure.kindName == "invariant" })
        #expect(broken.isMinimal && broken.switches == 2)
        #expect(found.count == 2 && found.allSatisfy(\.isMinimal))
    }

    /// It has no last step.
    @Test func nothingIsSaidOfALivelock() throws {
        let witness = try #require(check([[op(LITMUS_SPIN_UNTIL, 0, 2)], [op(LITMUS_STORE, 0, 1)]]).first)
        #expect(witness.failure == .livelock(waiting: 1))
        #expect(!witness.isMinimal)
    }

    /// A CPU that waits in the search spins here, and the execution is one of both.
    @Test func aProgramThatSpins() throws {
        let witnesses = try check([
            [op(LITMUS_SPIN_UNTIL, 0, 1), op(LITMUS_LOAD, 1), op(LITMUS_BUG_IF, 0, 2)],
            [op(LITMUS_STORE, 1, 2), op(LITMUS_STORE, 0, 1), op(LITMUS_STORE, 1, 0)],
        ])
        let witness = try #require(witnesses.first)
        #expect(witnesses.count == 1 && witness.isMinimal && witness.switches == 1)
        #expect(witness.schedule == [1, 1, 0, 0])
    }

    /// Less than all was gone through, so nothing is claimed.
    @Test func aLimitThatIsReached() throws {
        let whole = try #require(check(Self.deadlock).first)
        let witness = try #require(check(Self.deadlock, mostSteps: 3).first)
        #expect(!witness.isMinimal && witness.failure == whole.failure)
    }
}
