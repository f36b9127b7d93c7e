// SPDX-License-Identifier: GPL-2.0-only
import Harness
import Testing

@testable import Topology

@Suite("Placement of threads")
struct PlacementTests {
    // MARK: Classes of CPUs

    @Test func twoNodesHaveEveryPlacement() throws {
        let topology = try RecordedTopology.twoNodes.read()
        #expect(topology.cpus(for: .siblings, count: 2) == .available([0, 8]))
        #expect(topology.cpus(for: .cache, count: 2) == .available([0, 1]))
        #expect(topology.cpus(for: .node, count: 2) == .available([0, 2]))
        #expect(topology.cpus(for: .across, count: 2) == .available([0, 4]))
        #expect(try topology.defaultCPUs(count: 2) == [0, 1])
    }

    /// The other CPUs are on cores of their own as long as there are any.
    @Test func moreThanTwoCPUs() throws {
        let topology = try RecordedTopology.twoNodes.read()
        #expect(topology.cpus(for: .node, count: 3) == .available([0, 2, 3]))
        #expect(topology.cpus(for: .node, count: 5) == .available([0, 2, 3, 10, 11]))
        #expect(topology.cpus(for: .across, count: 6) == .available([0, 4, 5, 6, 7, 12]))
        #expect(topology.cpus(for: .siblings, count: 3).reason == "needs 3 SMT siblings, there are 2")
        #expect(
            topology.cpus(for: .cache, count: 3).reason
                == "needs 3 cores on one last-level cache, there are 2")
        #expect(
            topology.cpus(for: .node, count: 6).reason
                == "needs 6 CPUs on one node, all others off the first one's last-level cache; "
                + "there are 5")
        #expect(
            topology.cpus(for: .across, count: 10).reason
                == "needs 9 CPUs on the second node, there are 8")
        #expect(topology.cpus(for: .across, count: 17).reason == "needs 17 CPUs, there are 16")
        #expect(try topology.defaultCPUs(count: 3) == [0, 2, 3])
        // No class is large enough: cores first.
        #expect(try topology.defaultCPUs(count: 12) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    }

    @Test func oneThreadLiesAnywhere() throws {
        for placement in Placement.allCases {
            #expect(
                try RecordedTopology.singleCPU.read().cpus(for: placement, count: 1)
                    == .available([0]))
            #expect(
                try RecordedTopology.singleCPU.read().cpus(for: placement, count: 2).reason
                    == "needs 2 CPUs, there is 1")
        }
    }

    @Test func oneNodeWithOneCache() throws {
        let topology = try RecordedTopology.oneNodeSMT.read()
        #expect(topology.cpus(for: .siblings, count: 2) == .available([0, 2]))
        #expect(topology.cpus(for: .cache, count: 2) == .available([0, 1]))
        #expect(
            topology.cpus(for: .node, count: 2).reason
                == "all CPUs of the node share the last-level cache")
        #expect(topology.cpus(for: .across, count: 2).reason == "one node only")
    }

    @Test func coresWithCachesOfTheirOwn() throws {
        let topology = try RecordedTopology.offline.read()
        #expect(
            topology.cpus(for: .siblings, count: 2).reason
                == "no SMT siblings among the CPUs that this process may use")
        #expect(
            topology.cpus(for: .cache, count: 2).reason
                == "no two cores that this process may use share a last-level cache")
        #expect(topology.cpus(for: .node, count: 2) == .available([0, 2]))
        #expect(try topology.defaultCPUs(count: 2) == [0, 2])
    }

    /// CPUs need no memory on their node; those of node 8 do not exist.
    @Test func aNodeWithoutMemoryHasCPUsToRunOn() throws {
        let topology = try RecordedTopology.nodeWithoutMemory.read()
        #expect(topology.cpus(for: .across, count: 2) == .available([0, 2]))
        #expect(topology.cpus(for: .across, count: 3) == .available([0, 2, 3]))
        #expect(
            topology.cpus(for: .node, count: 2).reason
                == "all CPUs of a node share the last-level cache")
    }

    @Test func unknownCaches() throws {
        let topology = try RecordedTopology.noCache.read()
        #expect(topology.cpus(for: .siblings, count: 2) == .available([0, 1]))
        #expect(topology.cpus(for: .cache, count: 2).reason == "the last-level caches are unknown")
        #expect(topology.cpus(for: .node, count: 2) == .available([0, 2]))
        let siblings = try RecordedTopology.noCache.read { $0.cpus = [0, 1] }
        #expect(
            siblings.cpus(for: .node, count: 2).reason
                == "no node has two cores that this process may use")
        #expect(try siblings.defaultCPUs(count: 2) == [0, 1])
    }

    @Test func unknownSiblings() throws {
        let hardware = try Hardware(.synthetic("pu:6"))
        var access = try ProcessAccess(hardware)
        access.cpus = [3, 5]
        let topology = Topology(hardware, access)
        #expect(topology.cpus(for: .siblings, count: 2).reason == "the SMT siblings are unknown")
        #expect(try topology.defaultCPUs(count: 2) == [3, 5])
    }

    @Test func withoutNUMA() throws {
        let topology = try RecordedTopology.noNodes.read()
        #expect(topology.cpus(for: .cache, count: 2) == .available([0, 1]))
        for placement in [Placement.node, .across] {
            #expect(topology.cpus(for: placement, count: 2).reason == "NUMA is not available")
        }
    }

    @Test func restrictedAccessTakesPlacementsAway() throws {
        let oneOfEach = try RecordedTopology.twoNodes.read { $0.cpus = [0, 4] }
        #expect(
            oneOfEach.cpus(for: .node, count: 2).reason
                == "no node has two CPUs that this process may use")
        #expect(oneOfEach.cpus(for: .across, count: 2) == .available([0, 4]))
        #expect(try oneOfEach.defaultCPUs(count: 2) == [0, 4])
        let oneNode = try RecordedTopology.twoNodes.read { $0.cpus = [4, 5, 6, 12] }
        #expect(
            oneNode.cpus(for: .across, count: 2).reason
                == "the CPUs that this process may use are on one node only")
        #expect(oneNode.cpus(for: .siblings, count: 2) == .available([4, 12]))
        #expect(oneNode.cpus(for: .node, count: 2) == .available([4, 6]))
        // The CPU's node counts, whether or not its memory is allowed.
        let noMemory = try RecordedTopology.twoNodes.read { $0.nodes = [0] }
        #expect(noMemory.cpus(for: .across, count: 2) == .available([0, 4]))
    }

    /// Sub-NUMA clustering: one cache serves two nodes.
    @Test func coresOnOneCacheAreTakenFromOneNode() {
        let topology = Topology(
            numaAvailable: true, nodes: [],
            cpus: (0..<4).map {
                .init(
                    id: $0, node: $0 % 2, package: 0, core: $0, siblings: [],
                    lastLevelCache: [0, 1, 2, 3], lastLevelCacheBytes: nil)
            })
        #expect(topology.cpus(for: .cache, count: 2) == .available([0, 2]))
        #expect(topology.cpus(for: .across, count: 2) == .available([0, 1]))
    }

    @Test func aLargeMachine() throws {
        let topology = try RecordedTopology.large.read()
        #expect(topology.cpus.count == 4096 && topology.nodes.map(\.id) == (0..<16).map { $0 * 16 })
        #expect(topology.cpus(for: .siblings, count: 2) == .available([0, 2048]))
        #expect(topology.cpus(for: .cache, count: 8) == .available(Array(0..<8)))
        #expect(
            topology.cpus(for: .cache, count: 9).reason
                == "needs 9 cores on one last-level cache, there are 8")
        #expect(topology.cpus(for: .node, count: 2) == .available([0, 8]))
        #expect(topology.cpus(for: .node, count: 300).reason?.hasSuffix("there are 241") == true)
        #expect(topology.cpus(for: .across, count: 2) == .available([0, 128]))
        let text = TopologyText(TopologyReport(topology)).text
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func theNodesThatAreFarthestFromEachOther() {
        let distances = [[10, 20, 30], [20, 10, 40], [30, 40, 10]]
        let topology = Topology(
            numaAvailable: true,
            nodes: (0..<3).map { id in
                .init(
                    id: id, cpus: [id], memoryBytes: 1 << 30, freeBytes: nil,
                    distances: Dictionary(uniqueKeysWithValues: distances[id].enumerated().map { ($0, $1) }))
            },
            cpus: (0..<3).map {
                .init(
                    id: $0, node: $0, package: $0, core: 0, siblings: [], lastLevelCache: [$0],
                    lastLevelCacheBytes: nil)
            })
        #expect(topology.cpus(for: .across, count: 2) == .available([1, 2]))
    }

    // MARK: CPUs that the user names

    @Test func namedCPUs() throws {
        let topology = try RecordedTopology.twoNodes.read { $0.cpus = [0, 1, 5] }
        #expect(try topology.cpus(explicit: [5, 0], count: 2) == [5, 0])
        let there = "this process may use CPUs 0-1,5"
        for (ids, message) in [
            ([0, 99], "there is no CPU 99; \(there)"),
            ([-1, 0], "there is no CPU -1; \(there)"),
            ([0, 4], "CPU 4 is not allowed (affinity mask or cpuset); \(there)"),
            ([1, 1], "CPU 1 is named twice; each thread needs one of its own"),
            (
                [0],
                "CPU 0 named, but the scenario needs 2 CPUs, one for each virtual CPU; \(there)"
            ),
            (
                [5, 0, 1],
                "CPUs 0-1,5 named, but the scenario needs 2 CPUs, one for each virtual CPU; \(there)"
            ),
        ] {
            let error = #expect(throws: TopologyError.self) {
                try topology.cpus(explicit: ids, count: 2)
            }
            #expect(error?.description == message)
        }
        let offline = try RecordedTopology.offline.read()
        #expect(throws: TopologyError.badPlacement("CPU 1 is offline; this process may use CPUs 0,2")) {
            try offline.cpus(explicit: [0, 1], count: 2)
        }
    }

    @Test func tooFewCPUs() throws {
        let start = "the scenario needs 2 CPUs, one for each virtual CPU, but this process may use only CPU 0; "
        for (topology, remedy) in [
            (
                try RecordedTopology.twoNodes.read { $0.cpus = [0] },
                "CPUs 1-15 are outside its affinity mask or cpuset (see taskset)"
            ),
            (
                try RecordedTopology.offline.read { $0.cpus = [0] },
                "CPU 2 is outside its affinity mask or cpuset (see taskset)"
            ),
            (
                try RecordedTopology.singleCPU.read(),
                "the machine has no more: take a larger one, or a smaller scenario"
            ),
        ] {
            #expect(throws: TopologyError.badPlacement(start + remedy)) {
                try topology.defaultCPUs(count: 2)
            }
        }
        let error = #expect(throws: TopologyError.self) {
            try RecordedTopology.offline.read().defaultCPUs(count: 3)
        }
        #expect(error?.description.hasSuffix("only CPUs 0,2; CPUs 1,3 could be brought online") == true)
    }
}
