// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Arenas in which an invariant was asked and had nothing to say: it reads nothing else, so it
/// need not be asked again.
///
/// It forgets: each of its slots holds the arena that was asked last of those that belong there.
struct AskedArenas: ~Copyable {
    private static var capacity: Int { 1 << 14 }
    private let slots: UnsafeMutablePointer<vcpu_state_name>

    init() {
        slots = .allocate(capacity: Self.capacity)
        // The arena of the snapshot has two words of 0.
        slots.initialize(repeating: vcpu_state_name(low: .max, high: .max), count: Self.capacity)
    }

    deinit { slots.deallocate() }

    /// Whether the invariant is known to hold in an arena.
    func contains(_ name: vcpu_state_name, isWhole: Bool) -> Bool { slots[slot(name, isWhole)] == key(name, isWhole) }

    /// Notes that the invariant holds in an arena.
    func insert(_ name: vcpu_state_name, isWhole: Bool) { slots[slot(name, isWhole)] = key(name, isWhole) }

    /// A name for each of the two questions that there are.
    private func key(_ name: vcpu_state_name, _ isWhole: Bool) -> vcpu_state_name {
        vcpu_state_name(low: name.low, high: isWhole ? name.high : ~name.high)
    }

    private func slot(_ name: vcpu_state_name, _ isWhole: Bool) -> Int {
        Int(truncatingIfNeeded: key(name, isWhole).high) & (Self.capacity - 1)
    }
}
