// SPDX-License-Identifier: GPL-2.0-only

/// On which node the memory of a run lies.
public enum MemoryPlacement: Sendable, Hashable, LosslessStringConvertible {
    /// The node of the splitter's CPU.
    case splitter
    /// The node of the zappers' CPUs, when it is another.
    case zapper
    /// A node where none of them runs.
    case third
    /// In turn over all nodes that have memory.
    case interleaved
    case node(Int)

    private static let names: [String: MemoryPlacement] = [
        "splitter": .splitter, "zapper": .zapper, "third": .third, "interleaved": .interleaved,
    ]

    /// A name, or the number of a node.
    public init?(_ text: String) {
        if let named = Self.names[text] {
            self = named
        } else if let numbers = NumberList.parse(text), numbers.count == 1, Int(text) != nil {
            self = .node(numbers[0])
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .splitter: "splitter"
        case .zapper: "zapper"
        case .third: "third"
        case .interleaved: "interleaved"
        case .node(let id): "\(id)"
        }
    }
}

/// As its text.
extension MemoryPlacement: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = MemoryPlacement(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no placement of memory")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Topology {
    /// The nodes on which the memory then lies; the first CPU is the splitter's.
    public func nodes(for placement: MemoryPlacement, cpus: [Int]) -> Availability<[Int]> {
        guard numaAvailable else { return .absent(Self.noNUMA) }
        switch placement {
        case .splitter: return splitterNode(cpus)
        case .zapper: return zapperNode(cpus)
        case .third: return thirdNode(cpus)
        case .interleaved: return allNodes()
        case .node(let id): return memory(on: id, "node \(id)")
        }
    }

    private func splitterNode(_ cpus: [Int]) -> Availability<[Int]> {
        guard let cpu = cpus.first else { return .absent("no CPU for the splitter") }
        guard let id = nodeOfCPU(cpu) else { return .absent("the node of CPU \(cpu) is unknown") }
        return memory(on: id, "node \(id) (the splitter's)")
    }

    private func zapperNode(_ cpus: [Int]) -> Availability<[Int]> {
        guard cpus.count > 1 else { return .absent("no CPU for a zapper") }
        if let unknown = cpus.first(where: { nodeOfCPU($0) == nil }) {
            return .absent("the node of CPU \(unknown) is unknown")
        }
        let ids = Set(cpus.dropFirst().compactMap(nodeOfCPU))
        guard ids.count == 1, let id = ids.first else {
            return .absent("the zappers run on several nodes (\(NumberList.text(ids)))")
        }
        if id == nodeOfCPU(cpus[0]) { return .absent("the zapper runs on the splitter's node") }
        return memory(on: id, "node \(id) (the zapper's)")
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
