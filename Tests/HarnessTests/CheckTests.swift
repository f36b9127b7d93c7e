// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Foundation
import Testing

@testable import Harness
@testable import LitmusSupport

/// Checks of the race as a whole: the same in every run, nothing left behind,
/// the same answer with each reduction switched off.
@Suite("Checks")
struct CheckTests {
    private func check(
        _ revision: String, _ settings: [String: Int] = [:],
        _ change: (inout CheckOptions) -> Void = { _ in }
    ) throws -> CheckReport {
        var options = CheckOptions()
        change(&options)
        let plan = try Scenario.named("split-vs-zap").plan(settings)
        return try Check(plan, revision: .named(revision), options: options).run()
    }

    @Test func twoRunsGiveTheSameBytes() throws {
        func bytes() throws -> String {
            var report = try check("117b0791ac42")
            report.seconds = 0
            for i in report.bugs.indices { report.bugs[i].seconds = 0 }
            return try JSONReport([report]).text
        }
        #expect(try bytes() == bytes())
    }

    @Test func otherSeedsGiveTheSameAnswer() throws {
        for seed: UInt64 in [2, 3, 4] {
            #expect(try check("b5a8cad376ee") { $0.seed = seed }.verdict == .verified)
            let buggy = try check("117b0791ac42") { $0.seed = seed }
            #expect(Set(buggy.bugs.map(\.function)) == ["__split_huge_page", "zap_huge_pmd"])
        }
    }

    /// Each reduction off: the same verdict and the same sites, from at least as
    /// many executions.
    @Test(arguments: Reductions.each)
    func withoutAReduction(reduction: Reductions) throws {
        let fixed = try check("b5a8cad376ee") { $0.reductions.remove(reduction) }
        #expect(fixed.verdict == .verified)
        let all = try check("b5a8cad376ee")
        #expect(fixed.executions + fixed.blocked >= all.executions)
    }

    @Test func budgetsAndFirstFailuresSayWhatTheyAre() throws {
        let bounded = try check("b5a8cad376ee", ["mappings": 3]) { $0.budget = .milliseconds(200) }
        #expect(bounded.verdict == .bounded)
        #expect(bounded.scope.hasPrefix("not all interleavings"))
        let first = try check("117b0791ac42") { $0.first = true }
        #expect(first.bugs.count == 1)
        #expect(first.scope.contains("first failure"))
    }

    @Test func badInputIsNamed() {
        let unknown = UnknownName("x", kind: "scenario", known: Scenario.all.map(\.name))
        #expect(throws: HarnessError.unknownName(unknown)) { try Scenario.named("x") }
        #expect(throws: HarnessError.badParameter(name: "mappings", value: "9", allowed: "1 to 4"))
        {
            try Scenario.named("split-vs-zap").plan(["mappings": 9])
        }
    }

    @Test func anExecutionOfThePortLeavesNothingBehind() throws {
        let world = try World(
            Scenario.named("split-vs-zap").plan(["mappings": 2]), revision: .named("b5a8cad376ee"))
        let result = explore(world.workload, limits: SearchLimits(executions: 500))
        #expect(result.end == .budget)
        #expect(vcpu_machine_is_pristine(world.machine.handle))
    }

    /// No random execution shows a trace that the exhaustive search missed, and
    /// no trace is explored twice.
    @Test func tracesOfThePort() throws {
        let world = try World(
            Scenario.named("split-vs-zap").plan(), revision: .named("b5a8cad376ee"))
        let all = explore(world.workload)
        #expect(all.end == .complete)
        #expect(all.traces.count == Int(all.counts.executions))
        let sampled = sampledTraces(world.workload, by: RandomScheduler(seed: 5, executions: 5000))
        let seen = try #require(sampled)
        #expect(seen.isSubset(of: Set(all.traces.keys)))
        #expect(seen.count > 10)
    }
}
