// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the scenarios, the revisions and the mutations.")

    @Flag(help: "Only the revisions: the commits, and what each changes.")
    var revisions = false

    func run() throws { try Output.write(revisions ? Self.history : Self.all) }

    private static var all: String {
        var text = "Scenarios:\n"
        for scenario in Scenario.all {
            text += "  \(scenario.name)  \(scenario.summary)\n"
            for p in scenario.parameters {
                text += "    \(p.name)=\(p.defaultValue)  \(p.summary): \(p.range)\n"
            }
        }
        text += "\nRevisions, oldest first; each has all commits up to its own:\n\(history)"
        text += "\nMutations of the newest, which --revision takes, too:\n"
        for mutation in Mutation.all {
            text += "  \(mutation.revision.id)  (\(found(mutation)))\n"
            text += "      \(mutation.what)\n"
        }
        return text + """

            * is the target under test: what the compile flags select.
            A release, v3.7 to \(Revision.newestRelease), is a name of its newest revision.
            Of an id, those digits will do with which no other begins.

            """
    }

    private static func found(_ mutation: Mutation) -> String {
        guard mutation.expectation != .equivalent else { return "an equivalent mutant" }
        let settings = mutation.parameters.map { " --set \($0.key)=\($0.value)" }.sorted()
        return "found by \(mutation.scenario)\(settings.joined())"
    }

    private static var history: String {
        var all = Revision.all
        if !all.contains(where: { $0.id == Revision.underTest.id }) { all.append(.underTest) }
        var text = ""
        for revision in all {
            let mark = revision.id == Revision.underTest.id ? "*" : " "
            let id = revision.id.padding(to: 14)
            text += "\(mark) \(id)\(revision.version.padding(to: 7))\(revision.title)\n"
            if let commit = try? Commit.named(revision.id) { text += "      \(commit.what)\n" }
            if let scenarios = revision.failsIn, !scenarios.isEmpty {
                text += "      fails in \(scenarios.joined(separator: ", "))\n"
            }
        }
        return text
    }
}

extension String {
    /// Returns the text filled up with blanks to a width; at least one follows it.
    func padding(to width: Int) -> String {
        count >= width ? self + " " : self + String(repeating: " ", count: width - count)
    }
}
