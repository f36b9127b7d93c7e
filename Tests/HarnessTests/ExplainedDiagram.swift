// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Testing

@testable import Harness

/// The function that has the mistake, where an oracle finds it, by mutation: which CPU
/// calls it depends on the scenario.
private let culprits = [
    "zap_unlocks_before_rmap": "zap_huge_pmd", "cow_unlocks_before_rmap": "do_huge_pmd_wp_page",
    "wp_page_unlocks_before_rmap": "do_wp_page",
]

/// A diagram tells its reader what happened: within the width, with a step of a CPU
/// beside the failure, and of the CPU that failed.
func expectExplained(
    _ bug: Finding, of mutation: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let text = "\(mutation): \(bug.headline)\n\(bug.diagram)"
    let lines = bug.diagram.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { #expect(line.count <= 80, "\(text)", sourceLocation: sourceLocation) }
    // The columns: calls, and what was done in them.
    let columns = lines.prefix { !$0.isEmpty }
    #expect(columns.first?.hasPrefix("CPU0") == true, "\(text)", sourceLocation: sourceLocation)
    #expect(
        columns.contains { $0.contains(" is ") || $0.contains(": ") && $0.contains(" -> ") },
        "no step:\n\(text)", sourceLocation: sourceLocation)
    // The failure lies in the column of its CPU, or to the right of where that begins.
    let header = columns.first ?? ""
    func column(_ cpu: Int) -> Int? {
        header.range(of: "CPU\(cpu) ").map {
            header.distance(from: header.startIndex, to: $0.lowerBound)
        }
    }
    let cpu = bug.cpu ?? 0
    let start = column(cpu) ?? 0, end = column(cpu + 1) ?? .max
    func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
    if cpu > 0 {
        #expect(
            columns.contains { $0.contains("CRASH!!!") && indent($0) >= start }, "\(text)",
            sourceLocation: sourceLocation)
    }
    // Another way to the same CPU: the schedule of a CPU's failure ends with it.
    if !bug.kind.isOfAnOracle, !bug.kind.isForEver, bug.note == nil {
        #expect(
            bug.schedule.cpus.last.map(Int.init) == bug.cpu, "\(bug.schedule.text)",
            sourceLocation: sourceLocation)
    }
    if bug.kind.isOfAnOracle {
        #expect(bug.observed != nil, "\(text)", sourceLocation: sourceLocation)
        if let culprit = culprits[mutation] {
            #expect(
                columns.contains { line in
                    (start..<end).contains(indent(line))
                        && line.dropFirst(indent(line)) == "\(culprit)()"
                },
                "\(text)", sourceLocation: sourceLocation)
        }
    }
}
