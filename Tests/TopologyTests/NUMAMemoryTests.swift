// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Topology

private let machine = try? Topology.ofThisProcess()

/// Memory of this machine, whichever nodes it has.
@Suite("Memory on nodes", .enabled(if: machine?.nodesWithMemory.isEmpty == false, "no NUMA here"))
struct NUMAMemoryTests {
    private let nodes = machine?.nodesWithMemory ?? []

    /// A node that this machine does not have.
    private var nowhere: Int { (machine?.nodes.map(\.id).max() ?? 0) + 1 }

    private func withPages(
        _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws {
        let size = count * NUMAMemory.pageSize
        let start = try #require(
            mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        try #require(start != MAP_FAILED)
        defer { munmap(start, size) }
        try body(UnsafeMutableRawBufferPointer(start: start, count: size))
    }

    @Test func pagesLieWhereTheyArePut() throws {
        let cpu = try #require(machine?.cpus.first { nodes.contains($0.node ?? -1) })
        let home = [try #require(cpu.node)]
        #expect(machine?.nodes(for: .local, cpus: [cpu.id]) == .available(home))
        try withPages(64) { range in
            try NUMAMemory.place(range, on: home)
            try NUMAMemory.verify(range, on: home)
            #expect(try NUMAMemory.nodes(of: range) == [home[0]: 64])
        }
    }

    /// Those that were there before are moved, and keep what they hold.
    @Test func everyNodeTakesPages() throws {
        try withPages(16) { range in
            for index in range.indices { range[index] = UInt8(truncatingIfNeeded: index / 7) }
            for node in nodes {
                try NUMAMemory.place(range, on: [node])
                try NUMAMemory.verify(range, on: [node])
            }
            #expect(range.indices.allSatisfy { range[$0] == UInt8(truncatingIfNeeded: $0 / 7) })
        }
    }

    @Test func anotherNodeIsNotVerified() throws {
        try withPages(8) { range in
            try NUMAMemory.place(range, on: [nodes[0]])
            let error = #expect(throws: TopologyError.self) {
                try NUMAMemory.verify(range, on: [nowhere])
            }
            #expect(
                error?.description.contains(
                    "8 of 8 pages are on node \(nodes[0]) instead of node \(nowhere)") == true)
            // One of several nodes got nothing.
            let without = #expect(throws: TopologyError.self) {
                try NUMAMemory.verify(range, on: [nodes[0], nowhere])
            }
            #expect(
                without?.description.contains("none of 8 pages is on node \(nowhere)") == true)
        }
    }

    @Test(.enabled(if: (machine?.nodesWithMemory.count ?? 0) > 1, "one node only"))
    func interleavedPagesLieOnAllNodes() throws {
        try withPages(nodes.count * 16) { range in
            try NUMAMemory.place(range, on: nodes)
            try NUMAMemory.verify(range, on: nodes)
        }
    }

    /// A page that was only read is the shared page of zeroes, on some node.
    @Test func untouchedAndReadPagesAreBroughtInFirst() throws {
        try withPages(32) { range in
            try NUMAMemory.place(range, on: [nodes[0]])
            #expect(range[0] == 0)
            #expect(try NUMAMemory.nodes(of: range) == [nodes[0]: 32])
            #expect(range.allSatisfy { $0 == 0 })
        }
    }

    @Test func aLargeRange() throws {
        try withPages((1 << 14) + 3) { range in
            try NUMAMemory.place(range, on: [nodes[0]])
            #expect(try NUMAMemory.nodes(of: range) == [nodes[0]: (1 << 14) + 3])
        }
    }

    @Test func aRangeOrNodeThatCannotBeIsRefused() throws {
        try withPages(4) { range in
            let part = UnsafeMutableRawBufferPointer(rebasing: range[8..<8 + NUMAMemory.pageSize])
            let odd = UnsafeMutableRawBufferPointer(rebasing: range[..<100])
            let empty = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            for bad in [part, odd, empty] {
                for call in [
                    { try NUMAMemory.place(bad, on: nodes) },
                    { try NUMAMemory.verify(bad, on: nodes) },
                ] {
                    let error = #expect(throws: TopologyError.self, performing: call)
                    guard case .badPlacement = error else {
                        Issue.record("\(String(describing: error))")
                        continue
                    }
                }
            }
            for bad in [[], [-1], [1 << 40]] {
                let error = #expect(throws: TopologyError.self) {
                    try NUMAMemory.place(range, on: bad)
                }
                guard case .badPlacement = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test func whatTheKernelRefusesIsTold() throws {
        try withPages(4) { range in
            for node in [nowhere, 1 << 19] {
                let error = #expect(throws: TopologyError.self) {
                    try NUMAMemory.place(range, on: [node])
                }
                #expect(error?.description.contains("mbind to node \(node): ") == true)
            }
        }
    }
}
