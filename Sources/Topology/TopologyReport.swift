// SPDX-License-Identifier: GPL-2.0-only

/// The topology with the places that a run of two threads can take on it.
public struct TopologyReport: Encodable, Sendable {
    /// CPUs or nodes, or the reason why there are none: one of the two is nil.
    public struct Place: Encodable, Sendable {
        /// The name by which the command line asks for it.
        public let name: String
        /// The numbers of the CPUs or nodes.
        public let ids: [Int]?
        /// The reason why there are none.
        public let absent: String?

        init(_ name: String, _ availability: Availability<[Int]>) {
            self.name = name
            switch availability {
            case .available(let ids): (self.ids, absent) = (ids, nil)
            case .absent(let reason): (ids, absent) = (nil, reason)
            }
        }
    }

    /// The machine as far as this process may use it.
    public let topology: Topology
    /// The placements of two threads.
    public let placements: [Place]
    /// The first CPU and the second, for which `memory` is told: on two nodes
    /// if possible, as there the places of memory differ most.
    public let memoryCPUs: [Int]
    /// The places of memory for these CPUs.
    public let memory: [Place]

    /// Derives the places from a topology.
    public init(_ topology: Topology) {
        self.topology = topology
        placements = Placement.allCases.map { Place($0.rawValue, topology.cpus(for: $0, count: 2)) }
        let across = placements.last { $0.name == Placement.across.rawValue }?.ids
        let cpus = across ?? (try? topology.defaultCPUs(count: 2)) ?? topology.cpus.prefix(1).map(\.id)
        memoryCPUs = cpus
        memory = (MemoryPlacement.named + topology.nodes.map { .node($0.id) }).map {
            Place($0.description, topology.nodes(for: $0, cpus: cpus))
        }
    }
}
