// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// A graph that is kept, and read again by another process.
extension ContextGraph {
    /// The graph as bytes, but for what can be found from them.
    var bytes: [UnsafeRawBufferPointer] {
        [
            contexts.bytes, parts.bytes, taken.bytes, steps.bytes,
            UnsafeRawBufferPointer(learned.first, Int(VCPU_MAX)),
        ]
    }

    /// The numbers that `restore` needs.
    var numbersOfBytes: [Int64] {
        [
            Int64(contexts.count), Int64(parts.count), Int64(taken.count), Int64(steps.count),
            Int64(version), hasLoops ? 1 : 0,
        ]
    }

    /// Reads a graph from bytes; false where they are not of such a one, or too many.
    mutating func restore(_ given: ArraySlice<Int64>, _ bytes: inout UnsafeRawBufferPointer) -> Bool {
        let given = given.map(Int.init)
        guard given.count == 6, contexts.restore(given[0], from: &bytes), parts.restore(given[1], from: &bytes),
            taken.restore(given[2], from: &bytes), steps.restore(given[3], from: &bytes),
            bytes.take(Int(VCPU_MAX), into: learned.first)
        else { return false }
        numbers.first.pointee.version = given[4]
        numbers.first.pointee.hasLoops = given[5] != 0
        while 3 * contexts.count > slotCount && slotCount < slots.capacity { slotCount *= 2 }
        slotCount /= 2
        rehash()
        return true
    }
}
