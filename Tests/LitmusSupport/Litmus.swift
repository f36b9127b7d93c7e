// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CLitmusProgram
import CVcpu
import Explorer
import Testing

/// One operation of a small test program.
func op(_ kind: litmus_kind, _ variable: Int = 0, other: Int = 0, _ value: Int = 0)
    -> litmus_operation
{
    litmus_operation(
        kind: UInt8(kind.rawValue), variable: UInt8(variable), other: UInt8(other),
        value: Int8(value))
}

/// A machine that runs small programs, one a CPU.
final class Litmus {
    let machine: Machine
    private let cpus: Int
    private var programs: [UnsafeMutableRawBufferPointer] = []

    /// - Parameter machine: one of `newMachine()` that ran other programs before; a new
    ///   one takes far longer to make than a small program to explore.
    init(
        _ programs: [[litmus_operation]], _ reductions: Reductions = .all,
        oracle: litmus_oracle = .init(variable: 0, value: 0), on machine: Machine? = nil
    ) throws {
        self.machine = try machine ?? Self.newMachine()
        cpus = programs.count
        vcpu_machine_forget(self.machine.handle)
        precondition(vcpu_machine_is_pristine(self.machine.handle), "the machine is reset")
        self.machine.arena.baseAddress!.assumingMemoryBound(to: litmus_world.self).pointee.oracle =
            oracle
        vcpu_machine_set_options(self.machine.handle, reductions.machineOptions)
        vcpu_machine_set_cpus(self.machine.handle, UInt32(cpus))
        for (cpu, list) in programs.enumerated() {
            let head = MemoryLayout<litmus_program>.stride
            let program = UnsafeMutableRawBufferPointer.allocate(
                byteCount: head + list.count * MemoryLayout<litmus_operation>.stride,
                alignment: MemoryLayout<litmus_program>.alignment)
            let operations = UnsafeMutableRawBufferPointer(rebasing: program[head...])
                .initializeMemory(as: litmus_operation.self, fromContentsOf: list)
            program.baseAddress!.initializeMemory(
                as: litmus_program.self,
                to: litmus_program(operations: operations.baseAddress, count: UInt32(list.count)))
            self.programs.append(program)
            vcpu_machine_set_program(
                self.machine.handle, UInt32(cpu), litmus_run, program.baseAddress, program.count)
        }
        vcpu_machine_snapshot(self.machine.handle)
    }

    static func newMachine() throws -> Machine {
        try #require(Machine(arenaBytes: MemoryLayout<litmus_world>.size))
    }

    deinit {
        for p in programs { p.deallocate() }
    }

    var workload: Workload {
        Workload(
            machine: machine, cpus: cpus, owner: self, invariant: nil,
            endCheck: litmus_end_check)
    }
}

/// The result of an exhaustive search of a program.
struct Exploration: Equatable {
    /// Hashes of the states that executions end in.
    var states: Set<UInt64> = []
    /// Hashes of the states of executions in which all CPUs finished.
    var finalStates: Set<UInt64> = []
    /// Sites and deadlocks; a site without a line counts once, wherever it is.
    var failures: Set<Failure> = []
    var counts = SearchCounts()
    var traces: [UInt64: Int] = [:]
    var end = SearchEnd.complete

    /// The same states and failures, however they were found.
    static func == (a: Exploration, b: Exploration) -> Bool {
        a.states == b.states && a.failures == b.failures
    }
}

/// A scheduler that says which happens-before relation an execution had.
protocol TracingScheduler: Scheduler, ~Copyable {
    func traceHash() -> UInt64
    func _checkInvariants()
}

extension DFSScheduler: TracingScheduler {}
extension DPORScheduler: TracingScheduler {}
extension StatesScheduler: TracingScheduler {
    /// An execution is of many traces.
    func traceHash() -> UInt64 { 0 }
    func _checkInvariants() {}
}

/// Explores all states of a workload; nil when memory is short.
///
/// - Parameter spoil: what is spoiled of each state that the search goes through.
func exploreStates(
    _ workload: Workload, _ reductions: Reductions = .all, limits: SearchLimits = SearchLimits(),
    spoil: vcpu_spoil = VCPU_SPOIL_NOTHING, mistake: StatesScheduler.Mistake? = nil
) -> Exploration? {
    let handle = workload.machine.handle
    guard vcpu_machine_spoil(handle, spoil) else { return nil }
    defer { _ = vcpu_machine_spoil(handle, VCPU_SPOIL_NOTHING) }
    vcpu_machine_set_options(handle, reductions.subtracting(.awaitLoops).machineOptions)
    defer { vcpu_machine_set_options(handle, reductions.machineOptions) }
    workload.prepare(for: .states)
    defer { workload.prepare(for: .dpor) }
    return workload.machine.withCurrent {
        while true {
            var livelocks: [UInt32] = []
            var result = explore(workload, by: StatesScheduler(workload, reductions, mistake: mistake), limits) {
                livelocks = $0.livelocks.map(\.waiting)
            }
            for waiting in livelocks { result.failures.insert(.livelock(waiting: waiting)) }
            if result.end != .conflictsGrew { return result }
        }
    }
}

/// Explores all states of a workload in rounds, by so many processes; nil when memory is short.
///
/// - Parameter alone: the states that one process explores before that.
func exploreRounds(
    _ workload: Workload, _ reductions: Reductions = .all, jobs: Int = 1, memory: Int? = nil, alone: Int = 0
) -> Exploration? {
    var options = SearchOptions()
    options.policy = .states
    options.reductions = reductions
    options.randomExecutions = 0
    options.statesAlone = alone
    options.keepsEnds = true
    options.jobs = jobs
    options.memory = memory
    let handle = workload.machine.handle
    vcpu_machine_set_options(handle, reductions.machineOptions)
    return workload.machine.withCurrent {
        let outcome = Search(workload, options).run()
        if outcome.end == .memory { return nil }
        // It ended before a step, so there was nothing to do in rounds.
        if outcome.counts.states == 0 { return exploreStates(workload, reductions) }
        var result = Exploration()
        result.end = outcome.end
        result.counts = outcome.counts
        result.failures = Set(outcome.witnesses.all.keys.map(\.withoutPlace))
        vcpu_machine_set_options(handle, reductions.subtracting(.awaitLoops).machineOptions)
        workload.prepare(for: .states)
        for schedule in outcome.ends {
            let replay = Replay(schedule, of: workload) { _ in true }
            precondition(replay.steps == schedule.count, "an end that cannot be come to")
            let state = vcpu_machine_state_hash(handle)
            result.states.insert(state)
            if vcpu_machine_unfinished(handle) == 0 { result.finalStates.insert(state) }
        }
        workload.prepare(for: .dpor)
        vcpu_machine_set_options(handle, reductions.machineOptions)
        return result
    }
}

extension Failure {
    /// A site without a line counts once, wherever it is.
    fileprivate var withoutPlace: Failure {
        if case .site(let site, _) = self { return .site(site, pc: 0) }
        return self
    }
}

/// Explores a workload to its end, beginning anew when a conflict turns up.
func explore(
    _ workload: Workload, _ reductions: Reductions = .all, bruteForce: Bool = false,
    limits: SearchLimits = SearchLimits()
) -> Exploration {
    workload.machine.withCurrent {
        while true {
            let result = bruteForce
                ? explore(workload, by: DFSScheduler(workload), limits)
                : explore(workload, by: DPORScheduler(workload, reductions), limits)
            if result.end != .conflictsGrew { return result }
        }
    }
}

private func explore<S: TracingScheduler & ~Copyable>(
    _ workload: Workload, by scheduler: consuming S, _ limits: SearchLimits,
    atEnd: (borrowing S) -> Void = { _ in }
) -> Exploration {
    var result = Exploration()
    var states: Set<UInt64> = []
    var finalStates: Set<UInt64> = []
    var traces: [UInt64: Int] = [:]
    var driver = ExecutionDriver(workload, scheduler)
    driver.onExecution = { scheduler, machine in
        let state = vcpu_machine_state_hash(machine)
        states.insert(state)
        if vcpu_machine_unfinished(machine) == 0 { finalStates.insert(state) }
        traces[scheduler.traceHash(), default: 0] += 1
        scheduler._checkInvariants()
    }
    result.end = driver.run(limits)
    atEnd(driver.scheduler)
    result.states = states
    result.finalStates = finalStates
    result.traces = traces
    result.counts = driver.counts
    result.failures = Set(driver.witnesses.all.keys.map(\.withoutPlace))
    return result
}

func explore(
    _ programs: [[litmus_operation]], _ reductions: Reductions = .all, bruteForce: Bool = false,
    limits: SearchLimits = SearchLimits()
) throws -> Exploration {
    try explore(
        Litmus(programs, reductions).workload, reductions, bruteForce: bruteForce, limits: limits)
}

/// The kinds of the failures.
func kinds(_ exploration: Exploration) -> Set<String> {
    Set(exploration.failures.map(\.kindName))
}
