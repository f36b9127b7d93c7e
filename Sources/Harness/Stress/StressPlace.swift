// SPDX-License-Identifier: GPL-2.0-only
import Topology

/// The place of a run: a CPU for each virtual CPU, and nodes for the memory.
public struct StressPlace: Sendable, Equatable {
    /// The name of the placement; "as asked" for CPUs that were named.
    public var placement: String
    /// The CPU of each thread; empty when none is pinned.
    public var cpus: [Int]
    /// The name of the placement of memory.
    public var memory: String
    /// The nodes of the memory; empty when the kernel puts it wherever it likes.
    public var nodes: [Int]

    /// The place of a run that is neither pinned nor placed.
    public static let anywhere = StressPlace(
        placement: "anywhere", cpus: [], memory: "anywhere", nodes: [])
}

extension StressPlace {
    /// Finds the place that the user asked for; CPUs near each other when nothing was asked.
    /// A scenario needs `count` CPUs.
    ///
    /// - Throws: `TopologyError.badPlacement`, with the reason why it cannot be had.
    public init(
        _ topology: Topology, count: Int, placement: Placement? = nil, cpus explicit: [Int]? = nil,
        memory asked: MemoryPlacement? = nil
    ) throws(TopologyError) {
        if let explicit {
            self.placement = "as asked"
            cpus = try topology.cpus(explicit: explicit, count: count)
        } else if let placement {
            // Too few CPUs is the better complaint.
            _ = try topology.defaultCPUs(count: count)
            switch topology.cpus(for: placement, count: count) {
            case .available(let found):
                self.placement = placement.rawValue
                cpus = found
            case .absent(let reason):
                throw .badPlacement(
                    "this machine has no placement '\(placement.rawValue)': \(reason) "
                        + "(see 'mmrace topology')")
            }
        } else {
            let found = try topology.defaultCPUs(count: count)
            cpus = found
            self.placement =
                Placement.allCases.first {
                    topology.cpus(for: $0, count: count) == .available(found)
                }?.rawValue ?? "anywhere"
        }
        (memory, nodes) = try Self.memory(topology, cpus, asked)
    }

    private static func memory(
        _ topology: Topology, _ cpus: [Int], _ asked: MemoryPlacement?
    ) throws(TopologyError) -> (String, [Int]) {
        switch topology.nodes(for: asked ?? .local, cpus: cpus) {
        case .available(let nodes):
            return ((asked ?? .local).description, nodes)
        case .absent(let reason):
            guard let asked else { return ("anywhere", []) }
            throw .badPlacement(
                "this machine has no memory placement '\(asked)': \(reason) "
                    + "(see 'mmrace topology')")
        }
    }
}
