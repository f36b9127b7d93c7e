// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// A witness shows its failure again.
@Suite("Replay")
struct ReplayTests {
    private func replay(
        _ schedule: [UInt8], of litmus: Litmus
    ) -> (end: SearchEnd, failures: [Failure], isFollowed: Bool) {
        var driver = ExecutionDriver(litmus.workload, ReplayScheduler(schedule))
        let end = litmus.machine.withCurrent { driver.run(SearchLimits()) }
        return (end, Array(driver.witnesses.all.keys), driver.scheduler.isFollowed)
    }

    @Test func witnessesOfRandomProgramsReplay() throws {
        var programs = RandomPrograms(seed: 12)
        var replayed = 0
        for _ in 0..<200 {
            let litmus = try Litmus(programs.next().cpus)
            let outcome = litmus.machine.withCurrent {
                Search(litmus.workload, SearchOptions()).run()
            }
            guard outcome.end == .complete else { continue }
            for (failure, witness) in outcome.witnesses.all {
                let again = replay(witness.schedule, of: litmus)
                #expect(again.end == .complete)
                #expect(again.failures.contains(failure))
                #expect(again.isFollowed)
                replayed += 1
            }
        }
        #expect(replayed > 50)
    }

    @Test func aScheduleThatCannotBeFollowedDiverges() throws {
        // CPU 0 holds the lock.
        let litmus = try Litmus([
            [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 1)], [op(LITMUS_LOCK), op(LITMUS_STORE, 0, 2)],
        ])
        _ = explore(litmus.workload)
        #expect(
            replay([0, 1], of: litmus).end
                == .nondeterministic("step 2 is of CPU 1, which cannot run"))
        #expect(!replay([0, 200], of: litmus).isFollowed)
    }

    @Test func anExecutionThatEndsBeforeItsScheduleIsNotFollowed() throws {
        let litmus = try Litmus([[op(LITMUS_LOCK), op(LITMUS_UNLOCK)], [op(LITMUS_LOCK)]])
        _ = explore(litmus.workload)
        #expect(!replay([0, 1, 1, 1], of: litmus).isFollowed)
    }

    /// The states in which executions end that begin with these steps.
    private func states(after prefix: [UInt8], of litmus: Litmus) -> Set<UInt64> {
        var states: Set<UInt64> = []
        var driver = ExecutionDriver(
            litmus.workload, PrefixScheduler(prefix, then: RandomScheduler(seed: 1, executions: 50)))
        driver.onExecution = { _, machine in states.insert(vcpu_machine_state_hash(machine)) }
        let end = litmus.machine.withCurrent { driver.run(SearchLimits()) }
        #expect(end == .sampled)
        return states
    }

    @Test func whatFollowsAPrefixIsDrawn() throws {
        let litmus = try Litmus([[op(LITMUS_STORE, 0, 1)], [op(LITMUS_STORE, 0, 2)]])
        _ = explore(litmus.workload)
        let all = states(after: [], of: litmus)
        #expect(all.count == 2)
        let some = states(after: [1], of: litmus)
        #expect(some.count == 1 && some.isSubset(of: all))
        // The CPU of the second step has finished: the step is left out.
        #expect(states(after: [1, 1], of: litmus) == some)
    }
}
