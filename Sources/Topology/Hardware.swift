// SPDX-License-Identifier: GPL-2.0-only
internal import CHwloc
import Foundation

/// A machine as hwloc describes it: its CPUs, caches and nodes, whoever may use them.
///
/// The variables `HWLOC_XMLFILE` and `HWLOC_SYNTHETIC` of hwloc put a described machine
/// in the place of this one.
public final class Hardware {
    /// The place from which the description comes.
    public enum Source: Sendable {
        /// The kernel.
        case thisMachine
        /// A file that `lstopo --disallowed` wrote.
        case xml(String)
        /// A description such as `numa:2 l3:2 core:4 pu:2`.
        case synthetic(String)
    }

    private let topology: hwloc_topology_t

    /// - Throws: `TopologyError.unreadable`.
    public init(_ source: Source = .thisMachine) throws(TopologyError) {
        var made: hwloc_topology_t?
        guard hwloc_topology_init(&made) == 0, let made else {
            throw .unreadable("hwloc cannot begin: \(Self.reason)")
        }
        topology = made
        // CPUs outside the affinity mask are wanted, too, for the reasons; and asking a CPU
        // for its caches by running on it would change the binding of the caller.
        let flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED.rawValue
            | HWLOC_TOPOLOGY_FLAG_IMPORT_SUPPORT.rawValue
            | HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING.rawValue
        let (status, name) =
            switch source {
            case .thisMachine: (0 as Int32, "this machine")
            case .xml(let file): (hwloc_topology_set_xml(made, file), "'\(file)'")
            case .synthetic(let text): (hwloc_topology_set_synthetic(made, text), "'\(text)'")
            }
        guard status == 0, hwloc_topology_set_flags(made, UInt(flags)) == 0,
            hwloc_topology_load(made) == 0
        else { throw .unreadable("hwloc cannot read the topology of \(name): \(Self.reason)") }
    }

    deinit { hwloc_topology_destroy(topology) }

    private static var reason: String { String(cString: strerror(errno)) }

    /// Whether it is the machine that this process runs on.
    public var isThisMachine: Bool { hwloc_topology_is_thissystem(topology) != 0 }

    /// Whether the kernel has NUMA nodes; hwloc makes one up where it has none.
    public var hasNodes: Bool {
        hwloc_topology_get_support(topology).pointee.discovery.pointee.numa != 0
    }

    /// The CPUs that are online.
    public var online: Set<Int> { Self.numbers(hwloc_topology_get_topology_cpuset(topology)) }

    /// The CPUs that are there, online or not.
    public var present: Set<Int> { Self.numbers(hwloc_topology_get_complete_cpuset(topology)) }

    /// Returns the CPUs of the calling thread's affinity mask, which lies within its cpuset.
    ///
    /// - Throws: `TopologyError.unreadable`.
    func affinity() throws(TopologyError) -> Set<Int> {
        let set = hwloc_bitmap_alloc()
        defer { hwloc_bitmap_free(set) }
        guard hwloc_get_cpubind(topology, set, Int32(HWLOC_CPUBIND_THREAD.rawValue)) == 0 else {
            throw .unreadable(
                "sched_getaffinity: \(Self.reason); which CPUs this process may use is unknown")
        }
        return Self.numbers(set)
    }

    /// The facts about an online CPU.
    struct CPU {
        let id: Int
        /// The first of the nodes that are near it.
        let node: Int?
        let package: Int?
        let core: Int?
        /// The hardware threads of its core, itself included; empty when unknown.
        let threads: Set<Int>
        /// The CPUs on its last data or unified cache, itself included; empty when unknown.
        let cache: Set<Int>
        let cacheBytes: UInt64?
    }

    /// The online CPUs, ascending.
    var cpus: [CPU] {
        objects(HWLOC_OBJ_PU).map { unit in
            let above = Array(sequence(first: unit) { $0.pointee.parent })
            let core = above.first { $0.pointee.type == HWLOC_OBJ_CORE }
            let package = above.first { $0.pointee.type == HWLOC_OBJ_PACKAGE }
            let cache = above.last { hwloc_obj_type_is_dcache($0.pointee.type) != 0 }
            let bytes = cache?.pointee.attr.pointee.cache.size ?? 0
            return CPU(
                id: Int(unit.pointee.os_index),
                node: Self.numbers(unit.pointee.nodeset).min(),
                package: package.flatMap(Self.number), core: core.flatMap(Self.number),
                threads: Self.numbers(core?.pointee.cpuset),
                cache: Self.numbers(cache?.pointee.cpuset), cacheBytes: bytes > 0 ? bytes : nil)
        }.sorted { $0.id < $1.id }
    }

    /// The bytes of memory of each node, by its number; 0 when it has none.
    var memoryOfNodes: [Int: UInt64] {
        var memory: [Int: UInt64] = [:]
        for node in objects(HWLOC_OBJ_NUMANODE) {
            memory[Int(node.pointee.os_index)] = node.pointee.attr.pointee.numanode.local_memory
        }
        return memory
    }

    /// The distances from a node to another, by their numbers, as far as they are known;
    /// from a node to itself it is 10.
    var distances: [Int: [Int: Int]] {
        var result: [Int: [Int: Int]] = [:]
        for id in memoryOfNodes.keys { result[id] = [id: 10] }
        var count: UInt32 = 1
        var matrix: UnsafeMutablePointer<hwloc_distances_s>?
        guard hwloc_distances_get_by_name(topology, "NUMALatency", &count, &matrix, 0) == 0,
            count > 0, let matrix
        else { return result }
        defer { hwloc_distances_release(topology, matrix) }
        let ids = (0..<Int(matrix.pointee.nbobjs)).map {
            Int(matrix.pointee.objs[$0]!.pointee.os_index)
        }
        for (row, from) in ids.enumerated() {
            for (column, to) in ids.enumerated() {
                result[from, default: [:]][to] =
                    Int(clamping: matrix.pointee.values[row * ids.count + column])
            }
        }
        return result
    }

    private func objects(_ type: hwloc_obj_type_t) -> [hwloc_obj_t] {
        (0..<UInt32(max(0, hwloc_get_nbobjs_by_type(topology, type)))).compactMap {
            hwloc_get_obj_by_type(topology, type, $0)
        }
    }

    /// The kernel's number of an object, if it gave one.
    private static func number(_ object: hwloc_obj_t) -> Int? {
        object.pointee.os_index == .max ? nil : Int(object.pointee.os_index)
    }

    private static func numbers(_ bitmap: hwloc_const_bitmap_t?) -> Set<Int> {
        guard let bitmap, hwloc_bitmap_weight(bitmap) >= 0 else { return [] }
        var numbers: Set<Int> = []
        var next = hwloc_bitmap_first(bitmap)
        while next >= 0 {
            numbers.insert(Int(next))
            next = hwloc_bitmap_next(bitmap, next)
        }
        return numbers
    }
}
