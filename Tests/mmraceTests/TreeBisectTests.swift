// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PortTree
import Testing

/// The git history of a tree, bisected by mmrace and by git itself.
@Suite(
    "Command line: bisect a tree", .serialized,
    .enabled(if: PortTree.canBeBuilt, "no clang in PATH, or not x86-64"))
struct TreeBisectTests {
    private static let repository = Result { try PortRepository() }
    private var repository: PortRepository { get throws { try Self.repository.get() } }

    /// Bisects the history that all tests share, unless another is given.
    private func bisect(
        _ from: Int, _ to: Int, _ options: String..., of other: PortRepository? = nil
    ) throws -> Run {
        let repository = try other ?? repository
        let range = "\(repository.commits[from].id)..\(repository.commits[to].id)"
        return try Tool.run(
            ["bisect", "--tree", repository.folder, "split-vs-zap", range] + options,
            environment: PortRepository.environment.merging(["MMRACE_CACHE": PortTree.cache]) { $1 })
    }

    @Test func theFixIsNamed() throws {
        let repository = try repository
        let fix = repository.commits[repository.fixes]
        let run = try bisect(repository.brokenUnresolved, repository.last, "--format", "json")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        let changes = try #require(report["changes"] as? [[String: Any]])
        #expect(changes.map { $0["kind"] as? String } == ["fixes"])
        #expect(changes.map { $0["revision"] as? String } == [fix.id])
        #expect(changes.map { $0["title"] as? String } == [fix.title])
        // The ends, one that does not compile, and the commit.
        let steps = try #require(report["steps"] as? [[String: Any]])
        #expect(steps.prefix(2).map { $0["verdict"] as? String } == ["bug", "verified"])
        #expect(steps.contains { $0["verdict"] == nil })
        #expect(steps.contains { $0["revision"] as? String == fix.id })
    }

    @Test func theFirstBadCommitIsNamed() throws {
        let repository = try repository
        let bad = repository.commits[repository.breaks]
        let run = try bisect(0, repository.breaks + 1)
        #expect(run.status == 0)
        let found = "\n\(bad.id) is the first bad commit\n  \"\(bad.title)\" (v3.14)\n"
        #expect(run.out.contains(found))
        #expect(run.out.contains("CRASH!!!"))
        #expect(run.out.contains("  not built "))
    }

    /// The user has changes, and has a bisection running.
    @Test func theUsersCheckoutIsNotTouched() throws {
        let repository = try PortRepository()
        let ends = [repository.breaks, 0].map { repository.commits[$0].id }
        try repository.git("bisect", "start", ends[0], ends[1])
        let file = "\(repository.folder)/mm/mmap.c"
        let text = try String(contentsOfFile: file, encoding: .utf8) + "/* mine */\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let before = try checkout(of: repository)
        #expect(before[0] == " M mm/mmap.c")
        #expect(try bisect(repository.fixes - 1, repository.fixes, of: repository).status == 0)
        #expect(try checkout(of: repository) == before)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    /// All that git knows of the user's own checkout.
    private func checkout(of repository: PortRepository) throws -> [String] {
        [
            try repository.git("status", "--porcelain"), try repository.git("rev-parse", "HEAD"),
            try repository.git("branch", "--list"),
            try repository.git("worktree", "list", "--porcelain"),
            try repository.git("for-each-ref"), try repository.git("bisect", "log"),
            try repository.git("config", "--list", "--local"),
        ]
    }

    /// Names are the user's: HEAD is what is checked out there.
    @Test func endsByName() throws {
        let repository = try repository
        let count = repository.commits.count
        let run = try Tool.runOnTree(
            "bisect", "--tree", repository.folder, "split-vs-zap", "--format", "json",
            "HEAD~\(count - repository.fixes)..HEAD~\(count - 1 - repository.fixes)")
        #expect(run.status == 0)
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
        #expect(report["from"] as? String == repository.commits[repository.fixes - 1].id)
        #expect(report["to"] as? String == repository.commits[repository.fixes].id)
    }

    @Test func endsThatSayNothing() throws {
        let repository = try repository
        let same = try bisect(0, 1)
        #expect(same.status == 125)
        #expect(same.out.contains("no result: nothing changes from \(repository.commits[0].id)"))
        let unfinished = try bisect(2, repository.breaks)
        #expect(unfinished.status == 125)
        #expect(unfinished.out.contains("is neither good nor bad: 'mm/rmap.c' does not compile"))
        let unresolved = try bisect(repository.brokenUnresolved, repository.fixedUnresolved)
        #expect(unresolved.status == 125)
        let lines = unresolved.out.replacing("\n", with: " ")
        #expect(lines.contains("is neither good nor bad: cannot be judged: nobody is an unresolved symbol"))
        // Earlier results are told, too.
        #expect(unresolved.out.contains("\(repository.commits[repository.brokenUnresolved].id)"))
        #expect(unresolved.out.contains(#/  unresolved /#))
    }

    @Test func whatIsNoHistory() throws {
        let repository = try repository
        let unknown = try Tool.runOnTree(
            "bisect", "--tree", repository.folder, "split-vs-zap", "v9..HEAD")
        #expect(unknown.status == 64)
        #expect(unknown.err.contains("'v9' is not a commit of '\(repository.folder)'"))
        let tree = try PortTree.fixed()
        let none = try Tool.runOnTree("bisect", "--tree", tree.folder, "split-vs-zap", "a..b")
        #expect(none.status == 64)
        #expect(none.err.hasPrefix("mmrace: '\(tree.folder)' is not a git repository, says git:\n"))
        let nowhere = try Tool.runOnTree("bisect", "--tree", "/nowhere", "split-vs-zap", "a..b")
        #expect(nowhere.status == 64)
        #expect(nowhere.err == "mmrace: there is no folder '/nowhere'\n")
    }

    /// As the README shows it, in a checkout of its own.
    @Test func underGit() throws {
        let repository = try repository
        let bad = repository.commits[repository.breaks]
        let clone = repository.folder + "-clone"
        defer { try? FileManager.default.removeItem(atPath: clone) }
        try repository.git("clone", "--quiet", repository.folder, clone)
        try repository.git(
            "-C", clone, "bisect", "start", repository.commits[repository.breaks + 1].id,
            repository.commits[0].id)
        let run = try Tool.runOnTree(
            "check", "--tree", ".", "--git-bisect", "split-vs-zap",
            under: ["/usr/bin/env", "git", "bisect", "run"], in: clone)
        #expect(run.status == 0)
        #expect(run.out.contains("is the first bad commit"))
        let found = try repository.git("-C", clone, "rev-parse", "--short=12", "refs/bisect/bad")
        #expect(found == bad.id)
        #expect(try repository.git("-C", clone, "bisect", "log").contains("\ngit bisect skip "))
    }
}
