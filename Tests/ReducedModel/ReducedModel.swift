// SPDX-License-Identifier: GPL-2.0-only
import CLitmusProgram
import CVcpu
import Explorer

/// Split against zap of one huge page, reduced to what Linux 3.14 did wrong: as other
/// checkers can be given it, too (`Benchmarks/reduced.pml`).
///
/// The first CPU splits; of the others, each zaps one mapping.
public final class ReducedModel {
    /// The mappings: at least one, and at most `mostMappings`.
    public let mappings: Int
    /// The machine that its CPUs run on.
    public let machine: Machine
    private let threads: UnsafeMutablePointer<reduced_thread>

    /// The most mappings that it can have: a CPU each, beside the one that splits.
    public static var mostMappings: Int { Int(REDUCED_MAPPINGS_MAX) }

    /// Makes a machine of the model; nil when memory is short.
    ///
    /// - Parameters:
    ///   - isBuggy: whether the split looks at an entry before it takes its lock.
    ///   - reductions: those that the machine is to have.
    public init?(mappings: Int, isBuggy: Bool, reductions: Reductions = .all) {
        precondition((1...Self.mostMappings).contains(mappings), "one of the numbers that there are CPUs for")
        guard let machine = Machine(arenaBytes: MemoryLayout<reduced_world>.size) else { return nil }
        self.mappings = mappings
        self.machine = machine
        threads = .allocate(capacity: mappings + 1)
        for cpu in 0...mappings {
            (threads + cpu).initialize(
                to: reduced_thread(
                    mapping: UInt32(max(cpu - 1, 0)), mappings: UInt32(mappings), is_buggy: isBuggy))
        }
        setWorld()
        vcpu_machine_set_options(machine.handle, reductions.machineOptions)
        vcpu_machine_set_cpus(machine.handle, UInt32(mappings + 1))
        let bytes = MemoryLayout<reduced_thread>.size
        vcpu_machine_set_program(machine.handle, 0, reduced_split, threads, bytes)
        for cpu in 1...mappings {
            vcpu_machine_set_program(machine.handle, UInt32(cpu), reduced_zap, threads + cpu, bytes)
        }
        vcpu_machine_snapshot(machine.handle)
    }

    deinit { threads.deallocate() }

    /// Maps the page as many times as there are mappings.
    private func setWorld() {
        let world = machine.arena.baseAddress!.assumingMemoryBound(to: reduced_world.self)
        world.pointee.mapcount = Int32(mappings)
        world.pointee.is_head = 1
        withUnsafeMutableBytes(of: &world.pointee.pmd) { pmd in
            for i in 0..<mappings { pmd.bindMemory(to: UInt32.self)[i] = REDUCED_PRESENT }
        }
    }

    /// The model as searches take it.
    public var workload: Workload { Workload(machine: machine, cpus: mappings + 1, owner: self) }
}
