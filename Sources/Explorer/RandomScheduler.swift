// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Draws the CPU of each step at random.
///
/// Each execution draws first how often it switches at all (at every step, or
/// on average after 4, 16 or 64): many bugs need one CPU to stand still while
/// another does a lot.  It proves nothing, but it meets bugs and conflicts far
/// sooner than depth-first order does.
package struct RandomScheduler: Scheduler, ~Copyable {
    package static let isSystematic = false
    private var random: SplitMix64
    private let executions: UInt64
    private let steps: UInt64
    private var executionsTaken: UInt64 = 0
    private var stepsTaken: UInt64 = 0
    /// Bits of a random number that are all 0 where an execution may switch.
    private var stay: UInt64 = 0
    private var last = 0

    /// Draws so many executions, or as many as begin within so many steps.
    package init(seed: UInt64, executions: UInt64 = .max, steps: UInt64 = .max) {
        random = SplitMix64(seed: seed)
        self.executions = executions
        self.steps = steps
    }

    package mutating func begin() -> Int? {
        guard executionsTaken < executions && stepsTaken < steps else { return nil }
        executionsTaken += 1
        stay = (UInt64(1) << (2 * (random.next() & 3))) - 1
        last = 0
        return 0
    }

    package mutating func next(_ machine: OpaquePointer, enabled: UInt32) -> Int? {
        stepsTaken += 1
        let keeps = stay != 0 && random.next() & stay != 0 && enabled & (1 << UInt32(last)) != 0
        if !keeps { last = pick(enabled) }
        return last
    }

    private mutating func pick(_ enabled: UInt32) -> Int {
        let count = enabled.nonzeroBitCount
        var mask = enabled
        if count > 1 {
            // Lemire's multiply-shift: no bias worth a division here.
            let skip = Int((UInt64(UInt32(truncatingIfNeeded: random.next())) * UInt64(count)) >> 32)
            for _ in 0..<skip { mask &= mask - 1 }
        }
        return mask.trailingZeroBitCount
    }
}
