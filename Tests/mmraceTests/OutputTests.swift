// SPDX-License-Identifier: GPL-2.0-only
import CPULock
import Foundation
import Testing

/// Standard streams that cannot be used.
@Suite("Standard output and error")
struct OutputTests {
    /// Runs it with what a shell makes of its streams.
    private func run(_ words: String, _ redirection: String) throws -> Run {
        try Tool.run(words.split(separator: " ").map(String.init), under: Self.shell(redirection))
    }

    private static func shell(_ redirection: String) -> [String] {
        ["/bin/sh", "-c", "\(redirection); exec \"$@\"", "sh"]
    }

    /// A pipe that nobody reads, as the stream of that number.
    private static func unread(_ stream: Int) -> String {
        "f=$(mktemp -u) && mkfifo $f && exec 9<>$f && exec \(stream)>$f && exec 9<&- && rm $f"
    }

    // MARK: Standard output

    static let commands = [
        "--help", "--version", "check --help", "help stress", "list", "list --revisions", "topology",
        "topology --format json", "check split-vs-zap --revision v3.12",
        // The verdict is not told, so its exit code is not, either.
        "check split-vs-zap --revision 117b0791ac42",
        "check split-vs-zap --revision 117b0791ac42 --format json",
        "bisect split-vs-zap --good v3.15 --bad v3.14",
        "demo", "--generate-completion-script bash",
    ]

    /// The short ones, with standard output closed, too.
    @Test(arguments: commands.map { ($0, "/dev/full") } + commands.prefix(8).map { ($0, "&-") })
    func whatCannotBeSaidIsNoSuccess(_ command: String, _ target: String) throws {
        let run = try run(command, "exec >\(target)")
        #expect(run.exited, "it crashed")
        #expect(run.status == 73)
        #expect(run.err.hasPrefix("mmrace: cannot write standard output: "), "\(run.err)")
        #expect(run.err.split(separator: "\n").count == 1, "\(run.err)")
    }

    @Test(.holdsTheCPUs, .enabled(if: StressHost.hasTwoCPUs, "needs two CPUs"))
    func whatStressCannotSay() throws {
        try whatCannotBeSaidIsNoSuccess(
            "stress split-vs-zap --revision v3.12 --set subpages=2 --seconds 0.05 --noise none", "/dev/full")
    }

    @Test func aTreesReportCannotBeWritten() throws {
        let standIn = try StandIn(compiler: StandIn.builder, linker: StandIn.builder)
        let run = try standIn.run(
            ["tree", "check", standIn.tree], under: Self.shell("exec >/dev/full"))
        #expect(run.status == 73)
        #expect(run.err.hasPrefix("mmrace: cannot write standard output: No space left"))
    }

    @Test func itEndsABisection() throws {
        let run = try run("check split-vs-zap --revision v3.12 --git-bisect", "exec >/dev/full")
        #expect(run.exited)
        #expect(run.status == 128 + 73)
    }

    /// As `| head -1` has it: nothing is said of it, unless SIGPIPE is ignored.
    @Test func aReaderMayLeave() throws {
        let left = try run("list", Self.unread(1))
        #expect(!left.exited && left.status == SIGPIPE)
        #expect(left.err.isEmpty)
        let ignored = try run("list", "trap '' PIPE; \(Self.unread(1))")
        #expect(ignored.exited && ignored.status == 73)
        #expect(ignored.err == "mmrace: cannot write standard output: Broken pipe\n")
    }

    // MARK: Standard error

    @Test(arguments: ["exec 2>/dev/full", "exec 2>&-", unread(2), "exec <&- >&- 2>&-"])
    func aComplaintThatCannotBeMade(_ redirection: String) throws {
        for command in ["check nonsense", "check --nonsense", "frobnicate", "tree check /nowhere"] {
            let run = try run(command, redirection)
            #expect(run.exited, "\(command) crashed")
            #expect(run.status == 64, "\(command)")
        }
        #expect(try run("check split-vs-zap --revision 117b0791ac42", "exec 2>&-").status == 1)
    }

    // MARK: Streams that are closed

    /// A file that is opened later must not get their numbers.
    @Test func closedStreamsAreTaken() throws {
        let standIn = try StandIn(
            compiler: "readlink /proc/$PPID/fd/0 /proc/$PPID/fd/1 /proc/$PPID/fd/2 > $HERE/streams; exit 1")
        let run = try standIn.run(
            ["tree", "check", standIn.tree], under: Self.shell("exec <&- >&- 2>&-"))
        #expect(run.exited)
        #expect(run.status == 64)
        let streams = try String(contentsOfFile: "\(standIn.folder)/streams", encoding: .utf8)
        #expect(streams == String(repeating: "/dev/null\n", count: 3))
    }

    // MARK: Errors as JSON

    /// The object beside the line.
    private func expectObject(_ run: Run, _ sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any],
            sourceLocation: sourceLocation)
        let error = try #require(report["error"] as? [String: Any], sourceLocation: sourceLocation)
        let message = try #require(error["message"] as? String, sourceLocation: sourceLocation)
        let details = error["details"] as? String ?? ""
        let lines = details.isEmpty ? "" : details + "\n"
        #expect(run.err == "mmrace: \(message)\n\(lines)", sourceLocation: sourceLocation)
        #expect(error["exitCode"] as? Int32 == run.status, sourceLocation: sourceLocation)
        return details
    }

    @Test(arguments: [
        ("check nonsense --format json", 64), ("check --format=json --nonsense", 64),
        ("bisect nonsense --format json", 64), ("stress split-vs-zap --format json --seconds 0", 64),
        ("topology --format json --nonsense", 64), ("tree check /nowhere --format json", 64),
        ("check nonsense --format json --git-bisect", 192),
        ("check --format json --git-bisect --tree /nowhere", 125),
    ])
    func anErrorIsAnObject(_ command: String, _ status: Int32) throws {
        let run = try Tool.run(command.split(separator: " ").map(String.init))
        #expect(run.status == status)
        #expect(try expectObject(run) == "")
        // The exit code is the same where nobody can read it.
        #expect(try self.run(command, "exec >/dev/full").status == status)
    }

    @Test func whatACompilerSaysIsInIt() throws {
        let standIn = try StandIn(compiler: "echo 'x.c:1:1: error: no' >&2; exit 1")
        let run = try standIn.run(["tree", "check", standIn.tree, "--format", "json"])
        #expect(run.status == 64)
        #expect(try expectObject(run) == "x.c:1:1: error: no")
    }
}
