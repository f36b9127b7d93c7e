// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import PortTree
import Testing

@testable import Harness
@testable import Tree

/// Names of states of a tree's own code leave out what is dead on stacks, too.
@Suite(
    "Names of states of trees", .serialized,
    .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
struct TreeStateNameTests {
    private struct Result: Equatable {
        var states: UInt64?
        var verdict: Verdict
        var sites: [String]
    }

    private func check(_ plan: Plan, _ revision: Revision, spoil: vcpu_spoil) throws -> Result {
        var options = CheckOptions()
        options.policy = .states
        let check = try Check(plan, revision: revision, options: options)
        try #require(vcpu_machine_spoil(check.world.machine.handle, spoil))
        let report = check.run()
        let sites = report.bugs.map { "\($0.function):\($0.line): \($0.expression)" }
        return Result(states: report.states, verdict: report.verdict, sites: sites.sorted())
    }

    private func expectNothingDepends(on scenario: String, in build: (Plan) throws -> Revision) throws {
        let plan = try Scenario.named(scenario).plan()
        let revision = try build(plan)
        let result = try check(plan, revision, spoil: VCPU_SPOIL_NOTHING)
        #expect(try #require(result.states) > 100)
        let spoilt = try check(plan, revision, spoil: VCPU_SPOIL_UNNAMED)
        #expect(spoilt == result, "\(scenario): \(spoilt)\n\(result)")
    }

    @Test(arguments: ["split-vs-zap", "split-vs-gup", "split-vs-fork"])
    func ofThePort(_ scenario: String) throws {
        let tree = try PortTree.unfixed()
        try expectNothingDepends(on: scenario) { try tree.build(subpages: $0.subpages).revision(named: tree.folder) }
    }

    @Test(arguments: Trees.paths)
    func ofAKernel(_ path: String) throws {
        for scenario in ["split-vs-zap", "split-vs-gup"] {
            try expectNothingDepends(on: scenario) {
                try TreeBuild(KernelTree(path), subpages: $0.subpages, cache: PortTree.cache).revision(named: path)
            }
        }
    }
}
