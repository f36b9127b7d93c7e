// SPDX-License-Identifier: GPL-2.0-only

/// Where a run takes place: a CPU for each virtual CPU, and nodes for the memory.
public struct StressPlace: Sendable, Equatable {
    /// Name of the placement; "as asked" for CPUs that were named.
    public var placement: String
    /// The first is the splitter's; empty: not pinned.
    public var cpus: [Int]
    /// Name of the placement of memory.
    public var memory: String
    /// Empty: wherever the kernel puts it.
    public var nodes: [Int]

    /// Neither pinned nor placed.
    public static let anywhere = StressPlace(
        placement: "anywhere", cpus: [], memory: "anywhere", nodes: [])

    /// What the user asked for, or what is near if he did not.
    ///
    /// - Parameter count: CPUs that the scenario needs.
    public init(
        _ topology: Topology, count: Int, placement: Placement? = nil, cpus explicit: [Int]? = nil,
        memory asked: MemoryPlacement? = nil
    ) throws(HarnessError) {
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

    init(placement: String, cpus: [Int], memory: String, nodes: [Int]) {
        self.placement = placement
        self.cpus = cpus
        self.memory = memory
        self.nodes = nodes
    }

    private static func memory(
        _ topology: Topology, _ cpus: [Int], _ asked: MemoryPlacement?
    ) throws(HarnessError) -> (String, [Int]) {
        switch topology.nodes(for: asked ?? .splitter, cpus: cpus) {
        case .available(let nodes):
            return ((asked ?? .splitter).description, nodes)
        case .absent(let reason):
            guard let asked else { return ("anywhere", []) }
            throw .badPlacement(
                "this machine has no memory placement '\(asked)': \(reason) "
                    + "(see 'mmrace topology')")
        }
    }
}
