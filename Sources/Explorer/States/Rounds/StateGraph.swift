// SPDX-License-Identifier: GPL-2.0-only

/// The steps between the states of a table, when all are known: counts, and ways that come
/// back to where they were.
struct StateGraph {
    /// Steps that were taken.
    private(set) var steps: UInt64 = 0
    /// Those that led to no state.
    private(set) var ends: UInt64 = 0
    /// The most steps of a way; nil where a way comes back.
    private(set) var longest: Int?

    /// Counts the steps of a table; where all are known, looks for ways that come back.
    init(_ table: borrowing StateTable, isComplete: Bool) {
        let count = table.count
        for id in 0..<count {
            Self.forEachStep(table, id) { _, target in
                steps += 1
                if target < 0 { ends += 1 }
            }
        }
        guard isComplete else { return }
        var before = [Int32](repeating: 0, count: count)
        for id in 0..<count {
            Self.forEachStep(table, id) { _, target in
                if target >= 0 { before[Int(target)] += 1 }
            }
        }
        // A state is left when all ways to it are known; in the end none is left over.
        var depth = [Int32](repeating: 0, count: count)
        var ready = (0..<Int32(count)).filter { table.records[Int($0)].isState && before[Int($0)] == 0 }
        var left = 0
        var longest: Int32 = 0
        while let id = ready.popLast() {
            left += 1
            let next = depth[Int(id)] + 1
            Self.forEachStep(table, Int(id)) { _, target in
                longest = max(longest, next)
                guard target >= 0 else { return }
                depth[Int(target)] = max(depth[Int(target)], next)
                before[Int(target)] -= 1
                if before[Int(target)] == 0 { ready.append(target) }
            }
        }
        self.longest = left == table.stateCount ? Int(longest) : nil
    }

    private static func forEachStep(
        _ table: borrowing StateTable, _ id: Int, _ body: (_ cpu: Int, _ target: StateTable.ID) -> Void
    ) {
        var left = table.records[id].done
        while left != 0 {
            let cpu = left.trailingZeroBitCount
            left &= left - 1
            body(cpu, table.targets(of: StateTable.ID(id))[cpu])
        }
    }

    /// Schedules of all steps that led to no state.
    static func ends(of table: borrowing StateTable) -> [[UInt8]] {
        var ends: [[UInt8]] = []
        for id in 0..<table.count {
            forEachStep(table, id) { cpu, target in
                if target < 0 { ends.append(table.schedule(to: StateTable.ID(id)) + [UInt8(cpu)]) }
            }
        }
        return ends
    }

    /// States that lead to each other.
    struct Component {
        /// Their steps to each other, each by its state and its CPU.
        var steps: [(state: StateTable.ID, cpu: Int)] = []
        /// Whether a step leads elsewhere.
        var leaves = false
        /// One of them.
        var first: StateTable.ID
    }

    /// All states that lead to each other, in sets that are as large as can be (Tarjan's
    /// algorithm, with a stack of its own).
    static func cycles(of table: borrowing StateTable) -> [Component] {
        let count = table.count
        var index = [Int32](repeating: -1, count: count), low = index, component = index
        var next: Int32 = 0, components: Int32 = 0
        var path: [(id: Int32, left: UInt8)] = [], pending: [Int32] = []
        for root in 0..<count where table.records[root].isState && index[root] < 0 {
            func open(_ id: Int32) {
                index[Int(id)] = next
                low[Int(id)] = next
                next += 1
                pending.append(id)
                path.append((id, table.records[Int(id)].done))
            }
            open(Int32(root))
            while let (id, left) = path.last {
                if left != 0 {
                    path[path.count - 1].left = left & (left - 1)
                    let target = table.targets(of: id)[left.trailingZeroBitCount]
                    if target < 0 { continue }
                    if index[Int(target)] < 0 {
                        open(target)
                    } else if component[Int(target)] < 0 {
                        low[Int(id)] = min(low[Int(id)], index[Int(target)])
                    }
                    continue
                }
                path.removeLast()
                if let (before, _) = path.last { low[Int(before)] = min(low[Int(before)], low[Int(id)]) }
                guard low[Int(id)] == index[Int(id)] else { continue }
                while let member = pending.popLast() {
                    component[Int(member)] = components
                    if member == id { break }
                }
                components += 1
            }
        }
        return steps(table, component)
    }

    private static func steps(_ table: borrowing StateTable, _ component: [Int32]) -> [Component] {
        var cycles: [Int32: Component] = [:]
        for id in 0..<table.count where table.records[id].isState {
            forEachStep(table, id) { cpu, target in
                guard target >= 0, component[Int(target)] == component[id] else { return }
                cycles[component[id], default: Component(first: Int32(id))].steps.append((Int32(id), cpu))
            }
        }
        if cycles.isEmpty { return [] }
        for id in 0..<table.count where cycles[component[id]] != nil {
            forEachStep(table, id) { _, target in
                if target < 0 || component[Int(target)] != component[id] { cycles[component[id]]!.leaves = true }
            }
        }
        return cycles.values.sorted { $0.first < $1.first }
    }
}
