// SPDX-License-Identifier: GPL-2.0-only

/// Begins each execution with the steps of a schedule, and goes on at random where these end,
/// or where the CPU of the next one cannot run.
package struct PrefixScheduler: Scheduler, ~Copyable {
    package static let isSystematic = false
    private let prefix: [UInt8]
    private var random: RandomScheduler
    private var depth = 0

    /// Begins with the steps of a prefix; the scheduler says what follows, and how often.
    package init(_ prefix: [UInt8], then random: consuming RandomScheduler) {
        self.prefix = prefix
        self.random = random
    }

    package mutating func begin() -> Int? {
        depth = 0
        return random.begin()
    }

    package mutating func next(_ machine: OpaquePointer, enabled: UInt32) -> Int? {
        if depth < prefix.count {
            let cpu = Int(prefix[depth])
            if cpu < 32 && enabled & (1 << UInt32(cpu)) != 0 {
                depth += 1
                return cpu
            }
            depth = prefix.count
        }
        return random.next(machine, enabled: enabled)
    }
}
