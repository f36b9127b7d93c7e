// SPDX-License-Identifier: GPL-2.0-only

extension Topology {
    /// Reads what the kernel tells the calling thread now.
    ///
    /// - Throws: `TopologyError.unreadable`.
    public static func ofThisProcess() throws(TopologyError) -> Topology {
        let hardware = try Hardware()
        return Topology(hardware, try ProcessAccess(hardware))
    }

    /// The machine without what the process may not use, and with notes of what is unknown.
    public init(_ hardware: Hardware, _ access: ProcessAccess) {
        let online = hardware.online
        let memory = hardware.memoryOfNodes
        let hasNUMA = hardware.hasNodes && access.mayPlaceMemory
        var notes: [String] = []
        let gone = access.cpus.subtracting(online)
        if !gone.isEmpty { notes.append("allowed, but not online: \(NumberList.text("CPU", gone))") }
        if hardware.hasNodes && !hasNUMA {
            notes.append(
                "sysfs has \(NumberList.text("node", memory.keys)), but the NUMA calls are refused "
                    + "(as in some containers); taken as not available")
        }
        let cpus = hardware.cpus.filter { access.cpus.contains($0.id) }.map { cpu in
            CPU(
                id: cpu.id, node: hasNUMA ? access.nodeOfCPU[cpu.id] ?? cpu.node : nil,
                package: cpu.package, core: cpu.core,
                siblings: cpu.threads.intersection(access.cpus).subtracting([cpu.id]).sorted(),
                lastLevelCache: cpu.cache.intersection(access.cpus).sorted(),
                lastLevelCacheBytes: cpu.cacheBytes)
        }
        for (what, ids) in [
            ("SMT siblings", cpus.filter { $0.core == nil }.map(\.id)),
            ("last-level cache", cpus.filter(\.lastLevelCache.isEmpty).map(\.id)),
        ] where !ids.isEmpty {
            notes.append("\(what) unknown: \(NumberList.text("CPU", ids))")
        }
        let distances = hardware.distances
        let nodes = !hasNUMA ? [] : memory.map { id, bytes in
            Node(
                id: id, cpus: cpus.filter { $0.node == id }.map(\.id), memoryBytes: bytes,
                freeBytes: access.freeBytes[id], distances: distances[id] ?? [:])
        }
        // The kernel never names a node without memory among the allowed ones: there is
        // nothing on it to forbid.
        let isUsable = { (node: Node) in node.memoryBytes == 0 || access.nodes.contains(node.id) }
        self.init(
            numaAvailable: hasNUMA, nodes: nodes.filter(isUsable), cpus: cpus,
            offline: Array(hardware.present.subtracting(online)),
            notAllowed: Array(online.subtracting(access.cpus)),
            nodesNotAllowed: nodes.filter { !isUsable($0) }.map(\.id), notes: notes)
    }
}
