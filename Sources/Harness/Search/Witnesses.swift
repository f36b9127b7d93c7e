// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import OrderedCollections

/// What happened at the end of an execution that is not as it should be.
enum Failure: Hashable {
    /// A site of the code under test, or an oracle; for a failure without a
    /// line (a wild access) the address of the instruction tells them apart.
    case site(UnsafePointer<vcpu_site>, pc: UInt)
    /// CPUs that wait for each other, or for a CPU that has halted.
    case deadlock(waiting: UInt32)
    /// CPUs of which some spin, for ever, on what no other CPU changes, and the
    /// others wait.
    case livelock(waiting: UInt32)
    /// No failure: a CPU that repeats itself, or runs on and on, was followed no
    /// further, so how it would have ended is not known.  The address tells its
    /// loops apart.
    case cut(pc: UInt)

    /// Whether it is the use of a symbol that nothing defines.
    var isUnresolved: Bool {
        if case .site(let site, _) = self { site.pointee.kind == VCPU_UNRESOLVED } else { false }
    }
}

/// The best execution that shows a failure.
struct Witness {
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

    // Concrete and plain, for it is asked of each failure that is met again, which most
    // executions of a search may do.
    static func switches(_ schedule: UnsafeBufferPointer<UInt8>) -> Int {
        var switches = 0
        for i in schedule.indices.dropFirst() where schedule[i] != schedule[i - 1] { switches += 1 }
        return switches
    }
}

extension Witness {
    /// False when the known one shows the failure as well; else it is taken over when
    /// that was first met.
    fileprivate mutating func takesTheFirst(of known: Witness?, _ steps: Int) -> Bool {
        guard let known else { return true }
        // Among equals the shortest shows least that is beside the point.
        guard (switches, steps) < (known.switches, known.schedule.count) else { return false }
        execution = known.execution
        seconds = known.seconds
        return true
    }
}

/// Distinct failures, each with the fewest context switches that it met.
struct Witnesses {
    private(set) var all: OrderedDictionary<Failure, Witness> = [:]
    /// Seen before the search began anew, and not again since: their schedules
    /// mean nothing any more.
    private(set) var stale: OrderedDictionary<Failure, Witness> = [:]
    /// Loops that were not followed to their end; they are not failures.
    private(set) var cuts: OrderedDictionary<Failure, Witness> = [:]

    /// The search begins anew, with other steps than before.
    mutating func restart() {
        for (failure, witness) in all where stale[failure] == nil {
            // What a CPU spun on may be what turned out to be written by another.
            if case .livelock = failure { continue }
            stale[failure] = witness
        }
        all = [:]
        forgetCuts()
    }

    /// The executions of the random phase, too, are covered by the search that follows.
    mutating func forgetCuts() { cuts = [:] }

    mutating func note(
        _ failure: Failure, cpu: Int, schedule: UnsafeBufferPointer<UInt8>, execution: UInt64,
        seconds: Double
    ) {
        let switches = Witness.switches(schedule)
        var witness = Witness(
            failure: failure, cpu: cpu, schedule: [], execution: execution, switches: switches,
            seconds: seconds)
        if case .cut = failure {
            guard witness.takesTheFirst(of: cuts[failure], schedule.count) else { return }
            witness.schedule = Array(schedule)
            cuts[failure] = witness
            return
        }
        guard witness.takesTheFirst(of: all[failure], schedule.count) else { return }
        if let first = stale.removeValue(forKey: failure) {
            witness.execution = first.execution
            witness.seconds = first.seconds
        }
        witness.schedule = Array(schedule)
        all[failure] = witness
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
    /// Executions in which a CPU was followed no further; not of the random phase.
    public var cut: UInt64 = 0
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
    /// The time ran out, or the number of executions.
    case budget
    /// A failure was found and the first was enough.
    case firstFailure
    /// Ctrl-C.
    case interrupted
    /// A CPU ran too long without an event, and would do so in each execution.
    case stuck
    /// A newly met conflict changed what a step is: begin anew.
    case conflictsGrew
    /// The same choices led elsewhere.
    case nondeterministic(String)
}

/// When to stop early.
struct SearchLimits {
    /// What the seconds of witnesses count from.
    var start = ContinuousClock.now
    var deadline: ContinuousClock.Instant?
    var executions: UInt64?
    /// Steps after which a random walk is long enough.
    var events: UInt64?
    var stopAtFirstFailure = false
    /// Steps of one execution before it is followed no further.
    var depth = 1 << 20
    var interrupted: () -> Bool = { false }

    /// Whether the search has to stop now, wherever it stands.
    var reached: SearchEnd? {
        if interrupted() { return .interrupted }
        if let deadline, ContinuousClock.now >= deadline { return .budget }
        return nil
    }
}
