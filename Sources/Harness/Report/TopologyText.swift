// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Topology

/// A topology for a reader, at most 80 columns wide.
public struct TopologyText {
    /// Lines that each end in a newline.
    public let text: String
    private static let width = 80

    /// Renders a report.
    public init(_ report: TopologyReport) {
        let topology = report.topology
        var lines = Self.nodes(topology) + [""] + Self.cpus(topology) + [""]
        lines += Self.leftOut(topology)
        lines += ["", "Placements of two threads, the first one's CPU first:"]
        lines += report.placements.flatMap { Self.place($0, "CPU") }
        lines += ["", Self.memoryTitle(report.memoryCPUs)]
        lines += report.memory.flatMap { Self.place($0, "node") }
        text = lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
            .joined(separator: "\n") + "\n"
    }

    // MARK: Tables

    private static func nodes(_ topology: Topology) -> [String] {
        guard topology.numaAvailable else { return ["Nodes: \(Topology.noNUMA)"] }
        var lines = ["Nodes:", "  node      memory        free  CPUs"]
        for node in topology.nodes {
            let start = right(node.id, 6) + right(size(node.memoryBytes), 12)
                + right(node.freeBytes.map(size) ?? "?", 12) + "  "
            lines += (node.cpus.isEmpty ? "-" : NumberList.text(node.cpus)).wrapped(behind: start, width: width)
        }
        return lines + distances(topology)
    }

    /// A row for each node; a table that is too wide is cut into several.
    private static func distances(_ topology: Topology) -> [String] {
        guard topology.nodes.count > 1 else { return [] }
        var lines = ["Distances from a node (row) to another (column):"]
        let ids = topology.nodes.map(\.id)
        let columns = (width - 6) / 6
        for start in stride(from: 0, to: ids.count, by: columns) {
            let part = ids[start..<min(start + columns, ids.count)]
            lines.append("  node" + part.map { right($0, 6) }.joined())
            for node in topology.nodes {
                lines.append(
                    right(node.id, 6)
                        + part.map { right(node.distances[$0].map(String.init) ?? "?", 6) }.joined())
            }
        }
        return lines
    }

    private static func cpus(_ topology: Topology) -> [String] {
        var lines = ["CPUs:", "   CPU  node  package  core  siblings    last-level cache"]
        for cpu in topology.cpus {
            let fixed = right(cpu.id, 6) + right(known(cpu.node), 6) + right(known(cpu.package), 9)
                + right(known(cpu.core), 6) + "  "
            let siblings = NumberList.text(cpu.siblings)
            var cache = "?"
            if !cpu.lastLevelCache.isEmpty {
                let bytes = cpu.lastLevelCacheBytes.map { size($0) + " " } ?? ""
                cache = "\(bytes)with \(NumberList.text(cpu.lastLevelCache))"
            }
            let start = fixed + pad(siblings.isEmpty ? "-" : siblings, 10) + "  "
            lines += cache.wrapped(behind: start, width: width)
        }
        return lines
    }

    private static func leftOut(_ topology: Topology) -> [String] {
        var lines: [String] = []
        for (name, ids) in [
            ("CPUs offline: ", topology.offline),
            ("CPUs not allowed (affinity mask or cpuset): ", topology.notAllowed),
            ("nodes not allowed (cpuset): ", topology.nodesNotAllowed),
        ] where !ids.isEmpty {
            lines += NumberList.text(ids).wrapped(behind: "  " + name, width: width)
        }
        lines = lines.isEmpty ? ["Left out: nothing"] : ["Left out:"] + lines
        return lines + topology.notes.flatMap { $0.wrapped(behind: "Note: ", width: width) }
    }

    // MARK: Places

    private static func place(_ place: TopologyReport.Place, _ noun: String) -> [String] {
        let start = pad("  \(place.name)", 15)
        if let reason = place.absent { return "absent: \(reason)".wrapped(behind: start, width: width) }
        let ids = place.ids ?? []
        let list = ids.map(String.init).joined(separator: ", ")
        return "\(noun)\(ids.count == 1 ? "" : "s") \(list)".wrapped(behind: start, width: width)
    }

    private static func memoryTitle(_ cpus: [Int]) -> String {
        switch cpus.count {
        case 0: "Memory:"
        case 1: "Memory, with the first thread on CPU \(cpus[0]):"
        default: "Memory, with the first thread on CPU \(cpus[0]) and the second on CPU \(cpus[1]):"
        }
    }

    // MARK: Cells

    private static func known(_ value: Int?) -> String { value.map(String.init) ?? "?" }

    private static func right(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `512 KiB`, `32.0 GiB`.
    private static func size(_ bytes: UInt64) -> String {
        switch bytes {
        case 0: "none"
        case ..<(1 << 20): "\(bytes >> 10) KiB"
        case ..<(1 << 30): String(format: "%.1f MiB", Double(bytes) / 1048576)
        default: String(format: "%.1f GiB", Double(bytes) / 1073741824)
        }
    }
}
