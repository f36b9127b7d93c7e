// SPDX-License-Identifier: GPL-2.0-only
import CVcpu

/// The operations that CPUs can come to from each context, as sets of bits: the answers of
/// `ContextGraph.depends(_:onFutureOf:of:)` for all pairs of contexts, as of when it was made.
///
/// Operations that depend on the same ones are one kind. A future is a set of kinds; it is
/// smaller for one who holds a lock that the CPU would have to take on its way, so there are
/// as many futures of a context as there are sets of such locks.
final class Futures {
    /// The number of contexts that it knows of.
    let count: Int
    /// The kind of the operation of each context.
    private let kinds: [Int32]
    /// The set of locks that matters of those that each context's CPU holds.
    private let lockSets: [Int32]
    /// The words of a set of kinds.
    private let words: Int
    /// The kinds that each kind depends on.
    private let dependent: [UInt64]
    /// For each set of locks, the future of each context.
    private let futures: [UInt64]

    /// The most words that it takes.
    private static let mostWords = 1 << 25

    /// Makes the futures of all contexts of a graph, as far as was met up to a round; nil where
    /// they would take too much memory.
    init?(of graph: borrowing ContextGraph, horizon: Int32) {
        let count = graph.contexts.count
        self.count = count
        var kinds = Kinds()
        let kindOf = (0..<count).map { kinds.kind(of: graph.contexts[$0], graph.parts.first, horizon) }
        let words = (kinds.all.count + 63) / 64
        var locks = Locks(graph)
        let lockSetOf = (0..<count).map { locks.set(of: graph.contexts[$0], graph.taken.first) }
        guard words * count * locks.sets.count <= Self.mostWords else { return nil }
        self.words = words
        self.kinds = kindOf
        lockSets = lockSetOf
        dependent = kinds.dependences(words)
        var futures = [UInt64](repeating: 0, count: words * count * locks.sets.count)
        let order = Self.order(graph)
        futures.withUnsafeMutableBufferPointer {
            for (i, set) in locks.sets.enumerated() {
                Self.fill($0.baseAddress! + i * count * words, words, kindOf, set, locks.ids, order, graph, horizon)
            }
        }
        self.futures = futures
    }

    /// Whether the operation of the CPU in one context depends on one that the CPU in the
    /// other can come to while the former stands still.
    @inline(__always)
    func depends(_ pending: ContextGraph.ID, onFutureOf future: ContextGraph.ID) -> Bool {
        let kind = Int(kinds[Int(pending)]) * words
        let at = (Int(lockSets[Int(pending)]) * count + Int(future)) * words
        return futures.withUnsafeBufferPointer { futures in
            dependent.withUnsafeBufferPointer { dependent in
                for i in 0..<words where futures[at + i] & dependent[kind + i] != 0 { return true }
                return false
            }
        }
    }

    /// Contexts such that most come after those that they lead to.
    private static func order(_ graph: borrowing ContextGraph) -> [Int32] {
        var order: [Int32] = [], isSeen = [Bool](repeating: false, count: graph.contexts.count)
        var path: [(id: Int32, step: Int32)] = []
        for root in 0..<graph.contexts.count where !isSeen[root] {
            isSeen[root] = true
            path.append((Int32(root), graph.contexts[root].firstStep))
            while let (id, step) = path.last {
                if step < 0 {
                    order.append(id)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].step = graph.steps[Int(step)].next
                let to = graph.steps[Int(step)].to
                if isSeen[Int(to)] { continue }
                isSeen[Int(to)] = true
                path.append((to, graph.contexts[Int(to)].firstStep))
            }
        }
        return order
    }

    /// Fills in the futures for one set of locks, until ways that come back add nothing more.
    private static func fill(
        _ futures: UnsafeMutablePointer<UInt64>, _ words: Int, _ kinds: [Int32], _ locks: Set<Int32>,
        _ lockOf: [Int32], _ order: [Int32], _ graph: borrowing ContextGraph,
        _ horizon: Int32
    ) {
        let passes = order.filter { lockOf[Int($0)] < 0 || !locks.contains(lockOf[Int($0)]) }
        var isNew = true
        while isNew {
            isNew = false
            for id in passes {
                let future = futures + Int(id) * words
                let kind = Int(kinds[Int(id)]), bit = 1 << UInt64(kind % 64) as UInt64
                if future[kind / 64] & bit == 0 {
                    future[kind / 64] |= bit
                    isNew = true
                }
                var step = graph.contexts[Int(id)].firstStep
                while step >= 0 {
                    let next = futures + Int(graph.steps[Int(step)].to) * words
                    for i in 0..<words
                    where graph.steps[Int(step)].since <= horizon && next[i] & ~future[i] != 0 {
                        future[i] |= next[i]
                        isNew = true
                    }
                    step = graph.steps[Int(step)].next
                }
            }
        }
    }
}

/// Kinds of operations.
private struct Kinds {
    struct Kind: Hashable {
        var parts: [vcpu_part]
        var shows: Bool
    }

    private(set) var all: [Kind] = []
    private var numbers: [Kind: Int32] = [:]

    mutating func kind(
        of context: ContextGraph.Context, _ parts: UnsafeMutablePointer<vcpu_part>,
        _ horizon: Int32
    ) -> Int32 {
        let kind = Kind(
            parts: (0..<Int(context.partCount)).map { parts[Int(context.firstPart) + $0] },
            shows: context.shows <= horizon)
        if let number = numbers[kind] { return number }
        all.append(kind)
        numbers[kind] = Int32(all.count - 1)
        return Int32(all.count - 1)
    }

    /// For each kind, the set of those that it depends on.
    func dependences(_ words: Int) -> [UInt64] {
        var sets = [UInt64](repeating: 0, count: words * all.count)
        func add(_ i: Int, _ k: Int) { sets[i * words + k / 64] |= 1 << UInt64(k % 64) }
        // Few kinds are about one word.
        var ofWord: [UInt32: [(kind: Int, part: vcpu_part)]] = [:]
        for (i, kind) in all.enumerated() {
            for part in kind.parts { ofWord[part.word, default: []].append((i, part)) }
        }
        for same in ofWord.values {
            for a in same {
                for b in same where ContextGraph.areDependent(a.part, b.part) { add(a.kind, b.kind) }
            }
        }
        let showing = all.indices.filter { all[$0].shows }
        for i in showing {
            for k in showing { add(i, k) }
        }
        return sets
    }
}

/// The locks that contexts wait to take, and the sets of them that are held.
private struct Locks {
    private struct Lock: Hashable {
        var part: vcpu_part
        var isShared: Bool
    }

    /// The lock that each context waits to take; -1 for none.
    private(set) var ids: [Int32] = []
    private var all: [Lock] = []
    /// The sets that were met, and their numbers.
    private(set) var sets: [Set<Int32>] = []
    private var numbers: [Set<Int32>: Int32] = [:]

    init(_ graph: borrowing ContextGraph) {
        var known: [Lock: Int32] = [:]
        for i in 0..<graph.contexts.count {
            let context = graph.contexts[i]
            guard context.acquires else {
                ids.append(-1)
                continue
            }
            let lock = Lock(part: context.lock, isShared: context.isShared)
            if known[lock] == nil {
                known[lock] = Int32(all.count)
                all.append(lock)
            }
            ids.append(known[lock]!)
        }
    }

    /// The number of the set of locks that nobody takes while the CPU is in that context.
    mutating func set(
        of context: ContextGraph.Context, _ taken: UnsafeMutablePointer<vcpu_part>
    ) -> Int32 {
        var set: Set<Int32> = []
        if context.takenCount > 0 {
            for (i, lock) in all.enumerated()
            where ContextGraph.holds(context, taken, lock.part, lock.isShared) { set.insert(Int32(i)) }
        }
        if let number = numbers[set] { return number }
        sets.append(set)
        numbers[set] = Int32(sets.count - 1)
        return Int32(sets.count - 1)
    }
}

extension vcpu_part: @retroactive Hashable {
    public static func == (a: Self, b: Self) -> Bool {
        a.mask == b.mask && a.word == b.word && a.write == b.write
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(mask)
        hasher.combine(word)
        hasher.combine(write)
    }
}
