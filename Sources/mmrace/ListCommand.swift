// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the scenarios and the revisions.")

    func run() {
        print("Scenarios:")
        for scenario in Scenario.catalogue {
            print("  \(scenario.name)  \(scenario.summary)")
            for p in scenario.parameters {
                print("    \(p.name)=\(p.standard)  \(p.summary): \(p.range)")
            }
        }
        print("\nRevisions, oldest first:")
        for revision in Revision.all {
            let mark = revision.id == Revision.underTest.id ? "*" : " "
            let id = revision.id.padding(to: 14)
            print("\(mark) \(id)\(revision.version.padding(to: 7))\(revision.title)")
        }
        print("\nMutations of the newest, which --revision takes, too:")
        for mutation in Mutation.all {
            print("  \(mutation.revision.id)  (\(mutation.survives ? "harmless" : "a race"))")
            print("      \(mutation.what)")
        }
        print("\n* is the subject under test: what the compile flags select.")
    }
}

extension String {
    /// Filled up with blanks to a width.
    func padding(to width: Int) -> String {
        count >= width ? self + " " : self + String(repeating: " ", count: width - count)
    }
}
