// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Explorer
import Report
import Testing

@testable import Harness

/// Names of states leave out bytes of stacks that are dead. Nothing may depend on these, so a
/// search that spoils them in each state has the same result.
@Suite("Names of states")
struct StateNameTests {
    /// The parts of a result that spoiled bytes would change.
    private struct Result: Equatable {
        var states: UInt64?
        var verdict: Verdict
        var sites: [String]
    }

    private func check(
        _ scenario: String, _ revision: Revision = .underTest, _ parameters: [String: Int] = [:],
        spoil: vcpu_spoil = VCPU_SPOIL_NOTHING, prepare: (World) -> Void = { _ in }
    ) throws -> Result {
        var options = CheckOptions()
        options.policy = .states
        options.randomExecutions = 200
        let check = try Check(Scenario.named(scenario).plan(parameters), revision: revision, options: options)
        try #require(vcpu_machine_spoil(check.world.machine.handle, spoil))
        prepare(check.world)
        let report = check.run()
        let sites = report.bugs.map { "\($0.function):\($0.line): \($0.expression)" }
        return Result(states: report.states, verdict: report.verdict, sites: sites.sorted())
    }

    @Test(arguments: [1, 2])
    func theFixedCode(_ mappings: Int) throws {
        let result = try check("split-vs-zap", .underTest, ["mappings": mappings])
        #expect(try #require(result.states) > 1000)
        #expect(try check("split-vs-zap", .underTest, ["mappings": mappings], spoil: VCPU_SPOIL_UNNAMED) == result)
    }

    /// The table of calls begins with room for fewer than there are.  Of a call that is not in it all
    /// bytes count: the states were 17,683, and 27,925 where the table could not grow.
    @Test func noCallIsForgotten() throws {
        #expect(try #require(check("split-vs-zap", .underTest, ["mappings": 2]).states) < 22_000)
    }

    @Test(arguments: ["split-vs-zap", "split-vs-gup", "zap-vs-gup", "split-vs-fork"])
    func allMutations(_ scenario: String) throws {
        var failing = 0
        for revision in Mutation.all.map(\.revision) {
            let result = try check(scenario, revision)
            #expect(try check(scenario, revision, spoil: VCPU_SPOIL_UNNAMED) == result, "\(revision.id)")
            if !result.sites.isEmpty { failing += 1 }
        }
        #expect(failing > 0)
    }

    /// The tests above would notice a byte that is left out and that counts: one live word, or
    /// the value that a CPU waits to store.
    @Test(arguments: [VCPU_SPOIL_ONE_LIVE, VCPU_SPOIL_RECORD])
    func whatCountsIsNoticed(_ spoil: vcpu_spoil) throws {
        let revision = try #require(Mutation.all.first { $0.revision.id == "splitting_not_flushed" }).revision
        let result = try check("split-vs-gup", revision)
        #expect(try check("split-vs-gup", revision, spoil: spoil) != result)
    }

    /// Names states by the values of per-CPU statistics.
    private func byValues(_ world: World) {
        _ = vcpu_machine_sum_counters(world.machine.handle, nil, 0, 0, 0)
    }

    @Test(arguments: ["split-vs-zap", "split-vs-cow", "exit-vs-fork"])
    func statisticsCountAsASum(_ scenario: String) throws {
        for revision in Mutation.all.map(\.revision) {
            var values = try check(scenario, revision, prepare: byValues)
            let sums = try check(scenario, revision)
            #expect(try #require(sums.states) <= #require(values.states), "\(revision.id)")
            values.states = sums.states
            #expect(sums == values, "\(revision.id)")
        }
    }

    /// Two zappers: either can be the one that drops the last mapping.
    @Test func theSumHasFewerStates() throws {
        let values = try check("split-vs-zap", .underTest, ["mappings": 2], prepare: byValues)
        let sums = try check("split-vs-zap", .underTest, ["mappings": 2])
        #expect(try #require(sums.states) < #require(values.states))
        // Beyond the limit it is the values again, from the beginning.
        let beyond = try check("split-vs-zap", .underTest, ["mappings": 2]) { world in
            world.machine.withCurrent {
                let all = (0..<3).map { world.revision.target.pointee.counters($0) }
                _ = vcpu_machine_sum_counters(world.machine.handle, all.map(\.first), 3, all[0].count, 0)
            }
        }
        #expect(beyond == values)
        // With 64 subpages, a zap alone can come to the threshold.
        let large = try Check(
            Scenario.named("split-vs-zap").plan(["subpages": 64]), revision: .underTest, options: .init())
        #expect(!large.world.sumsCounters)
        let small = try Check(Scenario.named("split-vs-zap").plan(), revision: .underTest, options: .init())
        #expect(small.world.sumsCounters)
    }
}
