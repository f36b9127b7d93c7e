// SPDX-License-Identifier: GPL-2.0-only

/// The effort of a search, and its reductions.
public struct SearchOptions: Sendable {
    /// The way to choose the CPU of each step, after the random phase.
    public var policy = Policy.dpor
    /// The interleavings and events that the search leaves out.
    public var reductions = Reductions.all
    /// The seed of the random phase.
    public var seed: UInt64 = 1
    /// Executions of the random phase that opens a search of two CPUs, four times
    /// as many for each CPU more; with `Policy.random` and no budget, the whole.
    public var randomExecutions: UInt64 = 256
    /// Steps after which the random phase that opens a search ends, too.
    public var randomEvents: UInt64 = 250_000
    /// The time after which the search stops; nil for no limit.
    public var budget: Duration?
    /// The most bytes for the states of `Policy.states`; nil for half of what the machine has.
    public var memory: Int?
    /// The processes that search side by side where there are many states; the counts do not
    /// depend on it.
    public var jobs = 1
    /// The most states for which one process searches alone, and in one go.
    package var statesAlone = 1 << 16
    /// The place where a search of many states is kept, to be gone on with by another process.
    public var checkpoint: (any CheckpointStore)?
    /// Whether the schedules that lead to an end are kept where processes search side by side.
    package var keepsEnds = false
    /// Whether a check counts the branches of its search, by what they are about.
    public var profile = false
    /// Whether to stop at the first failure.
    public var first = false
    /// Whether a check looks for the shortest execution of each failure that it met.
    public var minimal = true
    /// Asked now and then; true ends the search.
    public var interrupted: @Sendable () -> Bool = { false }
    /// Told now and then how far the search is, and its seconds so far.
    public var progress: (@Sendable (SearchCounts, Double) -> Void)?

    /// The defaults of `mmrace check`.
    public init() {}
}
