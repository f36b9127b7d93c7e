// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Explorer
import Foundation
import Harness
import Tree

extension Policy: ExpressibleByArgument {}

struct CheckCommand: ParsableCommand, CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Explore every interleaving of scenarios and report what fails.",
        discussion: """
            Without a scenario, all of them; without a revision, the target under test \
            (the newest, unless a compile flag says otherwise).

            With --git-bisect the exit code is what 'git bisect run' wants: 0 good, 1 bad, \
            125 skip: this revision cannot be judged. All else (wrong usage, Ctrl-C, a defect \
            of mmrace) is 128 or more, which ends the bisection.
            """)

    @Argument(help: "Scenarios to check; 'mmrace list' shows them.", completion: .scenarios)
    var scenarios: [String] = []

    @OptionGroup var parameters: ParameterOptions

    @Option(help: "The revision to check.", completion: .revisions)
    var revision: String?

    @Option(
        help: ArgumentHelp(
            "Check this kernel source tree's own mm/ (v3.13 to v4.4) in place of the port.",
            valueName: "directory"),
        completion: .directory)
    var tree: String?

    @OptionGroup var config: ConfigOptions

    @Flag(help: "Check all revisions, oldest first.")
    var allRevisions = false

    @Option(help: "The policy that chooses the next step.")
    var policy: Policy = .dpor

    @Option(
        parsing: .unconditional, help: "Seed of the random phase. (default: 1)",
        transform: seed(argument:))
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Stop after this time: 500ms, 60s, 1h30m. The verdict is then 'bounded'.",
            valueName: "time"),
        transform: Budget.init(argument:))
    var budget: Budget?

    @Flag(help: "Stop at the first failure.")
    var first = false

    @Flag(help: "Exit as 'git bisect run' wants it.")
    var gitBisect = false

    @Option(
        help: ArgumentHelp(
            "Write a file for each failure into this folder; 'mmrace replay' takes it.",
            valueName: "directory"),
        completion: .directory)
    var witnesses: String?

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func check() throws {
        if allRevisions && gitBisect {
            throw ValidationError("--git-bisect judges one revision: not with --all-revisions.")
        }
        if tree != nil && (allRevisions || revision != nil) {
            throw ValidationError("--tree excludes --revision and --all-revisions.")
        }
        try config.check(tree: tree)
        if allRevisions && revision != nil {
            throw ValidationError("--revision and --all-revisions exclude each other.")
        }
        do {
            _ = try plans()
            _ = try revisions()
        } catch {
            throw ValidationError("\(error).")
        }
    }

    private func plans() throws(HarnessError) -> [Plan] {
        let names = scenarios.isEmpty ? Scenario.catalogue.map(\.name) : scenarios
        var plans: [Plan] = []
        for name in names { plans.append(try Scenario.named(name).plan(parameters.settings)) }
        return plans
    }

    private func revisions() throws(HarnessError) -> [Revision] {
        if allRevisions { return Revision.all }
        guard let revision else { return [.underTest] }
        return [try .named(revision)]
    }

    /// Returns the kernel tree, if there is one, built for the plan's size; otherwise the revisions.
    private func targets(
        of plan: Plan, _ configuration: ConfigRequest, _ options: BuildOptions
    ) throws -> [Revision] {
        guard let tree else { return try revisions() }
        let build = try TreeBuild(
            KernelTree(tree), subpages: plan.subpages, configuration: configuration, options: options)
        return [try build.revision(named: tree)]
    }

    func run() throws {
        Interrupt.install()
        let progress = ProgressLine()
        defer { progress.clear() }
        var options = progress.checkOptions
        options.policy = policy
        options.seed = seed
        options.budget = budget?.duration
        options.first = first
        let configuration = try config.request()
        var reports: [CheckReport] = []
        for plan in try plans() where !Interrupt.requested {
            let targets: [Revision]
            do {
                // The line of its progress is out of date, however it ends.
                defer { progress.clear() }
                targets = try self.targets(of: plan, configuration, progress.buildOptions)
            } catch let error as TreeError where error.cause == .interrupted {
                // The findings until now are reported all the same.
                Output.complain("mmrace: \(error)\n")
                break
            }
            for revision in targets where !Interrupt.requested {
                let report = try Check.report(plan, revision: revision, options: options)
                progress.clear()
                if format == .text {
                    try Output.write((reports.isEmpty ? "" : "\n") + TextReport(report, width: format.width).text)
                }
                reports.append(report)
                if let witnesses { try write(report, to: witnesses) }
            }
        }
        if reports.contains(where: { !$0.bugs.isEmpty }) { Main.warnOfMissingLines() }
        if format == .json { try Output.write(JSONReport(reports).text) }
        var code = exitStatus(reports.map(\.verdict.exitCode))
        // This revision is not to be skipped: the user wants to end the bisection.
        if gitBisect && code == 125 && Interrupt.requested { code = GitBisect.interrupted }
        if code != 0 { throw ExitCode(code) }
    }

    /// Writes a file for each failure whose steps are known for certain.
    private func write(_ report: CheckReport, to folder: String) throws {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let target = report.tree == nil ? report.revision : report.version
        for (index, bug) in report.bugs.enumerated() {
            guard let witness = WitnessFile(bug, of: report) else { continue }
            let name = "\(report.scenario)-\(target)-\(index + 1).witness".replacing("/", with: "_")
            try OutputFile.write(witness.text, to: "\(folder)/\(name)")
        }
    }

    /// Returns the exit code: a failure outweighs a defect of mmrace, which outweighs doubt.
    private func exitStatus(_ codes: [Int32]) -> Int32 {
        for code: Int32 in [1, 70, 125] where codes.contains(code) { return code }
        return Interrupt.requested ? 125 : 0
    }
}
