// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Harness

@Suite("Scenarios")
struct ScenarioTests {
    private func plan(
        subpages: Int = 2, processes: Int = 1, setup: [Harness.Operation] = [],
        cpus: [[Harness.Operation]] = [[.split], [.zap(mm: 0)]], roles: [String] = ["split", "zap"]
    ) throws(HarnessError) -> Plan {
        try Plan(
            scenario: "mine", subpages: subpages, processes: processes, setup: setup, cpus: cpus,
            roles: roles, watch: [])
    }

    @Test func aPlanThatFitsTogetherIsMade() throws {
        #expect(try plan().cpus.count == 2)
    }

    /// The error says which of its parts do not fit.
    @Test func aPlanThatDoesNotFitTogetherIsRefused() {
        func misfit(_ make: () throws(HarnessError) -> Plan) -> String {
            do throws(HarnessError) { _ = try make() } catch { return "\(error)" }
            return "it was made"
        }
        #expect(
            misfit { () throws(HarnessError) in try plan(roles: ["split"]) }
                == "mine: it has 2 CPUs and 1 roles")
        #expect(
            misfit { () throws(HarnessError) in try plan(cpus: [], roles: []) }
                == "mine: it has 0 CPUs; there are 1 to 8")
        #expect(
            misfit { () throws(HarnessError) in
                try plan(cpus: Array(repeating: [], count: 9), roles: Array(repeating: "", count: 9))
            } == "mine: it has 9 CPUs; there are 1 to 8")
        #expect(
            misfit { () throws(HarnessError) in try plan(processes: 9) }
                == "mine: it has 9 processes; there are 1 to 8")
        #expect(
            misfit { () throws(HarnessError) in try plan(cpus: [[.split], [.zap(mm: 1)]]) }
                == "mine: zap(mm: 1) is of process 1; there are 1, from 0 on")
        #expect(
            misfit { () throws(HarnessError) in try plan(setup: [.fork(from: 0, to: -1)]) }
                == "mine: fork(from: 0, to: -1) is of process -1; there are 1, from 0 on")
        #expect(
            misfit { () throws(HarnessError) in try plan(setup: [.pin(mm: 0, subpage: 2)]) }
                == "mine: pin(mm: 0, subpage: 2) is of subpage 2; there are 2, from 0 on")
    }

    /// The parts of each scenario fit together for whatever its parameters may be.
    @Test(arguments: Scenario.catalogue.map(\.name))
    func eachIsMadeAtTheEndsOfItsRanges(_ name: String) throws {
        let scenario = try Scenario.named(name)
        for parameter in scenario.parameters {
            for value in [parameter.allowed.first!, parameter.allowed.last!] {
                var settings = [parameter.name: value]
                // A subpage that is named is one of the page.
                if parameter.name != "subpages" { settings["subpages"] = 512 }
                #expect(try scenario.plan(settings).parameters[parameter.name] == value)
            }
        }
    }
}
