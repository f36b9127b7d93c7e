// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The states that a search has been in, by their names: 16 bytes each, in a table with
/// open addressing.
struct StateSet: ~Copyable {
    private var slots: UnsafeMutablePointer<vcpu_state_name>
    private var capacity = 1 << 12
    /// The number of states.
    private(set) var count = 0

    init() { slots = Self.empty(capacity) }

    deinit { slots.deallocate() }

    private static func empty(_ capacity: Int) -> UnsafeMutablePointer<vcpu_state_name> {
        let slots = UnsafeMutablePointer<vcpu_state_name>.allocate(capacity: capacity)
        slots.initialize(repeating: vcpu_state_name(low: 0, high: 0), count: capacity)
        return slots
    }

    /// Adds a state; false if it was there.
    mutating func insert(_ name: vcpu_state_name) -> Bool {
        if count * 3 > capacity * 2 { grow() }
        // Two words of 0 are an empty slot.
        let name = name.low | name.high == 0 ? vcpu_state_name(low: 1, high: 0) : name
        let slot = slot(of: name)
        guard slots[slot] != name else { return false }
        slots[slot] = name
        count += 1
        return true
    }

    /// The slot that the name is in, or the empty one that it belongs in.
    private func slot(of name: vcpu_state_name) -> Int {
        var slot = Int(truncatingIfNeeded: name.low) & (capacity - 1)
        while slots[slot] != name && slots[slot].low | slots[slot].high != 0 {
            slot = (slot + 1) & (capacity - 1)
        }
        return slot
    }

    private mutating func grow() {
        let old = slots, oldCapacity = capacity
        capacity *= 2
        slots = Self.empty(capacity)
        for i in 0..<oldCapacity where old[i].low | old[i].high != 0 {
            slots[slot(of: old[i])] = old[i]
        }
        old.deallocate()
    }
}

extension vcpu_state_name {
    static func == (a: Self, b: Self) -> Bool { a.low == b.low && a.high == b.high }
    static func != (a: Self, b: Self) -> Bool { !(a == b) }
}
