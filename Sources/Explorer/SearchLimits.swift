// SPDX-License-Identifier: GPL-2.0-only

/// The reason for which a search ended.
package enum SearchEnd: Equatable {
    /// Every interleaving was covered.
    case complete
    /// The scheduler drew all executions that it was asked for.
    case sampled
    /// The time ran out, or the number of executions.
    case budget
    /// There was not enough memory for all states.
    case memory
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
package struct SearchLimits {
    /// The time that the seconds of witnesses count from.
    package var start: ContinuousClock.Instant
    /// The time at which the search stops; nil for never.
    package var deadline: ContinuousClock.Instant?
    /// Executions after which the search stops; nil for no limit.
    package var executions: UInt64?
    /// Whether the search stops as soon as something failed.
    package var stopAtFirstFailure = false
    /// Steps of one execution before it is followed no further.
    package var depth: Int
    /// Asked now and then; true stops the search.
    package var interrupted: () -> Bool = { false }

    /// Makes limits of so many executions, of so many steps each.
    package init(
        start: ContinuousClock.Instant = .now, executions: UInt64? = nil, depth: Int = 1 << 20
    ) {
        self.start = start
        self.executions = executions
        self.depth = depth
    }

    /// Whether the search has to stop now, wherever it stands.
    var reached: SearchEnd? {
        if interrupted() { return .interrupted }
        if let deadline, ContinuousClock.now >= deadline { return .budget }
        return nil
    }
}
