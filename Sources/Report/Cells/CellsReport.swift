// SPDX-License-Identifier: GPL-2.0-only

/// The reason why a cell has no report.
public struct CellError: Codable, Sendable, Equatable {
    /// One line that says what is wrong, and what to do.
    public var message: String
    /// The output of a compiler or a linker.
    public var details: String?
    /// The code with which a check of this cell alone exits.
    public var exitCode: Int32

    /// An error of that message.
    public init(message: String, details: String? = nil, exitCode: Int32) {
        self.message = message
        self.details = details
        self.exitCode = exitCode
    }
}

/// The result of one cell: a report, or the reason for which there is none.
public struct CellResult: Codable, Sendable {
    /// The place of the cell, from 1.
    public var cell: Int
    /// Its report; nil of an error.
    public var report: CheckReport?
    /// Why there is no report.
    public var error: CellError?
    /// The difference between two results of this cell that had to be equal; set by a merge
    /// only, and then the cell is bad.
    public var differs: String?

    /// The result of a cell that was checked.
    public init(cell: Int, report: CheckReport) {
        self.cell = cell
        self.report = report
    }

    /// The result of a cell that could not be checked.
    public init(cell: Int, error: CellError) {
        self.cell = cell
        self.error = error
    }

    /// The verdict in a word; `error` where there is none.
    public var verdict: String {
        differs == nil ? report?.verdict.rawValue ?? "error" : Verdict.nondeterministic.rawValue
    }
}

extension CellResult {
    /// Encodes the report as the array of a check has it, with the version of the form.
    public func encode(to encoder: any Encoder) throws {
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(cell, forKey: .cell)
        try own.encodeIfPresent(report.map { JSONReport.Versioned(report: $0) }, forKey: .report)
        try own.encodeIfPresent(error, forKey: .error)
        try own.encodeIfPresent(differs, forKey: .differs)
    }
}

/// The cells of a command line, and the results of some or all of them: the list that
/// `--cells` prints, the share that `--cell` runs, and what `mmrace merge` makes of shares.
public struct CellsReport: Codable, Sendable {
    /// The version of mmrace.
    public var mmrace: String
    /// The words behind `mmrace`, but for those that only say which share, or where to.
    public var command: [String]
    /// All cells of the command line, in its order.
    public var cells: [Cell]
    /// The results that there are, in the same order.
    public var results: [CellResult]

    /// The cells of a command line.
    public init(mmrace: String, command: [String], cells: [Cell], results: [CellResult] = []) {
        self.mmrace = mmrace
        self.command = command
        self.cells = cells
        self.results = results
    }

    /// The cells without a result.
    public var lost: [Cell] {
        let there = Set(results.map(\.cell))
        return cells.filter { !there.contains($0.cell) }
    }

    /// The exit code of a share: a failure outweighs all else, and an error outweighs doubt.
    public var exitCode: Int32 {
        Verdict.exitCode(results.flatMap { result -> [Int32] in
            if result.differs != nil { return [1] }
            return [result.report?.verdict.exitCode ?? 0, result.error?.exitCode ?? 0]
        })
    }

    /// The exit code of all cells: one that has no report leaves doubt.
    public var exitCodeOfAll: Int32 {
        var reported = self
        reported.results = results.filter { $0.error == nil }
        let isWhole = reported.results.count == cells.count
        return Verdict.exitCode([reported.exitCode, isWhole ? 0 : 125])
    }

    /// The command that runs a share of the cells.
    public func command(share: String) -> String {
        (["mmrace"] + command + ["--cell", share, "--format", "json"]).map(TextReport.quoted)
            .joined(separator: " ")
    }
}
