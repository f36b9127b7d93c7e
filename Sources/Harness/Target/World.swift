// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CVcpu
import Explorer

/// A machine with a booted world of one revision, set up by one plan, ready to
/// be searched.
public final class World {
    /// The plan that set it up.
    public let plan: Plan
    /// The code that runs in it.
    public let revision: Revision
    /// The machine, whose snapshot is the world after the set-up.
    public let machine: Machine
    /// The bodies of virtual CPUs; the machine points into these.
    private var programs: [UnsafeMutableRawBufferPointer] = []

    /// Boots the world, runs the set-up, and takes the snapshot that every
    /// execution starts from.  `place` is given the arena before anything lies in it.
    ///
    /// - Throws: `unsupported`, `outOfMemory`, `setupFailed`, `unresolvedSymbol`.
    public init(
        _ plan: Plan, revision: Revision, reductions: Reductions = .all,
        place: ((UnsafeMutableRawBufferPointer) throws(HarnessError) -> Void)? = nil
    ) throws(HarnessError) {
        self.plan = plan
        self.revision = revision
        let target = revision.target.pointee
        try Self.require(plan, of: revision)
        var boot = cmm_boot(
            target: revision.target,
            config: cmm_config(
                subpages: UInt32(plan.subpages), processes: UInt32(plan.processes),
                cpus: UInt32(plan.cpus.count), commits: revision.chosen?.rawValue ?? 0))
        let bytes = target.arena_bytes(&boot.config)
        guard bytes > 0 else {
            throw .unsupported("\(revision.id) was not built for \(plan.subpages) subpages and \(plan.processes) processes")
        }
        guard let made = revision.loaded.map({ Machine(over: $0.arena) }) ?? Machine(arenaBytes: bytes)
        else { throw .outOfMemory(bytes: bytes) }
        machine = made
        let handle = machine.handle
        if let loaded = revision.loaded { vcpu_machine_set_unresolved(handle, loaded.unresolved) }
        if let place {
            revision.loaded?.discard()
            try place(machine.arena)
        }
        revision.loaded?.restore()
        vcpu_machine_set_options(handle, reductions.machineOptions)
        vcpu_machine_set_cpus(handle, UInt32(plan.cpus.count))
        let setup = program(plan.setup).baseAddress
        try machine.withCurrent { () throws(HarnessError) in
            if let site = vcpu_machine_guard(handle, 0, cmm_world_boot, &boot)
                ?? vcpu_machine_guard(handle, 0, cmm_program_run, setup)
            {
                throw revision.loaded?.unresolvedName(site).map { .unresolvedSymbol($0) }
                    ?? .setupFailed(String(cString: site.pointee.expression))
            }
            vcpu_machine_snapshot(handle)
        }
        guard sumCounters() else { throw .outOfMemory(bytes: bytes) }
        for (cpu, list) in plan.cpus.enumerated() {
            let program = program(list)
            vcpu_machine_set_program(handle, UInt32(cpu), cmm_program_run, program.baseAddress, program.count)
        }
    }

    /// Names states by the sums of counters that each CPU has of its own, where they are known
    /// by their sums only; false when memory is short.
    private func sumCounters() -> Bool {
        let all = counters
        guard sumsCounters, let some = all.first else { return true }
        // One operation is noticed before the next can come to the threshold.
        return vcpu_machine_sum_counters(
            machine.handle, all.map(\.first), UInt32(all.count), some.count, some.threshold - Int32(some.change))
    }

    private var counters: [cmm_counters] {
        machine.withCurrent { plan.cpus.indices.map { revision.target.pointee.counters(UInt32($0)) } }
    }

    /// Whether no counter that a CPU has of its own can come to the threshold at which it is
    /// added to that of all; of the world as it was set up.
    var sumsCounters: Bool {
        zip(counters, plan.cpus).allSatisfy { counters, operations in
            let most = UnsafeBufferPointer(start: counters.first, count: Int(counters.count))
                .map { abs(Int($0)) }.max() ?? 0
            return most + operations.count * Int(counters.change) <= Int(counters.threshold)
        }
    }

    /// Throws unless the target has all operations of a plan.
    private static func require(_ plan: Plan, of revision: Revision) throws(HarnessError) {
        if let operation = revision.lacks(plan) {
            let parameters = Scenario.all.first { $0.name == plan.scenario }?.parameters ?? []
            let set = parameters.filter { plan.parameters[$0.name] != $0.defaultValue }
                .map { " \($0.name)=\(plan.parameters[$0.name] ?? 0)" }
            throw .unsupported(
                "\(revision.id) has no operation '\(operation.name)', which \(plan.scenario)\(set.joined()) takes")
        }
    }

    deinit {
        for p in programs { p.deallocate() }
    }

    /// A program, and behind it its operations, in one piece.
    private func program(_ list: [Operation]) -> UnsafeMutableRawBufferPointer {
        let head = MemoryLayout<cmm_program>.stride
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: head + list.count * MemoryLayout<cmm_operation>.stride,
            alignment: MemoryLayout<cmm_program>.alignment)
        let operations = UnsafeMutableRawBufferPointer(rebasing: memory[head...])
            .initializeMemory(as: cmm_operation.self, fromContentsOf: list.map(\.cmm))
        memory.baseAddress!.initializeMemory(
            as: cmm_program.self,
            to: cmm_program(target: revision.target, operations: operations.baseAddress, count: UInt32(list.count)))
        programs.append(memory)
        return memory
    }

    /// The world as a search sees it.
    public var workload: Workload {
        Workload(
            machine: machine, cpus: plan.cpus.count, owner: self,
            invariant: revision.target.pointee.invariant,
            endCheck: revision.target.pointee.end_check)
    }

    /// Runs operations one after the other on one CPU, outside any search.
    /// Returns the expression of the failure, or nil.
    public func run(_ list: [Operation], cpu: Int = 0) -> String? {
        machine.withCurrent {
            vcpu_machine_guard(machine.handle, UInt32(cpu), cmm_program_run, program(list).baseAddress)
                .map { String(cString: $0.pointee.expression) }
        }
    }

    /// The end check of the world as it is: the expression that is false, or nil.
    public func endCheck() -> String? {
        machine.withCurrent {
            vcpu_machine_check(machine.handle, revision.target.pointee.end_check, true)
                .map { String(cString: $0.pointee.expression) }
        }
    }

    /// The numbers of the world as it is.
    public func state() -> cmm_state {
        machine.withCurrent {
            var state = cmm_state()
            revision.target.pointee.state(&state)
            return state
        }
    }

    /// The name of the object at an address, or nil.
    func describe(_ address: UnsafeRawPointer) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            machine.withCurrent {
                revision.target.pointee.describe(address, buffer.baseAddress, buffer.count)
            } ? String(cString: buffer.baseAddress!) : nil
        }
    }

    /// A value of the object at an address in words, or nil.
    func describe(_ value: UInt64, at address: UnsafeRawPointer) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            machine.withCurrent {
                revision.target.pointee.describe_value(
                    address, value, buffer.baseAddress, buffer.count)
            } ? String(cString: buffer.baseAddress!) : nil
        }
    }
}
