// SPDX-License-Identifier: GPL-2.0-only

/// A relation between the first CPU of a run and the others.
public enum Placement: String, CaseIterable, Codable, Sendable {
    /// Hardware threads of one core.
    case siblings
    /// Cores on one last-level cache.
    case cache
    /// CPUs of one node, the others not on the first one's last-level cache.  Where
    /// the caches are unknown, other cores of the node.
    case node
    /// The first CPU on one node, all others on another, as far from it as there is.
    case across
}

/// Something that this machine has, or the reason why it does not have it.
public enum Availability<Value: Sendable & Equatable>: Sendable, Equatable {
    /// The machine has it.
    case available(Value)
    /// A short reason for the user.
    case absent(String)
}

extension Topology {
    /// The reason for which there are no nodes.
    public static let noNUMA = "NUMA is not available"

    /// Returns CPUs of that relation; `count` is at least 1.
    public func cpus(for placement: Placement, count: Int) -> Availability<[Int]> {
        precondition(count >= 1)
        guard cpus.count >= count else {
            return .absent("needs \(Self.cpus(count)), there \(Self.are(cpus.count))")
        }
        // One CPU has no relation to another.
        if count == 1 { return .available([cpus[0].id]) }
        switch placement {
        case .siblings: return siblings(count)
        case .cache: return sharingCache(count)
        case .node: return onOneNode(count)
        case .across: return acrossNodes(count)
        }
    }

    private func siblings(_ count: Int) -> Availability<[Int]> {
        choose(count, from: cpus, others: \.siblings) { most in
            if most > 1 { return "needs \(count) SMT siblings, there are \(most)" }
            if cpus.allSatisfy({ $0.core == nil }) { return "the SMT siblings are unknown" }
            return "no SMT siblings among the CPUs that this process may use"
        }
    }

    private func sharingCache(_ count: Int) -> Availability<[Int]> {
        let byID = byID
        return choose(count, from: oneForEachCache) { cpu in
            let others = cpu.lastLevelCache.compactMap { byID[$0] }
                .filter { $0.id != cpu.id && !cpu.siblings.contains($0.id) }
            // One cache may serve several nodes: keep to the same one if possible.
            let near = others.filter { $0.node == cpu.node }
            let far = others.filter { $0.node != cpu.node }
            return Self.cores(near + far).first
        } reason: { most in
            if most > 1 {
                return "needs \(count) cores on one last-level cache, there are \(most)"
            }
            if cpus.allSatisfy(\.lastLevelCache.isEmpty) {
                return "the last-level caches are unknown"
            }
            return "no two cores that this process may use share a last-level cache"
        }
    }

    private func onOneNode(_ count: Int) -> Availability<[Int]> {
        guard numaAvailable else { return .absent(Self.noNUMA) }
        let byNode = byNode
        return choose(count, from: oneForEachCache.filter { $0.node != nil }) { cpu in
            let near = Set(cpu.lastLevelCache + cpu.siblings + [cpu.id])
            let (first, rest) = Self.cores(
                cpu.node.flatMap { byNode[$0] }?.filter { !near.contains($0.id) } ?? [])
            return first + rest
        } reason: { most in
            if most > 1 {
                return "needs \(count) CPUs on one node, all others off the first one's "
                    + "last-level cache; there are \(most)"
            }
            if byNode.isEmpty { return "the nodes of the CPUs are unknown" }
            if byNode.values.allSatisfy({ $0.count < 2 }) {
                return "no node has two CPUs that this process may use"
            }
            if cpus.allSatisfy(\.lastLevelCache.isEmpty) {
                return "no node has two cores that this process may use"
            }
            return "all CPUs of \(byNode.count == 1 ? "the" : "a") node share the last-level cache"
        }
    }

    private func acrossNodes(_ count: Int) -> Availability<[Int]> {
        guard numaAvailable else { return .absent(Self.noNUMA) }
        let byNode = byNode
        let ids = byNode.keys.sorted()
        guard ids.count > 1 else {
            if nodes.count + nodesNotAllowed.count < 2 { return .absent("one node only") }
            return .absent("the CPUs that this process may use are on one node only")
        }
        var best: (distance: Int, cpus: [Int])?
        for first in ids {
            for second in ids where second != first && byNode[second]!.count >= count - 1 {
                let distance = distance(from: first, to: second)
                if let best, best.distance >= distance { continue }
                let (cores, rest) = Self.cores(byNode[second]!)
                best = (distance, [byNode[first]![0].id] + (cores + rest).prefix(count - 1))
            }
        }
        guard let best else {
            let most = byNode.values.map(\.count).max() ?? 0
            return .absent("needs \(Self.cpus(count - 1)) on the second node, there \(Self.are(most))")
        }
        return .available(best.cpus)
    }

    /// Returns the first CPU that has enough others, and those; the reason is told how
    /// many CPUs there are at most, the first included.
    private func choose(
        _ count: Int, from candidates: [CPU], others: (CPU) -> [Int], reason: (Int) -> String
    ) -> Availability<[Int]> {
        var most = 0
        for cpu in candidates {
            let chosen = [cpu.id] + others(cpu)
            if chosen.count >= count { return .available(Array(chosen.prefix(count))) }
            most = max(most, chosen.count)
        }
        return .absent(reason(most))
    }

    /// The CPUs of one cache and node have equally many others: it is enough to
    /// ask one of them.  One whose cache is unknown stands for itself.
    private var oneForEachCache: [CPU] {
        var seen: Set<[Int]> = []
        return cpus.filter { seen.insert([$0.node ?? -1, $0.lastLevelCache.first ?? -1 - $0.id]).inserted }
    }

    private var byID: [Int: CPU] {
        Dictionary(cpus.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private var byNode: [Int: [CPU]] {
        Dictionary(grouping: cpus.filter { $0.node != nil }, by: { $0.node! })
    }

    /// Returns one CPU of each core, and those that are siblings of these.
    static func cores(_ cpus: [CPU]) -> (first: [Int], rest: [Int]) {
        var taken: Set<Int> = [], rest: [Int] = [], first: [Int] = []
        for cpu in cpus {
            if cpu.siblings.contains(where: taken.contains) {
                rest.append(cpu.id)
            } else {
                taken.insert(cpu.id)
                first.append(cpu.id)
            }
        }
        return (first, rest)
    }

    static func cpus(_ count: Int) -> String { count == 1 ? "1 CPU" : "\(count) CPUs" }
    static func are(_ count: Int) -> String { count == 1 ? "is 1" : "are \(count)" }
}
