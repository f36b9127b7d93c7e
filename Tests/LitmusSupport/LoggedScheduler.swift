// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer

/// A scheduler of executions that begin at their first step, with a log of their events.
struct LoggedScheduler<S: Scheduler & ~Copyable>: Scheduler, ~Copyable {
    static var isSystematic: Bool { S.isSystematic }
    private var scheduler: S
    private(set) var log: EventLog

    init(_ scheduler: consuming S, of workload: Workload) {
        self.scheduler = scheduler
        log = EventLog(cpus: workload.cpus, words: workload.machine.words)
    }

    mutating func begin() -> Int? {
        log.truncate(to: 0)
        return scheduler.begin()
    }

    mutating func next(_ machine: OpaquePointer, enabled: UInt32) throws(Divergence) -> Int? {
        appendReleases(machine)
        guard let cpu = try scheduler.next(machine, enabled: enabled) else { return nil }
        log.append(UInt8(cpu), vcpu_machine_pending(machine, UInt32(cpu)).pointee)
        return cpu
    }

    mutating func end(_ machine: OpaquePointer) {
        appendReleases(machine)
        scheduler.end(machine)
    }

    private mutating func appendReleases(_ machine: OpaquePointer) {
        guard log.count > 0 else { return }
        var count: UInt32 = 0
        let releases = vcpu_machine_releases(machine, &count)!
        for i in 0..<Int(count) { log.appendRelease(releases[i]) }
    }
}

/// Hashes of the happens-before relations of the executions that a scheduler draws; nil
/// when it does not draw them all.
func sampledTraces<S: Scheduler & ~Copyable>(
    _ workload: Workload, by scheduler: consuming S
) -> Set<UInt64>? {
    var traces: Set<UInt64> = []
    var driver = ExecutionDriver(workload, LoggedScheduler(scheduler, of: workload))
    driver.onExecution = { scheduler, _ in traces.insert(scheduler.log.traceHash()) }
    let end = workload.machine.withCurrent { driver.run(SearchLimits()) }
    return end == .sampled ? traces : nil
}
