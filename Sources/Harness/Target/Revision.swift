// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CMMNative

/// One revision of the mm code, compiled into this program.
public struct Revision: @unchecked Sendable {
    /// Points at a static constant of CMM.
    let target: UnsafePointer<cmm_target>
    /// The commits that are applied, if the target is any set of them.
    public private(set) var chosen: CommitSet?
    /// The shared object of the target, if it is not compiled into this program.
    private(set) var loaded: LoadedTarget?
    /// The kernel tree that it was built from.
    public private(set) var tree: Tree?

    /// A kernel tree on this machine, as reports name it.
    public struct Tree: Sendable {
        /// As the user named it.
        public let path: String
        /// Its release, with EXTRAVERSION and `localversion*` files.
        public let version: String
        /// Folders, and what debug information calls them.
        public let folders: [String: String]
        /// The parts of it that are under test, and on what: for the scope of a verdict;
        /// may be empty.
        public var scope = ""
        /// The part of its configuration that was chosen: values by names.
        public var configuration: [String: String] = [:]
        /// A digest of all that was built of it; nil where that is not known.
        public var digest: String?
        /// A sentence that says which line needs an unresolved symbol, and where to add it.
        public var needs: @Sendable (_ symbol: String) -> String = { _ in "" }

        /// Names the tree.
        public init(path: String, version: String, folders: [String: String]) {
            self.path = path
            self.version = version
            self.folders = folders
        }
    }

    /// A target that is never freed.
    public init(_ target: UnsafePointer<cmm_target>) { self.target = target }

    /// A kernel tree, built as a shared object.
    public init(_ loaded: LoadedTarget, of tree: Tree) {
        target = loaded.target
        self.loaded = loaded
        self.tree = tree
    }

    /// The port with these commits, and no others.  It needs no compiler, runs
    /// under `check` only, and does what the revision does whose commits they are.
    ///
    /// - Throws: `missingCommits`.
    public init(applying commits: CommitSet) throws(HarnessError) {
        guard commits.missing.isEmpty else {
            throw .missingCommits(
                commits.commits.filter { !commits.isSuperset(of: $0.requires) }.map(\.id),
                need: commits.missing.commits.map(\.id))
        }
        target = cmm_any_commits()
        chosen = commits
    }

    /// Commit or version, as `--revision` takes it; of a set, its commits; of a
    /// tree, its path.
    public var id: String {
        if let tree { return tree.path }
        guard let chosen else { return String(cString: target.pointee.id) }
        return Self.setPrefix + chosen.commits.map(\.id).joined(separator: "+")
    }
    private static let setPrefix = "set:"
    /// First kernel release that has it; "unreleased" if there is none.
    public var version: String { tree?.version ?? String(cString: target.pointee.release) }
    /// Subject line of the commit.
    public var title: String { String(cString: target.pointee.title) }

    /// The first operation of the plan that it does not have.
    func lacks(_ plan: Plan) -> Operation? {
        (plan.setup + plan.cpus.joined()).first {
            target.pointee.operations >> $0.cmm.code & 1 == 0
        }
    }

    /// Whether the commit is applied; for one of `all`, or a set of commits.
    func has(_ commit: String) throws(HarnessError) -> Bool {
        let commit = try Commit.named(commit)
        if let chosen { return chosen.contains(CommitSet([commit])) }
        return Self.all.firstIndex { $0.id == id }.map { $0 > commit.index } ?? false
    }

    /// All revisions, oldest first: before the first commit, and after each.
    public static let all = entries(cmm_revision_list(), \.target).map { Revision($0.target) }

    /// The names of the scenarios that history says to fail with their default parameters;
    /// all others are verified.  Nil for what is not one of `all`.
    public var failsIn: [String]? {
        entries(cmm_revision_list(), \.target).first { $0.target == target }.map {
            String(cString: $0.fails_in).split(separator: " ").map(String.init)
        }
    }

    /// The target that the compile flags selected: the newest, unless
    /// `-DMMRACE_REVERT_<id>` or `-DMMRACE_ONLY_UP_TO_<id>`.
    public static let underTest = Revision(cmm_target_under_test())

    /// The same source compiled as a kernel is, without hooks: for real CPUs.
    /// Not of a set of commits: that is itself again.
    public var native: Revision {
        if target == cmm_target_under_test() { return Revision(cmm_native_target_under_test()) }
        let all =
            entries(cmm_native_revision_list(), \.target).map { Revision($0.target) }
            + entries(cmm_native_mutation_list(), \.target).map { Revision($0.target) }
        return all.first { $0.id == id } ?? self
    }

    /// The revision, the mutation, or the set of commits of that name.  A release
    /// of Linux is a name of the newest revision in it: `v3.12` is 6219049ae1ce.
    /// An id may be cut to those of its 40 digits with which no other begins.
    ///
    /// - Throws: `unknownName`, `ambiguousCommit`, `missingCommits`.
    public static func named(_ id: String) throws(HarnessError) -> Revision {
        let mutations = Mutation.all.map(\.revision)
        if let found = (all + mutations + [underTest]).first(where: { $0.id == id }) {
            return found
        }
        if id.hasPrefix(setPrefix) {
            var set: CommitSet = []
            for name in id.dropFirst(setPrefix.count).split(separator: "+") {
                set.formUnion(CommitSet([try Commit.named(String(name))]))
            }
            return try Revision(applying: set)
        }
        if let found = Release(id)?.newest(in: all.map(\.version)) { return all[found] }
        if let found = try Commit.index(of: id, in: all.map(\.id)) { return all[found] }
        throw .unknownName(
            UnknownName(
                id, kind: "revision", known: all.map(\.id),
                others: all.map(\.version) + mutations.map(\.id)))
    }

    /// The newest release of which the history knows.
    public static var newestRelease: String { all.last { Release($0.version) != nil }!.version }
}

/// The entries of a list in C, which ends with one that has no target.
func entries<Entry>(
    _ first: UnsafePointer<Entry>, _ target: KeyPath<Entry, UnsafePointer<cmm_target>?>
) -> UnsafeBufferPointer<Entry> {
    var count = 0
    while first[count][keyPath: target] != nil { count += 1 }
    return UnsafeBufferPointer(start: first, count: count)
}
