// SPDX-License-Identifier: GPL-2.0-only

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
    /// The number of times that a newly met conflict began the search again.
    public var restarts: UInt64 = 0
    /// Executions in which a CPU was followed no further; not of the random phase.
    public var cut: UInt64 = 0
    /// Words of memory that two CPUs conflict on.
    public var conflicts: UInt64 = 0
    /// Distinct states; 0 if the search does not tell them apart.
    public var states: UInt64 = 0
    /// States from which something is left to be explored, as far as is known while the search is
    /// in rounds; each can lead to many more.
    public var open: UInt64 = 0
    /// Steps between states, each of which is taken once; 0 if the search does not tell states
    /// apart.  A step leads to a state that is new, or was there before, or to an end.
    public var steps: UInt64 { states == 0 ? 0 : states - 1 + blocked + executions }
    /// Longest execution, in steps.
    public var deepest: Int = 0
    /// The part of the search tree that is done, 0 to 1, as far as the tree is
    /// known; it can fall, for races add branches.
    public var explored = 0.0

    /// Counts nothing yet.
    public init() {}
}
