// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report

/// Follows a schedule step by step, and says what the CPUs are about to do: in names, so
/// that it can be compared with another execution, of another process or other code.
struct Follower {
    let world: World
    let resolver: Resolver
    var handle: OpaquePointer { world.machine.handle }

    /// Where an execution is not what was expected.
    struct Divergence: Error {
        /// Steps taken before it.
        var step: Int
        var expected: String
        var came: String
    }

    /// The steps between context switches, each with the first of them.
    func runs(_ schedule: Schedule) throws(Divergence) -> [WitnessFile.Run] {
        var runs = schedule.runs.map { WitnessFile.Run(cpu: $0.cpu, steps: $0.steps) }
        var taken = 0
        vcpu_machine_begin(handle)
        for index in runs.indices {
            runs[index].first = next(runs[index].cpu)
            try take(runs[index], after: &taken)
        }
        return runs
    }

    /// Follows the runs to their end.
    ///
    /// - Parameter taken: steps, for who wants to know where it diverged.
    func follow(_ runs: [WitnessFile.Run], taken: inout Int) throws(Divergence) {
        vcpu_machine_begin(handle)
        for run in runs {
            if let expected = run.first, run.cpu < world.plan.cpus.count {
                let came = state(run.cpu)
                guard came == expected else {
                    throw Divergence(
                        step: taken, expected: "CPU\(run.cpu) to \(expected)",
                        came: "CPU\(run.cpu): \(came)")
                }
            }
            try take(run, after: &taken)
        }
    }

    func take(_ run: WitnessFile.Run, after taken: inout Int) throws(Divergence) {
        for _ in 0..<run.steps {
            guard canStep(run.cpu) else {
                throw Divergence(
                    step: taken, expected: "a step of CPU\(run.cpu)",
                    came: run.cpu < world.plan.cpus.count
                        ? "CPU\(run.cpu): \(state(run.cpu))" : "there is no such CPU")
            }
            vcpu_machine_step(handle, UInt32(run.cpu))
            taken += 1
        }
    }

    func canStep(_ cpu: Int) -> Bool {
        cpu < world.plan.cpus.count && vcpu_machine_enabled(handle) & (1 << UInt32(cpu)) != 0
    }

    /// The next step of a CPU, or why it takes none.
    func state(_ cpu: Int) -> String {
        if vcpu_machine_unfinished(handle) & (1 << UInt32(cpu)) == 0 {
            return world.machine.bugs.contains { Int($0.cpu) == cpu } ? Self.failed : "has finished"
        }
        guard !canStep(cpu) else { return next(cpu) }
        if let loop = resolver.loop(of: cpu, on: world.machine) {
            return "spins" + (loop.stack.first.map { " in \($0.function)()" } ?? "")
        }
        guard let wait = Trace.wait(of: cpu, handle, []) else { return "takes no step" }
        return Wait(wait, resolver.names, nil).text
    }

    /// The state of a CPU that has.
    static let failed = "failed"

    /// What a CPU that can go on, or waits, does next.
    func next(_ cpu: Int) -> String {
        let operation = vcpu_machine_pending(handle, UInt32(cpu)).pointee.operation
        let address = vcpu_machine_pending_address(handle, UInt32(cpu))
        let object = address.map { resolver.names.object($0) ?? "memory" }
        let function = resolver.symbolizer.place(vcpu_machine_pending_pc(handle, UInt32(cpu)))
            .map { "in \(Self.function($0.function))()" }
        return [Self.verb(operation), object, function].compactMap { $0 }.joined(separator: " ")
    }

    /// The condition of an assertion is compiled to a block of the function.
    private static func function(_ name: String) -> String {
        guard let match = name.wholeMatch(of: #/__(.+)_block_invoke(?:_[0-9]+)?/#) else { return name }
        return String(match.1)
    }

    private static func verb(_ operation: UInt32) -> String {
        switch vcpu_operation(operation) {
        // An assertion that waits to be evaluated reads.
        case VCPU_READ, VCPU_ASSERT: "read"
        case VCPU_WRITE: "write"
        case VCPU_RMW: "update"
        case VCPU_ACQUIRE: "lock"
        case VCPU_ACQUIRE_SHARED: "lock for reading"
        case VCPU_TRYLOCK: "try to lock"
        case VCPU_RELEASE, VCPU_RELEASE_SHARED: "unlock"
        case VCPU_FREE: "free"
        case VCPU_REUSE: "use again"
        case VCPU_RCU_ENTER: "rcu_read_lock()"
        case VCPU_RCU_LEAVE: "rcu_read_unlock()"
        case VCPU_RCU_SYNCHRONIZE: "synchronize_rcu()"
        case VCPU_RCU_WAIT: "end a grace period"
        case VCPU_IRQ_OFF: "turn interrupts off"
        case VCPU_IRQ_ON: "turn interrupts on"
        case VCPU_IRQ_SEND: "send an interrupt"
        case VCPU_IRQ_WAIT: "have an interrupt taken"
        default: "spin"
        }
    }

    /// The failure in the state as it is, once its oracles are asked; nil if there is none.
    /// Of several, the one that is looked for.
    func failure(_ schedule: Schedule, like identity: String?) -> Witness? {
        let machine = world.machine, workload = world.workload
        let unfinished = vcpu_machine_unfinished(handle)
        if machine.bugs.isEmpty, let invariant = workload.invariant {
            _ = vcpu_machine_check(handle, invariant, true)
        }
        if machine.bugs.isEmpty, unfinished == 0, let endCheck = workload.endCheck {
            _ = vcpu_machine_check(handle, endCheck, true)
        }
        let last = schedule.cpus.last.map(Int.init) ?? 0
        func witness(_ failure: Failure, cpu: Int) -> Witness {
            Witness(
                failure: failure, cpu: cpu, schedule: schedule.cpus, execution: 1,
                switches: max(0, schedule.runs.count - 1), seconds: 0)
        }
        let failed = machine.bugs.map { bug in
            witness(
                .site(bug.site, pc: bug.site.pointee.line == 0 ? UInt(bitPattern: bug.pc) : 0),
                cpu: Int(bug.cpu) < workload.cpus ? Int(bug.cpu) : last)
        }
        if let found = failed.first(where: { resolver.finding($0).identity == identity }) ?? failed.first {
            return found
        }
        guard vcpu_machine_enabled(handle) == 0, unfinished != 0 else { return nil }
        let spinning = (0..<workload.cpus).first { resolver.loop(of: $0, on: machine) != nil }
        return witness(
            spinning == nil ? .deadlock(waiting: unfinished) : .livelock(waiting: unfinished),
            cpu: spinning ?? unfinished.trailingZeroBitCount)
    }
}
