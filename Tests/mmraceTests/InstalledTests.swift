// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// The tool where `make install` puts it, with its sources beside it: those are
/// taken, not those that it was compiled from.
@Suite("Installed")
final class InstalledTests {
    private let prefix = FileManager.default.temporaryDirectory.path + "/mmrace-test-\(UUID().uuidString)"
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources").path

    init() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: "\(prefix)/bin", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(prefix)/share/mmrace", withIntermediateDirectories: true)
        let tool = try #require(Tool.executable).path
        // It is large.
        if link(tool, "\(prefix)/bin/mmrace") != 0 {
            try files.copyItem(atPath: tool, toPath: "\(prefix)/bin/mmrace")
        }
        for part in ["CMM", "Tree", "CVcpu"] {
            try files.copyItem(atPath: "\(Self.sources)/\(part)", toPath: "\(prefix)/share/mmrace/\(part)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: prefix) }

    /// As a shell sees it.
    private func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Run {
        // The first word is the tool that was built: here it is an argument of no use.
        try Tool.run(
            words, under: ["/bin/sh", "-c", "shift; exec \"\(prefix)/bin/mmrace\" \"$@\"", "sh"],
            in: "/", environment: environment)
    }

    private func edit(_ file: String, _ change: (String) -> String) throws {
        let path = "\(prefix)/share/mmrace/\(file)"
        try change(String(contentsOfFile: path, encoding: .utf8)).write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func itsReportsQuoteThem() throws {
        try edit("CMM/mm/huge_memory.c") { $0.replacing("\n", with: " /* installed */\n") }
        let run = try run(["check", "split-vs-zap", "--revision", "117b0791ac42"])
        #expect(run.status == 1)
        #expect(run.out.contains(#/\) mm\/huge_memory\.c:\d+ \w+\(\):\s+.* \/\* installed \*\/\n/#))
    }

    /// With no text at all, the places are named as before.
    @Test func withoutItsSourcesItNamesThePlaces() throws {
        try FileManager.default.removeItem(atPath: "\(prefix)/share/mmrace/CMM")
        let run = try run(["check", "split-vs-zap", "--revision", "117b0791ac42"])
        #expect(run.status == 1)
        #expect(run.out.contains(#/kernel BUG at mm\/huge_memory\.c:\d+! __split_huge_page\(\): /#))
        #expect(run.out.contains(#/\) mm\/huge_memory\.c:\d+ \w+\(\)\n/#))
    }

    @Test func treesAreBuiltAgainstThem() throws {
        let standIn = try StandIn()
        try edit("Tree/arch/common/build.list") { "nonsense\n" + $0 }
        let run = try run(
            ["tree", "check", standIn.tree],
            ["MMRACE_CC": "\(standIn.folder)/bin/clang", "MMRACE_CACHE": standIn.cache])
        #expect(run.status == 64)
        #expect(run.err == "mmrace: '\(prefix)/share/mmrace/Tree/arch/common/build.list', line 1: no keyword and value\n")
    }

    /// A folder of the user's goes first, also where there is none.
    @Test func theUsersOwnGoFirst() throws {
        let standIn = try StandIn()
        let run = try run(
            ["tree", "check", standIn.tree],
            [
                "MMRACE_CC": "\(standIn.folder)/bin/clang", "MMRACE_CACHE": standIn.cache,
                "MMRACE_SOURCES": "/nowhere",
            ])
        #expect(run.status == 69)
        #expect(run.err.contains("'/nowhere/Tree/arch'") && run.err.contains("MMRACE_SOURCES"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) throws {
        let run = try run(["--generate-completion-script", shell])
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        for word in ["split-vs-zap", "117b0791ac42", "zap_takes_no_ptl", "git-bisect", "topology"] {
            #expect(run.out.contains(word), "\(word)")
        }
    }
}
