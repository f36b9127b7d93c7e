// SPDX-License-Identifier: GPL-2.0-only
import CMM

/// A deliberate mistake in the newest revision: it shows that an oracle fires, or, of an
/// equivalent mutant, that none fires for nothing.
public struct Mutation: Sendable {
    /// Whether a mutation is found.
    public enum Expectation: Sendable {
        /// Its scenario shows it.
        case found
        /// So it does, in very many ways: the search should end with the first.
        case foundFirst
        /// No interleaving of any scenario shows it: an equivalent mutant.
        case equivalent
    }

    /// The mutated code; its id is the mutation's.
    public let revision: Revision
    /// Whether it is found in its scenario.
    public let expectation: Expectation
    /// The name of the scenario that shows it; of an equivalent mutant, the one in which it
    /// was looked for.
    public let scenario: String
    /// The parameters that the scenario needs for that; all others have their default values.
    public let parameters: [String: Int]
    /// The change, in a sentence.
    public let what: String

    /// All mutations, in the order of their list.
    public static let all = entries(cmm_mutation_list(), \.target).map(Mutation.init)

    private init(_ entry: cmm_mutation) {
        revision = Revision(entry.target)
        expectation =
            switch entry.expectation {
            case CMM_EQUIVALENT: .equivalent
            case CMM_FOUND_FIRST: .foundFirst
            default: .found
            }
        scenario = String(cString: entry.scenario)
        var parameters: [String: Int] = [:]
        for setting in String(cString: entry.parameters).split(separator: " ") {
            let words = setting.split(separator: "=")
            parameters[String(words[0])] = Int(words[1])
        }
        self.parameters = parameters
        what = String(cString: entry.what)
    }
}
