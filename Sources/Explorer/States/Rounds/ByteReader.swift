// SPDX-License-Identifier: GPL-2.0-only

/// Takes numbers, and lists of bytes, from the front of bytes; nil where these are not such.
struct ByteReader {
    /// The bytes that are left.
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func number() -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[8...]) }
        return rest.loadUnaligned(as: Int64.self)
    }

    mutating func list() -> [UInt8]? {
        guard let count = number(), 0...rest.count ~= Int(count) else { return nil }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...]) }
        return Array(rest.prefix(Int(count)))
    }

    mutating func lists() -> [[UInt8]]? {
        // Each begins with a number.
        guard let count = number(), 0...rest.count / 8 ~= Int(count) else { return nil }
        var lists: [[UInt8]] = []
        for _ in 0..<count {
            guard let list = list() else { return nil }
            lists.append(list)
        }
        return lists
    }
}

/// Adds what a `ByteReader` takes.
extension [UInt8] {
    mutating func add(_ number: Int64) { Swift.withUnsafeBytes(of: number) { append(contentsOf: $0) } }

    mutating func add(_ list: [UInt8]) {
        add(Int64(list.count))
        append(contentsOf: list)
    }

    mutating func add(_ lists: [[UInt8]]) {
        add(Int64(lists.count))
        for list in lists { add(list) }
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
