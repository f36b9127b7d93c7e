// SPDX-License-Identifier: GPL-2.0-only
import OrderedCollections

/// A schedule that shows a failure: the best of those that were met.
package struct Witness {
    /// The failure that the schedule shows.
    package var failure: Failure
    /// The CPU that reported it.
    package var cpu: Int
    /// The CPU of each step, up to and with the failing one.
    package var schedule: [UInt8]
    /// Number of the execution that showed it first, from 1.
    package var execution: UInt64
    /// Context switches in `schedule`.
    package var switches: Int
    /// Seconds of search before it was seen first.
    package var seconds: Double
    /// Whether no execution of the search's steps shows the failure with fewer context switches,
    /// nor with as many in fewer steps.
    package var isMinimal = false

    /// The number of context switches in a schedule.
    // Concrete and plain, for it is asked of each failure that is met again, which most
    // executions of a search may do.
    package static func switches(_ schedule: UnsafeBufferPointer<UInt8>) -> Int {
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
package struct Witnesses {
    /// Witnesses by their failures, in the order in which these were met.
    package private(set) var all: OrderedDictionary<Failure, Witness> = [:]
    /// Seen before the search began anew, and not again since: their schedules
    /// mean nothing any more.
    package private(set) var stale: OrderedDictionary<Failure, Witness> = [:]
    /// Loops that were not followed to their end; they are not failures.
    package private(set) var cuts: OrderedDictionary<Failure, Witness> = [:]

    /// Makes an empty set of witnesses.
    package init() {}

    /// The search begins anew, with other steps than before.
    mutating func restart() {
        for (failure, witness) in all where stale[failure] == nil {
            // A CPU may have spun on the very word that turned out to be written by another.
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
        if failure.isCut {
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
