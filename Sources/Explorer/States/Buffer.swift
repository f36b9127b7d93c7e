// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// Elements in a row that only grows: without the checks of an array, for the hot loop.
struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    /// The first element; behind it are `count`.
    private(set) var first: UnsafeMutablePointer<Element>
    private let counter: UnsafeMutablePointer<Int>
    private(set) var capacity: Int
    /// The bytes of memory that processes share; 0 for memory of its own.
    private let shared: Int

    /// An empty one, which grows as it is filled.
    init() {
        self.init(capacity: 64)
    }

    init(repeating element: Element, count: Int) {
        self.init(capacity: max(count, 1))
        counter.pointee = count
        first.initialize(repeating: element, count: count)
    }

    private init(capacity: Int) {
        self.capacity = capacity
        shared = 0
        first = .allocate(capacity: capacity)
        counter = .allocate(capacity: 1)
        counter.initialize(to: 0)
    }

    /// One that processes share, of so many elements at most: zero at first, and no memory
    /// before they are touched.  Nil when there are no addresses for it.
    init?(sharing capacity: Int) {
        let bytes = Self.header + capacity * MemoryLayout<Element>.stride
        guard let memory = vcpu_share_map(bytes) else { return nil }
        self.capacity = capacity
        shared = bytes
        counter = memory.assumingMemoryBound(to: Int.self)
        first = (memory + Self.header).assumingMemoryBound(to: Element.self)
    }

    /// Bytes before the first element, a line of the cache.
    private static var header: Int { 64 }

    deinit {
        if shared > 0 {
            vcpu_share_unmap(counter, shared)
        } else {
            counter.deallocate()
            first.deallocate()
        }
    }

    /// The number of elements.
    var count: Int { counter.pointee }

    /// Whether it can hold so many more.
    func hasRoom(for more: Int) -> Bool { shared == 0 || count + more <= capacity }

    subscript(i: Int) -> Element {
        @inline(__always) get { first[i] }
        @inline(__always) nonmutating set { first[i] = newValue }
    }

    /// Adds an element, for which there is room.
    mutating func append(_ element: Element) {
        if count == capacity { reserve(2 * capacity) }
        first[count] = element
        counter.pointee += 1
    }

    /// Makes it hold so many elements, those that are new like the one that is given.
    mutating func extend(to count: Int, repeating element: Element) {
        if count > capacity { reserve(max(count, 2 * capacity)) }
        if count > self.count { (first + self.count).update(repeating: element, count: count - self.count) }
        counter.pointee = max(count, self.count)
    }

    private mutating func reserve(_ capacity: Int) {
        precondition(shared == 0, "there is no room")
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: first, count: count)
        first.deallocate()
        first = larger
        self.capacity = capacity
    }

    /// Takes so many elements from the front of the bytes, in place of its own.
    mutating func restore(_ count: Int, from bytes: inout UnsafeRawBufferPointer) -> Bool {
        guard count >= 0, count <= capacity, bytes.take(count, into: first) else { return false }
        counter.pointee = count
        return true
    }

    /// All elements, as bytes.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(first, count) }

    mutating func popLast() -> Element? {
        if count == 0 { return nil }
        counter.pointee -= 1
        return first[count]
    }

    mutating func removeAll() { counter.pointee = 0 }
}
