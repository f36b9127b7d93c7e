// SPDX-License-Identifier: GPL-2.0-only

/// Cells and their results for a reader.
public struct CellsText {
    private let report: CellsReport

    /// The text of that report.
    public init(_ report: CellsReport) { self.report = report }

    /// A line for each cell of a share: its place as `--cell` takes it, and the cell in the
    /// words that `mmrace check` takes.
    public func list(_ share: Share?) -> String {
        report.cells.filter { share?.has($0.cell) ?? true }
            .map { "\($0.cell)/\(report.cells.count) \($0.words)\n" }.joined()
    }

    /// The reports in the order of the cells, as a check of all of them prints them, and a
    /// line that counts the verdicts.
    public func reports(width: Int) -> String {
        let texts = report.results.compactMap { $0.report.map { TextReport($0, width: width).text } }
        return (texts + [summary + "\n"]).joined(separator: "\n")
    }

    /// `12 cells: 10 verified, 1 bug, 1 lost`.
    public var summary: String {
        var counts: [String: Int] = [:]
        for result in report.results { counts[result.verdict, default: 0] += 1 }
        let lost = report.lost.count
        if lost > 0 { counts["lost"] = lost }
        let order = Verdict.allCases.map(\.rawValue) + ["error", "lost"]
        let parts = order.compactMap { name in counts[name].map { "\($0) \(name)" } }
        let cells = "\(report.cells.count) \(report.cells.count == 1 ? "cell" : "cells")"
        return cells + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    /// The sentence on a share that has none of the cells.
    public func empty(_ share: Share) -> String {
        "share \(share) is empty: the command line has \(report.cells.count) "
            + (report.cells.count == 1 ? "cell" : "cells")
    }
}
