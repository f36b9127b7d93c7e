// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import ReducedModel

// Explores the reduced model with so many mappings, and prints its counts, a line each.
func fail(_ message: String) -> Never {
    FileHandle.standardError.write(
        Data(
            """
            reduced-model: \(message)
            usage: reduced-model MAPPINGS [--buggy] [--policy states|dpor] [--unreduced]

            """.utf8))
    exit(64)
}

var options = SearchOptions()
options.policy = .states
// It learns conflicts on the way, as there is not a random phase that another checker has, too.
options.randomExecutions = 0
var mappings: Int?
var isBuggy = false
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    switch argument {
    case "--buggy": isBuggy = true
    case "--unreduced": options.reductions = [.exactConflicts]
    case "--policy":
        let name = arguments.popFirst() ?? ""
        guard let policy = Policy(rawValue: name), policy == .states || policy == .dpor else {
            fail("--policy is '\(name)'; it takes 'states' or 'dpor'")
        }
        options.policy = policy
    default:
        guard mappings == nil, let number = Int(argument),
            (1...ReducedModel.mostMappings).contains(number)
        else { fail("'\(argument)' is not a number of mappings from 1 to \(ReducedModel.mostMappings)") }
        mappings = number
    }
}
guard let mappings else { fail("the number of mappings is missing") }
guard let model = ReducedModel(mappings: mappings, isBuggy: isBuggy, reductions: options.reductions) else {
    FileHandle.standardError.write(Data("reduced-model: there is not enough memory\n".utf8))
    exit(1)
}
let outcome = model.machine.withCurrent { Search(model.workload, options).run() }
let counts = outcome.counts
guard outcome.end == .complete else {
    FileHandle.standardError.write(Data("reduced-model: the search did not end: \(outcome.end)\n".utf8))
    exit(1)
}
print("states \(counts.states)")
print("steps \(counts.steps)")
print("executions \(counts.executions)")
// The most memory that it had, in KiB.
let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
print("memory \(status.firstMatch(of: #/VmHWM:\s*(\d+)/#)?.1 ?? "0")")
print("failures \(outcome.witnesses.all.count)")
