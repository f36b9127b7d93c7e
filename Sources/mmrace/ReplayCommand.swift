// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Explorer
import Foundation
import Harness
import Tree

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run the execution of a witness once more.",
        discussion: """
            A witness is a file that 'mmrace check --witnesses' writes: what was checked, and a \
            line for each context switch, which can be edited. Or it is a schedule, as the line \
            'again:' of a report has it; then the scenario takes the place of the file.

            Exit codes: 1 the failure is there again; 125 the execution went another way (the \
            message names the step, what was expected, and what happened), or, with --continue, \
            nothing failed; 64 the file is not a witness, or its tree is not the one that is there.
            """)

    @Argument(
        help: ArgumentHelp(
            "The file, or - for standard input; with --schedule, the scenario.", valueName: "witness"),
        completion: .file())
    var input: String

    @Option(
        help: ArgumentHelp(
            "The CPU of each step: 0x12,1x3@57 is twelve steps of CPU 0, then three of CPU 1, once the "
                + "search has learned 57 times of a conflict; without @57, once it is complete."))
    var schedule: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("With --schedule: a parameter of the scenario.", valueName: "name=value"),
        transform: Setting.init(argument:))
    var settings: [Setting] = []

    @Option(help: "With --schedule: the revision.", completion: .revisions)
    var revision: String?

    @Option(
        help: ArgumentHelp(
            "With --schedule: this kernel source tree in place of the port. With a file: replay it on "
                + "this tree, too, as --on does.", valueName: "directory"),
        completion: .directory)
    var tree: String?

    @OptionGroup var config: ConfigOptions

    @Option(help: "With --schedule: the policy of the search. (default: \(CheckReport.defaultPolicy))")
    var policy: Policy?

    @Option(
        parsing: .unconditional, help: "With --schedule: the seed of the search. (default: 1)",
        transform: seed(argument:))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Follow the same schedule on this revision, and show where the execution goes another way.",
            valueName: "revision"), completion: .revisions)
    var on: String?

    @Flag(
        name: .customLong("continue"),
        help: "Go on at random where the schedule ends, or the execution goes another way.")
    var continues = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With --continue: stop after this time: 500ms, 60s.", valueName: "time"),
        transform: Budget.init(argument:))
    var budget: Budget?

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func run() throws {
        Interrupt.install()
        let file = try schedule.map(witness) ?? read()
        let other = schedule == nil ? tree : nil
        guard !continues || on == nil && other == nil else {
            throw ValidationError("--continue explores the witness's own code: not with --on, or another --tree.")
        }
        let progress = ProgressLine()
        defer { progress.clear() }
        var options = CheckOptions()
        try valid { try options.take(file) }
        options.budget = budget?.duration
        options.interrupted = { Interrupt.requested }
        let plan = try valid { try Scenario.named(file.scenario).plan(file.parameters) }
        let check = try Check(
            plan, revision: own(file, plan, progress.buildOptions), options: options)
        let report: CheckReport
        if let revision = try alternative(other, plan, progress.buildOptions) {
            report = try check.replay(file, on: revision)
        } else {
            report = try continues ? check.explore(from: file) : check.replay(file)
        }
        progress.clear()
        if !report.bugs.isEmpty { Main.warnOfMissingLines() }
        try format.write(JSONReport([report])) { TextReport(report, width: format.width).text }
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
    }

    /// Runs the body; an error in the file or on the command line is wrong usage.
    private func valid<R>(_ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as HarnessError { throw ValidationError("\(error).") }
    }

    /// Returns the witness that the command line describes.
    private func witness(_ text: String) throws -> WitnessFile {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let schedule = Schedule(String(parts[0])), !schedule.cpus.isEmpty,
            parts.count == 1 || UInt64(parts[1]) != nil
        else { throw ValidationError("--schedule takes the form 0x12,1x3@57.") }
        guard tree == nil || revision == nil else {
            throw ValidationError("--tree and --revision exclude each other.")
        }
        try config.check(tree: tree)
        var file = WitnessFile()
        file.scenario = input
        for setting in settings { file.parameters[setting.name] = setting.value }
        file.revision = tree == nil ? revision ?? Revision.underTest.id : nil
        file.tree = tree
        file.policy = policy?.rawValue ?? file.policy
        file.seed = seed ?? file.seed
        file.learned = parts.count == 2 ? UInt64(parts[1]) : nil
        file.schedule = schedule
        return file
    }

    private func read() throws -> WitnessFile {
        guard settings.isEmpty, revision == nil, policy == nil, seed == nil, tree != nil || config.isEmpty
        else {
            throw ValidationError(
                "--set, --revision, --policy, --seed and --config go with --schedule: a file has its own.")
        }
        let name = input == "-" ? "standard input" : "'\(input)'"
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(input == "-" ? nil : input, limit: WitnessFile.largest + 1)
        } catch {
            throw ValidationError("cannot read \(name): \(error).")
        }
        do {
            return try WitnessFile(parsing: bytes)
        } catch {
            throw ValidationError("\(name): \(error).")
        }
    }

    /// Returns the code that the witness is about.
    private func own(_ file: WitnessFile, _ plan: Plan, _ options: BuildOptions) throws -> Revision {
        guard let path = file.tree else { return try valid { try Revision.named(file.revision!) } }
        let request =
            schedule != nil
            ? try config.request()
            : ConfigRequest(file.configuration.compactMap { ConfigSetting("\($0.key)=\($0.value)") })
        let revision = try build(path, plan, request, options)
        guard file.digest == nil || file.digest == revision.tree?.digest else {
            throw ValidationError(
                "'\(path)' is not the tree that the witness is of: restore it, or check it anew.")
        }
        return revision
    }

    /// Returns the other code to follow the same schedule on; nil for none.
    private func alternative(
        _ tree: String?, _ plan: Plan, _ options: BuildOptions
    ) throws -> Revision? {
        if let on { return try valid { try Revision.named(on) } }
        return try tree.map { try build($0, plan, config.request(), options) }
    }

    private func build(
        _ path: String, _ plan: Plan, _ request: ConfigRequest, _ options: BuildOptions
    ) throws -> Revision {
        try TreeBuild(
            KernelTree(path), subpages: plan.subpages, configuration: request, options: options
        ).revision(named: path)
    }
}
