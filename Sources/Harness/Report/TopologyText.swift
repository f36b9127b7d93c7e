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
        text = lines.joined(separator: "\n") + "\n"
    }

    // MARK: Tables

    private static func nodes(_ topology: Topology) -> [String] {
        guard topology.numaAvailable else { return ["Nodes: \(Topology.noNUMA)"] }
        let rows = topology.nodes.map { node in
            [
                "\(node.id)", size(node.memoryBytes), node.freeBytes.map(size) ?? "?",
                node.cpus.isEmpty ? "-" : NumberList.text(node.cpus),
            ]
        }
        return ["Nodes:"] + table(["node", "memory", "free"], ["CPUs"], rows) + distances(topology)
    }

    /// A row for each node; a table that is too wide is cut into several.
    private static func distances(_ topology: Topology) -> [String] {
        guard topology.nodes.count > 1 else { return [] }
        let ids = topology.nodes.map(\.id)
        let columns = 12
        let tables = stride(from: 0, to: ids.count, by: columns).flatMap { start in
            let part = ids[start..<min(start + columns, ids.count)]
            let rows = topology.nodes.map { node in
                ["\(node.id)"] + part.map { known(node.distances[$0]) }
            }
            return table(["node"] + part.map(String.init), [], rows)
        }
        return ["Distances from a node (row) to another (column):"] + tables
    }

    private static func cpus(_ topology: Topology) -> [String] {
        let rows = topology.cpus.map { cpu in
            let bytes = cpu.lastLevelCacheBytes.map { size($0) + " " } ?? ""
            return [
                "\(cpu.id)", known(cpu.node), known(cpu.package), known(cpu.core),
                cpu.siblings.isEmpty ? "-" : NumberList.text(cpu.siblings),
                cpu.lastLevelCache.isEmpty ? "?" : "\(bytes)with \(NumberList.text(cpu.lastLevelCache))",
            ]
        }
        return ["CPUs:"]
            + table(["CPU", "node", "package", "core"], ["siblings", "last-level cache"], rows)
    }

    /// Returns the lines of a table with columns of numbers, then of words.
    private static func table(
        _ numbers: [String], _ words: [String], _ rows: [[String]]
    ) -> [String] {
        TextTable(
            header: numbers.map { ($0, .right) } + words.map { ($0, .left) }, rows: rows,
            width: width - 2
        ).text.split(separator: "\n").map { "  " + $0 }
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
        let start = "  \(place.name)".padding(toLength: 15, withPad: " ", startingAt: 0)
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
