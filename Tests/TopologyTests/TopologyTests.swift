// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Testing

@testable import Topology

@Suite("Topology")
struct TopologyTests {
    // MARK: The machine

    @Test func aSingleCPU() throws {
        let topology = try RecordedTopology.singleCPU.read()
        #expect(
            topology.cpus == [
                .init(
                    id: 0, node: 0, package: 0, core: 0, siblings: [], lastLevelCache: [0],
                    lastLevelCacheBytes: 32 << 10)
            ])
        #expect(
            topology.nodes == [
                .init(
                    id: 0, cpus: [0], memoryBytes: 1_024_000 << 10, freeBytes: nil,
                    distances: [0: 10])
            ])
        #expect(topology.numaAvailable)
        #expect(topology.offline.isEmpty && topology.notAllowed.isEmpty)
        #expect(topology.nodesNotAllowed.isEmpty && topology.notes.isEmpty)
    }

    /// The first-level caches, and the one for instructions, are not the last.
    @Test func siblingsAndTheLastCache() throws {
        let topology = try RecordedTopology.oneNodeSMT.read()
        #expect(topology.cpus.map(\.siblings) == [[2], [3], [0], [1]])
        #expect(topology.cpus.map(\.core) == [0, 1, 0, 1])
        #expect(topology.cpus.allSatisfy { $0.lastLevelCache == [0, 1, 2, 3] })
        #expect(topology.cpus.allSatisfy { $0.lastLevelCacheBytes == 8 << 20 })
    }

    @Test func twoNodes() throws {
        let topology = try RecordedTopology.twoNodes.read()
        #expect(topology.nodes.map(\.cpus) == [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]])
        #expect(topology.nodes.map(\.distances) == [[0: 10, 1: 21], [0: 21, 1: 10]])
        #expect(topology.cpus[10].lastLevelCache == [2, 3, 10, 11])
        #expect(topology.cpus[10].siblings == [2])
        #expect(topology.cpus[12].node == 1 && topology.cpus[12].package == 1)
        #expect(topology.offline.isEmpty)
    }

    @Test func aNodeWithoutMemoryAndAGapInTheNumbers() throws {
        let topology = try RecordedTopology.nodeWithoutMemory.read()
        #expect(topology.nodes.map(\.id) == [0, 1, 8])
        #expect(topology.nodes.map(\.memoryBytes) == [16_384_000 << 10, 0, 32 << 30])
        #expect(topology.nodes.map(\.cpus) == [[0, 1], [2, 3], []])
        #expect(topology.distance(from: 0, to: 8) == 17)
        #expect(topology.distance(from: 1, to: 8) == 28)
        #expect(topology.nodesWithMemory == [0, 8])
        // The kernel does not count it as allowed, but nobody forbade it.
        #expect(topology.nodesNotAllowed.isEmpty)
        #expect(topology.cpus[0].lastLevelCacheBytes == 4 << 20)
    }

    @Test func offlineCPUsAreLeftOut() throws {
        let topology = try RecordedTopology.offline.read()
        #expect(topology.cpus.map(\.id) == [0, 2])
        #expect(topology.offline == [1, 3])
        #expect(topology.notAllowed.isEmpty && topology.notes.isEmpty)
    }

    /// A CPU can go offline after the affinity mask was read.
    @Test func anAllowedCPUThatIsNotOnlineIsNoted() throws {
        let topology = try RecordedTopology.offline.read { $0.cpus = [0, 1, 2] }
        #expect(topology.cpus.map(\.id) == [0, 2])
        #expect(topology.notes == ["allowed, but not online: CPU 1"])
    }

    @Test func aKernelWithoutNUMA() throws {
        let topology = try RecordedTopology.noNodes.read()
        #expect(!topology.numaAvailable && topology.nodes.isEmpty)
        #expect(topology.cpus.map(\.node) == [nil, nil])
        #expect(topology.cpus.map(\.lastLevelCache) == [[0, 1], [0, 1]])
        #expect(topology.notes.isEmpty)
    }

    @Test func whatTheKernelDoesNotTellIsUnknown() throws {
        let topology = try RecordedTopology.noCache.read()
        #expect(topology.cpus.allSatisfy { $0.lastLevelCache.isEmpty && $0.lastLevelCacheBytes == nil })
        #expect(topology.cpus.map(\.siblings) == [[1], [0], [], []])
        #expect(topology.cpus[3].core == nil && topology.cpus[3].package == nil)
        #expect(
            topology.notes == ["SMT siblings unknown: CPU 3", "last-level cache unknown: CPUs 0-3"])
    }

    @Test func aDamagedFileIsNamed() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("mmrace-\(UUID().uuidString).xml").path
        try "<topology version=\"2.0\"><object type=\"Mach".write(
            toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for source in [Hardware.Source.xml(path), .xml("/nonexistent"), .synthetic("pu:")] {
            let error = #expect(throws: TopologyError.self) { try Hardware(source) }
            #expect(error?.description.hasPrefix("hwloc cannot read the topology of '") == true)
        }
    }

    // MARK: The part that a process may use

    @Test func anAffinityOfOneCPU() throws {
        let topology = try RecordedTopology.twoNodes.read { $0.cpus = [9] }
        #expect(topology.cpus.map(\.id) == [9])
        #expect(topology.cpus[0].siblings.isEmpty)
        #expect(topology.cpus[0].lastLevelCache == [9])
        #expect(topology.nodes.map(\.cpus) == [[9], []])
        #expect(topology.notAllowed == Array(0...8) + Array(10...15))
        #expect(topology.nodesNotAllowed.isEmpty)
    }

    @Test func aCpusetOfOneNode() throws {
        let topology = try RecordedTopology.twoNodes.read {
            $0.cpus = [4, 5, 6, 7, 12, 13, 14, 15]
            $0.nodes = [1]
        }
        #expect(topology.nodes.map(\.id) == [1])
        #expect(topology.nodesNotAllowed == [0])
        #expect(topology.notAllowed == [0, 1, 2, 3, 8, 9, 10, 11])
        // A cpuset may forbid the memory alone.
        let memory = try RecordedTopology.twoNodes.read { $0.nodes = [1] }
        #expect(memory.cpus.count == 16 && memory.cpus[0].node == 0)
        #expect(memory.nodesNotAllowed == [0])
    }

    @Test func refusedNUMACallsAreNoted() throws {
        let topology = try RecordedTopology.twoNodes.read {
            $0.mayPlaceMemory = false
            $0.nodes = []
        }
        #expect(!topology.numaAvailable && topology.nodes.isEmpty)
        #expect(topology.cpus.count == 16 && topology.cpus.allSatisfy { $0.node == nil })
        #expect(topology.notes.count == 1 && topology.notes[0].hasPrefix("sysfs has nodes 0-1, but"))
    }

    /// hwloc counts the memory of node 8 to the nearest CPUs; the kernel knows better.
    @Test func theKernelIsBelieved() throws {
        let topology = try RecordedTopology.nodeWithoutMemory.read {
            $0.nodeOfCPU = [0: 8]
            $0.freeBytes = [8: 1 << 30]
        }
        #expect(topology.cpus.map(\.node) == [8, 0, 1, 1])
        #expect(topology.nodes.map(\.cpus) == [[1], [2, 3], [0]])
        #expect(topology.nodes.map(\.freeBytes) == [nil, nil, 1 << 30])
    }

    // MARK: Forms

    @Test func lists() {
        #expect(NumberList.text([8, 0, 2, 1]) == "0-2,8")
        #expect(NumberList.text([]) == "")
        #expect(NumberList.text("CPU", [4]) == "CPU 4")
        #expect(NumberList.text("node", []) == "no nodes")
    }

    @Test(arguments: RecordedTopology.allCases.filter { $0 != .large })
    func theTextIsNarrowAndTheJSONComesBack(_ recorded: RecordedTopology) throws {
        let topology = try recorded.read()
        let text = TopologyText(TopologyReport(topology)).text
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let words = text.split(separator: "\n").map { $0.split(separator: " ") }
        for cpu in topology.cpus {
            #expect(words.contains { $0.count > 5 && $0[0] == "\(cpu.id)" })
        }
        for note in topology.notes { #expect(text.contains("Note: \(note.prefix(20))")) }
        let data = try JSONEncoder().encode(topology)
        #expect(try JSONDecoder().decode(Topology.self, from: data) == topology)
    }

    @Test func theTextTellsWhatIsLeftOut() throws {
        let topology = try RecordedTopology.twoNodes.read {
            $0.cpus = [0, 1]
            $0.nodes = [0]
        }
        let text = TopologyText(TopologyReport(topology)).text
        #expect(text.contains("  CPUs not allowed (affinity mask or cpuset): 2-15\n"))
        #expect(text.contains("  nodes not allowed (cpuset): 1\n"))
        let offline = TopologyText(TopologyReport(try RecordedTopology.offline.read())).text
        #expect(offline.contains("  CPUs offline: 1,3\n"))
    }

    // MARK: This machine

    /// The affinity of a thread is in /proc, too.
    @Test func thisMachineHasTheCPUsOfTheAffinityMask() throws {
        let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
        let line = try #require(
            status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        let topology = try Topology.ofThisProcess()
        let online = topology.cpus.map(\.id)
        #expect(!online.isEmpty)
        // The mask may have CPUs that are not there.
        let present = topology.offline + topology.notAllowed + online
        let allowed = line.split(separator: "\t").last!.split(separator: ",").flatMap { run in
            let ends = run.split(separator: "-").compactMap { Int($0) }
            return present.filter { (ends.first!...ends.last!).contains($0) }
        }
        #expect(Set(online) == Set(allowed).subtracting(topology.offline))
        #expect(topology.nodes.allSatisfy { $0.distances[$0.id] == 10 && $0.freeBytes != nil })
    }
}
