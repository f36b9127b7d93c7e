// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The record of one execution, replayed from its schedule.
struct Trace {
    let records: [vcpu_trace_record]
    let failure: Failure
    /// CPUs that had more to do, and the return address in what they would do next.
    let stopped: [(cpu: Int, pc: UnsafeRawPointer?)]

    /// Replays the finding; nil when it does not end in the same failure, or when
    /// there is no more patience.
    init?(replaying finding: Finding, in world: World, while patience: Patience) {
        let handle = world.machine.handle
        let workload = world.workload
        failure = finding.failure
        vcpu_machine_trace(handle, true)
        defer { vcpu_machine_trace(handle, false) }
        vcpu_machine_begin(handle)
        for (step, cpu) in finding.schedule.enumerated() {
            if step & 0xff == 0 && patience.isOver { return nil }
            guard vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) != 0 else { return nil }
            vcpu_machine_step(handle, UInt32(cpu))
        }
        // An oracle is asked where the search asked it: after the last step.
        if world.machine.bugs.isEmpty, let invariant = workload.invariant {
            _ = vcpu_machine_check(handle, invariant, true)
        }
        if world.machine.bugs.isEmpty, vcpu_machine_unfinished(handle) == 0,
            let endCheck = workload.endCheck
        {
            _ = vcpu_machine_check(handle, endCheck, true)
        }
        var count = 0
        let first = vcpu_machine_trace_records(handle, &count)
        records = Array(UnsafeBufferPointer(start: first, count: count))
        let unfinished = vcpu_machine_unfinished(handle)
        stopped = (0..<workload.cpus).filter { unfinished & (1 << UInt32($0)) != 0 }
            .map { ($0, vcpu_machine_pending_pc(handle, UInt32($0))) }
        guard Self.shows(finding.failure, handle, world.machine) else { return nil }
    }

    private static func shows(_ failure: Failure, _ handle: OpaquePointer, _ machine: Machine)
        -> Bool
    {
        switch failure {
        case .site(let site, let pc):
            machine.bugs.contains {
                $0.site == site && (pc == 0 || UInt(bitPattern: $0.pc) == pc)
            }
        case .deadlock(let waiting):
            vcpu_machine_enabled(handle) == 0 && vcpu_machine_unfinished(handle) == waiting
        case .livelock(let waiting):
            vcpu_machine_enabled(handle) == 0 && vcpu_machine_unfinished(handle) == waiting
        case .cut:
            true
        }
    }
}
