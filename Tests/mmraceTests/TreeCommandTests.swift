// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// Builds that do not go well, from a shell.
@Suite("Command line: trees", .serialized)
struct TreeCommandTests {
    // MARK: Ctrl-C

    /// To mmrace alone, as `kill` sends it, or to its process group, as a terminal
    /// does.
    @Test(
        arguments: ["check", "git-bisect", "tree check"],
        [(SIGINT, true), (SIGINT, false), (SIGTERM, false)])
    func anInterruptEndsTheCompiler(_ command: String, _ signal: (number: Int32, isToAll: Bool)) throws {
        let standIn = try StandIn(compiler: StandIn.sleeper)
        let arguments =
            switch command {
            case "check": ["check", "--tree", standIn.tree, "split-vs-zap"]
            case "git-bisect": ["check", "--git-bisect", "--tree", standIn.tree, "split-vs-zap"]
            default: ["tree", "check", standIn.tree]
            }
        var compiler: Int32?
        let run = try standIn.run(arguments) { process in
            compiler = standIn.pid(process)
            kill(signal.isToAll ? -process : process, signal.number)
        }
        #expect(!standIn.hasSlept)
        #expect(run.exited)
        #expect(run.status == (command == "git-bisect" ? 130 : 125))
        #expect(run.err == "mmrace: interrupted while the tree was built: nothing is known of it\n")
        #expect(run.out.isEmpty)
        #expect(try kill(#require(compiler), 0) != 0 && errno == ESRCH, "the compiler lives on")
        #expect(try standIn.unfinished() == [])
    }

    @Test func aCompilerThatDoesNotListenIsKilled() throws {
        let standIn = try StandIn(compiler: "trap '' TERM INT; \(StandIn.sleeper)")
        var compiler: Int32?
        let run = try standIn.run(["tree", "check", standIn.tree]) {
            compiler = standIn.pid($0)
            kill($0, SIGINT)
        }
        #expect(run.status == 125)
        #expect(!standIn.hasSlept)
        #expect(try kill(#require(compiler), 0) != 0 && errno == ESRCH, "the compiler lives on")
    }

    /// The report so far is JSON, too: nothing yet.
    @Test func anInterruptedReportIsWhole() throws {
        let standIn = try StandIn(compiler: StandIn.sleeper)
        let run = try standIn.run(["check", "--format", "json", "--tree", standIn.tree]) {
            _ = standIn.pid($0)
            kill($0, SIGINT)
        }
        #expect(run.status == 125)
        #expect(try run.json().isEmpty)
    }

    // MARK: Whose fault it is

    /// - Parameter status: without `--git-bisect`.
    private func expect(
        _ status: Int32, underGitBisect: Int32, _ standIn: StandIn, _ words: [String],
        tree: String? = nil, _ environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let check = ["check", "--tree", tree ?? standIn.tree, "split-vs-zap"]
        let run = try standIn.run(check, environment)
        #expect(run.status == status, "\(run.err)", sourceLocation: sourceLocation)
        #expect(run.out.isEmpty, sourceLocation: sourceLocation)
        #expect(run.err.hasPrefix("mmrace: "), sourceLocation: sourceLocation)
        for word in words {
            #expect(run.err.contains(word), "no '\(word)' in: \(run.err)", sourceLocation: sourceLocation)
        }
        let bisected = try standIn.run(check + ["--git-bisect"], environment)
        #expect(bisected.status == underGitBisect, sourceLocation: sourceLocation)
        #expect(bisected.err == run.err, sourceLocation: sourceLocation)
    }

    @Test func whatDoesNotCompileIsSkipped() throws {
        let said = "kernel/bounds.c:1:1: error: what a compiler says\n  1 | int\n    | ^\n"
        let standIn = try StandIn(compiler: "printf '\(said.replacing("\n", with: "\\n"))' >&2; exit 1")
        try expect(64, underGitBisect: 125, standIn, ["'kernel/bounds.c' does not compile:\n" + said])
    }

    @Test func whatIsNoKernelIsSkipped() throws {
        let standIn = try StandIn()
        try expect(64, underGitBisect: 125, standIn, ["no Makefile"], tree: standIn.folder)
        try expect(64, underGitBisect: 125, standIn, ["there is no"], tree: "\(standIn.folder)/no")
        try expect(64, underGitBisect: 125, standIn, ["is not a folder"], tree: "\(standIn.tree)/Makefile")
        try FileManager.default.removeItem(atPath: "\(standIn.tree)/arch")
        try expect(64, underGitBisect: 125, standIn, ["no arch/x86"])
        let other = try StandIn()
        try other.write("tree/include/linux/mm.h", "")
        try expect(64, underGitBisect: 125, other, ["is v3.14; its huge pages work differently", "no pmd_lockptr in"])
    }

    @Test func noCompilerNoVerdict() throws {
        let standIn = try StandIn()
        try expect(
            64, underGitBisect: 125, standIn, ["/nowhere/clang", "MMRACE_CC"], ["MMRACE_CC": "/nowhere/clang"])
        try expect(64, underGitBisect: 125, standIn, ["/bin/false", "is not a clang"], ["MMRACE_CC": "/bin/false"])
        try FileManager.default.removeItem(atPath: "\(standIn.folder)/bin/ld.lld")
        try expect(64, underGitBisect: 125, standIn, ["no 'ld.lld'"], ["PATH": "/nowhere"])
    }

    // MARK: What was built before

    /// A file is compiled when it, or what it includes, is another.
    @Test func whatDidNotChangeIsNotCompiledAgain() throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        func build() throws -> Set<String> {
            let before = standIn.built().count
            let run = try standIn.run(["tree", "check", standIn.tree])
            // A stand-in has not what scenarios need: it is built all the same.
            #expect(run.status == 125)
            // A pipe is not watched: no progress.
            #expect(run.err.isEmpty)
            return Set(standIn.built().dropFirst(before))
        }
        #expect(try build().isSuperset(of: ["kernel/bounds.c", "mm/rmap.c", "mm/huge_memory.c"]))
        #expect(try build().isEmpty)
        try standIn.write("tree/mm/rmap.c", "/* another */\n")
        #expect(try build() == ["mm/rmap.c"])
        // As it was before.
        try standIn.write("tree/mm/rmap.c", "")
        #expect(try build().isEmpty)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "no script(1)"))
    func aTerminalShowsHowFarItIs() throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        func onATerminal() throws -> String {
            try standIn.run(
                ["tree", "check", standIn.tree],
                under: ["/bin/sh", "-c", "exec /usr/bin/script -qec \"$*\" /dev/null", "sh"]
            ).out
        }
        let first = try onATerminal()
        // Those that make headers are not objects.
        let files = standIn.built().count - 2
        #expect(first.contains("building v3.14: 1 of \(files) files"), "\(first)")
        #expect(first.contains("building v3.14: \(files) of \(files) files"))
        // The line is gone when the report comes.
        #expect(first.contains(" \r\(standIn.tree): Linux v3.14"))
        #expect(try !onATerminal().contains("building"))
    }

    @Test func twoRunsAtOnceShareACache() throws {
        let standIn = try StandIn(compiler: "sleep 0.05\n\(StandIn.builder)", linker: StandIn.builder)
        let statuses = Statuses()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            statuses.add((try? standIn.run(["tree", "check", standIn.tree]).status) ?? -1)
        }
        #expect(statuses.all == [125, 125, 125, 125])
        #expect(try standIn.unfinished() == [])
    }

    /// No revision would load: the disk was full once, or programs may not run there.
    @Test func whatCannotBeLoadedEndsABisection() throws {
        try expect(
            69, underGitBisect: 128 + 69, StandIn(compiler: StandIn.builder, linker: StandIn.builder),
            ["cannot load '", ".so': file too short", "delete that file"])
    }

    /// These would be the same for every revision, so they end a bisection.
    @Test func whatIsNoRevisionsFaultEndsABisection() throws {
        try expect(
            69, underGitBisect: 128 + 69, StandIn(compiler: "kill -KILL $$"),
            ["was ended by signal 9", "is there enough memory?"])
        try expect(
            73, underGitBisect: 128 + 73, StandIn(),
            ["cannot write '/dev/null/x", "Not a directory", "MMRACE_CACHE to a folder of yours"], ["MMRACE_CACHE": "/dev/null/x"])
        let standIn = try StandIn(compiler: "echo 'error: No space left on device' >&2; exit 1")
        try expect(73, underGitBisect: 128 + 73, standIn, ["cannot write '", "No space left on device", "make room"])
        #expect(try standIn.unfinished() == [])
    }
}

/// Exit codes, from several threads.
private final class Statuses: @unchecked Sendable {
    private(set) var all: [Int32] = []
    private let lock = NSLock()

    func add(_ status: Int32) {
        lock.lock()
        all.append(status)
        lock.unlock()
    }
}
