// SPDX-License-Identifier: GPL-2.0-only
import ArgumentParser
import Harness

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the results of the shares of a check.",
        discussion: """
            The files are what 'mmrace check --cell I/N --format json' printed, for the shares of one \
            command line; a file with more of the cells, such as another merge, will do, too. Each cell \
            of the command line is reported once. A cell without a result is lost, and named with the \
            command that checks it. A cell with several results is counted once when they are equal; \
            when they are not, the cell is nondeterministic, and bad. What a budget or Ctrl-C cut \
            need not be equal: the result that says more counts.

            Exit codes: 1 a cell failed, or is nondeterministic in that way; 125 a cell is undecided or \
            lost, or could not be checked; 0 all cells are verified; 64 files are cut short, are not \
            of shares, or not of one command line, one mmrace and the same trees: a line for each.
            """)

    @Argument(
        help: ArgumentHelp("The files, or - for standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: "The form of the report.")
    var format: OutputFormat = .text

    func run() throws {
        var read: [CellMerge.File] = []
        var mistakes: [String] = []
        for file in files {
            do {
                read.append(try Self.read(file))
            } catch {
                mistakes.append(error.line)
            }
        }
        guard mistakes.isEmpty else { throw CellMerge.Mistakes(lines: mistakes) }
        let merge = try CellMerge(read)
        for remark in merge.remarks { Output.complain("mmrace: \(remark)\n") }
        try format.write(JSONReport(merge.report)) { CellsText(merge.report).reports(width: format.width) }
        let code = merge.report.exitCodeOfAll
        if code != 0 { throw ExitCode(code) }
    }

    private struct Unreadable: Error { let line: String }

    private static func read(_ file: String) throws(Unreadable) -> CellMerge.File {
        let name = file == "-" ? "standard input" : "'\(file)'"
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(file == "-" ? nil : file, limit: CellsReport.largest + 1)
        } catch {
            throw Unreadable(line: "cannot read \(name): \(error)")
        }
        do {
            return CellMerge.File(name: name, report: try CellsReport(parsing: bytes))
        } catch {
            throw Unreadable(line: "\(name) \(error)")
        }
    }
}
