// SPDX-License-Identifier: GPL-2.0-only
import CMM

/// A deliberate mistake in the newest revision: it shows that an oracle fires,
/// or, where it is harmless, that none fires for nothing.
public struct Mutation: Sendable {
    public let revision: Revision
    /// True when no interleaving can show it.
    public let survives: Bool
    /// What is changed, in a sentence.
    public let what: String

    public static let all: [Mutation] = {
        var list: [Mutation] = []
        var at = cmm_mutation_list()!
        while let mutation = at.pointee?.pointee {
            list.append(
                Mutation(
                    revision: Revision(mutation.subject), survives: mutation.survives,
                    what: String(cString: mutation.what)))
            at += 1
        }
        return list
    }()
}
