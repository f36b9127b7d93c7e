// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness
import Topology

struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Show the CPUs and nodes that this process may use, and what fits on them.",
        discussion: "A placement that is absent is shown with the reason.")

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func run() throws {
        let report = TopologyReport(try .ofThisProcess())
        try format.write(JSONReport(report)) { TopologyText(report).text }
    }
}
