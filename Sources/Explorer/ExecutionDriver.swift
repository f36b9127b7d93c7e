// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Runs the executions that a scheduler chooses: begins each, steps it, and looks at
/// what failed.
package struct ExecutionDriver<S: Scheduler & ~Copyable>: ~Copyable {
    /// Steps after which the limits are asked: an execution can be long, and may
    /// have no end.
    private static var stepsBetweenLooks: UInt64 { 1 << 8 }
    private static var stepsBetweenReports: UInt64 { 1 << 14 }

    private let workload: Workload
    private let handle: OpaquePointer
    /// Decides which CPU takes each step.
    package internal(set) var scheduler: S
    /// The CPU of each step so far.
    private var schedule: UnsafeMutablePointer<UInt8>
    private var depth = 0
    private var capacity = 1 << 12
    /// Bugs of this execution that are already noted.
    private var noted: UInt32 = 0
    private var failed = false
    /// Contents of the arena that the invariant was asked of, where states are kept.
    private var asked = StateSet(limit: 1 << 26)
    private var limits = SearchLimits()
    private var mostSteps = 0
    /// Why the search has to stop, as soon as that is known.
    private var stop: SearchEnd?
    private var isReportDue = false

    /// Counts of the search so far.
    package var counts = SearchCounts()
    /// Witnesses of the failures so far.
    package var witnesses = Witnesses()
    /// Called now and then, with the counts and the seconds so far.
    package var onProgress: ((SearchCounts, Double) -> Void)?
    /// Called after each complete execution, with the machine as it ended.
    package var onExecution: ((borrowing S, OpaquePointer) -> Void)?

    /// Prepares for a search of the workload.
    package init(_ workload: Workload, _ scheduler: consuming S) {
        self.workload = workload
        self.scheduler = scheduler
        handle = workload.machine.handle
        schedule = .allocate(capacity: capacity)
    }

    deinit { schedule.deallocate() }

    /// Runs executions until the scheduler has no more, or a limit is met.
    ///
    /// Ends with `.conflictsGrew` when memory turned out to be shared that was not known
    /// to be: the events of all executions so far are then not those of the next, so the
    /// caller begins a new search.
    package mutating func run(_ limits: SearchLimits) -> SearchEnd {
        self.limits = limits
        mostSteps = limits.depth
        let generation = vcpu_machine_generation(handle)
        var isFirst = true
        while let known = scheduler.begin() {
            if S.restores && !isFirst { depth = scheduler.restored ?? known } else { begin() }
            isFirst = false
            do throws(Divergence) {
                try execute(repeating: known, generation)
            } catch {
                return .nondeterministic(error.reason)
            }
            if !S.isSystematic {
                if let stop { return stop }
                counts.randomExecutions += 1
            }
            if vcpu_machine_generation(handle) != generation { return .conflictsGrew }
            if let end = stop ?? isEnough { return end }
        }
        counts.conflicts = UInt64(vcpu_machine_conflicts(handle))
        counts.states = scheduler.stateCount
        return S.isSystematic ? .complete : .sampled
    }

    /// The CPU of each step of this execution so far.
    var steps: [UInt8] { Array(UnsafeBufferPointer(start: schedule, count: depth)) }

    private var isEnough: SearchEnd? {
        if limits.stopAtFirstFailure && !witnesses.all.isEmpty { return .firstFailure }
        if let most = limits.executions, counts.executions >= most { return .budget }
        return nil
    }

    /// Runs one execution, whose first steps are known.
    private mutating func execute(
        repeating known: Int, _ generation: UInt64
    ) throws(Divergence) {
        while depth < known {
            guard let cpu = try scheduler.next(handle, enabled: vcpu_machine_enabled(handle))
            else { return }
            take(cpu)
            if stop != nil { return }
        }
        noteReplay()
        while true {
            let enabled = vcpu_machine_enabled(handle)
            if enabled == 0 || depth >= mostSteps {
                if enabled == 0 { finish() } else { giveUp() }
                if S.isSystematic { counts.executions += 1 }
                scheduler.end(handle)
                if enabled == 0 { onExecution?(scheduler, handle) }
                return
            }
            guard let cpu = try scheduler.next(handle, enabled: enabled) else {
                counts.blocked += 1
                return
            }
            take(cpu)
            noteReports()
            askInvariant()
            noteBugs()
            if S.isSystematic && vcpu_machine_generation(handle) != generation { return }
            if stop != nil { return }
            if isReportDue { report() }
        }
    }

    /// Resets the machine; all CPUs stand at their first event.
    @inline(__always)
    private mutating func begin() {
        vcpu_machine_begin(handle)
        depth = 0
        noted = 0
        failed = false
        noteBugs()
        // It says what it depends on, though nothing has changed.
        askInvariant(always: S.restores)
        noteBugs()
    }

    /// Executes the next step, of that CPU.
    @inline(__always)
    private mutating func take(_ cpu: Int) {
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
    private mutating func report() {
        isReportDue = false
        counts.explored = scheduler.explored
        counts.states = scheduler.stateCount
        onProgress?(counts, seconds)
    }

    /// Takes what failed in the repeated steps for known.
    private mutating func noteReplay() {
        var count: UInt32 = 0
        _ = vcpu_machine_bugs(handle, &count)
        noted = count
        failed = count > 0
    }

    /// After a report the CPU ran on to the end of the step, so the state is of after the
    /// failure: no oracle is asked of it.  A CPU that halted stands where it failed.
    @inline(__always)
    private mutating func noteReports() {
        var count: UInt32 = 0
        let bugs = vcpu_machine_bugs(handle, &count)!
        for i in Int(noted)..<Int(count) where !bugs[i].halts { failed = true }
    }

    @inline(__always)
    private mutating func askInvariant(always: Bool = false) {
        guard let invariant = workload.invariant else { return }
        let changes = vcpu_machine_changes(handle)
        // It says what it depends on, so after other steps it has nothing new to say.
        if S.restores && !always && !vcpu_machine_shows(handle) { return }
        if (changes != 0 || always) && !failed {
            // It is asked once of what it looks at, whichever step led there.
            if S.restores && asked.insert(vcpu_machine_arena_name(handle)) == .known { return }
            let isWhole = S.restores || changes & VCPU_CHANGED_LOCK.rawValue != 0
            _ = vcpu_machine_check(handle, invariant, isWhole)
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
    private mutating func noteBugs(atEnd: Bool = false) {
        var count: UInt32 = 0
        let bugs = vcpu_machine_bugs(handle, &count)!
        if count == noted { return }
        for i in Int(noted)..<Int(count) { note(bugs[i]) }
        if S.restores && !atEnd && Int(bugs[Int(count) - 1].cpu) >= workload.cpus {
            // It is about a state, and ends nothing: what comes after is searched as well.
            vcpu_machine_keep_bugs(handle, noted)
            return
        }
        noted = count
        failed = true
    }

    /// Asks an oracle of the state as it is, and notes what it finds.
    mutating func ask(_ oracle: vcpu_oracle?) {
        guard let oracle else { return }
        _ = vcpu_machine_check(handle, oracle, true)
        noteBugs(atEnd: true)
    }

    private mutating func note(_ bug: vcpu_bug_record) {
        note(
            Failure(bug),
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

    /// Asks the end check, or notes the CPUs that wait for ever, as no CPU is enabled.
    private mutating func finish() {
        let unfinished = vcpu_machine_unfinished(handle)
        let cut = vcpu_machine_cut(handle)
        if cut != 0 {
            noteCut(cut.trailingZeroBitCount)
            if vcpu_machine_stuck(handle) && stop == nil { stop = .stuck }
        } else if failed {
            // A halted CPU keeps its locks: a CPU that waits for them is not news.
        } else if unfinished != 0 {
            noteWaiting(unfinished)
        } else {
            ask(workload.endCheck)
        }
        workload.onEnd?(counts.restarts)
        counts.deepest = max(counts.deepest, depth)
    }

    private mutating func noteWaiting(_ unfinished: UInt32) {
        let spinning = (0..<workload.cpus).first { workload.machine.loop(of: $0) != nil }
        note(
            spinning == nil ? .deadlock(waiting: unfinished) : .livelock(waiting: unfinished),
            cpu: spinning ?? unfinished.trailingZeroBitCount)
        failed = true
    }

    /// Follows the CPU that ran last no further: the execution is longer than it may be.
    private mutating func giveUp() {
        let cpu = Int(schedule[depth - 1])
        vcpu_machine_cut_cpu(handle, UInt32(cpu))
        noteCut(cpu)
    }

    private mutating func noteCut(_ cpu: Int) {
        counts.cut += 1
        let pc = workload.machine.loop(of: cpu).map { withUnsafeBytes(of: $0.frame) { $0.load(as: UInt.self) } }
        note(.cut(pc: pc ?? 0), cpu: cpu)
    }

    private var seconds: Double {
        limits.start.duration(to: .now) / .seconds(1)
    }
}
