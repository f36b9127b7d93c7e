// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import Testing

/// `--config` and `--config-file`, from a shell.
@Suite("Command line: configurations", .serialized)
struct ConfigCommandTests {
    private static let commands = ["tree check", "check", "check --git-bisect", "bisect"]

    /// The words of a command over a tree.
    private func words(_ command: String, _ tree: String) -> [String] {
        switch command {
        case "tree check": ["tree", "check", tree]
        case "bisect": ["bisect", "--tree", tree, "split-vs-zap", "a..b"]
        default: command.split(separator: " ").map(String.init) + ["--tree", tree, "split-vs-zap"]
        }
    }

    /// One line, whichever command; a bisection ends, for all revisions would be the same.
    private func expectUsage(
        _ run: Run, _ command: String, _ fault: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(run.status == (command.contains("git-bisect") ? 192 : 64), sourceLocation: sourceLocation)
        #expect(run.out.isEmpty, sourceLocation: sourceLocation)
        #expect(run.err.hasPrefix("mmrace: ") && run.err.contains(fault), "\(run.err)", sourceLocation: sourceLocation)
        #expect(run.err.split(separator: "\n").count == 1, "\(run.err)", sourceLocation: sourceLocation)
    }

    @Test(arguments: commands)
    func whatCannotBeIsRefused(_ command: String) throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        try standIn.commits(2)
        let words = words(command, standIn.tree)
        expectUsage(
            try standIn.run(words + ["--config", "NUMA", "--config", "CONFIG_PREEMPT_RT_FULL=y"]), command,
            "this cannot be in the configuration of a tree: NUMA=y (memory is one node")
        expectUsage(try standIn.run(words + ["--config", "SWAP=maybe"]), command, "'--config <name[=value]>'")
        expectUsage(try standIn.run(words + ["--config", "=y"]), command, "NAME=NUMBER")
        expectUsage(try standIn.run(words + ["--config-file", "/no/such"]), command, "'/no/such' cannot be read: No such file")
        try standIn.write("config", "CONFIG_SWAP=y\r\nswap is on\r\n")
        expectUsage(
            try standIn.run(words + ["--config-file", "\(standIn.folder)/config"]), command,
            "/config', line 2: 'swap is on' is neither")
        try standIn.write("config", "CONFIG_SMP=y\nCONFIG_X86_32=y\n")
        expectUsage(
            try standIn.run(words + ["--config-file", "\(standIn.folder)/config"]), command, "X86_32=y (")
        #expect(standIn.built().isEmpty)
    }

    @Test func onlyATreeHasOne() throws {
        for option in [["--config", "NUMA_BALANCING"], ["--config-file", ".config"]] {
            let fault = "\(option[0]) is for a kernel tree: give --tree, too"
            expectUsage(try Tool.run(["check", "split-vs-zap"] + option), "check", fault)
            expectUsage(try Tool.run(["bisect", "split-vs-zap"] + option), "bisect", fault)
        }
    }

    @Test func treeCheckSaysWhoseItIs() throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        try standIn.write("tree/mm/rmap.c", "#ifdef CONFIG_KSM\n#if IS_ENABLED(CONFIG_NUMA_BALANCING)\n")
        try standIn.write("tree/localversion-rt", "-rt17\n")
        try standIn.write("config", "# CONFIG_KSM is not set\nCONFIG_NUMA_BALANCING=y\nCONFIG_SND=m\n")
        let text = try standIn.run(["tree", "check", standIn.tree])
        // A stand-in has not what every scenario needs, which is told, too.
        #expect(text.status == 125, "\(text.err)")
        #expect(text.out.hasPrefix("\(standIn.tree): Linux v3.14-rt17\n"))
        #expect(text.out.contains("\n  configuration: mmrace's own configuration, PREEMPT_RT off\n"))
        #expect(text.out.contains("\n  KSM             mm/rmap.c\n  NUMA_BALANCING  mm/rmap.c\n"))
        let run = try standIn.run([
            "tree", "check", standIn.tree, "--config-file", "\(standIn.folder)/config", "--config", "OTHER=5",
            "--format", "json",
        ])
        #expect(run.status == 125, "\(run.err)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        let configuration = try #require(report["configuration"] as? [String: Any])
        #expect(configuration["set"] as? [String: String] == ["NUMA_BALANCING": "y"])
        #expect(configuration["withoutEffect"] as? [String: String] == ["OTHER": "5"])
        #expect((configuration["kept"] as? [Any])?.isEmpty == true)
        let off = try #require(report["off"] as? [[String: Any]])
        #expect(off.map { $0["name"] as? String } == ["KSM"])
        #expect(off.map { $0["files"] as? [String] } == [["mm/rmap.c"]])
    }

    /// A race that the fourth commit brings, for those who have the configuration.
    @Test(.enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
    func aRaceOfOneConfigurationOnly() throws {
        let history = try PortRepository()
        let tree = try PortTree.fixed()
        let line = "tlb_remove_pmd_tlb_entry(tlb, pmd, addr);"
        try tree.edit(
            "mm/huge_memory.c", line,
            to: "\n#ifdef CONFIG_NUMA_BALANCING\n\tspin_unlock(ptl); \(line) spin_lock(ptl);\n#else\n\t\(line)\n#endif\n")
        let check = ["check", "--tree", tree.folder, "split-vs-zap", "--git-bisect"]
        func run(_ words: [String]) throws -> Run {
            try Tool.run(
                words, environment: PortRepository.environment.merging(["MMRACE_CACHE": PortTree.cache]) { $1 })
        }
        #expect(try run(check).status == 0)
        let found = try run(check + ["--config", "CONFIG_NUMA_BALANCING=y"])
        #expect(found.status == 1)
        #expect(found.out.contains("; mmrace's own configuration with NUMA_BALANCING=y; "))
        let json = try run(check + ["--config", "NUMA_BALANCING", "--format", "json"]).json()
        #expect(json.map { $0["configuration"] as? [String: String] } == [["NUMA_BALANCING": "y"]])

        // The tip of the history is good; on top of it comes this.
        let good = history.commits[history.last].id
        try history.git("checkout", "--quiet", "--detach", good)
        let file = "\(history.folder)/mm/huge_memory.c"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing(line, with: "\n#ifdef CONFIG_NUMA_BALANCING\n\tspin_unlock(ptl); spin_lock(ptl);\n#endif\n\t\(line)")
            .write(toFile: file, atomically: true, encoding: .utf8)
        try history.git("commit", "--quiet", "--no-gpg-sign", "--all", "-m", "numa: a race")
        let bisect = ["bisect", "--tree", history.folder, "split-vs-zap", "\(good)..HEAD"]
        #expect(try run(bisect).status == 125)
        let bisected = try run(bisect + ["--config", "NUMA_BALANCING"])
        #expect(bisected.status == 0, "\(bisected.out)\(bisected.err)")
        #expect(bisected.out.contains("\n  mmrace's own configuration with NUMA_BALANCING=y\n"))
        #expect(bisected.out.contains("\n  \"numa: a race\" ("))
    }
}
