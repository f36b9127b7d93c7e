// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CPULock
import CVcpu
import Explorer
import Foundation
import Synchronization
import Testing
import Topology

@testable import Harness
@testable import LitmusSupport

/// CPUs that this process may use.
private let allowed: [Int] = (try? Topology.ofThisProcess().cpus.map(\.id)) ?? []

/// The primitives as threads on real CPUs see them.  Each expectation that
/// nothing is hit stands beside the same program without its lock, which is.
@Suite(
    "Real CPUs", .holdsTheCPUs,
    .enabled(if: allowed.count >= 2, "needs two CPUs; this process may use \(allowed.count)"))
struct RealCPUTests {
    private func run(
        _ programs: [[litmus_operation]], iterations: UInt64, noise: Noise = .accesses,
        patience: Double = 5, first: Bool = false
    ) throws -> StressRun {
        var options = StressOptions()
        options.noise = noise
        options.place = StressPlace(
            placement: "test", cpus: Array(allowed.prefix(programs.count)), memory: "", nodes: [])
        options.seconds = nil
        options.iterations = iterations
        options.patience = patience
        options.first = first
        return try StressRun(Litmus(programs).workload, options)
    }

    private func kinds(_ run: StressRun) -> [String] {
        run.rows.map { FindingKind($0.site.pointee.kind).rawValue }
    }

    /// A reader that looks at two variables, and a writer that keeps them equal.
    private func pair(_ readerLock: [litmus_operation], _ writerLock: [litmus_operation])
        -> [[litmus_operation]]
    {
        let look = Array(repeating: op(LITMUS_ASSERT_EQUAL, 0, other: 1), count: 20)
        let write = (1...20).flatMap { [op(LITMUS_STORE, 0, $0), op(LITMUS_STORE, 1, $0)] }
        func inside(_ lock: [litmus_operation], _ body: [litmus_operation]) -> [litmus_operation] {
            lock.isEmpty ? body : [lock[0]] + body + [lock[1]]
        }
        return [inside(readerLock, look), inside(writerLock, write)]
    }

    @Test(arguments: [
        (LITMUS_LOCK, LITMUS_UNLOCK, LITMUS_LOCK, LITMUS_UNLOCK),
        (LITMUS_READ_LOCK, LITMUS_READ_UNLOCK, LITMUS_WRITE_LOCK, LITMUS_WRITE_UNLOCK),
        (LITMUS_WRITE_LOCK, LITMUS_WRITE_UNLOCK, LITMUS_READ_LOCK, LITMUS_READ_UNLOCK),
        (LITMUS_BIT_LOCK, LITMUS_BIT_UNLOCK, LITMUS_BIT_LOCK, LITMUS_BIT_UNLOCK),
    ])
    func aLockExcludes(
        _ lock: litmus_kind, _ unlock: litmus_kind, _ other: litmus_kind, _ otherUnlock: litmus_kind
    ) throws {
        // Lock 2, or bit 63 of variable 2.
        let locked = pair([op(lock, 2), op(unlock, 2)], [op(other, 2), op(otherUnlock, 2)])
        let good = try run(locked, iterations: 3000)
        #expect(good.iterations == 3000)
        #expect(good.end == .finished)
        #expect(kinds(good) == [])
        // Another lock excludes nothing.
        let broken = pair([op(lock, 2), op(unlock, 2)], [op(other, 3), op(otherUnlock, 3)])
        let bad = try run(broken, iterations: 200_000, first: true)
        #expect(kinds(bad) == ["VM_BUG_ON"])
    }

    @Test func readersShare() throws {
        let shared = pair(
            [op(LITMUS_READ_LOCK), op(LITMUS_READ_UNLOCK)],
            [op(LITMUS_READ_LOCK), op(LITMUS_READ_UNLOCK)])
        #expect(try kinds(run(shared, iterations: 200_000, first: true)) == ["VM_BUG_ON"])
    }

    @Test func aTrylockThatFailedDoesNotHold() throws {
        // A CPU that does not get the lock skips its section.
        let section = [
            op(LITMUS_TRYLOCK, 0, 4), op(LITMUS_STORE, 0, 1), op(LITMUS_ASSERT_NOT, 0, 2),
            op(LITMUS_STORE, 0, 0), op(LITMUS_UNLOCK, 0),
        ]
        var other = section
        other[1] = op(LITMUS_STORE, 0, 2)
        other[2] = op(LITMUS_ASSERT_NOT, 0, 1)
        #expect(try kinds(run([section, other], iterations: 3000)) == [])
        // A CPU that gets another lock does not.
        other[0] = op(LITMUS_TRYLOCK, 1, 4)
        other[4] = op(LITMUS_UNLOCK, 1)
        #expect(try kinds(run([section, other], iterations: 200_000, first: true)) == ["VM_BUG_ON"])
    }

    @Test(arguments: [LITMUS_ADD, LITMUS_COUNT_BY_CMPXCHG32])
    func atomicsLoseNothing(_ kind: litmus_kind) throws {
        let add = Array(repeating: op(kind, 0, 1), count: 33)
        // 33 + 33 + 33: the end check fails at 99, so always.
        let bump = add + add
        let run = try run([add, bump], iterations: 500)
        #expect(kinds(run) == ["leak"])
        #expect(run.rows.first?.hits == 500)
        #expect(run.rows.first?.cpu == UInt32(VCPU_MAX))
    }

    @Test func aPlainIncrementLosesSome() throws {
        let add = (0..<33).flatMap { _ in [op(LITMUS_LOAD, 0), op(LITMUS_STORE_REGISTER, 0, 1)] }
        let run = try run([add, add + add], iterations: 20_000)
        // Each iteration that loses none fails the end check: those whose CPUs did
        // not meet.
        #expect(run.iterations == 20_000)
        #expect(kinds(run) == ["leak"])
        #expect((1..<20_000).contains(run.hits))
    }

    @Test func everyIterationBeginsFromTheSnapshot() throws {
        let program = [
            op(LITMUS_LOAD, 3), op(LITMUS_BUG_IF, 0, 1), op(LITMUS_STORE, 3, 1), op(LITMUS_FREE, 4),
        ]
        let clean = try run([program, [op(LITMUS_LOAD, 5)]], iterations: 2000)
        #expect(clean.iterations == 2000)
        #expect(kinds(clean) == [])
    }

    @Test func aGracePeriodWaitsForReaders() throws {
        // Variable 0 is gone soon after 1 says so.
        let hasty = [op(LITMUS_STORE, 1, 1), op(LITMUS_FREE, 0)]
        let patient = [op(LITMUS_STORE, 1, 1), op(LITMUS_SYNCHRONIZE_RCU), op(LITMUS_FREE, 0)]
        // Only hooks see a plain load.
        for look in Machine.seesAccesses ? [LITMUS_LOAD, LITMUS_TEST_BIT] : [LITMUS_TEST_BIT] {
            let looks = Array(repeating: op(look, 0), count: 20)
            let reader = [op(LITMUS_RCU_LOCK), op(LITMUS_LOAD, 1), op(LITMUS_SKIP_IF, other: 20, 1)]
                + looks + [op(LITMUS_RCU_UNLOCK)]
            #expect(
                try kinds(run([reader, hasty], iterations: 200_000, first: true))
                    == ["use-after-free"])
            let good = try run([reader, patient], iterations: 20_000)
            #expect(kinds(good) == [])
            #expect(good.end == .finished)
            // Outside of its section a reader is not waited for.
            let late = reader.filter { $0.kind != LITMUS_RCU_LOCK.rawValue && $0.kind != LITMUS_RCU_UNLOCK.rawValue }
            #expect(
                try kinds(run([late, patient], iterations: 200_000, first: true))
                    == ["use-after-free"])
        }
    }

    @Test func sleepingInAReadSectionIsSeen() throws {
        let program = [op(LITMUS_RCU_LOCK), op(LITMUS_MIGHT_SLEEP), op(LITMUS_RCU_UNLOCK)]
        let run = try run([program, []], iterations: 100)
        #expect(kinds(run) == ["sleep-in-atomic"])
        #expect(run.rows.first?.hits == 100)
    }

    @Test func aWildAccessIsAFindingAndTheRunGoesOn() throws {
        let run = try run([[op(LITMUS_WILD, 1)], [op(LITMUS_LOAD, 0)]], iterations: 300)
        #expect(kinds(run) == ["oops"])
        #expect(run.rows.first?.hits == 300)
        let place = Symbolizer().place(run.rows.first?.pc)
        #expect(place?.function == "litmus_run")
    }

    @Test func anUnlockOfWhatIsNotHeldIsMisuse() throws {
        for unlock in [LITMUS_UNLOCK, LITMUS_READ_UNLOCK, LITMUS_WRITE_UNLOCK, LITMUS_BIT_UNLOCK] {
            let run = try run([[op(unlock, 1)], []], iterations: 50)
            #expect(kinds(run) == ["lock-misuse"])
        }
    }

    /// A CPU that waits for the lock of one that failed must not wait for ever.
    @Test func aBugEndsTheIterationOnAll() throws {
        let fails = [
            op(LITMUS_LOCK, 0), op(LITMUS_WRITE_LOCK, 0), op(LITMUS_LOAD, 0), op(LITMUS_BUG_IF, 0, 0),
        ]
        for (wait, leave) in [
            (LITMUS_LOCK, LITMUS_UNLOCK), (LITMUS_READ_LOCK, LITMUS_READ_UNLOCK),
            (LITMUS_WRITE_LOCK, LITMUS_WRITE_UNLOCK),
        ] {
            let run = try run([fails, [op(wait, 0), op(leave, 0)]], iterations: 2000)
            #expect(run.end == .finished)
            #expect(run.iterations == 2000)
            #expect(kinds(run) == ["BUG_ON"])
            #expect(run.rows.first?.hits == 2000)
        }
    }

    @Test func crossedLocksAreADeadlockWithEachCPUsPositionAndLocks() throws {
        let one = [op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 1), op(LITMUS_UNLOCK, 1), op(LITMUS_UNLOCK, 0)]
        let two = [op(LITMUS_LOCK, 1), op(LITMUS_LOCK, 0), op(LITMUS_UNLOCK, 0), op(LITMUS_UNLOCK, 1)]
        let run = try run([one, two], iterations: 10_000_000, patience: 0.3)
        #expect(run.end == .hang)
        let table = HangTable(run.positions, symbolizer: Symbolizer(), describe: { _ in nil })
        #expect(table.kind == .deadlock)
        #expect(table.headline == "CPUs 0, 1 wait for ever")
        for cpu in 0...1 { #expect(table.text.contains("CPU\(cpu) waits for a lock")) }
        #expect(table.text.components(separatedBy: "holds a lock").count == 3)
        #expect(table.text.contains("in litmus_run() litmus.c:"))
        // In one order there is nothing to wait for.
        #expect(try self.run([one, one], iterations: 20_000).end == .finished)
    }

    @Test func aLockTakenTwiceHangsOneCPU() throws {
        let run = try run([[op(LITMUS_LOCK, 0), op(LITMUS_LOCK, 0)], []], iterations: 10, patience: 0.3)
        #expect(run.end == .hang)
        let table = HangTable(run.positions, symbolizer: Symbolizer(), describe: { _ in "lock A" })
        #expect(table.kind == .deadlock)
        #expect(table.headline == "CPU 0 waits for ever")
        #expect(table.text.contains("CPU0 waits for lock A"))
        #expect(table.text.contains("CPU1 has finished"))
    }

    @Test func aLoopThatNothingEndsIsALivelock() throws {
        let run = try run([[], [op(LITMUS_READ_LOCK, 1), op(LITMUS_SPIN_UNTIL, 0, 1)]], iterations: 10, patience: 0.3)
        #expect(run.end == .hang)
        let table = HangTable(run.positions, symbolizer: Symbolizer(), describe: { _ in "sem" })
        #expect(table.kind == .livelock)
        #expect(table.text.contains("CPU1 runs"))
        #expect(table.text.contains("holds sem for reading"))
        // Not when the run is ended from outside.
        let ended = [[op(LITMUS_STORE, 0, 1)], [op(LITMUS_SPIN_UNTIL, 0, 1)]]
        #expect(try self.run(ended, iterations: 1000).end == .finished)
    }

    /// Also when the watchdog would have waited for long.
    @Test func aRunThatHangsCanBeEnded() throws {
        var options = StressOptions()
        options.seconds = nil
        let looks = Atomic(0)
        options.interrupted = { looks.add(1, ordering: .relaxed).newValue > 5 }
        options.patience = 1e9
        let workload = try Litmus([[op(LITMUS_SPIN_UNTIL, 0, 1)], []]).workload
        let run = try StressRun(workload, options)
        #expect(run.end == .interrupted)
        #expect(run.iterations == 0)
        #expect(run.rows.isEmpty)
    }

    /// The time is over before the watchdog is sure; a run that hangs is not clean.
    @Test func aHangOutweighsTheTime() throws {
        var options = StressOptions()
        options.seconds = 0.05
        options.patience = 0.3
        let hangs = try Litmus([[op(LITMUS_SPIN_UNTIL, 0, 1)], []]).workload
        #expect(try StressRun(hangs, options).end == .hang)
        let ends = try Litmus([[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_STORE, 0, 1)]]).workload
        let run = try StressRun(ends, options)
        #expect(run.end == .finished)
        #expect(run.iterations > 0)
    }

    /// Another that has yet to begin may end it: it is on the same CPU, and has to
    /// wait until the first has burnt far more than the watchdog's patience.
    @Test func whoWaitsForOneThatIsNotScheduledDoesNotHang() throws {
        let litmus = try Litmus([[op(LITMUS_SPIN_UNTIL, 0, 1)], [op(LITMUS_STORE, 0, 1)]])
        var config = vcpu_stress_config()
        config.cpu.0 = Int32(allowed[0])
        config.cpu.1 = Int32(allowed[0])
        config.iterations = 2
        var handle: OpaquePointer?
        #expect(vcpu_stress_begin(litmus.machine.handle, &config, &handle) == 0)
        let run = try #require(handle)
        defer { vcpu_stress_free(run) }
        var parameter = sched_param()
        let idle: Int32 = 5  // SCHED_IDLE of <sched.h>, a macro that Swift does not see
        #expect(sched_setscheduler(vcpu_stress_thread(run, 1), idle, &parameter) == 0)
        while !vcpu_stress_finished(run) {
            if vcpu_stress_hangs(run, 0.02) { break }
            usleep(1000)
        }
        #expect(vcpu_stress_iterations(run) == 2)
    }

    @Test func aCPUThatIsNotThereIsRefused() throws {
        var options = StressOptions()
        options.place.cpus = [allowed[0], 100_000]
        #expect(throws: HarnessError.self) {
            _ = try StressRun(Litmus([[], []]).workload, options)
        }
    }
}
