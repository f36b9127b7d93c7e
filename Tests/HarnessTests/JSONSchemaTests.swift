// SPDX-License-Identifier: GPL-2.0-only
import Explorer
import Foundation
import Testing

@testable import Harness
@testable import LitmusSupport

/// The keywords of JSON Schema (draft 2020-12) that `Docs/report.schema.json` uses.
struct JSONSchema {
    private let root: [String: Any]
    /// The text as it is published.
    let text: String

    /// The published schema of the reports.
    static func published() throws -> JSONSchema {
        let file = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../Docs/report.schema.json").standardized
        return try JSONSchema(Data(contentsOf: file))
    }

    init(_ data: Data) throws {
        text = String(decoding: data, as: UTF8.self)
        root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// Returns the mistakes of a text of JSON, each with its place.
    func mistakes(_ text: String) throws -> [String] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        // A message about four alternatives says nothing: take the one that is meant.
        let isBisection = (value as? [String: Any])?["from"] != nil
        let isStress = (value as? [[String: Any]])?.contains { $0["noise"] != nil } ?? false
        let index = value is [Any] ? (isStress ? 1 : 0) : (isBisection ? 2 : 3)
        let alternatives = try #require(root["oneOf"] as? [[String: Any]])
        return check(value, alternatives[index], "")
    }

    private func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        var mistakes: [String] = []
        func expect(_ holds: Bool, _ what: String) { if !holds { mistakes.append("\(path): \(what)") } }
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$defs", "title", "description", "required", "additionalProperties": break
            case "$ref":
                let name = (rule as! String).replacing("#/$defs/", with: "")
                let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
                expect(definition != nil, "no definition of \(name)")
                if let definition { mistakes += check(value, definition, path) }
            case "type": expect(Self.isOf(rule as! String, value), "is not of type \(rule)")
            case "const": expect((value as? NSNumber) == (rule as? NSNumber), "is not \(rule)")
            case "enum": expect((rule as! [String]).contains(value as? String ?? ""), "\(value) is not known")
            case "minimum":
                expect((value as? NSNumber)?.doubleValue ?? -1 >= (rule as! NSNumber).doubleValue, "is too small")
            case "pattern":
                let found = (value as? String)?.range(of: rule as! String, options: .regularExpression)
                expect(found != nil, "\(value) does not match")
            case "items":
                for (index, element) in (value as? [Any] ?? []).enumerated() {
                    mistakes += check(element, rule as! [String: Any], "\(path)[\(index)]")
                }
            case "properties": break
            default: expect(false, "the keyword '\(keyword)' is not known to this test")
            }
        }
        guard let object = value as? [String: Any] else { return mistakes }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        for name in schema["required"] as? [String] ?? [] { expect(object[name] != nil, "has no \(name)") }
        for (name, member) in object {
            if let known = properties[name] {
                mistakes += check(member, known, "\(path).\(name)")
            } else if let others = schema["additionalProperties"] as? [String: Any] {
                mistakes += check(member, others, "\(path).\(name)")
            } else if schema["additionalProperties"] as? Bool == false {
                expect(false, "\(name) is not known")
            }
        }
        return mistakes
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        let isBool = (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
        switch type {
        case "string": return value is String
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "boolean": return isBool
        case "number": return value is NSNumber && !isBool
        case "integer":
            guard !isBool, let number = value as? NSNumber else { return false }
            return number.doubleValue == number.doubleValue.rounded()
        default: return false
        }
    }
}

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
