// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

/// The compile flags, as the compiler sees them.
@Suite("Compile flags")
struct FlagTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    /// A part of Swift's toolchain.
    static let clang: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "")
        .split(separator: ":").map { URL(fileURLWithPath: "\($0)/clang") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    /// Compiles what the flags speak to, and returns the errors, one a line.
    private func errors(
        _ flags: [String], files: [String] = ["revisions/revisions.c", "revisions/under_test.c"]
    ) throws -> String {
        var all = ""
        for file in files {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = Self.clang
            process.currentDirectoryURL = Self.sources.appendingPathComponent("CMM")
            process.arguments =
                ["-fsyntax-only", "-fblocks", "-fdiagnostics-format=clang", "-w"]
                + flags + ["-I.", "-Iinclude", "-I..", "-I../CVcpu/include", file]
            process.standardError = pipe
            try process.run()
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect((process.terminationStatus == 0) == !text.contains("error:"))
            all += text
        }
        return all
    }

    @Test(.enabled(if: clang != nil), arguments: Revision.all.map(\.id) + ["b5a8cad376ee"])
    func oneRevision(_ id: String) throws {
        let name = id.replacingOccurrences(of: ".", with: "_")
        #expect(try errors(["-DMMRACE_ONLY_UP_TO_\(name)"]) == "")
    }

    /// The list takes a commit of v4.0, and a patch that is in no release and has no
    /// id; but none whose name is cut off.
    @Test(.enabled(if: clang != nil), arguments: [("my_patch", false), (String(repeating: "long_", count: 7), true)])
    func whatMayComeNext(_ patch: String, _ isTooLong: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mmrace-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let revisions = folder.appendingPathComponent("revisions")
        try FileManager.default.createDirectory(at: revisions, withIntermediateDirectories: true)
        var text = try String(
            contentsOf: Self.sources.appendingPathComponent("CMM/revisions/list.h"), encoding: .utf8)
        let end = try #require(text.range(of: "\n\n/* The race of b5a8cad376ee"))
        text.insert(
            contentsOf: """
                 \\
                \t_(aaaaaaaaaaaa, "v4.0", "of v4.0", "nothing", 0, "") \\
                \t_(\(patch), UNRELEASED, "of nobody's", "nothing", NEEDS(aaaaaaaaaaaa), "")
                """, at: end.lowerBound)
        try text.write(to: revisions.appendingPathComponent("list.h"), atomically: true, encoding: .utf8)
        let target = revisions.appendingPathComponent("patch.c")
        try "#define MMRACE_REVISION \(patch)\n#include \"port/target.c\"\n"
            .write(to: target, atomically: true, encoding: .utf8)
        let found = try errors(["-I\(folder.path)"], files: ["revisions/revisions.c", target.path])
        #expect(found.isEmpty == !isTooLong, "\(found)")
        if isTooLong { #expect(found.contains("\(patch): too long for its array")) }
    }

    /// Reverts of one commit each, and of several: good when the rest is whole.
    @Test(
        .enabled(if: clang != nil),
        arguments: Commit.all.map { [$0.id] } + [
            ["117b0791ac42", "e009bb30c8df", "b5a8cad376ee"], ["e009bb30c8df", "b5a8cad376ee"],
            ["6219049ae1ce", "f72e7dcdd252"], ["117b0791ac42", "b5a8cad376ee"],
        ])
    func reverts(_ ids: [String]) throws {
        let left = try CommitSet(Commit.all).subtracting(CommitSet(ids.map(Commit.named)))
        let found = try errors(ids.map { "-DMMRACE_REVERT_\($0)" })
        #expect(found.isEmpty == left.missing.isEmpty, "\(found)")
        for commit in left.commits {
            // The error names the commit that is left without what it needs.
            #expect(
                found.contains("\(commit.id) is not reverted, but one that it depends on is")
                    == !left.isSuperset(of: commit.requires))
        }
    }

    @Test(
        .enabled(if: clang != nil),
        arguments: [
            (["REVERT_b5a8cad376ee", "ONLY_UP_TO_117b0791ac42"], "not together with"),
            (["ONLY_UP_TO_117b0791ac42", "ONLY_UP_TO_b5a8cad376ee"], "is given twice"),
            (["ONLY_UP_TO_v3_7", "ONLY_UP_TO_b5a8cad376ee"], "is given twice"),
        ])
    func contradictions(_ flags: [String], _ why: String) throws {
        #expect(try errors(flags.map { "-DMMRACE_\($0)" }).contains(why))
    }
}
