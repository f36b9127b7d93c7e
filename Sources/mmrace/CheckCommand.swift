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
            (the newest, unless a compile flag says otherwise). Several scenarios, several values \
            of --set (mappings=1,2,3) and several --revision or --tree are a cell each with each.

            Many machines: --cells lists the cells, --cell 3/8 checks the third of eight shares of \
            them, and 'mmrace merge' joins the JSON of the shares.

            With --git-bisect the exit code is what 'git bisect run' wants: 0 good, 1 bad, \
            125 skip: this revision cannot be judged. All else (wrong usage, Ctrl-C, a defect \
            of mmrace) is 128 or more, which ends the bisection.
            """)

    @OptionGroup var cells: CellOptions

    @Option(help: "The policy that chooses the next step.")
    var policy = Policy(rawValue: CheckReport.defaultPolicy)!

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

    @Option(
        help: ArgumentHelp(
            "Keep states in so much memory at most: 512M, 4G. The verdict is then 'bounded'. (default: half of the "
                + "machine's)", valueName: "bytes"),
        transform: bytes(argument:))
    var memory: Int?

    @Option(
        help: ArgumentHelp(
            "Search by so many processes where there are many states. (default: the CPUs that it may use)",
            valueName: "number"),
        transform: jobs(argument:))
    var jobs = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: ArgumentHelp(
            "Keep a search of many states in this file, now and then and when it is stopped; where the file is "
                + "there, go on with it.", valueName: "file"),
        completion: .file())
    var checkpoint: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Time after which the search is kept again. (default: 60s)", valueName: "time"),
        transform: Budget.init(argument:))
    var checkpointEvery: Budget?

    @Option(
        help: ArgumentHelp(
            "Search without these reductions, to compare: \(Reductions.named.map(\.name).joined(separator: ", ")).",
            valueName: "names"),
        transform: reductions(argument:))
    var without: Reductions = []

    @Flag(help: "Stop at the first failure.")
    var first = false

    @Flag(
        inversion: .prefixedNo,
        help: "Look for the shortest execution of each failure, with the fewest context switches.")
    var minimal = true

    @Flag(
        help: """
            Show which objects and lines the search branches for: the advice for a smaller scenario.
            """)
    var profile = false

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
        if cells.allRevisions && gitBisect {
            throw ValidationError("--git-bisect judges one revision: not with --all-revisions.")
        }
        if gitBisect && (cells.revision.count > 1 || cells.tree.count > 1 || cells.share != nil || cells.list) {
            throw ValidationError(
                "--git-bisect judges one revision, or one tree, by all its cells: not with more of them, "
                    + "--cell or --cells.")
        }
        if witnesses != nil && !without.isEmpty {
            throw ValidationError("--witnesses writes what a search with all reductions can replay: not with --without.")
        }
        if checkpoint != nil && (policy != .states || profile) {
            throw ValidationError("--checkpoint keeps what --policy states has done, without --profile.")
        }
        if checkpointEvery != nil && checkpoint == nil {
            throw ValidationError("--checkpoint-every says how often, and --checkpoint where: give both.")
        }
        if checkpoint != nil, try !cells.list && cells.grid().entries.count != 1 {
            throw ValidationError("--checkpoint keeps the search of one cell: not of more of them.")
        }
        if profile && policy != .dpor && policy != .states {
            throw ValidationError(
                "--profile counts the branches of --policy dpor and --policy states: not with \(policy.rawValue).")
        }
        try cells.check()
    }

    func run() throws {
        if cells.list { return try list() }
        if checkpoint != nil { FixedAddresses.arrange() }
        Interrupt.install()
        let progress = ProgressLine()
        defer { progress.clear() }
        var options = progress.checkOptions
        options.policy = policy
        options.seed = seed
        options.budget = budget?.duration
        options.memory = memory
        options.jobs = jobs
        options.reductions.subtract(without)
        options.first = first
        options.minimal = minimal
        options.profile = profile
        let run = CellRun(
            configuration: try cells.config.request(), options: options, progress: progress,
            format: format, checkpoint: checkpoint,
            interval: checkpointEvery?.duration ?? .seconds(60), witnesses: witnesses, areNumbered: cells.areSeveralOfAScenario)
        let grid = try cells.grid()
        let code = try cells.share.map { try share($0, of: grid, run) } ?? all(grid, run)
        // This revision is not to be skipped: the user wants to end the bisection.
        let isEnded = gitBisect && code == 125 && Interrupt.requested
        if code != 0 { throw ExitCode(isEnded ? GitBisect.interrupted : code) }
    }

    /// Checks all cells, until one cannot be checked; returns the exit code.
    private func all(_ grid: CellGrid, _ run: CellRun) throws -> Int32 {
        var reports: [CheckReport] = []
        // One says that it was interrupted, however early.
        for entry in grid.entries where reports.isEmpty || !Interrupt.requested {
            guard let report = try run.report(entry, isFirst: reports.isEmpty) else { break }
            reports.append(report)
        }
        if reports.contains(where: { !$0.bugs.isEmpty }) { Main.warnOfMissingLines() }
        if format == .json { try Output.write(JSONReport(reports).text) }
        return exitStatus(Verdict.exitCode(reports.map(\.verdict.exitCode)))
    }

    /// Checks the cells of a share, each whatever becomes of the others; returns the exit code.
    private func share(_ share: Share, of grid: CellGrid, _ run: CellRun) throws -> Int32 {
        var report = cells.report(of: grid)
        for entry in grid.entries where share.has(entry.cell.cell) && !Interrupt.requested {
            do {
                let isFirst = report.results.allSatisfy { $0.report == nil }
                guard let one = try run.report(entry, isFirst: isFirst) else { break }
                report.results.append(CellResult(cell: entry.cell.cell, report: one))
            } catch let error as OutputError {
                // The next cell could not write, either.
                throw error
            } catch {
                let failure = Failure(error)
                Output.complain("mmrace: cell \(entry.cell.cell)/\(report.cells.count): \(failure.text)")
                report.results.append(CellResult(cell: entry.cell.cell, error: failure.error))
            }
        }
        if report.results.contains(where: { $0.report?.bugs.isEmpty == false }) { Main.warnOfMissingLines() }
        if !report.cells.contains(where: { share.has($0.cell) }) {
            let text = CellsText(report).empty(share) + "\n"
            if format == .text { try Output.write(text) } else { Output.complain("mmrace: \(text)") }
        }
        if format == .json { try Output.write(JSONReport(report).text) }
        return exitStatus(report.exitCode)
    }

    /// Prints the cells without checking them.
    private func list() throws {
        let report = cells.report(of: try cells.grid())
        try format.write(JSONReport(report)) { CellsText(report).list(cells.share) }
    }

    /// Returns the exit code: a search that Ctrl-C prevented leaves doubt.
    private func exitStatus(_ code: Int32) -> Int32 { code == 0 && Interrupt.requested ? 125 : code }
}
