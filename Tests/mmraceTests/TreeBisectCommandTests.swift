// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// A bisection over a history that nothing can be found in, from a shell.
@Suite("Command line: bisect a tree", .serialized)
struct TreeBisectCommandTests {
    @Test func anInterruptedBisectionLeavesNothingBehind() throws {
        let standIn = try StandIn(compiler: StandIn.sleeper)
        try standIn.commits(3)
        let settings = try String(contentsOfFile: "\(standIn.tree)/.git/config", encoding: .utf8)
        try standIn.write("tree/mm/rmap.c", "not committed\n")
        let status = try standIn.git("status", "--porcelain=v1")
        // It makes its own checkout here.
        let temporary = "\(standIn.folder)/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let run = try standIn.run(
            ["bisect", "--tree", standIn.tree, "split-vs-zap", "a..c"], ["TMPDIR": temporary]
        ) {
            _ = standIn.pid($0)
            kill($0, SIGINT)
        }
        #expect(run.status == 125)
        #expect(run.out.contains("no result: interrupted"))
        #expect(run.err.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
        #expect(try standIn.git("worktree", "list").split(separator: "\n").count == 1)
        // And nothing of the user's is changed.
        #expect(try standIn.git("status", "--porcelain=v1") == status && !status.isEmpty)
        #expect(try String(contentsOfFile: "\(standIn.tree)/.git/config", encoding: .utf8) == settings)
    }

    // MARK: Ranges of a history

    @Test(arguments: [
        ("a..nonsense", "'nonsense' is not a commit of"), ("c..a", "'a' is older than 'c'"),
        ("side..c", "'side' is not an ancestor of 'c'"), ("a", "GOOD..BAD"),
    ])
    func aRangeThatIsNone(_ range: String, _ fault: String) throws {
        let standIn = try StandIn()
        try standIn.commits(3)
        try standIn.git("checkout", "--quiet", "-b", "side", "a")
        try standIn.git("commit", "--quiet", "--allow-empty", "-m", "side")
        let run = try standIn.run(["bisect", "--tree", standIn.tree, "split-vs-zap", range])
        #expect(run.status == 64)
        #expect(run.err.contains(fault), "\(run.err)")
        #expect(run.err.split(separator: "\n").count == 1)
        #expect(run.out.isEmpty)
    }

    @Test func aHistoryIsNeeded() throws {
        let standIn = try StandIn()
        func complaint(_ tree: String) throws -> String {
            let run = try standIn.run(["bisect", "--tree", tree, "split-vs-zap", "a..b"])
            #expect(run.status == 64)
            return run.err
        }
        #expect(try complaint(standIn.tree).contains("is not a git repository"))
        #expect(try complaint("\(standIn.folder)/no").contains("there is no folder"))
        try standIn.commits(2)
        #expect(try complaint("\(standIn.tree)/mm").contains("its top folder"))
    }

    /// A commit that cannot be built gives no verdict, at an end of the range.
    @Test func anEndThatCannotBeJudgedIsTold() throws {
        let standIn = try StandIn(compiler: "echo 'x.c:1: error: it is broken' >&2; exit 1")
        try standIn.commits(2)
        let run = try standIn.run(["bisect", "--tree", standIn.tree, "split-vs-zap", "a..b"])
        #expect(run.status == 125)
        #expect(run.out.contains("not built"))
        // It is wrapped for a terminal.
        let words = run.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("is neither good nor bad: 'kernel/bounds.c' does not compile: x.c:1: error: it is broken"))
    }
}
