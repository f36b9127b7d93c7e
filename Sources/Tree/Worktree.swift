// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A second checkout of a git repository, in a temporary folder, in which git
/// bisects: the user's own checkout, settings and bisection are not
/// touched.
struct Worktree {
    private let repository: Repository
    let folder: String

    /// The folders that are built, or included by what is built; a kernel's other 50,000 files are
    /// left out.
    private static let parts = "/Makefile\n/localversion*\n/mm/\n/include/\n/lib/\n/kernel/\n/arch/x86/\n"

    /// Makes one, and removes it when `body` has ended, by an error, too.
    ///
    /// - Parameter commit: the commit that is checked out first.
    static func with<Result>(
        _ repository: Repository, at commit: Repository.Commit, _ body: (Worktree) throws -> Result
    ) throws -> Result {
        let worktree = Worktree(repository)
        defer { worktree.remove() }
        try worktree.add(commit)
        return try body(worktree)
    }

    private init(_ repository: Repository) {
        self.repository = repository
        folder =
            FileManager.default.temporaryDirectory.path + "/mmrace-\(UUID().uuidString.prefix(8))"
    }

    private func add(_ commit: Repository.Commit) throws(TreeError) {
        let added = try repository.run(
            ["worktree", "add", "--quiet", "--detach", "--no-checkout", folder, commit.id])
        guard added.status == 0 else {
            throw TreeError(
                "git cannot make a second checkout:", details: added.errors, cause: .machine)
        }
        // 'git sparse-checkout' would change settings of the repository.
        let file = try run(["rev-parse", "--path-format=absolute", "--git-path", "info/sparse-checkout"])
            .trimmingCharacters(in: .newlines)
        try Cache.makeFolder((file as NSString).deletingLastPathComponent)
        try Cache.write(Self.parts, to: file)
        try run(["checkout", "--quiet", "--detach", commit.id])
    }

    private func remove() {
        _ = try? repository.run(["worktree", "remove", "--force", folder], isCleanUp: true)
        try? FileManager.default.removeItem(atPath: folder)
        _ = try? repository.run(["worktree", "prune"], isCleanUp: true)
    }

    /// Runs git in the worktree, and returns what it writes to standard output.
    @discardableResult
    func run(_ arguments: [String]) throws(TreeError) -> String {
        let result = try repository.run(arguments, in: folder)
        guard result.status == 0 else {
            throw TreeError(
                "git \(arguments.joined(separator: " ")) fails:", details: result.errors, cause: .machine)
        }
        return result.out
    }

    /// Tells git what is known of the commit that is checked out.
    ///
    /// - Parameter arguments: of `git bisect`.
    /// - Returns: the answer of git.
    func bisect(_ arguments: [String]) throws(TreeError) -> BisectAnswer {
        let result = try repository.run(["bisect"] + arguments, in: folder)
        if result.out.contains("is the first after commit") { return .found }
        // The exit code says that, too, but differs between versions of git.
        if result.out.contains("only 'skip'ped commits left") {
            let ids = result.out.split(separator: "\n").filter { $0.count == 40 && $0.allSatisfy(\.isHexDigit) }
            return .onlySkipped(ids.map { String($0.prefix(12)) })
        }
        guard result.status == 0 else {
            throw TreeError("git bisect \(arguments[0]) fails:", details: result.out + result.errors, cause: .machine)
        }
        return .goOn
    }

    /// The answer of `git bisect`: whether there is more to do.
    enum BisectAnswer {
        case goOn, found
        /// The candidates, none of which can be judged.
        case onlySkipped([String])
    }

    func commit(_ name: String) throws(TreeError) -> Repository.Commit {
        try repository.commit(name, in: folder)
    }
}
