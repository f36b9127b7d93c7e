// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import PortTree
import Testing

@testable import Harness
@testable import Tree

/// Names of states have no addresses in them: where the program lies elsewhere in memory, states
/// have the names that they had in an earlier run.
///
/// Each run is a process, which walks at random through states, and prints the sums of names.
@Suite("Names of states in another run", .serialized)
struct NamesInAnotherRunTests {
    @Test func ofThePort() async throws {
        try await expectTheSameNames(tree: nil)
    }

    /// The object is built once, and loaded elsewhere in each run.
    @Test(.enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
    func ofATree() async throws {
        let tree = try PortTree.unfixed()
        // The site of its use lies in no object.
        try tree.edit(
            "mm/memory.c", "pte = pte_mkold(pte);",
            to: "{ extern void not_there(void); not_there(); }\n\tpte = pte_mkold(pte);")
        _ = try tree.build()
        try await expectTheSameNames(tree: tree.folder)
    }

    private func expectTheSameNames(tree: String?) async throws {
        let first = try await run(tree), second = try await run(tree)
        #expect(first.addresses.count > 2)
        for (address, other) in zip(first.addresses, second.addresses) {
            try #require(address != other, "the kernel loads each run at the same addresses")
        }
        #expect(first.names.count > 4)
        for (name, other) in zip(first.names, second.names) { #expect(name == other) }
    }

    private struct Run {
        var names: [Substring] = []
        var addresses: [Substring] = []
    }

    private func run(_ tree: String?) async throws -> Run {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [tree = tree as String?, cache = PortTree.cache as String] in
            try Walk.print(tree, cache: cache)
        }
        var run = Run()
        let text = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("name ") { run.names.append(line) }
            if line.hasPrefix("address ") { run.addresses.append(line) }
        }
        return run
    }
}

/// A random walk through the states of a scenario.
private enum Walk {
    private static let scenarios = ["split-vs-zap", "split-vs-gup", "split-vs-fork", "zap-vs-gup", "exit-vs-fork"]

    static func print(_ tree: String?, cache: String) throws {
        for scenario in scenarios {
            let plan = try Scenario.named(scenario).plan()
            let revisions: [Revision]
            if let tree {
                revisions = [
                    try TreeBuild(KernelTree(tree), subpages: plan.subpages, cache: cache).revision(named: tree)
                ]
            } else {
                revisions = [.underTest] + Mutation.all.prefix(4).map(\.revision)
            }
            for revision in revisions {
                for (part, sum) in try sums(plan, revision) {
                    Swift.print("name \(scenario) of \(tree == nil ? revision.id : "the tree"), \(part): \(sum)")
                }
            }
        }
    }

    private static func sums(_ plan: Plan, _ revision: Revision) throws -> KeyValuePairs<String, vcpu_state_name> {
        let world = try World(plan, revision: revision, reductions: .all.subtracting(.awaitLoops))
        let machine = world.machine.handle
        Swift.print("address \(machine)")
        Swift.print("address \(world.machine.arena.baseAddress!)")
        Swift.print("address \(revision.target)")
        vcpu_machine_keep_states(machine, true)
        world.workload.prepare(for: .states)
        var random = SplitMix64(seed: 1)
        var states = vcpu_state_name(), arenas = vcpu_state_name(), cpus = vcpu_state_name()
        world.machine.withCurrent {
            for _ in 0..<100 {
                vcpu_machine_begin(machine)
                while true {
                    let enabled = (0..<plan.cpus.count).filter { vcpu_machine_enabled(machine) & (1 << UInt32($0)) != 0 }
                    guard let cpu = enabled.randomElement(using: &random) else { break }
                    _ = vcpu_machine_keep(machine, UInt32(cpu))
                    vcpu_machine_step(machine, UInt32(cpu))
                    states += vcpu_machine_state_name(machine)
                    arenas += vcpu_machine_arena_name(machine)
                    cpus += vcpu_machine_cpu_name(machine, UInt32(cpu))
                }
            }
        }
        return ["states": states, "arenas": arenas, "CPUs": cpus]
    }
}

extension vcpu_state_name {
    fileprivate static func += (sum: inout Self, name: Self) {
        sum.low &+= name.low
        sum.high &+= name.high
    }
}
