// SPDX-License-Identifier: GPL-2.0-only

/// A search in rounds as bytes: its numbers and its schedules, then states and contexts as
/// they lie in memory.  What can be found anew from those is left out.
struct Checkpoint {
    /// The bytes at its beginning, with the version of the form.
    private static let magic: [UInt8] = Array("mmrace\n1".utf8)

    /// The number of the round, and the version of the graph when it began.
    var round: Int64 = 0
    var version: Int64 = 0
    /// The sizes and counts of the tables, which read them in turn.
    var numbers: [Int64] = []
    /// The schedules in which the search learned of conflicts that it did not know, and those of
    /// failures that it met.
    var grown: [[UInt8]] = []
    var failures: [[UInt8]] = []

    init() {}

    /// Reads what precedes the tables; nil where it is not such.
    ///
    /// - Parameter rest: the bytes, of which those of the tables are left.
    init?(_ rest: inout UnsafeRawBufferPointer) {
        guard rest.starts(with: Self.magic) else { return nil }
        var at = Self.magic.count
        let bytes = rest
        func number() -> Int64? {
            guard at + 8 <= bytes.count else { return nil }
            defer { at += 8 }
            return bytes.loadUnaligned(fromByteOffset: at, as: Int64.self)
        }
        func list() -> [UInt8]? {
            guard let count = number(), count >= 0, count <= bytes.count - at else { return nil }
            defer { at += Int(count) }
            return Array(bytes[at..<at + Int(count)])
        }
        func lists() -> [[UInt8]]? {
            guard let count = number(), count >= 0, count <= bytes.count else { return nil }
            var lists: [[UInt8]] = []
            for _ in 0..<count {
                guard let list = list() else { return nil }
                lists.append(list)
            }
            return lists
        }
        guard let round = number(), let version = number(), let count = number(), 0...64 ~= count
        else { return nil }
        self.round = round
        self.version = version
        for _ in 0..<count {
            guard let number = number() else { return nil }
            numbers.append(number)
        }
        guard let grown = lists(), let failures = lists() else { return nil }
        self.grown = grown
        self.failures = failures
        rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
    }

    /// The bytes that precede the tables.
    var bytes: [UInt8] {
        var bytes = Self.magic
        func add(_ number: Int64) { withUnsafeBytes(of: number) { bytes += $0 } }
        add(round)
        add(version)
        add(Int64(numbers.count))
        numbers.forEach(add)
        for lists in [grown, failures] {
            add(Int64(lists.count))
            for list in lists {
                add(Int64(list.count))
                bytes += list
            }
        }
        return bytes
    }
}

extension UnsafeRawBufferPointer {
    /// Takes so many elements from the front, and copies them; false when there are fewer.
    mutating func take<Element: BitwiseCopyable>(
        _ count: Int, into target: UnsafeMutablePointer<Element>
    ) -> Bool {
        let bytes = count * MemoryLayout<Element>.stride
        guard count >= 0, bytes <= self.count else { return false }
        UnsafeMutableRawPointer(target).copyMemory(from: baseAddress!, byteCount: bytes)
        self = UnsafeRawBufferPointer(rebasing: self[bytes...])
        return true
    }

    /// The bytes of so many elements.
    init<Element: BitwiseCopyable>(_ first: UnsafeMutablePointer<Element>, _ count: Int) {
        self.init(start: first, count: count * MemoryLayout<Element>.stride)
    }
}
