// SPDX-License-Identifier: GPL-2.0-only

/// A bisection's report for a reader.
public struct BisectText {
    /// The report; each line ends in a newline.
    public let text: String

    /// Writes the report; a line of a diagram has at most `width` characters.
    public init(_ report: BisectReport, width: Int = 80) {
        var lines = [
            "bisect \(report.scenario), \(report.from) to \(report.to)",
            "  \(TextReport.settings(report.parameters))",
        ]
        if let configuration = report.configuration {
            let changes = TextReport.settings(configuration)
            lines.append("  mmrace's own configuration" + (changes.isEmpty ? "" : " with \(changes)"))
        }
        lines.append("")
        lines += Self.table(report.steps)
        for change in report.changes { lines += [""] + Self.lines(change, width) }
        if let set = report.set { lines += [""] + Self.lines(set) }
        if let reason = report.reason {
            lines.append("")
            lines += "no result: \(reason)".wrapped(width: 80)
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ steps: [BisectStep]) -> [String] {
        let rows = steps.map { step in
            [
                step.revision, step.verdict?.rawValue ?? "not built", TextReport.grouped(step.executions),
                step.failures == 0 ? "-" : String(step.failures), TextReport.seconds(step.seconds),
            ]
        }
        return TextTable(
            header: [
                ("revision", .left), ("verdict", .left), ("executions", .right),
                ("failures", .right), ("time", .right),
            ], rows: rows
        ).text.split(separator: "\n").map { "  " + $0 }
    }

    private static func lines(_ change: BisectChange, _ width: Int) -> [String] {
        let title = "  \"\(change.title)\" (\(change.version))"
        switch change.kind {
        case .fixes:
            return ["\(change.revision) is the first good commit after it: the fix", title]
        case .breaks:
            var lines = ["\(change.revision) is the first bad commit", title]
            for bug in change.bugs { lines += ["", bug.headline, "", bug.diagram(width: width)] }
            return lines
        }
    }

    private static func lines(_ set: BisectSet) -> [String] {
        var lines = [
            set.commits.count == 1
                ? "That commit alone is enough (ddmin, \(set.steps.count) checks):"
                : "It takes these \(set.commits.count) commits together; without any one of "
                    + "them nothing fails (ddmin, \(set.steps.count) checks):"
        ]
        lines += zip(set.commits, set.titles).map { "  \($0) \"\($1)\"" }
        return lines
    }
}
