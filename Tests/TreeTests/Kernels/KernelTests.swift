// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Explorer
import Harness
import PortTree
import Testing

@testable import Tree

/// Kernels of today as Debian ships them, and with a mistake put in.
@Suite(
    "Kernels of Debian", .serialized,
    .enabled(if: KernelSource.folder != nil, Comment(rawValue: KernelSource.condition)))
struct KernelTests {
    /// All but the one that finds a mistake of v6.12's own: see below.
    @Test(arguments: KernelSource.all, Scenario.all.map(\.name))
    func asItIs(_ source: KernelSource, _ scenario: String) throws {
        guard source.version == "6.1" || scenario != "scan-vs-zap" else { return }
        let report = try source.check(scenario)
        #expect(report.verdict == .verified, "\(TextReport(report).text)")
        #expect(report.parameters["subpages"] == 4)
        #expect(report.scope.contains("PMD_SHIFT 14 for 21"))
    }

    /// The same by schedules, whose number is known from another program.
    @Test(arguments: [(KernelSource.v6_1, 1592), (KernelSource.v6_12, 1535)] as [(KernelSource, UInt64)])
    func executionsOfASplitAndAZap(_ source: KernelSource, _ executions: UInt64) throws {
        let report = try source.check("split-vs-zap", policy: .dpor)
        #expect(report.verdict == .verified)
        #expect(report.executions == executions)
    }

    @Test(arguments: KernelSource.all)
    func twoMappings(_ source: KernelSource) throws {
        #expect(try source.check("split-vs-zap", ["mappings": 2]).verdict == .verified)
    }

    @Test(arguments: KernelSource.all, 1...2)
    func whatFollowsTheFork(_ source: KernelSource, _ then: Int) throws {
        #expect(try source.check("part-vs-fork", ["then": then]).verdict == .verified)
    }

    @Test(arguments: Seed.all)
    func aMistakeIsFound(_ seed: Seed) throws {
        let folder = try Folder()
        let tree = try seed.source.copy(in: folder, seed.edits)
        let report = try seed.source.check(seed.scenario, seed.settings, on: tree, config: seed.config)
        let text = TextReport(report).text
        #expect(report.verdict == .bug, "\(text)")
        let bug = try #require(report.bugs.first { $0.expression == seed.expression }, "\(text)")
        try expectPicture(bug, "\(seed.name)-\(seed.source.version)")
        for scenario in seed.silent {
            #expect(try seed.source.check(scenario, on: tree).verdict == .verified)
        }
    }

    /// A mistake of v6.6 to v6.19 as they are: a folio whose last reference goes looks without
    /// the lock whether it is still on the deferred split queue, while the shrinker that takes
    /// it off has written one link of two.  vendor-notes/findings.md explains it.
    @Test func theLinkThatIsWrittenBehindTheLastReference() throws {
        let report = try KernelSource.v6_12.check("scan-vs-zap")
        let bug = try #require(report.bugs.first)
        #expect(report.bugs.count == 1 && bug.expression == "page->mapping != NULL")
        try expectPicture(bug, "deferred-list-6.12")
        let folder = try Folder()
        let careful = try KernelSource.v6_12.copy(
            in: folder,
            [
                .init(
                    file: "mm/internal.h", function: nil, old: "data_race(list_empty(&folio->_deferred_list))",
                    new: "data_race(list_empty_careful(&folio->_deferred_list))")
            ])
        #expect(try KernelSource.v6_12.check("scan-vs-zap", on: careful).verdict == .verified)
    }

    /// Its headers decide, and not the number in its Makefile.
    @Test(arguments: [(KernelSource.v6_1, "5"), (KernelSource.v6_12, "9")])
    func theVersionDecidesNothing(_ source: KernelSource, _ patchlevel: String) throws {
        let folder = try Folder()
        let tree = try source.copy(in: folder, [])
        try FileManager.default.removeItem(atPath: "\(tree)/Makefile")
        let makefile = try String(contentsOfFile: "\(source.path)/Makefile", encoding: .utf8)
        try folder.write(
            "tree/Makefile",
            makefile.replacing(try Regex("PATCHLEVEL = \\d+"), with: "PATCHLEVEL = \(patchlevel)"))
        for scenario in ["split-vs-zap", "split-folio-vs-zap", "split-vs-fork", "exit-vs-fork"] {
            let report = try source.check(scenario, on: tree), known = try source.check(scenario)
            #expect(report.version.hasPrefix("v6.\(patchlevel)"))
            #expect(report.verdict == known.verdict && report.states == known.states)
        }
    }

    @Test(arguments: KernelSource.all)
    func anUnchangedTreeIsNotBuiltAgain(_ source: KernelSource) throws {
        let first = try TreeBuild(KernelTree(source.path), subpages: 4)
        let again = try TreeBuild(KernelTree(source.path), subpages: 4)
        #expect(again.compiled == 0 && again.path == first.path)
    }

    @Test(arguments: KernelSource.all)
    func fewerSubpagesThanTheKernelHas(_ source: KernelSource) throws {
        let tree = try KernelTree(source.path)
        let error = #expect(throws: TreeError.self) { try TreeBuild(tree, subpages: 2) }
        #expect(error?.description.contains("4 subpages at least: 2 cannot be") == true)
    }

    /// The diagram without the lines of source below it, which are the kernel's.
    func expectPicture(_ bug: Finding, _ name: String) throws {
        let picture = bug.diagram.components(separatedBy: "\n\n")[0] + "\n"
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Snapshots/\(name).txt")
        if ProcessInfo.processInfo.environment["MMRACE_RECORD"] != nil {
            try picture.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try picture == String(contentsOf: path, encoding: .utf8))
    }
}
