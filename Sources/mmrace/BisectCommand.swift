// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Foundation
import Harness
import Tree

struct BisectCommand: ParsableCommand, CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect",
        abstract: "Find the commits with which a scenario begins, or ceases, to fail.",
        discussion: """
            Searches the revisions that are compiled into this program ('mmrace list \
            --revisions'). Without --good and --bad, all are checked and every change is \
            reported. With them, the history between the two is halved; when the good one is \
            the later, the result is the fix. Then the set of commits that the failure needs is \
            minimised (ddmin).

            Exit codes: 0 something was found; 125 nothing changes, a verdict is neither good \
            nor bad, or Ctrl-C. For 'git bisect run' there is 'mmrace check --git-bisect'.
            """)

    @OptionGroup var scenario: ScenarioOptions

    @Option(
        help: ArgumentHelp(
            "Bisect the git history of this kernel source tree, in a temporary checkout.",
            valueName: "directory"),
        completion: .directory)
    var tree: String?

    @OptionGroup var config: ConfigOptions

    @Argument(help: "With --tree: two commits of its history, the older first: GOOD..BAD, or for a fix BAD..GOOD.")
    var range: String?

    @Option(
        help: ArgumentHelp("A revision that does not fail.", valueName: "revision"),
        completion: .revisions)
    var good: String?

    @Option(
        help: ArgumentHelp("A revision that fails.", valueName: "revision"),
        completion: .revisions)
    var bad: String?

    @Option(
        parsing: .unconditional, help: "Seed of the random phase of each check. (default: 1)",
        transform: seed(argument:))
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Stop each check after this time: 500ms, 60s, 1h30m.", valueName: "time"),
        transform: Budget.init(argument:))
    var budget: Budget?

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func check() throws {
        if tree != nil {
            guard let range, range.components(separatedBy: "..").count == 2, good == nil, bad == nil
            else { throw ValidationError("--tree takes a range of its history: GOOD..BAD.") }
        } else if range != nil {
            throw ValidationError("'\(range!)' is a range of a tree's history: give --tree, too.")
        }
        try config.check(tree: tree)
        guard (good == nil) == (bad == nil) else {
            throw ValidationError("--good and --bad go together: give both, or neither.")
        }
        do {
            _ = try scenario.plan(tree: tree)
            for name in [good, bad].compactMap({ $0 }) { _ = try Revision.named(name) }
        } catch {
            throw ValidationError("\(error).")
        }
    }

    func run() throws {
        Interrupt.install()
        let progress = ProgressLine()
        defer { progress.clear() }
        var options = progress.checkOptions
        options.seed = seed
        options.budget = budget?.duration
        let plan = try scenario.plan(tree: tree)
        let report =
            try tree.map { try bisect(tree: $0, plan, options, progress.buildOptions) }
            ?? bisect(Bisect(plan, options: options))
        progress.clear()
        if report.changes.contains(where: { !$0.bugs.isEmpty }) { Main.warnOfMissingLines() }
        try format.write(JSONReport(report)) { BisectText(report, width: format.width).text }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private func bisect(
        tree: String, _ plan: Plan, _ options: CheckOptions, _ build: BuildOptions
    ) throws -> BisectReport {
        let ends = range!.components(separatedBy: "..")
        return try TreeBisect(
            plan, repository: tree, configuration: config.request(), options: options, build: build)
            .run(older: ends[0], newer: ends[1].isEmpty ? "HEAD" : ends[1])
    }

    private func bisect(_ bisect: Bisect) throws(HarnessError) -> BisectReport {
        guard let good, let bad else { return try bisect.run() }
        return try bisect.run(good: .named(good), bad: .named(bad))
    }
}
