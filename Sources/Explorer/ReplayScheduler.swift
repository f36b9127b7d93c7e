// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Follows a schedule, in one execution, which ends after its last step, or before the
/// first that is not as expected.
package struct ReplayScheduler: Scheduler {
    package static let isSystematic = true
    private let schedule: [UInt8]
    private let isExpected: (_ step: Int) -> Bool
    /// The number of steps that were taken.
    package private(set) var depth = 0
    private var began = false

    /// Follows the schedule of a witness.
    ///
    /// `isExpected` is asked before each step, whose number counts from 0, with the machine
    /// as the steps before left it; false ends the execution there.
    package init(
        _ schedule: [UInt8], while isExpected: @escaping (_ step: Int) -> Bool = { _ in true }
    ) {
        self.schedule = schedule
        self.isExpected = isExpected
    }

    package mutating func begin() -> Int? {
        defer { began = true }
        return began ? nil : 0
    }

    package mutating func next(
        _ machine: OpaquePointer, enabled: UInt32
    ) throws(Divergence) -> Int? {
        guard depth < schedule.count else { return nil }
        let cpu = Int(schedule[depth])
        guard cpu < 32 && enabled & (1 << UInt32(cpu)) != 0 else {
            throw Divergence(reason: "step \(depth + 1) is of CPU \(cpu), which cannot run")
        }
        guard isExpected(depth) else { return nil }
        depth += 1
        return cpu
    }

    /// Whether the execution had all steps of the schedule.
    package var isFollowed: Bool { began && depth == schedule.count }
}
