// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The user's git repository, in which nothing is changed but what `Worktree`
/// adds and takes away again.
struct Repository {
    let path: String
    private let git: Tool
    private let interrupted: @Sendable () -> Bool

    /// git's output is read, so it must not be translated; a shell that git
    /// itself started speaks of another repository; hooks are the user's.
    private static let environment: [String: String?] = [
        "LC_ALL": "C", "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil,
        "GIT_COMMON_DIR": nil, "GIT_PREFIX": nil,
    ]
    /// These are for one command each, and not kept in the repository.
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
        // git looks in the folders above, too; its complaint of a folder that is
        // not there is none of a user's.
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

    /// - Parameters:
    ///   - folder: where it runs, if not in the repository.
    ///   - isCleanUp: a Ctrl-C does not end it.
    func run(
        _ arguments: [String], in folder: String? = nil, isCleanUp: Bool = false
    ) throws(TreeError) -> Tool.Result {
        try git.run(
            Self.settings + arguments, in: folder ?? path,
            interrupted: isCleanUp ? { false } : interrupted)
    }

    struct Commit {
        /// All 40 digits.
        let id: String
        let title: String
        /// As reports name it.
        var short: String { String(id.prefix(12)) }
    }

    /// The commit that a name stands for; in a worktree of it, names may stand
    /// for others.
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

    /// - Throws: unless git can go from one to the other.
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
