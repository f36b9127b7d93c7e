// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness
import Tree

struct TreeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Kernel source trees, whose own mm/ is checked with --tree.",
        subcommands: [TreeCheckCommand.self])

    func run() throws { try CommandNames.showHelp(of: Self.self) }
}

struct TreeCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Build a tree's mm/, and show which parts of it are the tree's.",
        discussion: """
            Nothing of it runs: 'mmrace check --tree DIRECTORY SCENARIO' explores it. The report \
            shows the configuration that it was compiled with, and the names that mm tests and \
            that are off: --config and --config-file set them.

            Exit codes: 0 it was built; 64 it cannot be built; 69 a tool that builds it fails; 73 \
            the cache cannot be written; 125 it lacks a file that every scenario needs, or Ctrl-C.
            """)

    @Argument(help: "The kernel source tree.", completion: .directory)
    var directory: String

    @OptionGroup var config: ConfigOptions

    @Option(parsing: .unconditional, help: "HPAGE_PMD_NR. (default: the fewest, 2 or 4)", transform: subpages(argument:))
    var subpages: Int?

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func run() throws {
        Interrupt.install()
        let progress = ProgressLine()
        defer { progress.clear() }
        let build = try TreeBuild(
            KernelTree(directory), subpages: subpages ?? max(2, CellTraits(ofTree: directory).fewestSubpages),
            configuration: config.request(),
            options: progress.buildOptions)
        progress.clear()
        let report = TreeReport(build, name: directory)
        try format.write(JSONReport(report)) { TreeText(report).text }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
