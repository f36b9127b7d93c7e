// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness
import Tree

/// The cells of a check: scenarios, their parameters, and targets.
struct CellOptions: ParsableArguments {
    @Argument(help: "Scenarios to check; 'mmrace list' shows them.", completion: .scenarios)
    var scenarios: [String] = []

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter of the scenario; with several values, as in mappings=1,2,3, each is a cell.",
            valueName: "name=value"),
        transform: sweep(argument:))
    var sweeps: [CellGrid.Sweep] = []

    @Option(help: "The revision to check; may be given several times.", completion: .revisions)
    var revision: [String] = []

    @Option(
        help: ArgumentHelp(
            "Check this kernel source tree's own mm/ in place of the port; may be given "
                + "several times.",
            valueName: "directory"),
        completion: .directory)
    var tree: [String] = []

    @OptionGroup var config: ConfigOptions

    @Flag(help: "Check all revisions, oldest first.")
    var allRevisions = false

    @Flag(name: .customLong("cells"), help: "List the cells of this command line, and check none.")
    var list = false

    @Option(
        name: .customLong("cell"), parsing: .unconditional,
        help: ArgumentHelp(
            "Check share I of N: cells I, I + N, I + 2N and so on, as --cells lists them. The JSON is for "
                + "'mmrace merge'.", valueName: "i/n"),
        transform: CellOptions.share(argument:))
    var share: Share?

    /// Checks what can be known before anything runs.
    ///
    /// - Throws: `ValidationError`.
    func check() throws {
        if !tree.isEmpty && (allRevisions || !revision.isEmpty) {
            throw ValidationError("--tree excludes --revision and --all-revisions.")
        }
        try config.check(tree: tree.first)
        if allRevisions && !revision.isEmpty {
            throw ValidationError("--revision and --all-revisions exclude each other.")
        }
        do {
            _ = try grid()
        } catch {
            throw ValidationError("\(error).")
        }
        // Two names may stand for one target.
        for (option, names) in [("--revision", try revisions().map(\.id)), ("--tree", tree)] {
            for (index, name) in names.enumerated() where names[..<index].contains(name) {
                throw ValidationError("\(option) names '\(name)' twice: each target is checked once.")
            }
        }
    }

    /// Returns the cells; of a tree, only the headers that say its generation are looked at.
    func grid() throws(HarnessError) -> CellGrid {
        let revisions = try revisions()
        return try CellGrid(
            scenarios: scenarios, sweeps: sweeps,
            targets: tree.isEmpty ? revisions.map { .revision($0) } : tree.map { .tree($0) },
            traits: { target in
                if case .tree(let path) = target { CellTraits(ofTree: path) } else { CellTraits() }
            })
    }

    private func revisions() throws(HarnessError) -> [Revision] {
        if allRevisions { return Revision.all }
        if revision.isEmpty { return [.underTest] }
        var found: [Revision] = []
        for name in revision { found.append(try Revision.named(name)) }
        return found
    }

    /// Whether the same scenario has cells that a scenario and a target do not tell apart.
    var areSeveralOfAScenario: Bool { tree.count > 1 || sweeps.contains { $0.values.count > 1 } }

    /// Returns the cells as a report without results.
    func report(of grid: CellGrid) -> CellsReport {
        CellsReport(
            mmrace: Mmrace.configuration.version, command: ShareWords.ofAllShares(CommandLine.arguments),
            cells: grid.entries.map(\.cell))
    }

    private static func share(argument: String) throws -> Share {
        guard let share = Share(argument) else {
            throw ValidationError("it takes the form I/N, as in 3/8, with I from 1 to N")
        }
        return share
    }
}

/// Reads a parameter with one value or more: `mappings=1,2,3`.
private func sweep(argument: String) throws -> CellGrid.Sweep {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.last?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    var values: [Int] = []
    for text in texts {
        let setting = try Setting(argument: parts.count == 2 ? "\(parts[0])=\(text)" : argument)
        guard !values.contains(setting.value) else {
            throw ValidationError("it has the value \(setting.value) twice")
        }
        values.append(setting.value)
    }
    return CellGrid.Sweep(name: String(parts[0]), values: values)
}
