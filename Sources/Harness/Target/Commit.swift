// SPDX-License-Identifier: GPL-2.0-only
import CMM

/// A commit of the port's history.
public struct Commit: Sendable, Hashable {
    /// Twelve digits of its id; the name of a patch that is not in mainline.
    public let id: String
    /// First kernel release that has it; "unreleased" if there is none.
    public let version: String
    /// Its subject line.
    public let title: String
    /// The change to the port, in a sentence.
    public let what: String
    /// The commits without which it is not a version of Linux.
    public let requires: CommitSet
    /// Its index in `all`, and its bit in a set.
    let index: Int

    /// All commits, in the order in which mainline applied them.
    public static let all: [Commit] = {
        // The first revision is that before the first commit.
        entries(cmm_revision_list(), \.target).dropFirst().enumerated().map { index, entry in
            let target = entry.target.pointee
            return Commit(
                id: String(cString: target.id), version: String(cString: target.release),
                title: String(cString: target.title), what: String(cString: entry.what),
                requires: CommitSet(rawValue: entry.requires), index: index)
        }
    }()

    /// The commit of that id, in capitals or not; as few of its 40 digits do as no
    /// other begins with.
    ///
    /// - Throws: `unknownName`, `ambiguousCommit`.
    public static func named(_ id: String) throws(HarnessError) -> Commit {
        let ids = all.map(\.id)
        if let index = try index(of: id, in: ids) { return all[index] }
        throw .unknownName(UnknownName(id, kind: "commit", known: ids))
    }

    /// The place of an id among those that are known, of which no more than twelve
    /// digits are.
    static func index(of id: String, in ids: [String]) throws(HarnessError) -> Int? {
        if let exact = ids.firstIndex(of: id) { return exact }
        let digits = id.lowercased()
        guard (1...40).contains(digits.count), isHexadecimal(digits) else { return nil }
        let found = ids.indices.filter {
            isHexadecimal(ids[$0]) && (ids[$0].hasPrefix(digits) || digits.hasPrefix(ids[$0]))
        }
        guard found.count < 2 else {
            throw .ambiguousCommit(id, between: found.map { ids[$0] })
        }
        return found.first
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// Commits that are applied.
public struct CommitSet: OptionSet, Sendable, Hashable {
    /// Bit i is commit i of `Commit.all`.
    public let rawValue: UInt32
    /// The set of these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The set of these commits.
    public init(_ commits: some Sequence<Commit>) {
        self.init(rawValue: commits.reduce(0) { $0 | 1 << $1.index })
    }

    /// The first so many, oldest first: those of a revision.
    public init(first count: Int) { self.init(Commit.all.prefix(count)) }

    /// In mainline's order.
    public var commits: [Commit] { Commit.all.filter { contains(CommitSet([$0])) } }

    /// The commits that its own require, and that it does not have.
    public var missing: CommitSet {
        commits.reduce(into: CommitSet()) { $0.formUnion($1.requires) }.subtracting(self)
    }
}
