// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

/// The sysfs of a machine, from a file in Topologies.  A line is `path: text`,
/// below devices/system; `{0-3,8}` in a path stands for each of these numbers,
/// and a path that comes again adds a line to its file.
enum RecordedTopology: String, CaseIterable, Sendable {
    case singleCPU = "single-cpu"
    case oneNodeSMT = "one-node-smt"
    case twoNodes = "two-nodes"
    case nodeWithoutMemory = "node-without-memory"
    case offline
    case noNodes = "no-nodes"
    case noCache = "no-cache"

    /// What a process may use that nobody restricts.
    var access: ProcessAccess {
        switch self {
        case .singleCPU: ProcessAccess(cpus: [0], nodes: [0])
        case .oneNodeSMT, .noCache: ProcessAccess(cpus: Set(0...3), nodes: [0])
        case .twoNodes: ProcessAccess(cpus: Set(0...15), nodes: [0, 1])
        case .nodeWithoutMemory: ProcessAccess(cpus: Set(0...3), nodes: [0, 8])
        case .offline: ProcessAccess(cpus: [0, 2], nodes: [0])
        case .noNodes: ProcessAccess(cpus: [0, 1], nodes: [], numaAvailable: false)
        }
    }

    func read(_ change: (inout ProcessAccess) -> Void = { _ in }) throws -> Topology {
        var access = access
        change(&access)
        return try withTree { try TopologyReader(root: $0, access: access).read() }
    }

    /// Unpacks it for as long as the body runs.
    func withTree<Result>(_ body: (String) throws -> Result) throws -> Result {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("mmrace-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, lines) in try files() {
            let file = root.appendingPathComponent("devices/system/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        }
        return try body(root.path)
    }

    private func files() throws -> [String: [String]] {
        let recorded = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Topologies/\(rawValue).txt")
        var files: [String: [String]] = [:]
        for line in try String(contentsOf: recorded, encoding: .utf8).split(separator: "\n")
        where !line.hasPrefix("#") {
            let colon = try #require(line.firstIndex(of: ":"))
            let text = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            for path in try paths(line[..<colon]) { files[path, default: []].append(text) }
        }
        return files
    }

    private func paths(_ pattern: Substring) throws -> [String] {
        guard let open = pattern.firstIndex(of: "{"), let close = pattern.firstIndex(of: "}")
        else { return [String(pattern)] }
        let numbers = try #require(NumberList.parse(String(pattern[open...close].dropFirst().dropLast())))
        return numbers.map { "\(pattern[..<open])\($0)\(pattern[close...].dropFirst())" }
    }
}

extension Availability {
    /// The reason, when it is absent.
    var reason: String? {
        if case .absent(let reason) = self { reason } else { nil }
    }
}
