// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Topology

@Suite("Placement of memory")
struct MemoryPlacementTests {
    @Test func twoNodes() throws {
        let topology = try RecordedTopology.twoNodes.read()
        #expect(topology.nodes(for: .local, cpus: [4, 0]) == .available([1]))
        #expect(topology.nodes(for: .remote, cpus: [4, 0]) == .available([0]))
        #expect(topology.nodes(for: .remote, cpus: [4, 0, 1]) == .available([0]))
        #expect(topology.nodes(for: .interleaved, cpus: [4, 0]) == .available([0, 1]))
        #expect(topology.nodes(for: .node(1), cpus: [0, 1]) == .available([1]))
        #expect(topology.nodes(for: .third, cpus: [0, 1]) == .available([1]))
        #expect(
            topology.nodes(for: .third, cpus: [4, 0]).reason
                == "no node with memory besides those of the CPUs")
        #expect(
            topology.nodes(for: .remote, cpus: [0, 1]).reason
                == "the second CPU is on the node of the first")
        #expect(
            topology.nodes(for: .remote, cpus: [0, 1, 4]).reason
                == "the other CPUs are on several nodes (0-1)")
        #expect(topology.nodes(for: .remote, cpus: [0]).reason == "there is no second CPU")
        #expect(topology.nodes(for: .local, cpus: []).reason == "there is no first CPU")
        #expect(
            topology.nodes(for: .node(7), cpus: [0, 1]).reason
                == "there is no node 7; memory is on nodes 0-1")
        for placement in [MemoryPlacement.local, .remote, .third] {
            #expect(topology.nodes(for: placement, cpus: [99, 0]).reason == "the node of CPU 99 is unknown")
        }
    }

    @Test func aNodeWithoutMemory() throws {
        let topology = try RecordedTopology.nodeWithoutMemory.read()
        #expect(
            topology.nodes(for: .remote, cpus: [0, 2]).reason
                == "node 1 (remote) has no memory; memory is on nodes 0,8")
        #expect(
            topology.nodes(for: .local, cpus: [2, 0]).reason
                == "node 1 (local) has no memory; memory is on nodes 0,8")
        #expect(
            topology.nodes(for: .node(1), cpus: [0, 2]).reason
                == "node 1 has no memory; memory is on nodes 0,8")
        #expect(topology.nodes(for: .third, cpus: [0, 2]) == .available([8]))
        #expect(topology.nodes(for: .interleaved, cpus: [0, 2]) == .available([0, 8]))
    }

    @Test func oneNode() throws {
        let topology = try RecordedTopology.oneNodeSMT.read()
        #expect(topology.nodes(for: .local, cpus: [0, 1]) == .available([0]))
        #expect(
            topology.nodes(for: .interleaved, cpus: [0, 1]).reason
                == "only node 0 has memory that this process may use")
    }

    @Test func aCpusetThatForbidsTheMemory() throws {
        let topology = try RecordedTopology.twoNodes.read { $0.nodes = [0] }
        #expect(
            topology.nodes(for: .remote, cpus: [0, 4]).reason
                == "node 1 (remote) is not allowed (cpuset); memory is on node 0")
        #expect(
            topology.nodes(for: .node(1), cpus: [0, 4]).reason
                == "node 1 is not allowed (cpuset); memory is on node 0")
        #expect(topology.nodes(for: .interleaved, cpus: [0, 4]).reason != nil)
        #expect(topology.nodes(for: .third, cpus: [0, 4]).reason != nil)
    }

    @Test func withoutNUMA() throws {
        let topology = try RecordedTopology.noNodes.read()
        for placement in [MemoryPlacement.local, .remote, .third, .interleaved, .node(0)] {
            #expect(topology.nodes(for: placement, cpus: [0, 1]).reason == "NUMA is not available")
        }
    }

    @Test func text() {
        for (text, placement) in [
            ("local", MemoryPlacement.local), ("remote", .remote), ("third", .third),
            ("interleaved", .interleaved), ("0", .node(0)), ("17", .node(17)),
        ] {
            #expect(MemoryPlacement(text) == placement)
            #expect(placement.description == text)
        }
        for text in ["", "-1", "+1", "1,2", "0-0", "node", "Third", "99999999999999999999"] {
            #expect(MemoryPlacement(text) == nil, "\(text)")
        }
    }
}
