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

    /// A place where an execution is not what was expected.
    struct Divergence: Error {
        /// Steps taken before it.
        var step: Int
        var expected: String
        var came: String
    }

    /// Runs the execution of a schedule.
    ///
    /// - Parameter before: called before each step; false ends the execution there.
    /// - Returns: witnesses of what failed in it.
    func follow(
        _ schedule: Schedule, before: @escaping (_ step: Int, _ cpu: Int) -> Bool
    ) throws(Divergence) -> [Witness] {
        let cpus = schedule.cpus
        let replay = Replay(cpus, of: world.workload) { before($0, Int(cpus[$0])) }
        guard replay.steps == cpus.count else {
            let step = replay.steps, cpu = Int(cpus[step])
            throw Divergence(
                step: step, expected: "a step of CPU\(cpu)",
                came: cpu < world.plan.cpus.count ? "CPU\(cpu): \(state(cpu))" : "there is no such CPU")
        }
        return replay.witnesses
    }

    /// The steps between context switches, each with the first of them.
    func runs(_ schedule: Schedule) throws(Divergence) -> [WitnessFile.Run] {
        var firsts: [String] = []
        _ = try follow(schedule) { step, cpu in
            if step == 0 || Int(schedule.cpus[step - 1]) != cpu { firsts.append(next(cpu)) }
            return true
        }
        return zip(schedule.runs, firsts).map { WitnessFile.Run(cpu: $0.cpu, steps: $0.steps, first: $1) }
    }

    /// Runs the execution of a witness, each of whose runs begins as it says.
    ///
    /// - Returns: a witness of its failure; of several, of the one that the file names.
    func follow(_ file: WitnessFile) throws(Divergence) -> Witness {
        var firsts: [Int: String] = [:]
        var steps = 0
        for run in file.runs {
            firsts[steps] = run.first
            steps += run.steps
        }
        do {
            let met = try follow(file.schedule) { [firsts] step, cpu in
                firsts[step].map { $0 == state(cpu) } ?? true
            }
            return try failure(among: met, of: file)
        } catch {
            guard let first = firsts[error.step], error.came.hasPrefix("CPU") else { throw error }
            let cpu = file.schedule.cpus[error.step]
            throw Divergence(step: error.step, expected: "CPU\(cpu) to \(first)", came: error.came)
        }
    }

    /// The failure that a witness shows, among those that an execution met.
    func failure(among met: [Witness], of file: WitnessFile) throws(Divergence) -> Witness {
        func identity(_ witness: Witness) -> String { resolver.finding(witness).identity }
        guard let witness = met.first(where: { identity($0) == file.fails }) ?? met.first,
            file.fails == nil || identity(witness) == file.fails
        else {
            throw Divergence(
                step: file.schedule.cpus.count, expected: file.fails ?? "a failure",
                came: met.first.map(identity) ?? "none")
        }
        return witness
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

    /// The next operation of a CPU that can go on, or waits.
    func next(_ cpu: Int) -> String {
        next(cpu, at: vcpu_machine_pending_pc(handle, UInt32(cpu)))
    }

    /// The next operation of a CPU, as one of the function that an address lies in.
    func next(_ cpu: Int, at pc: UnsafeRawPointer?) -> String {
        let operation = vcpu_machine_pending(handle, UInt32(cpu)).pointee.operation
        let address = vcpu_machine_pending_address(handle, UInt32(cpu))
        let object = address.map { resolver.names.object($0) ?? "memory" }
        let function = resolver.symbolizer.place(pc)
            .map { "in \(Self.function($0.function))()" }
        return [Self.verb(operation), object, function].compactMap { $0 }.joined(separator: " ")
    }

    /// The condition of an assertion is compiled to a block of the function.
    static func function(_ name: String) -> String {
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
}
