// SPDX-License-Identifier: GPL-2.0-only

/// Elements in a row that only grows: without the checks of an array, for the hot loop.
struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    /// The first element; behind it are `count`.
    private(set) var first: UnsafeMutablePointer<Element>
    private(set) var count: Int
    private var capacity: Int

    init() {
        capacity = 64
        count = 0
        first = .allocate(capacity: capacity)
    }

    init(repeating element: Element, count: Int) {
        capacity = max(count, 1)
        self.count = count
        first = .allocate(capacity: capacity)
        first.initialize(repeating: element, count: count)
    }

    deinit { first.deallocate() }

    subscript(i: Int) -> Element {
        @inline(__always) get { first[i] }
        @inline(__always) nonmutating set { first[i] = newValue }
    }

    mutating func append(_ element: Element) {
        if count == capacity {
            let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
            larger.update(from: first, count: count)
            first.deallocate()
            first = larger
            capacity *= 2
        }
        first[count] = element
        count += 1
    }

    mutating func popLast() -> Element? {
        if count == 0 { return nil }
        count -= 1
        return first[count]
    }

    mutating func removeAll() { count = 0 }
}
