// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Testing

@testable import Tree

/// Kernel source trees on this machine: `MMRACE_TREES=/src/v3.14.1:/src/v3.14.65`.
enum Trees {
    static let paths = (ProcessInfo.processInfo.environment["MMRACE_TREES"] ?? "")
        .split(separator: ":").map(String.init)

    /// What history says of a version, without regard to what a vendor took over.
    static func hasTheRace(_ version: KernelVersion) -> Bool {
        version >= KernelTree.oldest
            && version < KernelVersion(major: 3, minor: 15, patch: 0, extra: "")
            && !(version.minor == 14 && version.patch >= 3)
    }
}

@Suite(
    "Kernels' own mm", .serialized,
    .enabled(if: !Trees.paths.isEmpty, "MMRACE_TREES names no kernel source trees"))
struct RealTreeTests {
    private func check(
        _ path: String, _ scenario: String, _ settings: [String: Int] = [:]
    ) throws -> CheckReport {
        let plan = try Scenario.named(scenario).plan(settings)
        let build = try TreeBuild(KernelTree(path), subpages: plan.subpages)
        return try Check(plan, revision: build.revision(named: path), options: .init()).run()
    }

    @Test(arguments: Trees.paths, [2, 4])
    func splitVersusZap(_ path: String, _ subpages: Int) throws {
        let report = try check(path, "split-vs-zap", ["subpages": subpages])
        let broken = try Trees.hasTheRace(KernelTree(path).version)
        #expect(report.sites == (broken ? [Changelog.form1, Changelog.form2] : []), "\(TextReport(report).text)")
        #expect(report.verdict == (broken ? .bug : .verified))
        #expect(report.bugs.allSatisfy { $0.file == "mm/huge_memory.c" && $0.line > 1000 })
    }

    @Test(arguments: Trees.paths)
    func theStepsAreThoseOfTheChangelog(_ path: String) throws {
        guard try Trees.hasTheRace(KernelTree(path).version) else { return }
        try Changelog.expectSteps(check(path, "split-vs-zap"))
    }

    /// The first form only: here PageHead is looked at before the mapcount drops.
    @Test(arguments: Trees.paths)
    func splitVersusCOW(_ path: String) throws {
        let report = try check(path, "split-vs-cow")
        let broken = try Trees.hasTheRace(KernelTree(path).version)
        #expect(report.sites == (broken ? [Changelog.form1] : []), "\(TextReport(report).text)")
    }

    @Test(arguments: Trees.paths)
    func twoMappings(_ path: String) throws {
        guard try !Trees.hasTheRace(KernelTree(path).version) else { return }
        #expect(try check(path, "split-vs-zap", ["mappings": 2]).verdict == .verified)
    }

    @Test(arguments: Trees.paths)
    func exitVersusFork(_ path: String) throws {
        #expect(try check(path, "exit-vs-fork").verdict == .verified)
    }

    /// The port's revision of that version has the same failures.
    @Test(arguments: Trees.paths, ["split-vs-zap", "exit-vs-fork"])
    func thePortIsLikeTheOriginal(_ path: String, _ scenario: String) throws {
        let broken = try Trees.hasTheRace(KernelTree(path).version)
        let plan = try Scenario.named(scenario).plan()
        let port = try Check(
            plan, revision: .named(broken ? "e009bb30c8df" : "b5a8cad376ee"), options: .init()
        ).run()
        let original = try check(path, scenario)
        #expect(port.verdict == original.verdict)
        #expect(port.sites == original.sites)
    }

    /// Built before: nothing is compiled.
    @Test(arguments: Trees.paths)
    func anUnchangedTreeIsNotBuiltAgain(_ path: String) throws {
        let tree = try KernelTree(path)
        let first = try TreeBuild(tree, subpages: 2)
        let again = try TreeBuild(tree, subpages: 2)
        #expect(again.compiled == 0)
        #expect(again.path == first.path)
        #expect(again.traps.map(\.symbol) == first.traps.map(\.symbol))
    }
}
