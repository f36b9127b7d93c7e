// SPDX-License-Identifier: GPL-2.0-only
import CLitmus
import CVcpu
import Explorer
import Testing

@testable import LitmusSupport

/// The numbers of states and steps of small lock programs, against what paper says.
///
/// There are P locks; for each of them there are K CPUs that take it, and give it back, S times.
/// States in which no CPU can go on are not counted: there is one, where all have finished.
@Suite("Numbers of states")
struct StateCountTests {
    struct Shape: CustomStringConvertible {
        let locks: Int, cpus: Int, sections: Int
        init(_ locks: Int, _ cpus: Int, _ sections: Int) {
            (self.locks, self.cpus, self.sections) = (locks, cpus, sections)
        }
        var description: String { "P \(locks), K \(cpus), S \(sections)" }
    }

    struct Size: Equatable { var states: UInt64, steps: UInt64 }

    private static let shapes = [
        Shape(1, 1, 1), Shape(1, 1, 5), Shape(1, 2, 1), Shape(1, 2, 2), Shape(1, 2, 7), Shape(1, 3, 1), Shape(1, 3, 4),
        Shape(1, 4, 2), Shape(1, 5, 2), Shape(1, 6, 1), Shape(2, 1, 3), Shape(2, 2, 1), Shape(2, 2, 3),
        Shape(2, 3, 1), Shape(3, 2, 1), Shape(4, 1, 2), Shape(4, 2, 1),
    ]

    private func size(_ shape: Shape, _ reductions: Reductions) throws -> Size {
        let programs = (0..<shape.locks * shape.cpus).map { cpu in
            (0..<shape.sections).flatMap { _ in
                [op(LITMUS_LOCK, cpu / shape.cpus), op(LITMUS_UNLOCK, cpu / shape.cpus)]
            }
        }
        let result = try #require(exploreStates(Litmus(programs, reductions).workload, reductions))
        #expect(result.failures.isEmpty)
        #expect(result.finalStates.count == 1)
        #expect(result.counts.steps == result.counts.events)
        return Size(states: result.counts.states, steps: result.counts.events)
    }

    private func power(_ base: Int, _ exponent: Int) -> UInt64 {
        (0..<exponent).reduce(1) { product, _ in product * UInt64(base) }
    }

    /// Without a reduction, a CPU takes 2 S + 1 steps: the last writes its result.  It holds the
    /// lock in S of the 2 S + 2 places between them, after odd steps.  So the CPUs of one lock
    /// are in (S + 2)^K states in which none of them holds it, and in K S (S + 2)^(K - 1) in
    /// which one does.  CPUs of different locks have nothing to do with each other: the
    /// numbers are multiplied.
    ///
    /// A step begins in each state, of each CPU that is enabled.  Of CPUs that do not hold the
    /// lock, all that have not finished are, if it is free: S + 1 of their S + 2 places; else
    /// those before their last step: 1 of them.  In each of those states the other groups
    /// may be in any state.
    @Test(arguments: shapes) func withoutReductions(_ shape: Shape) throws {
        let (k, s) = (shape.cpus, shape.sections)
        let none = power(s + 2, k), others = power(s + 2, k - 1)
        let held = UInt64(k * s) * others
        let some = UInt64(k * (s + 1)) * others + held
            + (k > 1 ? UInt64(k * s * (k - 1)) * power(s + 2, k - 2) : 0)
        let expected = Size(
            states: power(Int(none + held), shape.locks) - 1,
            steps: UInt64(shape.locks) * some * power(Int(none + held), shape.locks - 1))
        #expect(try size(shape, [.exactConflicts]) == expected)
    }

    /// A release that runs with its step, and what no two CPUs share, are not steps: a CPU takes
    /// S of them, and no state has a lock that is held. So there are (S + 1)^K states of each
    /// lock.  In each, each CPU is enabled that has not finished: S of its S + 1 places.
    ///
    /// A lock that one CPU takes is not shared, so for K = 1 there is nothing to do.
    @Test(arguments: shapes) func withoutPersistentSets(_ shape: Shape) throws {
        let s = shape.cpus > 1 ? shape.sections : 0, cpus = shape.locks * shape.cpus
        let expected = Size(
            states: power(s + 1, cpus) - 1, steps: UInt64(cpus * s) * power(s + 1, cpus - 1))
        #expect(try size(shape, .all.subtracting(.persistentSets)) == expected)
    }

    /// All CPUs of one lock join a persistent set, and no others: one lock after the other is
    /// explored, from the one state that the first leaves.  So the numbers are added.
    @Test(arguments: shapes) func withAllReductions(_ shape: Shape) throws {
        let s = shape.cpus > 1 ? shape.sections : 0, (p, k) = (shape.locks, shape.cpus)
        let expected = Size(
            states: UInt64(p) * (power(s + 1, k) - 1),
            steps: UInt64(p * k * s) * power(s + 1, k - 1))
        #expect(try size(shape, .all) == expected)
    }
}
