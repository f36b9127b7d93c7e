// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The fewest steps in which a search came to each place, for each number of context
/// switches: in a table with open addressing, 24 bytes each.
///
/// A place may have more than one entry: fewer steps may take more switches.
struct FewestSteps: ~Copyable {
    /// The news in an arrival at a place.
    enum Arrival {
        /// All that follows follows in this round from an arrival that is no longer.
        case covered
        /// It came here as soon in a round before; what follows may not be known, as that
        /// round ended earlier.
        case again
        /// It never came here as soon.
        case new
    }

    private struct Entry {
        var place: vcpu_state_name
        /// At least 1; 0 in an empty slot.
        var steps: UInt32
        var switches: UInt16
        /// That in which it was gone on from.
        var round: UInt16
    }

    private var slots: UnsafeMutablePointer<Entry>
    private var capacity = 1 << 12
    private var count = 0

    init() { slots = Self.empty(capacity) }

    deinit { slots.deallocate() }

    private static func empty(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        let slots = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        slots.initialize(
            repeating: Entry(place: vcpu_state_name(low: 0, high: 0), steps: 0, switches: 0, round: 0),
            count: capacity)
        return slots
    }

    /// Notes an arrival after at least one step.
    mutating func arrive(
        at place: vcpu_state_name, switches: UInt16, steps: UInt32, round: UInt16
    ) -> Arrival {
        if count * 3 > capacity * 2 { grow() }
        let entry = Entry(place: place, steps: steps, switches: switches, round: round)
        var slot = first(of: place)
        while slots[slot].steps != 0 {
            let known = slots[slot]
            if known.place == place {
                if known.switches == switches && known.steps == steps && known.round != round {
                    slots[slot].round = round
                    return .again
                }
                if known.switches <= switches && known.steps <= steps { return .covered }
                if known.switches >= switches && known.steps >= steps {
                    slots[slot] = entry
                    return .new
                }
            }
            slot = (slot + 1) & (capacity - 1)
        }
        slots[slot] = entry
        count += 1
        return .new
    }

    private func first(of place: vcpu_state_name) -> Int {
        Int(truncatingIfNeeded: place.low) & (capacity - 1)
    }

    private mutating func grow() {
        let old = slots, oldCapacity = capacity
        capacity *= 2
        slots = Self.empty(capacity)
        for i in 0..<oldCapacity where old[i].steps != 0 {
            var slot = first(of: old[i].place)
            while slots[slot].steps != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = old[i]
        }
        old.deallocate()
    }
}
