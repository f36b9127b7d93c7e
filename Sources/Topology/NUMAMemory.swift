// SPDX-License-Identifier: GPL-2.0-only
internal import CNUMA
import Foundation

/// The placement of a range of memory, which begins and ends at the bounds of a page
/// and may be written to.
public enum NUMAMemory {
    static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    /// Puts the pages on one node, or on several in turn.  Those that are in
    /// memory already are moved, but one that lies on any of the nodes stays: to
    /// interleave, place the range before its first use.
    ///
    /// - Throws: `TopologyError.badPlacement` for what cannot be asked for,
    ///   `placementFailed` for what the kernel refuses.
    public static func place(
        _ range: UnsafeMutableRawBufferPointer, on nodes: [Int]
    ) throws(TopologyError) {
        try check(range)
        try check(nodes)
        let asked = Set(nodes)
        var mask = [UInt](repeating: 0, count: asked.max()! / UInt.bitWidth + 1)
        for id in asked { mask[id / UInt.bitWidth] |= 1 << UInt(id % UInt.bitWidth) }
        // The kernel takes one bit less than it is told of.
        let status = mbind(
            range.baseAddress, UInt(range.count), asked.count == 1 ? MPOL_BIND : MPOL_INTERLEAVE,
            mask, UInt(mask.count * UInt.bitWidth + 1), UInt32(MPOL_MF_MOVE | MPOL_MF_STRICT))
        if status != 0 {
            let error = errno
            throw .placementFailed(
                "mbind to \(NumberList.text("node", asked)): \(text(error))\(hint(error))")
        }
    }

    /// Returns the number of pages on each node.  Those that are not in memory yet are
    /// brought there; no other thread may write to the range meanwhile.
    ///
    /// - Throws: as `place(_:on:)`.
    public static func nodes(
        of range: UnsafeMutableRawBufferPointer
    ) throws(TopologyError) -> [Int: Int] {
        try check(range)
        try populate(range)
        var found: [Int: Int] = [:]
        for offset in stride(from: 0, to: range.count, by: pageSize) {
            found[try node(of: range.baseAddress! + offset), default: 0] += 1
        }
        return found
    }

    /// Checks that no page lies on another node, and that each of the nodes has one.
    ///
    /// - Throws: `TopologyError.placementFailed` when that is not so.
    public static func verify(
        _ range: UnsafeMutableRawBufferPointer, on nodes: [Int]
    ) throws(TopologyError) {
        try check(nodes)
        let found = try self.nodes(of: range)
        let asked = Set(nodes)
        let pages = range.count / pageSize
        let elsewhere = found.filter { !asked.contains($0.key) }
        if !elsewhere.isEmpty {
            throw .placementFailed(
                "\(elsewhere.values.reduce(0, +)) of \(pages) pages are on "
                    + "\(NumberList.text("node", elsewhere.keys)) instead of "
                    + "\(NumberList.text("node", asked)); see whether the latter has free memory")
        }
        let without = asked.subtracting(found.keys)
        if !without.isEmpty {
            throw .placementFailed(
                "none of \(pages) pages is on \(NumberList.text("node", without)); "
                    + "take more memory or smaller pages")
        }
    }

    private static func check(_ range: UnsafeMutableRawBufferPointer) throws(TopologyError) {
        let start = UInt(bitPattern: range.baseAddress)
        guard start != 0, range.count > 0, start % UInt(pageSize) == 0,
            range.count % pageSize == 0
        else {
            throw .badPlacement(
                "\(range.count) bytes at 0x\(String(start, radix: 16)) are not whole pages "
                    + "of \(pageSize) bytes; only such can be placed on a node")
        }
    }

    private static func check(_ nodes: [Int]) throws(TopologyError) {
        guard !nodes.isEmpty, nodes.allSatisfy((0..<1 << 20).contains) else {
            throw .badPlacement(
                "memory cannot be placed on nodes \(nodes); name one node at least, from 0 on")
        }
    }

    private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }

    private static func hint(_ error: Int32) -> String {
        switch error {
        case EINVAL: "; no such node, or it is not allowed or without memory"
        case EIO: "; pages that other processes share, or that are pinned, cannot be moved"
        case ENOSYS, EPERM: "; the kernel or the container refuses it"
        default: ""
        }
    }

    /// Brings each page into memory as a write would, without one.
    private static func populate(_ range: UnsafeMutableRawBufferPointer) throws(TopologyError) {
        let MADV_POPULATE_WRITE: Int32 = 23
        if madvise(range.baseAddress, range.count, MADV_POPULATE_WRITE) == 0 { return }
        let error = errno
        // An empty range tells whether the kernel knows the call: since Linux 5.14.
        if error != EINVAL || madvise(range.baseAddress, 0, MADV_POPULATE_WRITE) == 0 {
            throw .placementFailed(
                "pages at \(range.baseAddress!) cannot be brought into memory: \(text(error))")
        }
        for offset in stride(from: 0, to: range.count, by: pageSize) {
            cnuma_touch(range.baseAddress! + offset)
        }
    }

    /// Returns the node of a page; of one that is just being moved, when it has arrived.
    private static func node(of page: UnsafeMutableRawPointer) throws(TopologyError) -> Int {
        var node: Int32 = -1
        guard get_mempolicy(&node, nil, 0, page, UInt32(MPOL_F_NODE | MPOL_F_ADDR)) == 0 else {
            let error = errno
            throw .placementFailed(
                "the node of a page cannot be asked for: get_mempolicy: \(text(error))\(hint(error))")
        }
        return Int(node)
    }
}
