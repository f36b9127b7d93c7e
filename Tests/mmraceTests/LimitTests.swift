// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import Testing

/// A machine that has not enough; `make test-limits` tries every command, and in
/// small steps.
@Suite("Small machines")
struct LimitTests {
    private static func run(_ words: [String], _ limit: String, _ environment: [String: String] = [:]) throws -> Run {
        try Tool.run(
            words, under: ["/bin/sh", "-c", "ulimit \(limit) && exec \"$@\"", "sh"], environment: environment)
    }

    /// The least address space in KiB, to 1 MiB, with which the tool starts.
    private static let enoughToStart: Result<Int, any Error> = Result {
        var (low, high) = (0, 1 << 22)
        while high - low > 1024 {
            let middle = (low + high) / 2
            if try run(["--version"], "-v \(middle)").status == 0 { high = middle } else { low = middle }
        }
        return high
    }

    /// With what is enough to start, one more search than fits: the same line, from
    /// wherever in the tool, and no verdict.
    @Test func noMemoryIsNoVerdict() throws {
        let enough = try Self.enoughToStart.get()
        let check = ["check", "split-vs-zap", "--revision", "117b0791ac42", "--set", "subpages=512"]
        for more in stride(from: 0, through: 4096, by: 1024) {
            let run = try Self.run(check + ["--set", "mappings=4", "--first"], "-v \(enough + more)")
            #expect(run.exited, "it crashed with \(more) KiB more")
            #expect(run.status == 69)
            #expect(run.out.isEmpty)
            #expect(run.err.hasPrefix("mmrace: no memory "), "\(run.err)")
            #expect(run.err.split(separator: "\n").count == 1, "\(run.err)")
        }
        let json = try Self.run(check + ["--format", "json", "--git-bisect"], "-v \(enough)")
        #expect(json.status == 128 + 69)
        let report = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
        let error = try #require(report?["error"] as? [String: Any])
        #expect(error["exitCode"] as? Int == 128 + 69)
        #expect("mmrace: \(error["message"] ?? "")\n" == json.err)
    }

    /// Once it waited for a thread that had not been started.
    @Test(.enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
    func aBuildWithoutMemoryEnds() throws {
        let enough = try Self.enoughToStart.get()
        let tree = try PortTree.unfixed()
        let cache = ["MMRACE_CACHE": "\(tree.folder)/cache"]
        let check = ["check", "--git-bisect", "--tree", tree.folder, "split-vs-zap"]
        for more in stride(from: 0, through: 16384, by: 2048) {
            let run = try Self.run(check, "-v \(enough + more)", cache)
            #expect(run.exited, "it crashed with \(more) KiB more")
            #expect(run.status == 128 + 69, "\(run.err)")
            #expect(run.err.hasPrefix("mmrace: "))
        }
    }

    @Test(arguments: [4, 5, 6, 7, 8, 12, 16, 24]) func fewFilesAreSaid(_ count: Int) throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        let run = try standIn.run(
            ["tree", "check", standIn.tree], under: ["/bin/sh", "-c", "ulimit -n \(count) && exec \"$@\"", "sh"])
        #expect(run.exited)
        #expect(run.status == 69)
        #expect(run.err.hasPrefix("mmrace: \(count) files may be open at once, and "), "\(run.err)")
        #expect(standIn.built() == [])
    }

    /// A complaint about the machine says nothing of the tree.
    @Test(arguments: [
        "error: unable to open output file: Too many open files", "LLVM ERROR: out of memory",
        "clang: error: unable to execute command: Resource temporarily unavailable",
        "clang: error while loading shared libraries: libm.so.6: failed to map segment from shared object",
    ])
    func aCompilerLacksSomething(_ complaint: String) throws {
        let standIn = try StandIn(compiler: "echo '\(complaint)' >&2; exit 1")
        let check = ["check", "--git-bisect", "--tree", standIn.tree, "split-vs-zap"]
        let run = try standIn.run(check)
        #expect(run.status == 128 + 69)
        #expect(run.err.hasSuffix(": not enough memory, processes or open files for it:\n\(complaint)\n"), "\(run.err)")
        // A line of the source may say anything.
        let source = try StandIn(
            compiler: "printf 'a.c:1:1: error: no\\n 1 | \"out of memory\"\\n' >&2; exit 1")
        #expect(try source.run(["tree", "check", source.tree]).status == 64)
    }

    /// The limit of a file's size is an error of the write, to a compiler, too.
    @Test func aFileThatIsTooLargeIsSaid() throws {
        let standIn = try StandIn(compiler: "dd if=/dev/zero of=$HERE/large bs=1024 count=64; exit 1")
        let run = try standIn.run(
            ["tree", "check", standIn.tree], under: ["/bin/sh", "-c", "ulimit -f 8 && exec \"$@\"", "sh"])
        #expect(run.exited && run.status == 73)
        #expect(run.err.contains("File too large; raise the limit of a file's size (ulimit -f)"), "\(run.err)")
    }
}
