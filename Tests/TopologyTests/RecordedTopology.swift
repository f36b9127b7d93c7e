// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Topology

/// Machines that tests run on: a file of hwloc in Topologies, or a text that hwloc makes
/// a machine of.
enum RecordedTopology: String, CaseIterable, Sendable {
    case singleCPU = "numa:1(memory=1048576000) package:1 l1:1(size=32768) core:1 pu:1"
    case oneNodeSMT = "one-node-smt.xml"
    case twoNodes = "two-nodes.xml"
    case nodeWithoutMemory = "node-without-memory.xml"
    case offline = "offline.xml"
    case noNodes = "no-nodes.xml"
    case noCache = "no-cache.xml"
    /// 4096 CPUs, sixteen nodes with gaps in their numbers.
    case large = "package:16 [numa(memory=1099511627776 indexes=0,16,32,48,64,80,96,112,128,144,160,176,192,208,224,240)] l3:16(size=67108864) core:8 pu:2(indexes=2*2048:2048*1)"

    func hardware() throws -> Hardware {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try Hardware(
            rawValue.hasSuffix(".xml")
                ? .xml(folder.appendingPathComponent("Topologies/\(rawValue)").path)
                : .synthetic(rawValue))
    }

    /// Reads it for a process that may use everything, unless that is changed.
    func read(_ change: (inout ProcessAccess) -> Void = { _ in }) throws -> Topology {
        let hardware = try hardware()
        var access = try ProcessAccess(hardware)
        change(&access)
        return Topology(hardware, access)
    }
}

extension Availability {
    /// The reason, when it is absent.
    var reason: String? {
        if case .absent(let reason) = self { reason } else { nil }
    }
}
