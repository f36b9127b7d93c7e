// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CMMNative

/// One revision of the mm code, compiled into this program.
public struct Revision: @unchecked Sendable {
    /// Points at a static constant of CMM.
    let subject: UnsafePointer<cmm_subject>
    /// What is applied, if the subject is any set of commits.
    public let chosen: CommitSet?
    /// Where the subject lies, if it is not compiled into this program.
    let loaded: LoadedSubject?
    /// The kernel tree that it was built from.
    public let tree: Tree?

    /// A kernel tree on this machine, as reports name it.
    public struct Tree: Sendable {
        /// As the user named it.
        public let path: String
        public let version: String
        /// Folders, and what debug information calls them.
        public let folders: [String: String]
        /// What of it is under test, and on what: for the scope of a verdict; may
        /// be empty.
        public let scope: String
        /// What of its configuration was chosen: values by names.
        public let configuration: [String: String]
        /// A digest of all that was built of it; nil where that is not known.
        public let digest: String?
        /// A sentence that says which line needs an unresolved symbol, and where to add it.
        let needs: @Sendable (_ symbol: String) -> String

        public init(
            path: String, version: String, folders: [String: String], digest: String? = nil,
            scope: String = "",
            configuration: [String: String] = [:],
            needs: @escaping @Sendable (_ symbol: String) -> String = { _ in "" }
        ) {
            self.digest = digest
            self.scope = scope
            self.configuration = configuration
            self.needs = needs
            self.path = path
            self.version = version
            self.folders = folders
        }
    }

    public init(_ subject: UnsafePointer<cmm_subject>) {
        self.subject = subject
        chosen = nil
        loaded = nil
        tree = nil
    }

    /// What was built of a kernel tree, in a shared object.
    public init(_ loaded: LoadedSubject, of tree: Tree) {
        subject = loaded.subject
        chosen = nil
        self.loaded = loaded
        self.tree = tree
    }

    /// The port with these commits, and no others.  It needs no compiler, runs
    /// under `check` only, and does what the revision does whose commits they are.
    public init(applying commits: CommitSet) throws(HarnessError) {
        guard commits.missing.isEmpty else {
            throw .missingCommits(
                commits.commits.filter { !commits.isSuperset(of: $0.requires) }.map(\.id),
                need: commits.missing.commits.map(\.id))
        }
        subject = cmm_any_commits()
        chosen = commits
        loaded = nil
        tree = nil
    }

    /// Commit or version, as `--revision` takes it; of a set, its commits; of a
    /// tree, its path.
    public var id: String {
        if let tree { return tree.path }
        guard let chosen else { return String(cString: subject.pointee.id) }
        return Self.setPrefix + chosen.commits.map(\.id).joined(separator: "+")
    }
    private static let setPrefix = "set:"
    /// First kernel release that has it; "unreleased" if there is none.
    public var version: String { tree?.version ?? String(cString: subject.pointee.version) }
    /// Subject line of the commit.
    public var title: String { String(cString: subject.pointee.subject) }

    /// The first operation of the plan that it does not have.
    func lacks(_ plan: Plan) -> Call? {
        (plan.setup + plan.cpus.joined()).first {
            subject.pointee.operations >> $0.cmm.operation & 1 == 0
        }
    }

    /// Whether the commit is applied; for one of `all`, or a set of commits.
    func has(_ commit: String) throws(HarnessError) -> Bool {
        let commit = try Commit.named(commit)
        if let chosen { return chosen.contains(CommitSet([commit])) }
        return Self.all.firstIndex { $0.id == id }.map { $0 > commit.index } ?? false
    }

    /// All revisions, oldest first: before the first commit, and after each.
    public static let all: [Revision] = list(cmm_revision_list())

    /// What the compile flags selected: the newest, unless
    /// `-DMMRACE_REVERT_<id>` or `-DMMRACE_ONLY_UP_TO_<id>`.
    public static let underTest = Revision(cmm_subject_under_test)

    /// The same source compiled as a kernel is, without hooks: for real CPUs.
    /// Not of a set of commits: that is itself again.
    public var native: Revision {
        if subject == cmm_subject_under_test { return Revision(cmm_native_subject_under_test) }
        var all = Self.list(cmm_native_revision_list())
        var mutation = cmm_native_mutation_list()!
        while let found = mutation.pointee?.pointee {
            all.append(Revision(found.subject))
            mutation += 1
        }
        return all.first { $0.id == id } ?? self
    }

    /// The revision, the mutation, or the set of commits of that name.  A release
    /// of Linux is a name of the newest revision in it: `v3.12` is 6219049ae1ce.
    /// Of an id, as few of the 40 digits do as no other begins with.
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

    private static func list(
        _ start: UnsafePointer<UnsafePointer<cmm_subject>?>
    ) -> [Revision] {
        var list: [Revision] = []
        var at = start
        while let subject = at.pointee {
            list.append(Revision(subject))
            at += 1
        }
        return list
    }
}
