// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import Testing

@testable import Tree

/// Kernel source trees on this machine: `MMRACE_TREES=/src/v3.14.1:/src/v3.14.65`.
enum Trees {
    static let paths = (ProcessInfo.processInfo.environment["MMRACE_TREES"] ?? "")
        .split(separator: ":").map(String.init)

    /// The revision of the port that a version is like; the port has none of v4.
    static func revision(of version: KernelVersion) -> String? {
        guard version.major == 3, version.minor <= 14 else { return nil }
        return hasTheRace(version) ? "e009bb30c8df" : "b5a8cad376ee"
    }

    /// Whether a version has the race in mainline; a vendor may have taken the fix over.
    static func hasTheRace(_ version: KernelVersion) -> Bool {
        version >= KernelVersion(major: 3, minor: 13, patch: 0, extra: "")
            && version < KernelVersion(major: 3, minor: 15, patch: 0, extra: "")
            && !(version.minor == 14 && version.patch >= 3)
    }
}

extension Trees {
    static let good = paths.first {
        guard let version = try? KernelTree($0).version else { return false }
        return version.major == 3 && !hasTheRace(version)
    }
}

/// Lines of one function that are left out.
struct Omission: Sendable, CustomTestStringConvertible {
    var file: String
    var function: String
    /// The first line that has each of the texts.
    var lines: [String]
    var scenario: String
    var testDescription: String { "\(function): \(lines)" }

    static let all = [
        Omission(
            file: "arch/x86/mm/pgtable.c", function: "pmdp_splitting_flush",
            lines: ["flush_tlb_range("], scenario: "split-vs-gup"),
        Omission(
            file: "mm/memory.c", function: "tlb_flush_mmu", lines: ["tlb_flush("],
            scenario: "zap-vs-gup"),
        Omission(
            file: "mm/huge_memory.c", function: "__split_huge_page_refcount",
            lines: ["compound_lock(", "compound_unlock("], scenario: "split-vs-gup"),
        Omission(
            file: "mm/huge_memory.c", function: "split_huge_page_to_list",
            lines: ["anon_vma_lock_write(", "anon_vma_unlock_write("], scenario: "split-vs-zap"),
        Omission(
            file: "mm/huge_memory.c", function: "__split_huge_page_refcount",
            lines: ["spin_lock_irq(", "spin_unlock_irq("], scenario: "split-vs-zap"),
    ]

    /// A copy without those lines; the others of its files are the tree's own.
    func apply(to tree: String, in folder: Folder) throws -> String {
        try folder.copy(of: tree, editing: file, function: function) { text, body in
            for line in lines { text[try #require(text[body].firstIndex { $0.contains(line) })] = ";" }
        }
    }
}

extension Folder {
    /// A copy of a tree, of links but for one file.
    ///
    /// - Parameter edit: is given that file's lines, and which of them are the function's.
    func copy(
        of tree: String, editing file: String, function: String,
        _ edit: (inout [String], Range<Int>) throws -> Void
    ) throws -> String {
        let copy = path + "/tree"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/cp")
        process.arguments = ["-rs", URL(fileURLWithPath: tree).path, copy]
        try process.run()
        process.waitUntilExit()
        var text = try String(contentsOfFile: "\(tree)/\(file)", encoding: .utf8)
            .components(separatedBy: "\n")
        let first = try #require(text.indices.first {
            text[$0].contains("\(function)(") && text[$0].first?.isLetter == true
                && !text[$0].hasSuffix(";")
        })
        try edit(&text, first..<(text[first...].firstIndex(of: "}") ?? text.count))
        try FileManager.default.removeItem(atPath: "\(copy)/\(file)")
        try text.joined(separator: "\n").write(
            toFile: "\(copy)/\(file)", atomically: false, encoding: .utf8)
        return copy
    }
}

/// One comparison of the port with the original.
struct Comparison: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    var scenario: String
    var settings: [String: Int] = [:]
    var description: String {
        ([scenario] + settings.map { "\($0.key)=\($0.value)" }.sorted()).joined(separator: " ")
    }
    var testDescription: String { description }

    static let all =
        Scenario.catalogue.map { Comparison(scenario: $0.name) } + [
            Comparison(scenario: "split-vs-zap", settings: ["pin": 1]),
            Comparison(scenario: "split-vs-zap", settings: ["subpages": 4]),
            Comparison(scenario: "split-vs-zap", settings: ["mappings": 2]),
            Comparison(scenario: "split-vs-zap", settings: ["mappings": 3]),
            Comparison(scenario: "split-vs-gup", settings: ["put": 0]),
            Comparison(scenario: "split-vs-gup", settings: ["gup": 0, "put": 0]),
            Comparison(scenario: "zap-vs-gup", settings: ["put": 0]),
        ]
}

@Suite(
    "Kernels' own mm", .serialized,
    .enabled(if: !Trees.paths.isEmpty, "MMRACE_TREES names no kernel source trees"))
struct RealTreeTests {
    private func check(
        _ path: String, _ scenario: String, _ settings: [String: Int] = [:], first: Bool = false,
        _ configuration: ConfigRequest = .init()
    ) throws -> CheckReport {
        var options = CheckOptions()
        options.first = first
        let plan = try Scenario.named(scenario).plan(settings)
        let build = try TreeBuild(
            KernelTree(path), subpages: plan.subpages, configuration: configuration)
        return try Check(plan, revision: build.revision(named: path), options: options).run()
    }

    @Test(arguments: Trees.paths, [2, 4])
    func splitVersusZap(_ path: String, _ subpages: Int) throws {
        let report = try check(path, "split-vs-zap", ["subpages": subpages])
        let broken = try Trees.hasTheRace(KernelTree(path).version)
        #expect(report.sites == (broken ? [Changelog.form1, Changelog.form2] : []), "\(TextReport(report).text)")
        #expect(report.verdict == (broken ? .bug : .verified))
        #expect(report.scope.contains("PMD_SHIFT \(subpages == 2 ? 13 : 14) for 21, PTRS_PER_PTE \(subpages) for 512"))
        #expect(report.scope.hasSuffix("a VM_BUG_ON that passes is not a step of its own"))
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

    /// The port's revision of that version ends in the same ways: what fails, and
    /// what is in memory then.  A difference is a mistake of the port.
    @Test(arguments: Trees.paths, Comparison.all)
    func thePortIsLikeTheOriginal(_ path: String, _ comparison: Comparison) throws {
        let tree = try KernelTree(path)
        guard let like = Trees.revision(of: tree.version) else { return }
        let plan = try Scenario.named(comparison.scenario).plan(comparison.settings)
        let port = try Outcomes(of: plan, revision: .named(like))
        let build = try TreeBuild(tree, subpages: plan.subpages)
        let original = try Outcomes(of: plan, revision: build.revision(named: path))
        #expect(port.verdict == original.verdict)
        print("\(comparison) on \(tree.version): \(original.all.count) outcomes, \(port.all.count) of the port")
        let missing = original.all.subtracting(port.all), extra = port.all.subtracting(original.all)
        #expect(missing.isEmpty && extra.isEmpty, """
            only the tree ends so:
            \(missing.map { "  \($0)" }.sorted().joined(separator: "\n"))
            only the port ends so:
            \(extra.map { "  \($0)" }.sorted().joined(separator: "\n"))
            """)
    }

    /// A lock or a flush is left out of a copy of a tree that is good.
    @Test(
        .enabled(if: Trees.good != nil, "MMRACE_TREES names no tree of v3.14 with the fix"),
        arguments: Omission.all)
    func whatIsLeftOutIsMissed(_ omission: Omission) throws {
        let copy = try Folder()
        let tree = try omission.apply(to: #require(Trees.good), in: copy)
        let report = try check(tree, omission.scenario, first: true)
        #expect(report.verdict.isBad, "\(omission): \(TextReport(report).text)")
    }

    // MARK: Its configuration

    /// The pmd's lock is dropped for a moment, but only by a kernel that balances.
    @Test(.enabled(if: Trees.good != nil, "MMRACE_TREES names no tree of v3.14 with the fix"))
    func aRaceOfOneConfigurationOnly() throws {
        let folder = try Folder()
        let tree = try folder.copy(
            of: #require(Trees.good), editing: "mm/huge_memory.c", function: "zap_huge_pmd"
        ) { text, body in
            let line = try #require(text[body].firstIndex { $0.contains("tlb_remove_pmd_tlb_entry(") })
            text[line] += "\n#ifdef CONFIG_NUMA_BALANCING\n\tspin_unlock(ptl); spin_lock(ptl);\n#endif"
        }
        #expect(try check(tree, "split-vs-zap").verdict == .verified)
        let balancing = ConfigRequest([try #require(ConfigSetting("NUMA_BALANCING"))])
        let report = try check(tree, "split-vs-zap", [:], first: false, balancing)
        #expect(report.verdict == .bug)
        #expect(report.sites.contains(Changelog.form1), "\(TextReport(report).text)")
        #expect(report.scope.contains("mmrace's own configuration with ARCH_USES_NUMA_PROT_NONE=y, NUMA_BALANCING=y"))
    }

    /// Each name of config.list that can be changed is.
    @Test(arguments: Trees.paths, Scenario.catalogue.map(\.name))
    func allThatCanBeSetAtOnce(_ path: String, _ scenario: String) throws {
        let arch = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Tree/arch").path
        let own = try ConfigFile("\(arch)/compound-lock/mmrace.config").settings
        let settings = try String(contentsOfFile: "\(arch)/common/config.list", encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("set ") }
            .map { line in
                let name = String(line.split(separator: " ")[1])
                return ConfigSetting(name, own.contains { $0.name == name } ? .no : .yes)
            }
        #expect(settings.count > 10)
        let report = try check(path, scenario, [:], first: false, ConfigRequest(settings))
        #expect(try report.verdict == check(path, scenario).verdict, "\(TextReport(report).text)")
        #expect(try #require(report.configuration).count > 10)
    }

    @Test(arguments: Trees.paths)
    func whatIsOffIsListed(_ path: String) throws {
        let report = TreeReport(try TreeBuild(KernelTree(path), subpages: 2), name: path)
        let off = Dictionary(uniqueKeysWithValues: report.off.map { ($0.name, $0.files) })
        #expect(try #require(off["NUMA_BALANCING"]).contains("mm/vmstat.c"))
        #expect(try #require(off["NUMA"]).contains("mm/huge_memory.c"))
        #expect(off["TRANSPARENT_HUGEPAGE"] == nil && off["SND"] == nil)
    }

    /// Built before: nothing is compiled.
    @Test(arguments: Trees.paths)
    func anUnchangedTreeIsNotBuiltAgain(_ path: String) throws {
        let tree = try KernelTree(path)
        let first = try TreeBuild(tree, subpages: 2)
        let again = try TreeBuild(tree, subpages: 2)
        #expect(again.compiled == 0)
        #expect(again.path == first.path)
        #expect(again.unresolved.map(\.symbol) == first.unresolved.map(\.symbol))
    }

    /// Whoever builds it: the same symbols, and the same users of them.
    @Test(arguments: Trees.paths)
    func twoBuildsAreTheSame(_ path: String) throws {
        let tree = try KernelTree(path)
        let first = try TreeBuild(tree, subpages: 2)
        for _ in 0..<5 {
            unlink(first.path)
            let again = try TreeBuild(tree, subpages: 2)
            #expect(again.path == first.path)
            #expect(again.unresolved.map(\.users) == first.unresolved.map(\.users))
        }
    }
}
