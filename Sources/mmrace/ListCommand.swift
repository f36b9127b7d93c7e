// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the scenarios, the revisions and the mutations.")

    @Flag(help: "Only the revisions: the commits, and what each changes.")
    var revisions = false

    func run() {
        if revisions { return printRevisions() }
        print("Scenarios:")
        for scenario in Scenario.catalogue {
            print("  \(scenario.name)  \(scenario.summary)")
            for p in scenario.parameters {
                print("    \(p.name)=\(p.standard)  \(p.summary): \(p.range)")
            }
        }
        print("\nRevisions, oldest first; each has all commits up to its own:")
        printRevisions()
        print("\nMutations of the newest, which --revision takes, too:")
        for mutation in Mutation.all {
            print("  \(mutation.revision.id)  (\(mutation.survives ? "harmless" : "a race"))")
            print("      \(mutation.what)")
        }
        print("\n* is the subject under test: what the compile flags select.")
        print("A release, v3.7 to \(Revision.newestRelease), is a name of its newest revision.")
        print("Of an id, those digits will do with which no other begins.")
    }

    private func printRevisions() {
        var all = Revision.all
        if !all.contains(where: { $0.id == Revision.underTest.id }) { all.append(.underTest) }
        for revision in all {
            let mark = revision.id == Revision.underTest.id ? "*" : " "
            let id = revision.id.padding(to: 14)
            print("\(mark) \(id)\(revision.version.padding(to: 7))\(revision.title)")
            if let commit = try? Commit.named(revision.id) { print("      \(commit.what)") }
        }
    }
}

extension String {
    /// Filled up with blanks to a width.
    func padding(to width: Int) -> String {
        count >= width ? self + " " : self + String(repeating: " ", count: width - count)
    }
}
