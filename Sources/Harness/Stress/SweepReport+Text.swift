// SPDX-License-Identifier: GPL-2.0-only

extension SweepReport {
    /// The sweep for a reader: a table with a row for each cell, and one for those
    /// of a place that this machine lacks; no line wider than 80 characters.
    public var text: String {
        var result = headline.wrapped(width: Self.width).joined(separator: "\n") + "\n"
        result += "  hits per million iterations, \(RateText.duration(secondsPerCell)) a cell\n"
        // More columns than these would leave no room for the words.
        let columns = 3
        for first in stride(from: 0, to: max(1, sites.count), by: columns) {
            result += "\n" + table(sites: first..<min(first + columns, sites.count))
        }
        if !sites.isEmpty { result += "\n" + legend }
        if interrupted { result += "\ninterrupted: the cells that were to follow were not run\n" }
        return result
    }

    private static let width = 80

    /// The scenario and the revision that were run.
    var headline: String { "\(scenario) on \(revision)" }

    private func table(sites: Range<Int>) -> String {
        let words = ["placement", "memory", "noise", "cpus"]
        // Without a site an empty column: where a reason begins, none may follow.
        let numbers = ["iterations/s"] + (sites.isEmpty ? [""] : sites.map { "(\($0 + 1))" })
        return TextTable(
            header: words.map { ($0, .left) } + numbers.map { ($0, .right) },
            rows: rows.map { row($0, sites) }, width: Self.width
        ).text
    }

    /// The cells, but only one where a place is absent with any noise.
    private var rows: [SweepCell] {
        var rows: [SweepCell] = []
        for var cell in cells {
            if cell.absent != nil {
                cell.noise = "any"
                if rows.last == cell { continue }
            }
            rows.append(cell)
        }
        return rows
    }

    private func row(_ cell: SweepCell, _ sites: Range<Int>) -> [String] {
        let words = [cell.placement, cell.memory, cell.noise, cell.cpuList]
        if let reason = cell.absent { return words + ["absent: \(reason)"] }
        let seconds = cell.seconds ?? 0
        let speed = seconds > 0 ? Double(cell.iterations ?? 0) / seconds : 0
        return words + [RateText.figures(speed)]
            + sites.map { site in
                cell.rate(ofSite: site).map { RateText.figures($0.estimate * 1e6) } ?? "-"
            }
    }

    private var legend: String {
        TextTable(
            header: [("", .left), ("", .left)],
            rows: sites.enumerated().map { [" (\($0 + 1))", $1] }, width: Self.width
        ).text
    }
}

extension SweepCell {
    /// The CPUs in the order of the threads: `4,0`; `-` for none.
    var cpuList: String { cpus.isEmpty ? "-" : cpus.map(String.init).joined(separator: ",") }
}
