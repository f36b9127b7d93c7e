// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation

/// The searches that are measured, and the text of their results.
struct Table {
    /// CPU seconds after which a cell ends.
    let limit: Double
    /// CPU seconds of a cell that compares reductions.
    let shortLimit: Double

    /// Those that a search of states has, by the names of the table.
    private static let reductions: [(name: String, reduction: Reductions)] = [
        ("persistent sets", .persistentSets), ("conflicts only", .conflictsOnly),
        ("eager release", .eagerRelease), ("fused assertions", .fuseAssertions),
        ("exact conflicts", .exactConflicts),
    ]
    private static let subpages = (1...9).map { 1 << $0 }
    private static let mostMappings = 4

    /// Measures all cells, and returns the page.
    func text() throws -> String {
        """
        # Split-vs-zap by states

        `make benchmark-states` writes this page. One process a row, but in the last table; counts are the same in
        every run, for any number of processes, and a step is counted once. Seconds are CPU seconds of the whole process on one machine, to be
        compared within this page; MiB are the most that it had. "> n" states: it was stopped after so
        many, at \(Int(limit)) CPU seconds (\(Int(shortLimit)) in the second table), and what is larger was not tried.

        ## All reductions

        \(try sizes())

        ## Each reduction switched off alone, and all

        \(try alone())

        ## One process and two

        Seconds of the search on the clock, the least of 3 runs.

        \(try processes())

        """
    }

    private func measure(
        _ mappings: Int, _ subpages: Int, _ reductions: Reductions, _ limit: Double
    ) throws -> Cell.Result {
        let cell = Cell(mappings: mappings, subpages: subpages, reductions: reductions.rawValue, limit: limit)
        let result = try cell.runAlone()
        FileHandle.standardError.write(Data("M=\(mappings)/\(subpages): \(result)\n".utf8))
        return result
    }

    private func columns(_ result: Cell.Result) -> String {
        let states = result.steps == nil ? "> \(result.states)" : "\(result.states)"
        return "\(states) | \(result.steps.map { "\($0)" } ?? "") | \(text(result.seconds)) | \(result.kibibytes / 1024) |"
    }

    private func text(_ number: Double) -> String { String(format: "%.2f", number) }

    /// Returns by how much more one is than the other; nothing where one did not end.
    private func growth(_ from: Cell.Result?, _ to: Cell.Result) -> String {
        guard let from, from.steps != nil, to.steps != nil else { return "" }
        return text(Double(to.states) / Double(from.states))
    }

    private func sizes() throws -> String {
        var rows = [
            "| mappings | subpages | states | steps | CPU s | MiB | states, to half the subpages | to one mapping less |",
            "|---|---|---|---|---|---|---|---|",
        ]
        var results: [[Int: Cell.Result]] = [[:]]
        for mappings in 1...Self.mostMappings {
            var row: [Int: Cell.Result] = [:]
            for subpages in Self.subpages {
                let result = try measure(mappings, subpages, .all, limit)
                row[subpages] = result
                rows.append(
                    "| \(mappings) | \(subpages) | \(columns(result)) "
                        + "\(growth(row[subpages / 2], result)) | \(growth(results[mappings - 1][subpages], result)) |")
                if result.steps == nil { break }
            }
            results.append(row)
        }
        return rows.joined(separator: "\n")
    }

    private func processes() throws -> String {
        var rows = ["| mappings | subpages | states | one process | two | ratio |", "|---|---|---|---|---|---|"]
        for (mappings, subpages) in [(2, 16), (3, 4), (4, 2)] {
            let results = try [1, 2].map { jobs in
                let cell = Cell(
                    mappings: mappings, subpages: subpages, reductions: Reductions.all.rawValue,
                    limit: 10 * limit, jobs: jobs)
                let runs = try (0..<3).map { _ in try cell.runAlone() }
                return (states: runs[0].states, clock: runs.map(\.clock).min()!)
            }
            guard results[0].states == results[1].states else {
                throw Cell.Unexpected(verdict: "\(results[0].states) and \(results[1].states) states")
            }
            rows.append(
                "| \(mappings) | \(subpages) | \(results[0].states) | \(text(results[0].clock)) | "
                    + "\(text(results[1].clock)) | \(text(results[0].clock / results[1].clock)) |")
        }
        return rows.joined(separator: "\n")
    }

    private func alone() throws -> String {
        var rows = [
            "| mappings | subpages | without | states | steps | CPU s | MiB |", "|---|---|---|---|---|---|---|",
        ]
        let none = ("all of them", Reductions(Self.reductions.map(\.reduction)))
        for (mappings, subpages) in [(1, 2), (1, 16), (2, 2), (2, 4), (2, 8), (3, 2)] {
            for (name, reduction) in [("nothing", [])] + Self.reductions + [none] {
                let result = try measure(mappings, subpages, .all.subtracting(reduction), shortLimit)
                rows.append("| \(mappings) | \(subpages) | \(name) | \(columns(result))")
            }
        }
        return rows.joined(separator: "\n")
    }
}
