// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

@Suite("Keys of a report's JSON")
struct JSONKeyTests {
    /// A report that has everything that may be absent.
    private static let report: CheckReport = {
        let loop = LoopReport(
            cpu: 0, spins: false, stack: [.init(call: 1, function: "", file: "", line: 0)],
            reads: [.init(name: "", value: "")])
        let location = Location(function: "", file: "", line: 1, source: "")
        let step = Step(
            cpu: 0, stack: loop.stack, .waits, object: "", before: "", after: "", text: "",
            wait: Wait(reason: .lock, lock: "", holders: [1], location: location), location: location)
        var bug = Finding(kind: .leak, expression: "")
        bug.observed = ""
        bug.cpu = 0
        bug.interleaving = Interleaving(roles: [""], steps: [step], loops: [loop])
        bug.note = ""
        bug.runs = [.init(cpu: 0, steps: 1, first: "")]
        bug.learned = 1
        bug.minimal = true
        var report = CheckReport(
            scenario: "", parameters: [:], revision: "", version: "", title: "", policy: "dpor", seed: 1,
            tree: "", configuration: [:], verdict: .bug)
        report.digest = ""
        report.states = 1
        report.without = ["sleep-sets"]
        report.bugs = [bug]
        report.loops = [loop]
        report.reason = ""
        report.profile = BranchProfile(
            branches: 1, objects: [.init(object: "", branches: 1)],
            lines: [.init(function: "", file: "", line: 1, branches: 1)])
        return report
    }()

    private func keys(_ json: Any) -> Set<String> {
        switch json {
        case let object as [String: Any]:
            object.reduce(into: []) { $0.formUnion([$1.key]); $0.formUnion(keys($1.value)) }
        case let array as [Any]: array.reduce(into: []) { $0.formUnion(keys($1)) }
        default: []
        }
    }

    /// A new key is documented, too, in the table of a report.
    @Test func areAllDocumented() throws {
        let json = try JSONSerialization.jsonObject(with: Data(JSONReport([Self.report]).text.utf8))
        let keys = keys(json)
        #expect(keys.isSuperset(of: ["configuration", "observed", "reason", "spins", "value"]))
        try expectDocumented(keys, in: "check, replay")
    }

    /// So are those of cells; what is in a report is said above.
    @Test func ofCellsAreAllDocumented() throws {
        var report = CellSupport.whole(2)
        report.cells[1].revision = nil
        report.cells[1].tree = ""
        report.results[0].differs = ""
        report.results[1] = CellResult(cell: 2, error: .init(message: "", details: "", exitCode: 1))
        let json = try JSONSerialization.jsonObject(with: Data(JSONReport(report).text.utf8))
        var object = try #require(json as? [String: Any])
        var results = try #require(object["results"] as? [[String: Any]])
        results[0]["report"] = 1
        object["results"] = results
        let own = keys(object).subtracting(["n"])
        #expect(own.isSuperset(of: ["mmrace", "differs", "details", "tree", "report"]))
        try expectDocumented(own, in: "check --cell, check --cells, merge")
    }

    private func expectDocumented(_ keys: Set<String>, in heading: String) throws {
        let page = try DocumentationTests.text("Docs/output.md")
        let section = try #require(page.split(separator: "### \(heading)\n").last?.split(separator: "\n#").first)
        for key in keys { #expect(section.contains("`\(key)`") || section.contains("`\(key)[]`"), "\(key)") }
    }
}
