// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// States with what is known of each, in memory that processes share.
///
/// A state is found by its name, in a table with open addressing whose slots have 32 bits of
/// the name and the number of the state. The process that comes to a state first writes its
/// record; in that round others only add to what is done, of CPUs that it gave away.
struct StateTable: ~Copyable {
    /// A state, by the order in which it was met.
    typealias ID = Int32

    /// The result of looking for a name, and adding it if it is not there.
    enum Insertion {
        case new(ID)
        case known(ID)
        /// It is not there, and there is no room for it.
        case full
    }

    /// A state with all that is known of it; sets of CPUs are masks.
    struct Record: BitwiseCopyable {
        /// The state that it was met from first; -1 for the initial one.
        var parent: ID
        /// The steps of the way on which it was met first.
        var depth: Int32
        /// The CPU that took the last of them.
        var cpu: UInt8
        var enabled: UInt8
        var unfinished: UInt8
        /// The CPUs that are explored from here.
        var set: UInt8
        /// Those of them whose step was taken, and what follows it noted.
        var done: UInt8
        /// The CPUs whose sections one waits for.
        var awaited: UInt8
        /// Whether there is such a state: not where a process took the number in vain.
        var isState: Bool
        /// Whether something has failed in it.
        var hasFailed: Bool
    }

    /// The target of steps that lead to no state.
    static let end: ID = -1

    let records: UnsafeMutablePointer<Record>
    private let names: UnsafeMutablePointer<vcpu_state_name>
    /// The contexts of all CPUs in each state.
    private let contexts: UnsafeMutablePointer<ContextGraph.ID>
    /// The state that the step of each CPU leads to, or `end`; only where it is done.
    private let targets: UnsafeMutablePointer<ID>
    private let slots: UnsafeMutablePointer<UInt64>
    /// The number of slots in use, a power of two, while no process adds states.
    private(set) var slotCount: Int
    private let numbers: UnsafeMutablePointer<Int64>
    /// The number of CPUs.
    let cpus: Int
    /// The most states.
    let capacity: Int
    private let bytes: (records: Int, names: Int, each: Int, slots: Int)
    /// Numbers that this process took, and gave to no state yet.  States that it comes to one
    /// after the other have numbers in a row, so that from one to the next it is not far.
    private var spare = 0..<0
    private static let spares = 1 << 10

    /// An empty table for states of so many CPUs, which takes so many bytes at most; nil when
    /// there are no addresses for it.
    ///
    /// - Parameter expected: the least number of states that is to be expected.
    init?(cpus: Int, expected: Int, limit: Int) {
        self.cpus = cpus
        slotCount = Self.powerOfTwo(atLeast: max(4 * min(expected, limit / 128), 1 << 10))
        let each = MemoryLayout<Record>.stride + MemoryLayout<vcpu_state_name>.stride + 8 * cpus
        // A slot is 8 bytes, and up to four of them come on one state.
        capacity = min(max(limit / (each + 32), 1), Int(Int32.max) - 1)
        let mostSlots = Self.powerOfTwo(atLeast: max(2 * capacity, slotCount))
        bytes = (
            capacity * MemoryLayout<Record>.stride, capacity * MemoryLayout<vcpu_state_name>.stride,
            4 * capacity * cpus, 8 * mostSlots
        )
        let memory = [bytes.records, bytes.names, bytes.each, bytes.each, bytes.slots, Self.numberBytes].map {
            vcpu_share_map($0)
        }
        let sizes = [bytes.records, bytes.names, bytes.each, bytes.each, bytes.slots, Self.numberBytes]
        guard !memory.contains(nil) else {
            for (memory, size) in zip(memory, sizes) { vcpu_share_unmap(memory, size) }
            return nil
        }
        records = memory[0]!.assumingMemoryBound(to: Record.self)
        names = memory[1]!.assumingMemoryBound(to: vcpu_state_name.self)
        contexts = memory[2]!.assumingMemoryBound(to: ContextGraph.ID.self)
        targets = memory[3]!.assumingMemoryBound(to: ID.self)
        slots = memory[4]!.assumingMemoryBound(to: UInt64.self)
        numbers = memory[5]!.assumingMemoryBound(to: Int64.self)
    }

    deinit {
        vcpu_share_unmap(records, bytes.records)
        vcpu_share_unmap(names, bytes.names)
        vcpu_share_unmap(contexts, bytes.each)
        vcpu_share_unmap(targets, bytes.each)
        vcpu_share_unmap(slots, bytes.slots)
        vcpu_share_unmap(numbers, Self.numberBytes)
    }

    private static var numberBytes: Int { 4096 }

    private static func powerOfTwo(atLeast count: Int) -> Int {
        1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }

    /// The numbers that were given to states, those in vain included.
    var count: Int { min(Int(numbers[0]), capacity) }

    /// The number of states.
    var stateCount: Int { count - Int(numbers[8]) }

    /// Whether the slots in use are so full that there should be more of them.
    var isCrowded: Bool { 2 * Int(numbers[0]) > slotCount }

    /// The state of that name, which is added if it is not there.
    mutating func insert(_ name: vcpu_state_name) -> Insertion {
        var slot = Int(truncatingIfNeeded: name.low) & (slotCount - 1)
        var probes = 0
        while probes < slotCount {
            var found = vcpu_share_load64(slots + slot)
            if found == 0 {
                guard let id = number() else { return .full }
                names[Int(id)] = name
                found = vcpu_share_claim(slots + slot, Self.entry(name, id))
                if found == 0 {
                    spare = spare.dropFirst()
                    return .new(id)
                }
            }
            if found >> 32 == name.high >> 32 {
                let id = ID(truncatingIfNeeded: found & 0xffff_ffff) - 1
                if names[Int(id)] == name { return .known(id) }
            }
            slot = (slot + 1) & (slotCount - 1)
            probes += 1
        }
        return .full
    }

    /// Whether a state is the initial one: the first that is said to be.
    func isInitial(_ id: ID) -> Bool {
        let word = UnsafeMutableRawPointer(numbers + 16).assumingMemoryBound(to: UInt64.self)
        let known = vcpu_share_claim(word, UInt64(id) + 1)
        return known == 0 || known == UInt64(id) + 1
    }

    private static func entry(_ name: vcpu_state_name, _ id: ID) -> UInt64 {
        name.high & ~0xffff_ffff | UInt64(id + 1)
    }

    /// The next number for a state; nil when there can be no more of them.
    private mutating func number() -> ID? {
        if spare.isEmpty {
            let first = Int(vcpu_share_add(numbers, Int64(Self.spares)))
            spare = min(first, capacity)..<min(first + Self.spares, capacity)
        }
        return spare.first.map { ID($0) }
    }

    /// Gives up the numbers that the process gave to no state; they are then in use for nothing.
    mutating func leave() {
        _ = vcpu_share_add(numbers + 8, Int64(spare.count))
        spare = 0..<0
    }

    /// Makes room for more states where it is crowded, as long as there may be more.  To be
    /// called while no other process has the table.
    mutating func makeRoom() {
        let before = slotCount
        while isCrowded && slotCount < bytes.slots / 8 { slotCount *= 2 }
        if slotCount != before { fillSlots() }
    }

    private func fillSlots() {
        slots.update(repeating: 0, count: slotCount)
        for id in 0..<count where records[id].isState {
            var slot = Int(truncatingIfNeeded: names[id].low) & (slotCount - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Self.entry(names[id], ID(id))
        }
    }

    /// The table as bytes, but for what can be found from them, and its numbers.
    var parts: [UnsafeRawBufferPointer] {
        [
            UnsafeRawBufferPointer(records, count), UnsafeRawBufferPointer(names, count),
            UnsafeRawBufferPointer(contexts, count * cpus), UnsafeRawBufferPointer(targets, count * cpus),
        ]
    }

    /// The numbers that `restore` needs.
    var numbersOfParts: [Int64] { [Int64(cpus), Int64(count), numbers[8], numbers[16]] }

    /// Reads a table from bytes; false where they are not of such a one, or too many.
    mutating func restore(_ given: ArraySlice<Int64>, _ bytes: inout UnsafeRawBufferPointer) -> Bool {
        let given = Array(given)
        guard given.count == 4, given[0] == cpus, given[1] >= 0, given[1] <= capacity else { return false }
        let count = Int(given[1])
        guard bytes.take(count, into: records), bytes.take(count, into: names),
            bytes.take(count * cpus, into: contexts), bytes.take(count * cpus, into: targets)
        else { return false }
        numbers[0] = given[1]
        numbers[8] = given[2]
        numbers[16] = given[3]
        while isCrowded && slotCount < self.bytes.slots / 8 { slotCount *= 2 }
        fillSlots()
        return true
    }

    /// The name of a state.
    func name(of id: ID) -> vcpu_state_name { names[Int(id)] }

    /// The contexts of all CPUs in a state.
    func contexts(of id: ID) -> UnsafeMutablePointer<ContextGraph.ID> { contexts + Int(id) * cpus }

    /// The states that the steps of all CPUs lead to.
    func targets(of id: ID) -> UnsafeMutablePointer<ID> { targets + Int(id) * cpus }

    /// Notes that the CPU's step leads from one state to another, or to an end.
    func note(_ id: ID, _ cpu: Int, leadsTo target: ID) {
        targets(of: id)[cpu] = target
        // Two processes may explore different CPUs from it.
        vcpu_share_or(&records[Int(id)].done, 1 << UInt8(cpu))
    }

    /// The CPUs of each step of the way on which a state was met first.
    func schedule(to id: ID) -> [UInt8] {
        var schedule: [UInt8] = []
        var id = id
        while records[Int(id)].parent >= 0 {
            schedule.append(records[Int(id)].cpu)
            id = records[Int(id)].parent
        }
        return schedule.reversed()
    }
}
