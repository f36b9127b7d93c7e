// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The user's git repository, in which only `Worktree` changes something: it adds a worktree,
/// and removes it again.
struct Repository {
    let path: String
    private let git: Tool
    private let interrupted: @Sendable () -> Bool

    /// Changes of the environment: git's output is read, so it must not be translated; and
    /// a shell that git itself started names another repository.
    private static let environment: [String: String?] = [
        "LC_ALL": "C", "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil,
        "GIT_COMMON_DIR": nil, "GIT_PREFIX": nil,
    ]
    /// Settings for one command each, which are not kept in the repository; hooks are the
    /// user's, and do not run.
    private static let settings = [
        "core.hooksPath=/dev/null", "core.sparseCheckout=true", "core.sparseCheckoutCone=false",
    ].flatMap { ["-c", $0] }

    init(_ path: String, interrupted: @escaping @Sendable () -> Bool) throws(TreeError) {
        guard var git = Tool.find("git") else {
            throw TreeError("no 'git' in PATH: it chooses the commits", cause: .machine)
        }
        git.environment = Self.environment
        self.git = git
        self.path = path
        self.interrupted = interrupted
        // git looks in the folders above, too, and its complaint of a folder that is not
        // there does not help a user.
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else { throw TreeError("there is no folder '\(path)'") }
        let inside = try run(["rev-parse", "--show-prefix"])
        guard inside.status == 0 else {
            throw TreeError("'\(path)' is not a git repository, says git:", details: inside.errors)
        }
        guard inside.out.allSatisfy(\.isWhitespace) else {
            throw TreeError(
                "'\(path)' is a folder in a git repository: a kernel's own is needed, and its top folder")
        }
    }

    /// Runs git.
    ///
    /// - Parameters:
    ///   - folder: the folder that it runs in; nil for the repository.
    ///   - isCleanUp: whether it goes on in spite of Ctrl-C.
    func run(
        _ arguments: [String], in folder: String? = nil, isCleanUp: Bool = false
    ) throws(TreeError) -> Tool.Result {
        try git.run(
            Self.settings + arguments, in: folder ?? path,
            interrupted: isCleanUp ? { false } : interrupted)
    }

    /// A commit of the repository.
    struct Commit {
        /// The name, of 40 digits.
        let id: String
        let title: String
        /// The name in reports.
        var short: String { String(id.prefix(12)) }
    }

    /// Returns the commit that a name stands for.
    ///
    /// - Parameter folder: a worktree, in which names may stand for others.
    func commit(_ name: String, in folder: String? = nil) throws(TreeError) -> Commit {
        let result = try run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: folder)
        let id = result.out.trimmingCharacters(in: .whitespacesAndNewlines)
        guard result.status == 0, !id.isEmpty else {
            throw TreeError("'\(name)' is not a commit of '\(path)'")
        }
        let title = try run(["show", "-s", "--format=%s", id], in: folder).out
        return Commit(id: id, title: title.trimmingCharacters(in: .newlines))
    }

    /// - Throws: `TreeError` unless one is an ancestor of the other.
    func checkOrder(_ older: String, _ newer: String) throws(TreeError) {
        func isAncestor(_ a: String, _ b: String) throws(TreeError) -> Bool {
            let (first, second) = (try commit(a).id, try commit(b).id)
            return try run(["merge-base", "--is-ancestor", first, second]).status == 0
        }
        if try isAncestor(older, newer) { return }
        if try isAncestor(newer, older) {
            throw TreeError(
                "'\(newer)' is older than '\(older)': the older one comes first, be it good or bad")
        }
        let base = try run(["merge-base", commit(older).id, commit(newer).id]).out.prefix(12)
        throw TreeError(
            "'\(older)' is not an ancestor of '\(newer)'"
                + (base.isEmpty ? ": they have nothing in common" : "; '\(base)' is one of both"))
    }
}
