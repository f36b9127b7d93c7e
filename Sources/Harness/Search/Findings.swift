// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import OrderedCollections

/// What happened at the end of an execution that is not as it should be.
enum Failure: Hashable {
    /// A site of the code under test, or an oracle; for a finding without a
    /// line (a wild access) the address of the instruction tells them apart.
    case site(UnsafePointer<vcpu_site>, pc: UInt)
    /// CPUs that wait for each other, or for a CPU that has halted.
    case deadlock(waiting: UInt32)
    /// A CPU, or all of them together, never ends.
    case livelock
}

/// The best execution that shows a failure.
struct Finding {
    var failure: Failure
    /// CPU that reported it.
    var cpu: Int
    /// Which CPU took each step, up to and with the failing one.
    var schedule: [UInt8]
    /// Number of the execution that showed it first, from 1.
    var execution: UInt64
    /// Context switches in `schedule`.
    var switches: Int
    /// Seconds of search before it was seen first.
    var seconds: Double
}

/// Distinct failures, each with the fewest context switches that it met.
struct Findings {
    private(set) var all: OrderedDictionary<Failure, Finding> = [:]
    /// Seen before the search began anew, and not again since: their schedules
    /// mean nothing any more.
    private(set) var stale: OrderedDictionary<Failure, Finding> = [:]

    /// The search begins anew, with other steps than before.
    mutating func restart() {
        for (failure, finding) in all where stale[failure] == nil { stale[failure] = finding }
        all = [:]
    }

    mutating func note(
        _ failure: Failure, cpu: Int, schedule: some Collection<UInt8>, execution: UInt64,
        seconds: Double
    ) {
        let switches = zip(schedule, schedule.dropFirst()).count { $0 != $1 }
        if let known = all[failure] {
            // Among equals the shortest shows least that is beside the point.
            guard (switches, schedule.count) < (known.switches, known.schedule.count) else {
                return
            }
            all[failure]!.schedule = Array(schedule)
            all[failure]!.switches = switches
            all[failure]!.cpu = cpu
        } else {
            let first = stale.removeValue(forKey: failure)
            all[failure] = Finding(
                failure: failure, cpu: cpu, schedule: Array(schedule),
                execution: first?.execution ?? execution,
                switches: switches, seconds: first?.seconds ?? seconds)
        }
    }
}

/// Counts of a search; all but the seconds are the same in every run.
public struct SearchCounts: Sendable, Equatable {
    /// Executions that ran to an end.
    public var executions: UInt64 = 0
    /// Executions cut short because all that they could still do was done.
    public var blocked: UInt64 = 0
    /// Steps executed, replayed prefixes included.
    public var events: UInt64 = 0
    /// Executions of the opening random phase; not counted in `executions`.
    public var randomExecutions: UInt64 = 0
    /// Times that a newly met conflict began the search again.
    public var restarts: UInt64 = 0
    /// Words of memory that two CPUs conflict on.
    public var conflicts: UInt64 = 0
    /// Longest execution, in steps.
    public var deepest: Int = 0
    /// Part of the search tree that is done, 0 to 1, as far as the tree is
    /// known; it can fall, for races add branches.
    public var explored = 0.0
}

/// How a search ended.
enum SearchEnd: Equatable {
    /// Every interleaving was covered.
    case complete
    /// As many executions as were asked for were run.
    case sampled
    /// The time or the number of executions ran out.
    case budget
    /// A failure was found and the first was enough.
    case firstFailure
    /// Ctrl-C.
    case interrupted
    /// A newly met conflict changed what a step is: begin anew.
    case conflictsGrew
    /// The same choices led elsewhere.
    case nondeterministic(String)
}

/// When to stop early.
struct SearchLimits {
    /// What the seconds of findings count from.
    var start = ContinuousClock.now
    var deadline: ContinuousClock.Instant?
    var executions: UInt64?
    /// Steps after which a random walk is long enough.
    var events: UInt64?
    var stopAtFirstFailure = false
    /// Steps of one execution before it is called a livelock.
    var depth = 1 << 20
    var interrupted: () -> Bool = { false }
}
