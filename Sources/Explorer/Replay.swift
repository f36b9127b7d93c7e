// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The execution of a schedule, run once more.  The machine stands where it ended.
package struct Replay {
    /// The number of steps that were taken: all, unless one was not as expected.
    package let steps: Int
    /// Witnesses of what failed in it.
    package let witnesses: [Witness]
    /// Whether the end check was asked, and not just the invariant.
    package let isOfEnd: Bool

    /// Follows the schedule, and asks the oracles after its last step only: a search, too,
    /// asks none in steps that it repeats.
    ///
    /// `isExpected` is asked before each step, whose number counts from 0; false ends the
    /// execution there.
    package init(
        _ schedule: [UInt8], of workload: Workload, while isExpected: @escaping (_ step: Int) -> Bool
    ) {
        let machine = workload.machine
        var unasked = workload
        unasked.invariant = nil
        unasked.endCheck = nil
        var driver = ExecutionDriver(unasked, ReplayScheduler(schedule, while: isExpected))
        _ = driver.run(SearchLimits())
        steps = driver.scheduler.depth
        if driver.scheduler.isFollowed && machine.bugs.isEmpty { driver.ask(workload.invariant) }
        isOfEnd =
            driver.scheduler.isFollowed && machine.bugs.isEmpty
            && vcpu_machine_unfinished(machine.handle) == 0
        if isOfEnd { driver.ask(workload.endCheck) }
        witnesses = Array(driver.witnesses.all.values)
    }
}
