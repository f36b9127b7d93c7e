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
        spoil: vcpu_spoil
    ) throws -> Result {
        var options = CheckOptions()
        options.policy = .states
        options.randomExecutions = 200
        let check = try Check(Scenario.named(scenario).plan(parameters), revision: revision, options: options)
        try #require(vcpu_machine_spoil(check.world.machine.handle, spoil))
        let report = check.run()
        let sites = report.bugs.map { "\($0.function):\($0.line): \($0.expression)" }
        return Result(states: report.states, verdict: report.verdict, sites: sites.sorted())
    }

    @Test(arguments: [1, 2])
    func theFixedCode(_ mappings: Int) throws {
        let result = try check("split-vs-zap", .underTest, ["mappings": mappings], spoil: VCPU_SPOIL_NOTHING)
        #expect(try #require(result.states) > 1000)
        #expect(try check("split-vs-zap", .underTest, ["mappings": mappings], spoil: VCPU_SPOIL_UNNAMED) == result)
    }

    @Test(arguments: ["split-vs-zap", "split-vs-gup", "zap-vs-gup", "split-vs-fork"])
    func allMutations(_ scenario: String) throws {
        var failing = 0
        for revision in Mutation.all.map(\.revision) {
            let result = try check(scenario, revision, spoil: VCPU_SPOIL_NOTHING)
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
        let result = try check("split-vs-gup", revision, spoil: VCPU_SPOIL_NOTHING)
        #expect(try check("split-vs-gup", revision, spoil: spoil) != result)
    }
}
