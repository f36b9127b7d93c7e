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
    private func errors(_ flags: [String]) throws -> String {
        var all = ""
        for file in ["revisions.c", "under_test.c"] {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = Self.clang
            process.currentDirectoryURL = Self.sources.appendingPathComponent("CMM")
            process.arguments =
                ["-fsyntax-only", "-fblocks", "-fdiagnostics-format=clang", "-w"]
                + ["-I.", "-I..", "-Iinclude", "-I../CVcpu/include"] + flags + ["revisions/\(file)"]
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

    /// Of one commit each, and of several: good when the rest is whole.
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
