// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Harness
import PortTree
import Testing

@testable import Tree

extension PortTreeTests {
    /// The configuration that a tree is compiled with.
    @Suite struct Configuring {
        private func request(_ settings: String..., file text: String? = nil) throws -> ConfigRequest {
            let folder = try Folder([".config": text ?? ""])
            return ConfigRequest(
                try settings.map { try #require(ConfigSetting($0)) },
                file: try text.map { _ in try ConfigFile("\(folder.path)/.config") })
        }

        /// A line that opens a race, for those who have the configuration.
        private func seeded(_ condition: String) throws -> PortTree {
            let tree = try PortTree.fixed()
            let line = "tlb_remove_pmd_tlb_entry(tlb, pmd, addr);"
            try tree.edit(
                "mm/huge_memory.c", line,
                to: "\n#if \(condition)\n\tspin_unlock(ptl); \(line) spin_lock(ptl);\n#else\n\t\(line)\n#endif\n")
            return tree
        }

        @Test(arguments: ["defined(CONFIG_NUMA_BALANCING)", "IS_ENABLED(CONFIG_NUMA_BALANCING)"])
        func aRaceOfOneConfigurationOnly(_ condition: String) throws {
            let tree = try seeded(condition)
            if condition.hasPrefix("IS_") {
                try tree.write(
                    "include/linux/kconfig.h",
                    tree.text("include/linux/kconfig.h") + "#define IS_ENABLED(option) (option + 0)\n")
            }
            let own = try tree.check("split-vs-zap")
            #expect(own.verdict == .verified, "\(TextReport(own).text)")
            #expect(own.scope.contains("; mmrace's own configuration; "))
            #expect(own.configuration == [:])
            let report = try tree.check("split-vs-zap", [:], request("NUMA_BALANCING"))
            #expect(report.verdict == .bug)
            #expect(report.sites.contains(Changelog.form1))
            #expect(report.scope.contains("; mmrace's own configuration with NUMA_BALANCING=y; "))
            #expect(report.configuration == ["NUMA_BALANCING": "y"])
            #expect(TextReport(report).text.contains(" --config NUMA_BALANCING=y --set "))
            // As it was before, from the cache, and the other way round.
            #expect(try tree.build().compiled == 0)
            #expect(try tree.build(request("NUMA_BALANCING")).compiled == 0)
        }

        /// In the file of a kernel of that time both are.
        @Test(arguments: ["", "CONFIG_ARCH_USES_NUMA_PROT_NONE=y\n"])
        func whatIsSetWithAName(_ more: String) throws {
            let tree = try seeded("defined(CONFIG_NUMA_BALANCING) && defined(CONFIG_ARCH_USES_NUMA_PROT_NONE)")
            let request = try request(file: "CONFIG_NUMA_BALANCING=y\n" + more)
            #expect(try tree.check("split-vs-zap", [:], request).verdict == .bug)
            let without = try self.request("ARCH_USES_NUMA_PROT_NONE=n", file: "CONFIG_NUMA_BALANCING=y\n" + more)
            #expect(try tree.check("split-vs-zap", [:], without).verdict == .verified)
        }

        /// That of a patch, which nobody has looked at.
        @Test func aNameWithoutARuleIsSet() throws {
            let tree = try seeded("defined(CONFIG_ZAP_EARLY)")
            #expect(try tree.check("split-vs-zap", [:], request("ZAP_EARLY")).verdict == .bug)
            let file = "# CONFIG_OTHER is not set\nCONFIG_ZAP_EARLY=y\nCONFIG_SND=m\n"
            #expect(try tree.check("split-vs-zap", [:], request(file: file)).verdict == .bug)
            #expect(try tree.check("split-vs-zap", [:], request("ZAP_EARLY=n", file: file)).verdict == .verified)
        }

        /// The second form of the race is a VM_BUG_ON.
        @Test func withoutAssertions() throws {
            let report = try PortTree.unfixed().check("split-vs-zap", [:], request("DEBUG_VM=n"))
            #expect(report.configuration == ["DEBUG_VM": "n"])
            #expect(report.verdict == .bug)
            #expect(report.sites.contains(Changelog.form1) && !report.sites.contains(Changelog.form2))
        }

        @Test func whatIsTestedAndOff() throws {
            let tree = try PortTree.fixed()
            try tree.edit("mm/rmap.c", "#include <linux/rmap.h>", to: "#include <linux/rmap.h>\n#ifdef CONFIG_KSM\n#endif")
            let header = "include/linux/rmap.h"
            try tree.write(
                header,
                "#if IS_ENABLED(CONFIG_KSM) || defined(CONFIG_CMA_MODULE) || defined(CONFIG_COMPACTION)\n#endif\n"
                    + tree.text(header))
            try tree.write("include/linux/kconfig.h", "#define IS_ENABLED(option) 0\n" + tree.text("include/linux/kconfig.h"))
            let report = TreeReport(try tree.build(), name: tree.folder)
            #expect(report.off.map(\.name) == ["CMA", "KSM"])
            #expect(report.off.map(\.files) == [[header], [header, "mm/rmap.c"]])
            #expect(report.off.map { $0.reason == nil } == [false, true])
            #expect(TreeText(report).text.contains("\n  KSM  linux/rmap.h mm/rmap.c\n"))
            #expect(TreeText(report).text.contains("array of struct page:\n    CMA\n"))
            let on = TreeReport(try tree.build(request("KSM", "COMPACTION=n")), name: tree.folder)
            #expect(on.off.map(\.name) == ["CMA", "COMPACTION"])
            #expect(on.configuration.set == ["KSM": "y", "COMPACTION": "n"])
            #expect(TreeText(on).text.contains("\n  configuration: mmrace's own configuration with COMPACTION=n, KSM=y\n"))
        }

        @Test func whatChangesNothingIsTold() throws {
            let build = try PortTree.fixed().build(request("NOT_TESTED", "CONFIG_SWAP=y", "HZ=0xfa", "KSM=n"))
            #expect(build.configuration.set == [:])
            #expect(build.configuration.withoutEffect == ["NOT_TESTED": "y", "SWAP": "y", "HZ": "0xfa", "KSM": "n"])
            #expect(TreeText(TreeReport(build, name: "")).text.contains("\n  NOT_TESTED=y\n"))
        }

        /// A whole one has much that nothing tests: that is not reported.
        @Test func aWholeFile() throws {
            let tree = try PortTree.fixed()
            try tree.edit(
                "mm/rmap.c", "#include <linux/rmap.h>",
                to: "#include <linux/rmap.h>\n#if defined(CONFIG_NUMA) || defined(CONFIG_KSM) || defined(CONFIG_SLUB)\n#endif")
            let file = "CONFIG_NUMA=y\nCONFIG_KSM=y\nCONFIG_SLUB=y\nCONFIG_SND=y\nCONFIG_MMU=y\nCONFIG_HZ=1000\n"
            let summary = try tree.build(request(file: file)).configuration
            #expect(summary.set == ["KSM": "y"])
            #expect(summary.kept.map(\.name) == ["NUMA", "SLUB"])
            #expect(summary.kept.allSatisfy { $0.reason?.isEmpty == false })
            #expect(summary.withoutEffect == [:])
            #expect(summary.text(ofPreemptRT: false).hasSuffix("with KSM=y, 2 names not as in the file that was given"))
        }

        @Test(arguments: [
            (["NUMA"], ["NUMA=y (memory is one node"]), (["X86_32", "SLUB"], ["X86_32=y (", "SLUB=y ("]),
            (["PREEMPT_RT_FULL"], ["PREEMPT_RT_FULL=y (its spinlocks sleep"]), (["SMP=n"], ["SMP=n ("]),
            (["TRANSPARENT_HUGEPAGE=n"], ["mm/huge_memory.c"]), (["NR_CPUS=y"], ["NR_CPUS=y ("]),
        ])
        func whatCannotBeIsRefusedByName(_ settings: [String], _ words: [String]) throws {
            let tree = try PortTree.fixed()
            let request = ConfigRequest(try settings.map { try #require(ConfigSetting($0)) })
            let error = #expect(throws: TreeError.self) { try tree.build(request) }
            #expect(error?.cause == .usage)
            for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
            #expect(error?.description.contains("\n") == false)
        }

        @Test func aFileForAnotherKindOfKernelIsRefused() throws {
            let tree = try PortTree.fixed()
            let file = "# CONFIG_64BIT is not set\nCONFIG_X86_32=y\nCONFIG_NUMA=y\n"
            let error = #expect(throws: TreeError.self) { try tree.build(request(file: file)) }
            #expect(error?.description.contains("64BIT=n (") == true)
            #expect(error?.description.contains("; X86_32=y (") == true)
            #expect(error?.description.contains("NUMA") == false)
        }

        // MARK: Its release

        @Test func localVersionsAreShown() throws {
            let tree = try PortTree.fixed()
            try tree.write("localversion-rt", "-rt17\n")
            try tree.write("localversion", " -vendor \r\n")
            try tree.write("localversion~", "-backup\n")
            try FileManager.default.createDirectory(
                atPath: "\(tree.folder)/localversion.d", withIntermediateDirectories: true)
            #expect(try KernelTree(tree.folder).release == "v3.14.65-vendor-rt17")
            let report = try tree.check("split-vs-zap")
            #expect(report.version == "v3.14.65-vendor-rt17")
            #expect(report.scope.contains("mmrace's own configuration, PREEMPT_RT off; "))
            #expect(TreeText(TreeReport(try tree.build(), name: "")).text.contains("PREEMPT_RT off"))
        }
    }
}

/// The rules, as they are.
@Suite("Rules of configurations")
struct ConfigRulesTests {
    @Test func eachLineIsARule() throws {
        let arch = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Tree/arch").path
        let rules = try ConfigRules(at: "\(arch)/common/config.list")
        #expect(rules.rule(for: "NUMA_BALANCING") == .settable(implied: ["ARCH_USES_NUMA_PROT_NONE"]))
        #expect(rules.rule(for: "A_PATCH") == nil)
        #expect(rules.isHeader("include/linux/mm.h") && !rules.isHeader("include/linux/sched.h"))
        // All of our own that is on has a rule, so that nobody turns it off unawares.
        let own = try ["compound-lock", "migration-entries"].flatMap {
            try ConfigFile("\(arch)/\($0)/mmrace.config").settings.map(\.name)
        }
        #expect(own.filter { rules.rule(for: $0) == nil } == [])
    }

    @Test(arguments: ["set", "set A: because", "fixed A", "refused A:", "other A: because", "A"])
    func aLineThatIsNone(_ line: String) throws {
        let folder = try Folder(["config.list": "# a comment\n\nset A\n\(line)\n"])
        let error = #expect(throws: TreeError.self) { try ConfigRules(at: "\(folder.path)/config.list") }
        #expect(error?.description.hasSuffix("line 4: not a rule") == true)
    }
}
