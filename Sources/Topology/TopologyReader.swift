// SPDX-License-Identifier: GPL-2.0-only

/// Reads the topology from sysfs and leaves out what the process may not use.
///
/// Where libnuma says something else than sysfs, libnuma is believed, as it is
/// what places the memory; a note tells of it.
public struct TopologyReader {
    private let sysfs: Sysfs
    private let access: ProcessAccess
    private static let cpuDirectory = "devices/system/cpu"
    private static let nodeDirectory = "devices/system/node"

    public init(root: String = "/sys", access: ProcessAccess) {
        sysfs = Sysfs(root: root)
        self.access = access
    }

    public func read() throws(HarnessError) -> Topology {
        var notes: [String] = []
        let online = try onlineCPUs(&notes)
        let usable = online.filter(access.cpus.contains)
        var present = try sysfs.list("\(Self.cpuDirectory)/present")
        if present == nil { present = try sysfs.list("\(Self.cpuDirectory)/possible") }
        let ids = nodeIDs(&notes)
        let nodeOfCPU = try nodesOfCPUs(ids, usable, &notes)
        let cpus = try readCPUs(usable, nodeOfCPU, &notes)
        let nodes = readNodes(ids, nodeOfCPU, &notes)
        return Topology(
            numaAvailable: !ids.isEmpty,
            nodes: nodes.filter(isUsable),
            cpus: cpus,
            offline: Set(present ?? []).subtracting(online).sorted(),
            notAllowed: online.filter { !access.cpus.contains($0) },
            nodesNotAllowed: nodes.filter { !isUsable($0) }.map(\.id),
            notes: notes)
    }

    /// The kernel never names a node without memory among the allowed ones: there
    /// is nothing on it to forbid.
    private func isUsable(_ node: Topology.Node) -> Bool {
        node.memoryBytes == 0 || access.nodes.contains(node.id)
    }

    // MARK: CPUs

    private func onlineCPUs(_ notes: inout [String]) throws(HarnessError) -> [Int] {
        guard let online = try sysfs.list("\(Self.cpuDirectory)/online") else {
            notes.append("sysfs does not say which CPUs are online; taken are the allowed ones")
            return access.cpus.sorted()
        }
        let gone = access.cpus.subtracting(online)
        if !gone.isEmpty {
            notes.append("allowed, but not online: \(NumberList.text("CPU", gone))")
        }
        return online
    }

    private func readCPUs(
        _ ids: [Int], _ nodeOfCPU: [Int: Int], _ notes: inout [String]
    ) throws(HarnessError) -> [Topology.CPU] {
        let usable = Set(ids)
        var cpus: [Topology.CPU] = []
        var withoutSiblings: [Int] = []
        for id in ids {
            let directory = "\(Self.cpuDirectory)/cpu\(id)/topology"
            let siblings = try sysfs.list("\(directory)/thread_siblings_list")
            if siblings == nil { withoutSiblings.append(id) }
            let cache = try lastLevelCache(of: id)
            cpus.append(
                Topology.CPU(
                    id: id, node: nodeOfCPU[id],
                    package: sysfs.number("\(directory)/physical_package_id"),
                    core: sysfs.number("\(directory)/core_id"),
                    siblings: (siblings ?? []).filter { $0 != id && usable.contains($0) },
                    lastLevelCache: cache.sharing.filter(usable.contains),
                    lastLevelCacheBytes: cache.bytes))
        }
        if !withoutSiblings.isEmpty {
            notes.append("SMT siblings unknown: \(NumberList.text("CPU", withoutSiblings))")
        }
        let withoutCache = cpus.filter(\.lastLevelCache.isEmpty).map(\.id)
        if !withoutCache.isEmpty {
            notes.append("last-level cache unknown: \(NumberList.text("CPU", withoutCache))")
        }
        return cpus
    }

    /// The data or unified cache of the highest level.
    private func lastLevelCache(
        of cpu: Int
    ) throws(HarnessError) -> (sharing: [Int], bytes: UInt64?) {
        let directory = "\(Self.cpuDirectory)/cpu\(cpu)/cache"
        var last: (level: Int, path: String)?
        for index in sysfs.numbered(directory, prefix: "index") {
            let path = "\(directory)/index\(index)"
            guard let level = sysfs.number("\(path)/level"), level > last?.level ?? 0,
                sysfs.text("\(path)/type") != "Instruction"
            else { continue }
            last = (level, path)
        }
        guard let last, let sharing = try sysfs.list("\(last.path)/shared_cpu_list"),
            sharing.contains(cpu)
        else { return ([], nil) }
        return (sharing, sysfs.text("\(last.path)/size").flatMap(Self.bytes))
    }

    /// `32768K`.
    private static func bytes(_ size: String) -> UInt64? {
        let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        guard let unit = size.last.flatMap({ units[$0] }) else { return UInt64(size) }
        guard let number = UInt64(size.dropLast()) else { return nil }
        let (value, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : value
    }

    // MARK: Nodes

    /// Ascending and perhaps with gaps; empty when NUMA is not available.
    private func nodeIDs(_ notes: inout [String]) -> [Int] {
        let ids = sysfs.numbered(Self.nodeDirectory, prefix: "node")
        if access.numaAvailable {
            if ids.isEmpty { notes.append("NUMA is not available: sysfs has no nodes") }
            return ids
        }
        if !ids.isEmpty {
            notes.append(
                "sysfs has \(NumberList.text("node", ids)), but the NUMA calls are refused "
                    + "(as in some containers); taken as not available")
        }
        return []
    }

    private func nodesOfCPUs(
        _ ids: [Int], _ cpus: [Int], _ notes: inout [String]
    ) throws(HarnessError) -> [Int: Int] {
        guard !ids.isEmpty else { return [:] }
        var inSysfs: [Int: Int] = [:]
        for id in ids {
            for cpu in try sysfs.list("\(Self.nodeDirectory)/node\(id)/cpulist") ?? [] {
                inSysfs[cpu] = id
            }
        }
        var result: [Int: Int] = [:]
        var disputed: [[Int]: [Int]] = [:]
        for cpu in cpus {
            let ours = access.nodeOfCPU[cpu], theirs = inSysfs[cpu]
            result[cpu] = ours ?? theirs
            if let ours, let theirs, ours != theirs { disputed[[ours, theirs], default: []].append(cpu) }
        }
        for (places, cpus) in disputed.sorted(by: { $0.value[0] < $1.value[0] }) {
            notes.append(
                "\(NumberList.text("CPU", cpus)): on node \(places[0]) says libnuma, "
                    + "on node \(places[1]) says sysfs; libnuma is believed")
        }
        return result
    }

    private func readNodes(
        _ ids: [Int], _ nodeOfCPU: [Int: Int], _ notes: inout [String]
    ) -> [Topology.Node] {
        var cpus: [Int: [Int]] = [:]
        for (cpu, node) in nodeOfCPU { cpus[node, default: []].append(cpu) }
        var disputed: [String] = []
        let nodes = ids.map { id in
            let memory = memory(of: id)
            if memory.total == nil { notes.append("node \(id): memory unknown, taken as none") }
            return Topology.Node(
                id: id, cpus: (cpus[id] ?? []).sorted(), memoryBytes: memory.total ?? 0,
                freeBytes: memory.free, distances: distances(of: id, ids, &disputed))
        }
        if let first = disputed.first {
            let more = disputed.count > 1 ? " (and \(disputed.count - 1) more)" : ""
            notes.append("\(first)\(more); libnuma is believed")
        }
        return nodes
    }

    /// The file has a column for each node that is there, so with gaps in the
    /// numbers the third column may be that of node 8.
    private func distances(of id: Int, _ ids: [Int], _ disputed: inout [String]) -> [Int: Int] {
        let columns = sysfs.text("\(Self.nodeDirectory)/node\(id)/distance")?
            .split(separator: " ").compactMap { Int($0) }
        var result: [Int: Int] = [:]
        for (index, other) in ids.enumerated() {
            let theirs = columns?.count == ids.count ? columns?[index] : nil
            let ours = access.distances[id]?[other]
            result[other] = ours ?? theirs
            if let ours, let theirs, ours != theirs {
                disputed.append(
                    "distance from node \(id) to \(other): \(ours) says libnuma, \(theirs) says sysfs")
            }
        }
        return result
    }

    /// Lines such as `Node 0 MemTotal:  5202500 kB`.
    private func memory(of id: Int) -> (total: UInt64?, free: UInt64?) {
        var values: [Substring: UInt64] = [:]
        let text = sysfs.text("\(Self.nodeDirectory)/node\(id)/meminfo") ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 5, words[4] == "kB", let value = UInt64(words[3]),
                value < .max / 1024
            else { continue }
            values[words[2]] = value * 1024
        }
        return (values["MemTotal:"], values["MemFree:"])
    }
}
