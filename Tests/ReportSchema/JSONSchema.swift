// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

/// The keywords of JSON Schema (draft 2020-12) that `Docs/report.schema.json` uses.
public struct JSONSchema {
    private let root: [String: Any]
    /// The text as it is published.
    public let text: String

    /// The published schema of the reports.
    public static func published() throws -> JSONSchema {
        let file = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../Docs/report.schema.json").standardized
        return try JSONSchema(Data(contentsOf: file))
    }

    private init(_ data: Data) throws {
        text = String(decoding: data, as: UTF8.self)
        root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// Returns the mistakes of a text of JSON, each with its place.
    public func mistakes(_ text: String) throws -> [String] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        // A message on all alternatives says nothing: take the one that is meant.
        let key = { (key: String) in ((value as? [[String: Any]])?.first ?? value as? [String: Any])?[key] != nil }
        let marks = ["", "noise", "from", "error", "cells", "placements", "replaced", "results"]
        let index = marks.lastIndex { key($0) } ?? 0
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
