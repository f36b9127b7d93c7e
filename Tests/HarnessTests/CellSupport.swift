// SPDX-License-Identifier: GPL-2.0-only
@testable import Harness

/// Reports of cells without a check: a merge is a function of plain data.
enum CellSupport {
    /// A report of so many cells, each with a report; of odd ones a failure.
    static func whole(_ count: Int, command: [String] = ["check", "x"]) -> CellsReport {
        let cells = (1...count).map {
            Cell(cell: $0, scenario: "x", parameters: ["n": $0], revision: "r\($0 % 3)")
        }
        let results = cells.map { CellResult(cell: $0.cell, report: report(of: $0)) }
        return CellsReport(mmrace: "1", command: command, cells: cells, results: results)
    }

    static func report(of cell: Cell) -> CheckReport {
        let isBad = cell.cell % 2 == 1
        var report = CheckReport(
            scenario: cell.scenario, parameters: cell.parameters, revision: cell.revision ?? cell.tree!,
            version: "v1", title: "", policy: "dpor", seed: 1, tree: cell.tree, verdict: isBad ? .bug : .verified)
        report.executions = UInt64(cell.cell)
        report.seconds = Double(cell.cell)
        if isBad { report.bugs = [finding] }
        return report
    }

    private static var finding: Finding {
        var finding = Finding(kind: .bugOn, expression: "x")
        finding.cpu = 1
        let place = Location(function: "f", file: "mm/f.c", line: 7, source: "x = 1;")
        finding.interleaving = Interleaving(
            roles: ["one", "two"],
            steps: [
                Step(cpu: 0, stack: [.init(call: 1, function: "f", file: "mm/f.c", line: 7)], .read,
                    object: "x", before: "0", location: place),
                Step(cpu: 1, .fails, text: "BUG_ON(x)", location: place),
            ],
            loops: [.init(cpu: 0, spins: true, stack: [], reads: [])])
        return finding
    }

    /// The same cells with the results of some of them.
    static func part(_ whole: CellsReport, _ has: (Int) -> Bool) -> CellsReport {
        var part = whole
        part.results = whole.results.filter { has($0.cell) }
        return part
    }
}
