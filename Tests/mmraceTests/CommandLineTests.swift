// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

private let broken = "117b0791ac42"
private let fixed = "b5a8cad376ee"
private let bugLines = [
    "__split_huge_page(): BUG_ON(mapcount != page_mapcount(page))",
    "zap_huge_pmd(): VM_BUG_ON(!PageHead(page))",
]

/// The tool as a process.  One at a time: some cases have a time limit.
@Suite("Command line", .serialized)
struct CommandLineTests {
    @Test func listShowsScenariosAndRevisions() throws {
        let run = try Tool.run("list")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("split-vs-zap"))
        for name in ["mappings", "subpages", "pin"] + history.map(\.id) {
            #expect(run.out.contains(name))
        }
        for line in run.out.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    @Test func listShowsTheHistoryAlone() throws {
        let run = try Tool.run("list", "--revisions")
        #expect(run.status == 0)
        let lines = run.out.split(separator: "\n")
        // Each commit has a line that says what it changes; the oldest revision is not one.
        let ids = lines.filter { !$0.hasPrefix("      ") }.map { $0.dropFirst(2).prefix { $0 != " " } }
        #expect(ids.prefix(history.count).map(String.init) == history.map(\.id))
        #expect(lines.count >= 2 * history.count - 1)
        #expect(lines.filter { $0.hasPrefix("* ") }.count == 1)
        #expect(lines.count { $0 == "      fails in split-vs-zap, split-vs-cow" } == 4)
        #expect(!run.out.contains("Scenarios:"))
    }

    /// A set of commits that belongs to none of the revisions.
    @Test func aSetOfCommitsIsTakenAsARevision() throws {
        let set = "set:6219049ae1ce+117b0791ac42"
        let run = try Tool.run("check", "split-vs-zap", "--revision", set)
        #expect(run.status == 1)
        #expect(run.out.contains("split-vs-zap on \(set)"))
        for line in bugLines { #expect(run.out.contains(line)) }
    }

    @Test func theBrokenRevisionShowsBothBugs() throws {
        let run = try Tool.run("check", "split-vs-zap", "--revision", broken)
        #expect(run.status == 1)
        #expect(run.out.contains("verdict: bug (2 distinct failures)"))
        for line in bugLines { #expect(run.out.contains("kernel BUG at") && run.out.contains(line)) }
        #expect(run.out.contains("CRASH!!!"))
        // A pipe is not watched: no progress, and nothing for a terminal.
        #expect(run.err.isEmpty)
        #expect(!run.out.contains("\u{1b}"))
        #expect(!run.out.contains("\r"))
    }

    @Test(arguments: [fixed, "v3.12"])
    func aSoundRevisionIsVerified(_ revision: String) throws {
        let run = try Tool.run("check", "split-vs-zap", "--revision", revision)
        #expect(run.status == 0)
        #expect(run.out.contains("verdict: verified"))
        #expect(run.out.contains("every interleaving"))
        #expect(run.err.isEmpty)
    }

    /// A mutation is a revision, too.
    @Test func aMutationIsTakenAsARevision() throws {
        let run = try Tool.run("check", "split-vs-zap", "--revision", "zap_ignores_splitting")
        #expect(run.status == 1)
        #expect(run.out.contains("zap_ignores_splitting"))
    }

    /// The command that a report offers shows that failure again, and no other.
    @Test func theOfferedCommandShowsTheSame() throws {
        let first = try Tool.run(
            "check", "split-vs-zap", "--revision", broken, "--seed", "7", "--set", "pin=1")
        let offers = first.out.split(separator: "\n").filter { $0.hasPrefix("again: mmrace ") }
        #expect(offers.count == 2)
        for (number, offer) in offers.enumerated() {
            let words = offer.dropFirst("again: mmrace ".count).split(separator: " ").map(String.init)
            #expect(words.contains("pin=1"))
            let again = try Tool.run(words)
            #expect(again.status == 1, "\(again.err)")
            #expect(try diagram(again.out, 0) == diagram(first.out, number))
        }
    }

    private func diagram(_ text: String, _ number: Int) throws -> String {
        let parts = text.components(separatedBy: "kernel BUG at ").dropFirst()
        let part = try #require(parts.dropFirst(number).first)
        // After the lines of the failure itself.
        return part.components(separatedBy: "again: ")[0].components(separatedBy: "\n\n").dropFirst()
            .joined(separator: "\n\n")
    }

    @Test func theDemoTellsTheStory() throws {
        let run = try Tool.run("demo")
        #expect(run.status == 0)
        for line in bugLines { #expect(run.out.contains(line)) }
        #expect(run.out.components(separatedBy: "=> as expected").count - 1 == 3)
        #expect(!run.out.contains("NOT as expected"))
        #expect(run.err.isEmpty)
    }

    @Test func allRevisionsAreReportedOldestFirst() throws {
        let run = try Tool.run("check", "split-vs-zap", "--all-revisions")
        #expect(run.status == 1)
        let reports = run.out.split(separator: "\n").filter { $0.hasPrefix("split-vs-zap on ") }
        #expect(reports.map { String($0.split(separator: " ")[2]) } == history.map(\.id))
        #expect(
            run.out.components(separatedBy: "verdict: verified").count - 1
                == history.count { $0.verdict == "verified" })
    }

    @Test func firstStopsAtOneFailure() throws {
        let run = try Tool.run("check", "split-vs-zap", "--revision", broken, "--first")
        #expect(run.status == 1)
        #expect(run.out.contains("verdict: bug (1 distinct failure)"))
        #expect(run.out.components(separatedBy: "kernel BUG at").count - 1 == 1)
        #expect(run.out.contains("stopped at the first failure"))
        #expect(!run.out.contains("every interleaving"))
    }

    /// A search that saw a part of the interleavings claims nothing.
    @Test(arguments: [
        ["--policy", "random"],
        ["--policy", "random", "--budget", "300ms"],
        ["--policy", "dfs", "--budget", "300ms"],
        ["--budget", "200ms", "--set", "mappings=3"],
    ])
    func anIncompleteSearchIsBounded(_ options: [String]) throws {
        let run = try Tool.run(["check", "split-vs-zap", "--revision", fixed] + options)
        #expect(run.status == 125)
        #expect(run.out.contains("verdict: bounded"))
        #expect(!run.out.contains("verified"))
        #expect(!run.out.contains("every interleaving"))
    }

    /// A budget ends it on time, and does not take away what was found.
    @Test func aBugOutweighsABudget() throws {
        func search(_ budget: String) throws -> Run {
            try Tool.run(
                "check", "split-vs-zap", "--revision", broken, "--policy", "dfs", "--budget", budget)
        }
        var run = try search("300ms")
        // A machine that is busy needs more of it.
        for budget in ["3s", "30s", "300s"] where run.status == 125 { run = try search(budget) }
        #expect(run.status == 1)
        #expect(run.out.contains("verdict: bug"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptEndsItInGoodOrder(_ number: Int32) throws {
        let run = try Tool.run([
            "check", "split-vs-zap", "--revision", fixed, "--set", "mappings=4",
            "--set", "subpages=4", "--budget", "1h",
        ]) { process in
            // Not before it listens, and is in the search.
            Tool.waitUntilItHandles(number, process)
            Tool.waitUntilItHasRun(0.3, process)
            // As often as a parent passes it on: that is one keystroke.
            for _ in 0..<3 {
                kill(process, number)
                usleep(1000)
            }
        }
        #expect(run.exited)
        #expect(run.status == 125)
        #expect(run.out.contains("verdict: bounded"))
        #expect(run.out.contains("interrupted"))
        #expect(!run.out.contains("verified"))
    }
}
