// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Glibc
import ReducedModel

// Explores the reduced model with so many mappings, and prints its counts, a line each.
func fail(_ message: String, _ status: Int32) -> Never {
    let text = "reduced-model: \(message)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(status)
}

func refuse(_ message: String) -> Never {
    fail("\(message)\nusage: reduced-model MAPPINGS [--buggy] [--policy states|dpor] [--unreduced]", 64)
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
            refuse("--policy is '\(name)'; it takes 'states' or 'dpor'")
        }
        options.policy = policy
    default:
        guard mappings == nil, let number = Int(argument),
            (1...ReducedModel.mostMappings).contains(number)
        else { refuse("'\(argument)' is not a number of mappings from 1 to \(ReducedModel.mostMappings)") }
        mappings = number
    }
}
guard let mappings else { refuse("the number of mappings is missing") }
guard let model = ReducedModel(mappings: mappings, isBuggy: isBuggy, reductions: options.reductions) else {
    fail("there is not enough memory", 1)
}
/// Returns the nanoseconds that all threads of the process ran for.
func processorTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
let start = processorTime()
let outcome = model.machine.withCurrent { Search(model.workload, options).run() }
let nanoseconds = processorTime() - start
let counts = outcome.counts
guard outcome.end == .complete else { fail("the search did not end: \(outcome.end)", 1) }
print("states \(counts.states)")
print("steps \(counts.steps)")
print("executions \(counts.executions)")
print("nanoseconds \(nanoseconds)")
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
// The most memory that it had, in KiB.
print("memory \(usage.ru_maxrss)")
print("failures \(outcome.witnesses.all.count)")
