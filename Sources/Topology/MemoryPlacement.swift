// SPDX-License-Identifier: GPL-2.0-only

/// The node on which the memory of a run lies.
public enum MemoryPlacement: Sendable, Hashable, LosslessStringConvertible {
    /// The node of the first CPU.
    case local
    /// The node of the other CPUs, when it is not the first one's.
    case remote
    /// A node to which none of the CPUs belongs.
    case third
    /// All nodes that have memory, page by page in turn.
    case interleaved
    /// The node of that number.
    case node(Int)

    /// The placements that have a name.
    public static let named: [MemoryPlacement] = [.local, .remote, .third, .interleaved]

    /// - Parameter text: a name, or the number of a node in decimal digits.
    public init?(_ text: String) {
        if let named = Self.named.first(where: { $0.description == text }) {
            self = named
        } else if text.utf8.allSatisfy({ (48...57).contains($0) }), let id = Int(text) {
            self = .node(id)
        } else {
            return nil
        }
    }

    /// The text of which `init(_:)` makes the placement again.
    public var description: String {
        switch self {
        case .local: "local"
        case .remote: "remote"
        case .third: "third"
        case .interleaved: "interleaved"
        case .node(let id): "\(id)"
        }
    }
}

extension Topology {
    /// Returns the nodes on which the memory lies when it is placed so.
    ///
    /// - Parameters:
    ///   - placement: the place that is asked for.
    ///   - cpus: the CPUs of the run, in its order.
    public func nodes(for placement: MemoryPlacement, cpus: [Int]) -> Availability<[Int]> {
        guard numaAvailable else { return .absent(Self.noNUMA) }
        switch placement {
        case .local: return localNode(cpus)
        case .remote: return remoteNode(cpus)
        case .third: return thirdNode(cpus)
        case .interleaved: return allNodes()
        case .node(let id): return memory(on: id, "node \(id)")
        }
    }

    private func localNode(_ cpus: [Int]) -> Availability<[Int]> {
        guard let cpu = cpus.first else { return .absent("there is no first CPU") }
        guard let id = nodeOfCPU(cpu) else { return .absent("the node of CPU \(cpu) is unknown") }
        return memory(on: id, "node \(id) (local)")
    }

    private func remoteNode(_ cpus: [Int]) -> Availability<[Int]> {
        guard cpus.count > 1 else { return .absent("there is no second CPU") }
        if let unknown = cpus.first(where: { nodeOfCPU($0) == nil }) {
            return .absent("the node of CPU \(unknown) is unknown")
        }
        let ids = Set(cpus.dropFirst().compactMap(nodeOfCPU))
        guard ids.count == 1, let id = ids.first else {
            return .absent("the other CPUs are on several nodes (\(NumberList.text(ids)))")
        }
        if id == nodeOfCPU(cpus[0]) {
            return .absent("the second CPU is on the node of the first")
        }
        return memory(on: id, "node \(id) (remote)")
    }

    private func thirdNode(_ cpus: [Int]) -> Availability<[Int]> {
        if let unknown = cpus.first(where: { nodeOfCPU($0) == nil }) {
            return .absent("the node of CPU \(unknown) is unknown")
        }
        let taken = cpus.compactMap(nodeOfCPU)
        guard let id = nodesWithMemory.first(where: { !taken.contains($0) }) else {
            return .absent("no node with memory besides those of the CPUs")
        }
        return .available([id])
    }

    private func allNodes() -> Availability<[Int]> {
        let ids = nodesWithMemory
        switch ids.count {
        case 0: return .absent("no node has memory that this process may use")
        case 1: return .absent("only node \(ids[0]) has memory that this process may use")
        default: return .available(ids)
        }
    }

    private func memory(on id: Int, _ name: String) -> Availability<[Int]> {
        let there = "memory is on \(NumberList.text("node", nodesWithMemory))"
        if nodesNotAllowed.contains(id) {
            return .absent("\(name) is not allowed (cpuset); \(there)")
        }
        guard let node = node(id) else { return .absent("there is no \(name); \(there)") }
        if node.memoryBytes == 0 { return .absent("\(name) has no memory; \(there)") }
        return .available([id])
    }

    private func nodeOfCPU(_ id: Int) -> Int? { cpus.first { $0.id == id }?.node }
}
