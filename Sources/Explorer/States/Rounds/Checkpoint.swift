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
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: rest[Self.magic.count...]))
        guard let round = reader.number(), let version = reader.number(), let count = reader.number(),
            0...64 ~= count
        else { return nil }
        self.round = round
        self.version = version
        for _ in 0..<count {
            guard let number = reader.number() else { return nil }
            numbers.append(number)
        }
        guard let grown = reader.lists(), let failures = reader.lists() else { return nil }
        self.grown = grown
        self.failures = failures
        rest = reader.rest
    }

    /// The bytes that precede the tables.
    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.add(round)
        bytes.add(version)
        bytes.add(Int64(numbers.count))
        for number in numbers { bytes.add(number) }
        bytes.add(grown)
        bytes.add(failures)
        return bytes
    }
}
