// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import Harness
import Testing
import Topology

@testable import Tree

/// Kernel trees on CPUs of this machine.
enum TreeStress {
    static let topology = try? Topology.ofThisProcess()
    static let hasTwoCPUs = (topology?.cpus.count ?? 0) >= 2

    /// Runs a scenario with delays at locks, on pinned CPUs where the tests may use two.
    ///
    /// - Parameter limit: the seconds, at most; nil to go on for so long that a bug is hit.
    static func run(
        _ scenario: String, _ settings: [String: Int] = ["subpages": 512], on path: String, for limit: Double?
    ) throws -> StressReport {
        let plan = try Scenario.named(scenario).plan(settings)
        @Sendable func revision(_ cpuKind: CPUKind, _ plan: Plan) throws -> Revision {
            try TreeBuild(KernelTree(path), subpages: plan.subpages, for: cpuKind).revision(named: path)
        }
        var options = StressOptions()
        options.place = try StressPlace(#require(topology), count: plan.cpus.count)
        options.first = limit == nil
        options.seconds = limit ?? 600
        let target = StressTarget(
            native: try revision(.host, plan), hooked: nil, fewestSubpages: CellTraits(ofTree: path).fewestSubpages,
            explored: { try revision(.explored, $0) })
        return try Stress(plan, target: target, options: options).run()
    }

    /// Nothing was hit, and the report says what that excludes.
    static func expectClean(_ report: StressReport, _ place: SourceLocation = #_sourceLocation) {
        #expect(report.sites.isEmpty, "\(StressText(report).text)", sourceLocation: place)
        #expect(report.verdict == .bounded && report.iterations > 0, sourceLocation: place)
        #expect(report.statements.first?.hasPrefix("0 hits in ") == true, sourceLocation: place)
    }

    /// Something was hit, and the explorer has a schedule for it.
    static func expectHandedOver(_ report: StressReport, _ place: SourceLocation = #_sourceLocation) {
        #expect(report.verdict == .bug && !report.sites.isEmpty, "\(StressText(report).text)", sourceLocation: place)
        for site in report.sites {
            #expect(site.proof?.command.hasPrefix("mmrace replay ") == true, "\(site)", sourceLocation: place)
        }
    }
}

@Suite(
    "Kernels' own mm on real CPUs", .serialized, .holdsTheCPUs,
    .enabled(if: !Trees.paths.isEmpty, "MMRACE_TREES names no kernel source trees"),
    .enabled(if: TreeStress.hasTwoCPUs, "needs two CPUs"))
struct RealTreeStressTests {
    @Test(arguments: Trees.paths) func theRaceIsHitWhereItIs(_ path: String) throws {
        if Trees.hasTheRace(try KernelTree(path).version) {
            TreeStress.expectHandedOver(try TreeStress.run("split-vs-zap", on: path, for: nil))
        } else {
            TreeStress.expectClean(try TreeStress.run("split-vs-zap", on: path, for: 2))
        }
    }
}

@Suite(
    "Kernels of Debian on real CPUs", .serialized, .holdsTheCPUs,
    .enabled(if: KernelSource.folder != nil, Comment(rawValue: KernelSource.condition)),
    .enabled(if: TreeStress.hasTwoCPUs, "needs two CPUs"))
struct KernelStressTests {
    /// With page tables of full size; no search goes there.
    @Test(arguments: KernelSource.all, ["split-vs-zap", "split-folio-vs-zap", "pin-vs-fork"])
    func asItIs(_ source: KernelSource, _ scenario: String) throws {
        TreeStress.expectClean(try TreeStress.run(scenario, on: source.path, for: 1))
    }

    @Test(arguments: KernelSource.all) func aMistakeIsHit(_ source: KernelSource) throws {
        let folder = try Folder()
        let seed = Seed.ttuSync(source)
        let tree = try source.copy(in: folder, seed.edits)
        let report = try TreeStress.run(seed.scenario, ["subpages": 4], on: tree, for: nil)
        TreeStress.expectHandedOver(report)
        #expect(report.sites.first?.expression == seed.expression)
    }
}
