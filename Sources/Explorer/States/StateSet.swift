// SPDX-License-Identifier: GPL-2.0-only
import CVcpu
import Glibc

/// Names of states, 16 bytes each, in tables with open addressing, and 2 bytes of each by
/// themselves: these are few enough to be at hand where names are not.
///
/// There is a table for each value of some bits of a name. When all are full, as many more
/// are added, and each of the others gives half of its names to one of them: no name moves far,
/// and memory that was touched once is used to the end.
struct StateSet: ~Copyable {
    /// The result of adding a name.
    enum Insertion {
        case new, known
        /// It is not there, and there is no memory for it.
        case full
    }

    /// A table: a tag for each slot, 0 for none, and behind them the names.
    private struct Table {
        let tags: UnsafeMutablePointer<UInt16>
        var names: UnsafeMutablePointer<vcpu_state_name> {
            UnsafeMutableRawPointer(tags + StateSet.slotCount).assumingMemoryBound(to: vcpu_state_name.self)
        }
    }

    /// The slots of a table: it takes little time to go through them.
    private static let slotBits = 10
    private static var slotCount: Int { 1 << slotBits }
    private static var tableBytes: Int {
        slotCount * (MemoryLayout<UInt16>.stride + MemoryLayout<vcpu_state_name>.stride)
    }
    /// The most pieces of memory.
    private static let mostPieces = 48

    /// The tables: the first one alone, then as many in each piece as there are before it.
    private let pieces: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private var pieceCount = 0
    /// The number of tables, a power of two, or 0.
    private var tables = 0
    /// The number of names for which there are enough tables.
    private var mostNames = 0
    /// The most bytes that all may take.
    private let limit: Int
    /// The number of names.
    private(set) var count = 0

    init(limit: Int) {
        self.limit = limit
        pieces = .allocate(capacity: Self.mostPieces)
    }

    deinit {
        for i in 0..<pieceCount { free(pieces[i]) }
        pieces.deallocate()
    }

    /// Adds a name, unless it is there.
    mutating func insert(_ name: vcpu_state_name) -> Insertion {
        while true {
            if count >= mostNames && !grow() { return .full }
            let table = table(of: name), tag = Self.tag(of: name)
            guard let slot = Self.slot(of: name, tag, table) else {
                // One table is full long before the others.
                mostNames = count
                continue
            }
            if table.tags[slot] != 0 { return .known }
            table.tags[slot] = tag
            table.names[slot] = name
            count += 1
            return .new
        }
    }

    /// Begins to read the slot of a name, which is going to be looked for.
    @inline(__always)
    func prefetch(_ name: vcpu_state_name) {
        if tables > 0 { vcpu_prefetch(table(of: name).tags + Self.place(of: name)) }
    }

    @inline(__always)
    private func table(of name: vcpu_state_name) -> Table {
        table(Int(truncatingIfNeeded: name.low >> UInt64(Self.slotBits)) & (tables - 1))
    }

    @inline(__always)
    private func table(_ number: Int) -> Table {
        let piece = Int.bitWidth - number.leadingZeroBitCount
        // The number of tables in the pieces before it.
        let before = (1 << piece) >> 1
        let first = pieces[piece] + (number - before) * Self.tableBytes
        return Table(tags: first.assumingMemoryBound(to: UInt16.self))
    }

    @inline(__always)
    private static func place(of name: vcpu_state_name) -> Int {
        Int(truncatingIfNeeded: name.low) & (slotCount - 1)
    }

    @inline(__always)
    private static func tag(of name: vcpu_state_name) -> UInt16 {
        max(1, UInt16(truncatingIfNeeded: name.high >> 48))
    }

    /// The slot that the name is in, or the empty one that it belongs in; nil when there is none.
    @inline(__always)
    private static func slot(of name: vcpu_state_name, _ tag: UInt16, _ table: Table) -> Int? {
        var slot = place(of: name)
        for _ in 0..<slotCount {
            let found = table.tags[slot]
            if found == 0 || found == tag && table.names[slot] == name { return slot }
            slot = (slot + 1) & (slotCount - 1)
        }
        return nil
    }

    /// Makes twice as many tables; false if that is more than they may take, or than there is.
    private mutating func grow() -> Bool {
        let before = tables, more = max(1, before)
        guard (before + more) * Self.tableBytes <= limit, pieceCount < Self.mostPieces,
            let piece = malloc(more * Self.tableBytes)
        else { return false }
        memset(piece, 0, more * Self.tableBytes)
        pieces[pieceCount] = piece
        pieceCount += 1
        tables += more
        mostNames = tables << Self.slotBits * 2 / 3
        withUnsafeTemporaryAllocation(byteCount: Self.tableBytes, alignment: 16) { room in
            let copy = Table(tags: room.baseAddress!.assumingMemoryBound(to: UInt16.self))
            for number in 0..<before {
                let old = table(number)
                memcpy(copy.tags, old.tags, Self.tableBytes)
                memset(old.tags, 0, Self.slotCount * MemoryLayout<UInt16>.stride)
                for i in 0..<Self.slotCount where copy.tags[i] != 0 {
                    let name = copy.names[i], table = table(of: name)
                    let slot = Self.slot(of: name, copy.tags[i], table)!
                    table.tags[slot] = copy.tags[i]
                    table.names[slot] = name
                }
            }
        }
        return true
    }
}

extension vcpu_state_name: @retroactive Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.low == b.low && a.high == b.high }

    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
