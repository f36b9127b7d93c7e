// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// A second checkout of a git repository, in a temporary folder, in which git
/// bisects: the user's own checkout and his bisection are not touched.
final class Worktree {
    private let git: Tool
    private let repository: String
    let folder: String

    /// What is built, or included by what is: the files at the top and these
    /// folders; a kernel's other 50,000 files are left out.
    private static let sparse = """
        /*
        !/*/
        /arch/
        !/arch/*/
        /arch/x86/
        /include/
        /kernel/
        /lib/
        /mm/

        """

    /// For each call: `git sparse-checkout` would write to the user's own
    /// configuration that worktrees have theirs.
    private static let options = [
        "-c", "core.sparseCheckout=true", "-c", "core.sparseCheckoutCone=true",
    ]

    /// - Parameter revision: what is checked out first.
    init(of repository: String, at revision: String) throws(TreeError) {
        guard let git = Tool.find("git") else { throw TreeError("no 'git' in PATH") }
        self.git = git
        self.repository = repository
        folder =
            FileManager.default.temporaryDirectory.path + "/mmrace-\(UUID().uuidString.prefix(8))"
        guard FileManager.default.fileExists(atPath: repository) else {
            throw TreeError("there is no '\(repository)'")
        }
        let inside = try git.run(["rev-parse", "--git-dir"], in: repository)
        guard inside.status == 0 else { throw TreeError("'\(repository)' is no git repository") }
        let added = try git.run(
            ["worktree", "add", "--quiet", "--detach", "--no-checkout", folder, revision],
            in: repository)
        guard added.status == 0 else {
            throw TreeError("git cannot check out '\(revision)':", details: added.errors)
        }
        try leaveOutTheRest()
        _ = try run(["checkout", "--quiet", "--detach", revision])
    }

    private func leaveOutTheRest() throws(TreeError) {
        let path = try run(["rev-parse", "--git-path", "info/sparse-checkout"])
            .trimmingCharacters(in: .newlines)
        let patterns = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder))
        try? FileManager.default.createDirectory(
            at: patterns.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Cache.write(Self.sparse, to: patterns.path)
    }

    deinit {
        _ = try? git.run(["worktree", "remove", "--force", folder], in: repository)
        try? FileManager.default.removeItem(atPath: folder)
        _ = try? git.run(["worktree", "prune"], in: repository)
    }

    /// What git says.
    @discardableResult
    func run(_ arguments: [String]) throws(TreeError) -> String {
        let result = try git.run(Self.options + arguments, in: folder)
        guard result.status == 0 else {
            throw TreeError("git \(arguments.joined(separator: " ")) fails:", details: result.errors)
        }
        return result.out
    }

    /// The commit that a name stands for here, and its subject line.
    func commit(_ name: String) throws(TreeError) -> (id: String, title: String) {
        try commit(name, in: folder)
    }

    /// The same for the user: his HEAD is another.
    func commitOfTheUser(_ name: String) throws(TreeError) -> (id: String, title: String) {
        try commit(name, in: repository)
    }

    private func commit(
        _ name: String, in place: String
    ) throws(TreeError) -> (id: String, title: String) {
        let result = try git.run(["show", "-s", "--format=%H%n%s", "\(name)^{commit}"], in: place)
        let lines = result.out.split(separator: "\n").map(String.init)
        guard result.status == 0, lines.count >= 1 else {
            throw TreeError("'\(name)' is no commit of '\(repository)'")
        }
        return (String(lines[0].prefix(12)), lines.count > 1 ? lines[1] : "")
    }
}
