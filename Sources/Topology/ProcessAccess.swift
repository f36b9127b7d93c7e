// SPDX-License-Identifier: GPL-2.0-only
internal import CNUMA
import Foundation

/// The part of a machine that a process may use, and facts that only the kernel can tell of
/// its nodes.
public struct ProcessAccess: Sendable, Equatable {
    /// The CPUs of the affinity mask, which lies within the cpuset.
    public var cpus: Set<Int>
    /// The nodes on which memory may be allocated; the kernel names only nodes that
    /// have memory.
    public var nodes: Set<Int>
    /// Whether memory may be put on a node.
    public var mayPlaceMemory = true
    /// The node of a CPU where hwloc may say another: hwloc counts the memory of a node
    /// without CPUs to the CPUs that are nearest.
    public var nodeOfCPU: [Int: Int] = [:]
    /// The bytes that are free on a node.
    public var freeBytes: [Int: UInt64] = [:]

    /// Asks the kernel about the calling thread; of a machine that is only described,
    /// everything may be used.
    ///
    /// - Throws: `TopologyError.unreadable`.
    public init(_ hardware: Hardware) throws(TopologyError) {
        let memory = hardware.memoryOfNodes
        guard hardware.isThisMachine else {
            cpus = hardware.online
            nodes = Set(memory.keys.filter { memory[$0]! > 0 })
            return
        }
        cpus = try hardware.affinity()
        nodes = []
        mayPlaceMemory = hardware.hasNodes && LibNUMA.isAvailable
        guard mayPlaceMemory else { return }
        nodes = LibNUMA.allowedNodes()
        nodeOfCPU = LibNUMA.nodeOfCPU
        for node in memory.keys { freeBytes[node] = LibNUMA.freeBytes(node) }
    }
}

private enum LibNUMA {
    static let isAvailable = numa_available() >= 0 && !callsAreRefused()

    /// A container may forbid the calls though the kernel has them, and libnuma
    /// does not always notice.  Neither call does anything here.
    private static func callsAreRefused() -> Bool {
        for call in [
            { get_mempolicy(nil, nil, 0, nil, 0) }, { mbind(nil, 0, MPOL_DEFAULT, nil, 0, 0) },
        ] where call() != 0 {
            let error = errno
            if error == EPERM || error == ENOSYS { return true }
        }
        return false
    }

    static func allowedNodes() -> Set<Int> {
        guard let mask = numa_get_mems_allowed() else { return [] }
        defer { numa_bitmask_free(mask) }
        return Set((0...max(0, Int(numa_max_node()))).filter { numa_bitmask_isbitset(mask, UInt32($0)) != 0 })
    }

    /// libnuma reads it once itself, and not safely from two threads at a time.
    static let nodeOfCPU: [Int: Int] = {
        var result: [Int: Int] = [:]
        for cpu in 0..<max(0, numa_num_configured_cpus()) {
            let node = numa_node_of_cpu(cpu)
            if node >= 0 { result[Int(cpu)] = Int(node) }
        }
        return result
    }()

    static func freeBytes(_ node: Int) -> UInt64? {
        var free: Int64 = -1
        guard numa_node_size64(Int32(node), &free) >= 0, free >= 0 else { return nil }
        return UInt64(free)
    }
}
