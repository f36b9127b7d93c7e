// SPDX-License-Identifier: GPL-2.0-only
import CNUMA
import Foundation

/// What a process may use, and what libnuma says of the nodes.
public struct ProcessAccess: Sendable, Equatable {
    /// The affinity mask, which lies within the cpuset.
    public var cpus: Set<Int>
    /// Nodes on which memory may be allocated; the kernel names only nodes that
    /// have memory.
    public var nodes: Set<Int>
    public var numaAvailable: Bool
    /// libnuma's distances, by the node from which and the node to which; what is
    /// missing is taken from sysfs.
    public var distances: [Int: [Int: Int]]
    /// libnuma's node of each CPU; what is missing is taken from sysfs.
    public var nodeOfCPU: [Int: Int]

    public init(
        cpus: Set<Int>, nodes: Set<Int>, numaAvailable: Bool = true,
        distances: [Int: [Int: Int]] = [:], nodeOfCPU: [Int: Int] = [:]
    ) {
        self.cpus = cpus
        self.nodes = nodes
        self.numaAvailable = numaAvailable
        self.distances = distances
        self.nodeOfCPU = nodeOfCPU
    }

    /// Asks the kernel about the calling thread.
    public static func current() throws(HarnessError) -> ProcessAccess {
        let cpus = try affinity()
        guard libnuma.available else {
            return ProcessAccess(cpus: cpus, nodes: [], numaAvailable: false)
        }
        return ProcessAccess(
            cpus: cpus, nodes: allowedNodes(), distances: libnuma.distances,
            nodeOfCPU: libnuma.nodeOfCPU)
    }

    /// The kernel refuses a mask that is smaller than its own, and does not say
    /// how large that is.
    private static func affinity() throws(HarnessError) -> Set<Int> {
        var bits: UInt32 = 1024
        while true {
            // libnuma ends the process when there is no memory for it.
            let mask = numa_bitmask_alloc(bits)!
            defer { numa_bitmask_free(mask) }
            if numa_sched_getaffinity(0, mask) >= 0 { return numbers(of: mask) }
            let error = errno
            guard error == EINVAL, bits < 1 << 22 else {
                throw .badTopology(
                    "sched_getaffinity: \(String(cString: strerror(error))); "
                        + "which CPUs this process may use is unknown")
            }
            bits *= 2
        }
    }

    private static func allowedNodes() -> Set<Int> {
        guard let mask = numa_get_mems_allowed() else { return [] }
        defer { numa_bitmask_free(mask) }
        return numbers(of: mask)
    }

    private static func numbers(of mask: UnsafeMutablePointer<bitmask>) -> Set<Int> {
        Set((0..<Int(mask.pointee.size)).filter { numa_bitmask_isbitset(mask, UInt32($0)) != 0 })
    }

    /// libnuma reads these once itself, and not safely from two threads at a time.
    private static let libnuma: LibNUMA = {
        var result = LibNUMA()
        guard numa_available() >= 0, !callsAreRefused() else { return result }
        result.available = true
        let nodes = (0...max(0, Int(numa_max_node()))).filter { cnuma_node_exists(Int32($0)) != 0 }
        for node in nodes {
            for other in nodes {
                let distance = Int(numa_distance(Int32(node), Int32(other)))
                if distance > 0 { result.distances[node, default: [:]][other] = distance }
            }
            guard let mask = numa_allocate_cpumask() else { continue }
            defer { numa_bitmask_free(mask) }
            guard numa_node_to_cpus(Int32(node), mask) == 0 else { continue }
            for cpu in numbers(of: mask) { result.nodeOfCPU[cpu] = node }
        }
        return result
    }()

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

    private struct LibNUMA {
        var available = false
        var distances: [Int: [Int: Int]] = [:]
        var nodeOfCPU: [Int: Int] = [:]
    }
}
