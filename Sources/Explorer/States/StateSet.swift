// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Glibc

/// Names of states, 16 bytes each, in a table with open addressing.
struct StateSet: ~Copyable {
    /// The result of adding a name.
    enum Insertion {
        case new, known
        /// It is not there, and there is no memory for it.
        case full
    }

    private var slots: UnsafeMutablePointer<vcpu_state_name>?
    private var capacity = 0
    /// The most bytes that it may take, while it grows, too.
    private let limit: Int
    /// The number of names.
    private(set) var count = 0

    init(limit: Int) { self.limit = limit }

    deinit { free(slots) }

    /// Adds a name, unless it is there.
    mutating func insert(_ name: vcpu_state_name) -> Insertion {
        if count * 3 >= capacity * 2 && !grow() { return .full }
        // Two words of 0 are an empty slot.
        let name = name.low | name.high == 0 ? vcpu_state_name(low: 1, high: 0) : name
        let slots = slots!
        let slot = slot(of: name, slots)
        guard slots[slot] != name else { return .known }
        slots[slot] = name
        count += 1
        return .new
    }

    /// The slot that the name is in, or the empty one that it belongs in.
    private func slot(of name: vcpu_state_name, _ slots: UnsafeMutablePointer<vcpu_state_name>) -> Int {
        var slot = Int(truncatingIfNeeded: name.low) & (capacity - 1)
        while slots[slot] != name && slots[slot].low | slots[slot].high != 0 {
            slot = (slot + 1) & (capacity - 1)
        }
        return slot
    }

    /// Makes the table twice as large; false if that is more than it may take, or than there is.
    private mutating func grow() -> Bool {
        let old = slots, oldCapacity = capacity
        let larger = max(1 << 12, capacity * 2)
        let bytes = (larger + capacity) * MemoryLayout<vcpu_state_name>.stride
        // Fresh memory is zero, and is not touched before it is used.
        guard bytes <= limit,
            let fresh = calloc(larger, MemoryLayout<vcpu_state_name>.stride)
        else { return false }
        let slots = fresh.assumingMemoryBound(to: vcpu_state_name.self)
        self.slots = slots
        capacity = larger
        for i in 0..<oldCapacity where old![i].low | old![i].high != 0 {
            slots[slot(of: old![i], slots)] = old![i]
        }
        free(old)
        return true
    }
}

extension vcpu_state_name: @retroactive Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.low == b.low && a.high == b.high }

    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
