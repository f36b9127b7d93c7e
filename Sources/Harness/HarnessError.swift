// SPDX-License-Identifier: GPL-2.0-only
import Topology

/// Why a run could not begin or go on; each is one line for the user.
public enum HarnessError: Error, Equatable, CustomStringConvertible {
    /// An arena of so many bytes is not to be had.
    case outOfMemory(bytes: Int)
    /// A scenario, a revision, a commit or a parameter that is not there.
    case unknownName(UnknownName)
    /// The beginning of more than one commit's id.
    case ambiguousCommit(String, between: [String])
    /// Commits that are chosen, and what they need that is not.
    case missingCommits([String], need: [String])
    /// A set of commits, which only a check takes.
    case setIsNotStressed(String)
    /// A revision that bisections cannot place.
    case noPlaceInHistory(String)
    /// A shared object that does not load, with the reason.
    case cannotLoad(String, reason: String)
    /// The target cannot do what the plan's operations are, or not with its numbers.
    case unsupported(String)
    /// A value that a parameter does not take.
    case badParameter(name: String, value: String, allowed: String)
    /// Roles, CPUs, processes and subpages of a scenario that do not fit together.
    case badPlan(String)
    /// The set-up failed, with its expression, before any CPU ran.
    case setupFailed(String)
    /// A kernel tree's code needs it before any CPU runs.
    case unresolvedSymbol(String)
    /// A schedule that cannot be replayed, with the reason.
    case badSchedule(String)
    /// An execution is not what its witness says.
    case diverged(step: Int, expected: String, came: String)
    /// Host threads that could not be started, with the reason.
    case threadsFailed(String)
    /// The code under test was built without the hooks that tell of its accesses.
    case noHooks
    /// A place on the machine is not to be had.
    case topology(TopologyError)

    /// One line that says what is wrong, and what to do.
    public var description: String {
        switch self {
        case .outOfMemory(let bytes):
            "no memory for an arena of \(bytes) bytes; take fewer mappings or subpages"
        case .unknownName(let unknown):
            "\(unknown)"
        case .ambiguousCommit(let id, let commits):
            "'\(id)' is the beginning of \(commits.joined(separator: " and of ")): give more digits"
        case .missingCommits(let commits, let need):
            "\(commits.joined(separator: ", ")) cannot be without \(need.joined(separator: ", "))"
        case .setIsNotStressed(let id):
            "'\(id)' is put together when it runs: check takes it, stress takes revisions"
        case .cannotLoad(let path, let reason):
            "cannot load '\(path)': \(reason)"
        case .unsupported(let what), .badPlan(let what):
            what
        case .noPlaceInHistory(let id):
            "'\(id)' has no place in history; 'mmrace list --revisions' shows what has"
        case .badParameter(let name, let value, let allowed):
            "'\(value)' is not a value of parameter '\(name)'; it takes \(allowed)"
        case .setupFailed(let what):
            "the scenario's set-up failed before any CPU ran: \(what)"
        case .unresolvedSymbol(let symbol):
            "the scenario's set-up uses the unresolved symbol '\(symbol)'"
        case .badSchedule(let what):
            "the schedule cannot be replayed: \(what)"
        case .diverged(let step, let expected, let came):
            "after \(step) steps the execution went another way: expected \(expected); came \(came)"
        case .noHooks:
            "this build has no hooks, so it cannot explore: it is for ThreadSanitizer"
        case .topology(let error):
            "\(error)"
        case .threadsFailed(let what):
            "the threads of the run could not be started: \(what)"
        }
    }
}
