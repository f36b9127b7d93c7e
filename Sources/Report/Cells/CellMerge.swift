// SPDX-License-Identifier: GPL-2.0-only

/// The results of several shares of one command line, joined: each cell once.
public struct CellMerge: Sendable {
    /// A report of cells, and the file that it is from.
    public struct File: Sendable {
        /// The name in a message: `'1.json'`.
        public var name: String
        /// Its content.
        public var report: CellsReport

        /// The content of a file.
        public init(name: String, report: CellsReport) {
            self.name = name
            self.report = report
        }
    }

    /// The cells, with all results that there are.
    public let report: CellsReport
    /// A line for all that a reader has to know: cells that are repeated or lost, and those
    /// that could not be checked.
    public let remarks: [String]

    /// Files that cannot be joined.
    public struct Mistakes: Error, Equatable {
        /// A line for each, at least one.
        public let lines: [String]

        /// Takes the lines.
        public init(lines: [String]) { self.lines = lines }
    }

    /// Joins the files, of which there is at least one.
    ///
    /// - Throws: `Mistakes` where they are not of one command line, one mmrace and the same
    ///   trees: a line for each that does not go with those before it.
    public init(_ files: [File]) throws {
        var mistakes = files.dropFirst().compactMap { Self.mistake(of: $0, beside: files[0]) }
        if mistakes.isEmpty { mistakes = Self.treeMistakes(files) }
        guard mistakes.isEmpty else { throw Mistakes(lines: mistakes) }
        let hasBudget = files[0].report.command.contains { $0 == "--budget" || $0.hasPrefix("--budget=") }
        var results: [Int: Kept] = [:]
        var repeated = Repeated(hasBudget: hasBudget)
        for file in files {
            for result in file.report.results {
                if let kept = results[result.cell] {
                    results[result.cell] = try repeated.join(kept, Kept(result, file.name))
                } else {
                    results[result.cell] = Kept(result, file.name)
                }
            }
        }
        var joined = files[0].report
        joined.results = results.sorted { $0.key < $1.key }.map(\.value.result)
        report = joined
        remarks = repeated.remarks + Self.differing(joined) + Self.failed(joined) + Self.lost(joined)
    }

    // MARK: Files that do not belong together

    private static func mistake(of file: File, beside first: File) -> String? {
        let mine = file.report, others = first.report
        if mine.mmrace != others.mmrace {
            return "\(file.name) is of mmrace \(CellsReport.shown(mine.mmrace)), and \(first.name) of "
                + "\(CellsReport.shown(others.mmrace)): run all shares with one"
        }
        if mine.command != others.command {
            return "\(file.name) is of another command line than \(first.name): "
                + "\(command(mine)), and \(command(others))"
        }
        guard let place = zip(mine.cells, others.cells).first(where: { $0 != $1 })?.0.cell
            ?? (mine.cells.count == others.cells.count ? nil : min(mine.cells.count, others.cells.count) + 1)
        else { return nil }
        return "\(file.name) has other cells than \(first.name), from cell \(place) on: run all shares "
            + "with one build of mmrace"
    }

    private static func command(_ report: CellsReport) -> String {
        "'\(CellsReport.shown((["mmrace"] + report.command).joined(separator: " "), width: 200))'"
    }

    /// A tree must have been the same on all machines: for one size of the huge page it has
    /// one digest.
    private static func treeMistakes(_ files: [File]) -> [String] {
        var digests: [String: (digest: String, file: String)] = [:]
        var mistakes: [String] = []
        for file in files {
            for result in file.report.results {
                guard let report = result.report, let tree = report.tree, let digest = report.digest else { continue }
                let key = "\(report.parameters["subpages"] ?? 0) \(tree)"
                let known = digests[key] ?? (digest, file.name)
                digests[key] = known
                guard known.digest != digest else { continue }
                mistakes.append(
                    "\(file.name) is not of the tree that \(known.file) is of: "
                        + "'\(CellsReport.shown(tree, width: 100))' had other files, or another compiler")
                break
            }
        }
        return mistakes
    }

    // MARK: Remarks

    private static func name(_ cell: Int, _ report: CellsReport) -> String {
        "cell \(cell)/\(report.cells.count) (\(CellsReport.shown(report.cells[cell - 1].words, width: 200)))"
    }

    private static func differing(_ report: CellsReport) -> [String] {
        report.results.compactMap { result in
            result.differs.map {
                "\(name(result.cell, report)) is nondeterministic: \(CellsReport.shown($0, width: 300))"
            }
        }
    }

    private static func failed(_ report: CellsReport) -> [String] {
        report.results.compactMap { result in
            result.error.map {
                "\(name(result.cell, report)) has no report: \(CellsReport.shown($0.message, width: 300))"
            }
        }
    }

    private static func lost(_ report: CellsReport) -> [String] {
        report.lost.map { cell in
            let again = report.command(share: "\(cell.cell)/\(report.cells.count)")
            return "\(name(cell.cell, report)) is lost, no file has its result: run \(CellsReport.shown(again, width: .max))"
        }
    }
}
