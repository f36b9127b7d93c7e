// SPDX-License-Identifier: GPL-2.0-only

/// The machine as far as this process may use it, and what was left out.
public struct Topology: Codable, Sendable, Equatable {
    /// A NUMA node.
    public struct Node: Codable, Sendable, Equatable {
        /// The kernel's number.
        public let id: Int
        /// The CPUs of the node that this process may use, ascending.
        public let cpus: [Int]
        /// The bytes of all of its memory; 0 when it has none.
        public let memoryBytes: UInt64
        /// The bytes that are free; nil when unknown.
        public let freeBytes: UInt64?
        /// The distance to each node of the machine, itself included (10 there).
        public let distances: [Int: Int]
    }

    /// A CPU that is online and that this process may use.
    public struct CPU: Codable, Sendable, Equatable {
        /// The kernel's number.
        public let id: Int
        /// The node that it belongs to, also when the memory of that is not allowed.
        public let node: Int?
        /// The number of its package (socket).
        public let package: Int?
        /// The number of its core, unique within the package only.
        public let core: Int?
        /// The other usable hardware threads of its core.
        public let siblings: [Int]
        /// The usable CPUs on its last-level cache, itself included; empty when
        /// the kernel does not tell.
        public let lastLevelCache: [Int]
        /// The size of that cache; nil when unknown.
        public let lastLevelCacheBytes: UInt64?
    }

    /// Whether the kernel has nodes and lets this process place its memory.
    public let numaAvailable: Bool
    /// The nodes, ascending, those without memory, too.  Empty when NUMA is not available.
    public let nodes: [Node]
    /// The CPUs that are online and that this process may use, ascending.
    public let cpus: [CPU]
    /// CPUs of the machine that are not online.
    public let offline: [Int]
    /// CPUs that are online, but outside the affinity mask or the cpuset.
    public let notAllowed: [Int]
    /// Nodes whose memory the cpuset forbids.
    public let nodesNotAllowed: [Int]
    /// Sentences about what is unknown or was taken as not available.
    public let notes: [String]

    /// Sorts all by number.
    public init(
        numaAvailable: Bool, nodes: [Node], cpus: [CPU], offline: [Int] = [],
        notAllowed: [Int] = [], nodesNotAllowed: [Int] = [], notes: [String] = []
    ) {
        self.numaAvailable = numaAvailable
        self.nodes = nodes.sorted { $0.id < $1.id }
        self.cpus = cpus.sorted { $0.id < $1.id }
        self.offline = offline.sorted()
        self.notAllowed = notAllowed.sorted()
        self.nodesNotAllowed = nodesNotAllowed.sorted()
        self.notes = notes
    }

    /// The nodes on which this process may have memory, and which have some.
    public var nodesWithMemory: [Int] {
        nodes.filter { $0.memoryBytes > 0 }.map(\.id)
    }

    /// Returns the distance from one node to another; 0 when unknown.
    public func distance(from: Int, to: Int) -> Int {
        node(from)?.distances[to] ?? node(to)?.distances[from] ?? 0
    }

    func node(_ id: Int) -> Node? { nodes.first { $0.id == id } }
}
