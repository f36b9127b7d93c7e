// SPDX-License-Identifier: GPL-2.0-only
import CMM
import CMMNative

/// One revision of the mm code, compiled into this program.
public struct Revision: @unchecked Sendable {
    /// Points at a static constant of CMM.
    let subject: UnsafePointer<cmm_subject>

    public init(_ subject: UnsafePointer<cmm_subject>) { self.subject = subject }

    /// Commit or version, as `--revision` takes it.
    public var id: String { String(cString: subject.pointee.id) }
    /// First kernel release that has it.
    public var version: String { String(cString: subject.pointee.version) }
    /// Subject line of the commit.
    public var title: String { String(cString: subject.pointee.subject) }

    /// All revisions, oldest first.
    public static let all: [Revision] = {
        var list: [Revision] = []
        var at = cmm_revision_list()!
        while let subject = at.pointee {
            list.append(Revision(subject))
            at += 1
        }
        return list
    }()

    /// What the compile flags selected: the newest, unless
    /// `-DMMRACE_REVERT_<id>`.
    public static let underTest = Revision(cmm_subject_under_test)

    /// The same source compiled as a kernel is, without hooks: for real CPUs.
    public var native: Revision {
        var at = cmm_native_revision_list()!
        while let subject = at.pointee {
            if String(cString: subject.pointee.id) == id { return Revision(subject) }
            at += 1
        }
        var mutation = cmm_native_mutation_list()!
        while let found = mutation.pointee?.pointee {
            if String(cString: found.subject.pointee.id) == id { return Revision(found.subject) }
            mutation += 1
        }
        return self
    }

    /// The revision, or the mutation, of that name.
    public static func named(_ id: String) throws(HarnessError) -> Revision {
        if let found = all.first(where: { $0.id == id }) { return found }
        if let found = Mutation.all.first(where: { $0.revision.id == id }) {
            return found.revision
        }
        throw .unknownRevision(id, known: all.map(\.id))
    }
}
