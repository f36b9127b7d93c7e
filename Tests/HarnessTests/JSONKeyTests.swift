// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import Harness

@Suite("Keys of a report's JSON")
struct JSONKeyTests {
    /// With all that may be absent.
    private static let report: CheckReport = {
        let bug = BugReport(
            kind: "leak", expression: "", observed: "", function: "", file: "", line: 0, cpu: 0,
            execution: 1, seconds: 0, switches: 0, diagram: "", schedule: "")
        let loop = LoopReport(
            cpu: 0, spins: false, stack: [.init(function: "", file: "", line: 0)],
            reads: [.init(name: "", value: "")])
        return CheckReport(
            scenario: "", parameters: [:], revision: "", version: "", title: "", policy: .dpor, seed: 1,
            tree: "", configuration: [:], verdict: .bug, scope: "", executions: 1, blocked: 0, events: 1,
            randomExecutions: 0, conflicts: 0, seconds: 0, interrupted: false, bugs: [bug], loops: [loop],
            reason: "")
    }()

    private func keys(_ json: Any) -> Set<String> {
        switch json {
        case let object as [String: Any]:
            object.reduce(into: []) { $0.formUnion([$1.key]); $0.formUnion(keys($1.value)) }
        case let array as [Any]: array.reduce(into: []) { $0.formUnion(keys($1)) }
        default: []
        }
    }

    /// A key that is new is found in README, in the table of a report.
    @Test func areAllInREADME() throws {
        let json = try JSONSerialization.jsonObject(with: Data(JSONReport([Self.report]).text.utf8))
        let keys = keys(json)
        #expect(keys.isSuperset(of: ["configuration", "observed", "reason", "spins", "value"]))
        let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../README.md")
        let readme = try String(contentsOf: file.standardized, encoding: .utf8)
        let section = try #require(readme.split(separator: "### JSON\n").last?.split(separator: "\n#").first)
        for key in keys { #expect(section.contains("`\(key)`") || section.contains("`\(key)[]`"), "\(key)") }
    }
}
