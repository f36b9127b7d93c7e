// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import ReportSchema
import Testing

@testable import Harness
@testable import LitmusSupport

@Suite("Schema of a report's JSON")
struct JSONSchemaTests {
    @Test func itSeesMistakes() throws {
        let schema = try JSONSchema.published()
        #expect(try !schema.mistakes("[{}]").isEmpty)
        #expect(try schema.mistakes(#"{"error": {"message": "x", "exitCode": 64}, "format": 1}"#).isEmpty)
        for text in [
            #"{"error": {"message": "x"}, "format": 1}"#,
            #"{"error": {"message": "x", "exitCode": "64"}, "format": 1}"#,
            #"{"error": {"message": "x", "exitCode": 64.5}, "format": 1}"#,
            #"{"error": {"message": "x", "exitCode": 64}, "format": 2}"#,
            #"{"error": {"message": "x", "exitCode": 64}, "format": 1, "more": 1}"#,
        ] {
            #expect(try !schema.mistakes(text).isEmpty, "\(text)")
        }
    }

    /// A failure of each kind that litmus programs show; read again, it is the same.
    @Test(arguments: ExplanationTests.programs.map(\.kind))
    func findings(_ kind: FindingKind) throws {
        let programs = try #require(ExplanationTests.programs.first { $0.kind == kind }).programs
        var report = CheckReport(
            scenario: "litmus", parameters: ["x": 1], revision: "", version: "", title: "", policy: "dpor",
            seed: 1, verdict: .bug)
        report.bugs = [try Litmus(programs).finding(kind)]
        let text = try JSONReport([report]).text
        #expect(try JSONSchema.published().mistakes(text) == [])
        let read = try JSONDecoder().decode([CheckReport].self, from: Data(text.utf8))
        #expect(try JSONReport(read).text == text)
        #expect(TextReport(read[0]).text == TextReport(report).text)
    }

    /// Checks of the port, of each kind that the litmus programs do not show, and a bisection.
    @Test func reports() throws {
        let schema = try JSONSchema.published()
        let checks: [(String, [String: Int])] = [
            ("117b0791ac42", [:]), ("b5a8cad376ee", [:]), ("zap_unlocks_before_rmap", [:]),
            ("tail_pin_not_counted", ["pin": 1]),
        ]
        for (revision, settings) in checks {
            let report = try Check(
                Scenario.named("split-vs-zap").plan(settings), revision: .named(revision), options: .init()
            ).run()
            #expect(try schema.mistakes(JSONReport([report]).text) == [])
        }
        let bisection = try Bisect(Scenario.named("split-vs-zap").plan(), options: .init())
            .run(good: .named("b5a8cad376ee"), bad: .named("117b0791ac42"))
        #expect(try schema.mistakes(JSONReport(bisection).text) == [])
        for (_, stress) in StressTextTests.all {
            #expect(try schema.mistakes(JSONReport([stress]).text) == [])
        }
        for (_, sweep) in SweepReportTests.all {
            #expect(try schema.mistakes(JSONReport(sweep).text) == [])
        }
    }

    @Test func cells() throws {
        let schema = try JSONSchema.published()
        var report = CellSupport.whole(3)
        report.cells[2].tree = "/t"
        report.cells[2].revision = nil
        report.results[1].differs = "x"
        report.results[2] = CellResult(cell: 3, error: .init(message: "x", details: "y", exitCode: 64))
        let text = try JSONReport(report).text
        #expect(try schema.mistakes(text) == [])
        for (key, other) in [("\"mmrace\"", "\"mm\""), ("\"policy\"", "\"police\""), ("\"cell\" : 2", "\"cell\" : 0")] {
            #expect(try !schema.mistakes(text.replacing(key, with: other)).isEmpty, "\(key)")
        }
    }

    /// The schema has all kinds, operations, verdicts and policies.
    @Test func theListsAreComplete() throws {
        let text = try JSONSchema.published().text
        for kind in FindingKind.allCases { #expect(text.contains("\"\(kind.rawValue)\"")) }
        for operation in Step.Operation.allCases { #expect(text.contains("\"\(operation.rawValue)\"")) }
        for verdict in Verdict.allCases { #expect(text.contains("\"\(verdict.rawValue)\"")) }
        for policy in Policy.allCases { #expect(text.contains("\"\(policy.rawValue)\""), "\(policy)") }
    }
}
