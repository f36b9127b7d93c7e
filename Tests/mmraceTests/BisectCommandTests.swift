// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// A bisection, and what `git bisect run` is told, from a shell.
@Suite("Command line: bisect")
struct BisectCommandTests {
    // MARK: The history inside

    @Test func theStoryIsToldAndFitsATerminal() throws {
        let run = try Tool.run("bisect", "split-vs-zap")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("\n117b0791ac42 is the first bad commit\n"))
        #expect(run.out.contains("\nb5a8cad376ee is the first good commit after it: the fix\n"))
        #expect(run.out.contains("It takes these 2 commits together"))
        #expect(run.out.contains("CRASH!!!"))
        let table = run.out.prefix { $0 != "\u{22}" }
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    /// But for times, which are under keys of that name.
    @Test func twoRunsAreTheSame() throws {
        let runs = try (0..<2).map { _ in
            try Tool.run("bisect", "split-vs-zap", "--format", "json")
                .out.replacing(#/"seconds" : [0-9.e-]+/#, with: "")
        }
        #expect(runs[0] == runs[1])
        let report = try JSONSerialization.jsonObject(with: Data(runs[0].replacing(#/,\s*,/#, with: ",").replacing(#/,\s*}/#, with: "}").utf8))
        #expect((report as? [String: Any])?["scenario"] as? String == "split-vs-zap")
    }

    @Test func endsThatDoNotDifferAreNoResult() throws {
        let run = try Tool.run("bisect", "split-vs-zap", "--good", "v3.7", "--bad", "v3.8")
        #expect(run.status == 125)
        #expect(run.out.contains("no result: nothing changes from v3.7 to 6219049ae1ce"))
    }

    // MARK: git bisect run

    private func judge(_ arguments: String, during: ((Int32) -> Void)? = nil) throws -> Run {
        try Tool.run(
            ["check", "--git-bisect"] + arguments.split(separator: " ").map(String.init),
            during: during)
    }

    @Test(arguments: history)
    func goodAndBad(_ id: String, _ verdict: String) throws {
        #expect(try judge("split-vs-zap --revision \(id)").status == (verdict == "bug" ? 1 : 0))
    }

    @Test func whatCannotBeFinishedIsSkipped() throws {
        let run = try judge(
            "split-vs-zap --revision b5a8cad376ee --set mappings=4 --budget 100ms")
        #expect(run.status == 125)
        #expect(run.out.contains("bounded"))
    }

    /// An error ends a bisection, instead of steering it.
    @Test(arguments: [
        "split-vs-zip", "split-vs-zap --revision nonsense", "split-vs-zap --set mappings=99",
        "--frobnicate", "split-vs-zap --all-revisions", "split-vs-zap --budget never",
    ])
    func aMistakeIsNoVerdict(_ arguments: String) throws {
        let run = try judge(arguments)
        #expect(run.exited)
        #expect(run.status == 128 + 64)
        #expect(run.out.isEmpty)
        #expect(run.err.split(separator: "\n").count == 1)
    }

    @Test func anInterruptionIsNoVerdict() throws {
        let run = try judge("split-vs-zap --revision b5a8cad376ee --set mappings=4") {
            Tool.waitUntilItHandles(SIGTERM, $0)
            kill($0, SIGTERM)
        }
        #expect(run.status == 130)
        #expect(run.out.contains("interrupted"))
    }

    @Test func helpIsNoMistake() throws {
        #expect(try judge("--help").status == 0)
    }
}
