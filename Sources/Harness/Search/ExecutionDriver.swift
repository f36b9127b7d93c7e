// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// One execution at a time: begin, step, look at what failed.  What every
/// search has in common.
struct ExecutionDriver {
    let workload: Workload
    let handle: OpaquePointer
    /// CPUs chosen so far.
    private(set) var schedule: UnsafeMutablePointer<UInt8>
    private(set) var depth = 0
    private var capacity = 1 << 12
    /// Bugs of this execution that are already noted.
    private var noted: UInt32 = 0
    private(set) var failed = false
    /// Steps after which the limits are asked: an execution can be long, and may
    /// have no end.
    private static let stepsBetweenLooks: UInt64 = 1 << 8
    private static let stepsBetweenReports: UInt64 = 1 << 14

    var limits = SearchLimits()
    /// Why the search has to stop, as soon as that is known.
    private(set) var stop: SearchEnd?
    /// Called now and then, with the counts so far.
    var onProgress: ((SearchCounts, Double) -> Void)?
    private(set) var isReportDue = false

    var counts = SearchCounts()
    var witnesses = Witnesses()

    init(_ workload: Workload) {
        self.workload = workload
        handle = workload.machine.handle
        schedule = .allocate(capacity: capacity)
    }

    func deallocate() { schedule.deallocate() }

    /// Resets the machine; all CPUs stand at their first event.
    @inline(__always)
    mutating func begin() {
        vcpu_machine_begin(handle)
        depth = 0
        noted = 0
        failed = false
        noteBugs()
        askInvariant()
        noteBugs()
    }

    /// Executes a step whose like was seen before: no oracle is asked.
    @inline(__always)
    mutating func replay(_ cpu: Int) {
        push(UInt8(cpu))
        vcpu_machine_step(handle, UInt32(cpu))
        counts.events += 1
        if counts.events & (Self.stepsBetweenLooks - 1) == 0 { look() }
    }

    private mutating func look() {
        if stop == nil { stop = limits.reached }
        if counts.events & (Self.stepsBetweenReports - 1) == 0 { isReportDue = true }
    }

    /// Tells how far the search is.
    mutating func report(explored: Double) {
        isReportDue = false
        counts.explored = explored
        onProgress?(counts, seconds)
    }

    /// After replaying a prefix: what failed in it is known.
    mutating func endReplay() {
        var count: UInt32 = 0
        _ = vcpu_machine_bugs(handle, &count)
        noted = count
        failed = count > 0
    }

    /// Executes a new step and asks the invariant.
    @inline(__always)
    mutating func step(_ cpu: Int) {
        replay(cpu)
        askInvariant()
        noteBugs()
    }

    @inline(__always)
    private func askInvariant() {
        guard let invariant = workload.invariant else { return }
        let changes = vcpu_machine_changes(handle)
        if changes != 0 && !failed {
            _ = vcpu_machine_check(handle, invariant, changes & VCPU_CHANGED_LOCK.rawValue != 0)
        }
    }

    @inline(__always)
    private mutating func push(_ cpu: UInt8) {
        if depth == capacity {
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: schedule, count: depth)
            schedule.deallocate()
            schedule = larger
            capacity *= 2
        }
        schedule[depth] = cpu
        depth += 1
    }

    @inline(__always)
    private mutating func noteBugs() {
        var count: UInt32 = 0
        let bugs = vcpu_machine_bugs(handle, &count)!
        if count == noted { return }
        for i in Int(noted)..<Int(count) { note(bugs[i]) }
        noted = count
        failed = true
    }

    private mutating func note(_ bug: vcpu_bug_record) {
        let site = bug.site!
        note(
            .site(site, pc: site.pointee.line == 0 ? UInt(bitPattern: bug.pc) : 0),
            // An oracle has no CPU: name the one that ran last.
            cpu: Int(bug.cpu) < workload.cpus ? Int(bug.cpu) : Int(depth > 0 ? schedule[depth - 1] : 0))
    }

    private mutating func note(_ failure: Failure, cpu: Int) {
        let schedule = UnsafeBufferPointer(start: schedule, count: depth)
        workload.onFailure?(failure, cpu, schedule)
        witnesses.note(
            failure, cpu: cpu, schedule: schedule,
            execution: counts.executions + counts.randomExecutions + 1,
            seconds: seconds)
    }

    /// Called when no CPU is enabled: asks the end check, or notes who waits for ever.
    mutating func finish() {
        let unfinished = vcpu_machine_unfinished(handle)
        let cut = vcpu_machine_cut(handle)
        if cut != 0 {
            noteCut(cut.trailingZeroBitCount)
            if vcpu_machine_stuck(handle) && stop == nil { stop = .stuck }
        } else if failed {
            // A halted CPU keeps its locks: who waits for them is no news.
        } else if unfinished != 0 {
            noteWaiting(unfinished)
        } else if let endCheck = workload.endCheck {
            _ = vcpu_machine_check(handle, endCheck, true)
            noteBugs()
        }
        workload.onEnd?(counts.restarts)
        counts.deepest = max(counts.deepest, depth)
    }

    private mutating func noteWaiting(_ unfinished: UInt32) {
        let spinning = (0..<workload.cpus).first { loop(of: $0) != nil }
        note(
            spinning == nil ? .deadlock(waiting: unfinished) : .livelock(waiting: unfinished),
            cpu: spinning ?? unfinished.trailingZeroBitCount)
        failed = true
    }

    /// An execution that does not end within the limit: the CPU that ran last is
    /// followed no further.
    mutating func giveUp() {
        let cpu = Int(schedule[depth - 1])
        vcpu_machine_cut_cpu(handle, UInt32(cpu))
        noteCut(cpu)
    }

    private mutating func noteCut(_ cpu: Int) {
        counts.cut += 1
        let pc = loop(of: cpu).map { withUnsafeBytes(of: $0.frame) { $0.load(as: UInt.self) } }
        note(.cut(pc: pc ?? 0), cpu: cpu)
    }

    /// The loop that a CPU is in and cannot leave.
    private func loop(of cpu: Int) -> vcpu_loop? {
        var loop = vcpu_loop()
        return vcpu_machine_loop(handle, UInt32(cpu), &loop) ? loop : nil
    }

    var seconds: Double {
        let d = limits.start.duration(to: .now)
        return Double(d.components.seconds) + Double(d.components.attoseconds) * 1e-18
    }
}
