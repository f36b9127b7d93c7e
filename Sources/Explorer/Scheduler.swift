// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Decides which CPU takes each step of each execution of a search.
///
/// An `ExecutionDriver` owns a scheduler and calls it in this order, again and again:
///
/// 1. `begin()`, before each execution. The machine still stands where the last
///    execution ended.
/// 2. `next(_:enabled:)`, before each step. The machine has done all steps that were
///    chosen so far, so the pending operation of each CPU can be looked at, and the
///    releases that ran at the end of the step before.
/// 3. `end(_:)`, when no CPU is enabled, or when the execution is given up because it is
///    too long. It is not called when `next` returned nil or threw, nor when the search
///    stops in the middle of an execution.
///
/// A scheduler looks at the machine and never steps it. It is deterministic: on the same
/// workload with the same options, two of them choose alike, so that a search can be
/// repeated.
package protocol Scheduler: ~Copyable {
    /// Whether executions begin with the steps of earlier ones.
    ///
    /// Such a search covers all interleavings. What a step is must not change meanwhile,
    /// so it ends in the very step in which a conflict is met that was not known; others
    /// finish the execution first.
    static var isSystematic: Bool { get }

    /// Whether `begin()` returns to the state after the steps that are repeated, so that they
    /// need not run again. The machine's executions begin with the first call all the same.
    static var restores: Bool { get }

    /// Prepares for the next execution.
    ///
    /// - Returns: the number of its first steps that repeat steps of an earlier execution:
    ///   no oracle is asked there, and what fails there is known. Nil when no execution is
    ///   left.
    mutating func begin() -> Int?

    /// The step after which the machine stands when `begin()` has returned to a state: where
    /// that is one before those that are repeated, they run again. Nil for the last of them.
    var restored: Int? { get }

    /// Chooses the CPU that takes the next step.
    ///
    /// - Parameters:
    ///   - machine: the machine, as the steps so far left it.
    ///   - enabled: the CPUs to choose from, as a mask; not 0. A CPU that waits for a lock, or
    ///     that spins until another one changes what it reads, is not among them.
    /// - Returns: one of them; nil when all that could follow is covered by other
    ///   executions, so that this one ends here.
    /// - Throws: when the machine does not stand where it should, so that an earlier
    ///   execution cannot be repeated.
    mutating func next(_ machine: OpaquePointer, enabled: UInt32) throws(Divergence) -> Int?

    /// Learns from an execution that has come to its end.
    mutating func end(_ machine: OpaquePointer)

    /// The part of its work that is done, 0 to 1, as far as that is known.
    var explored: Double { get }

    /// The number of states that it has been in; 0 if it does not tell states apart.
    var stateCount: UInt64 { get }
}

/// The same choices led elsewhere.
package struct Divergence: Error {
    /// The step, and what differs there.
    package let reason: String
}

extension Scheduler where Self: ~Copyable {
    /// Learns nothing.
    package mutating func end(_ machine: OpaquePointer) {}

    /// Steps run again.
    package static var restores: Bool { false }

    /// No step that is repeated runs again.
    package var restored: Int? { nil }

    /// The part is not known.
    package var explored: Double { 0 }

    /// States are not told apart.
    package var stateCount: UInt64 { 0 }
}
