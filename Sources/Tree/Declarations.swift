// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// Finds the declarations in a text of C by their looks: that is enough to compare two
/// headers, in whatever configuration.
enum Declarations {
    /// Returns the names of macros, functions, and variables that are `extern`.
    static func names(in text: Data) -> Set<String> {
        var names: Set<String> = []
        var statement: [UInt8] = []
        var braces = 0, parentheses = 0
        for line in lines(text) {
            if let first = line.first(where: { $0 != UInt8(ascii: " ") }), first == UInt8(ascii: "#") {
                if let macro = macro(line) { names.insert(macro) }
                continue
            }
            for byte in line {
                switch byte {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                default: break
                }
                let isOutside = braces == 0 && parentheses <= 0
                if isOutside, byte == UInt8(ascii: "{") || byte == UInt8(ascii: ";") {
                    if let name = name(statement) { names.insert(name) }
                    statement.removeAll(keepingCapacity: true)
                } else if braces == 0 {
                    statement.append(byte)
                }
                // The parentheses of a macro may have braces in them.
                if parentheses <= 0 {
                    parentheses = 0
                    if byte == UInt8(ascii: "{") { braces += 1 }
                    if byte == UInt8(ascii: "}") {
                        braces = max(braces - 1, 0)
                        if braces == 0 { statement.removeAll(keepingCapacity: true) }
                    }
                }
            }
            if braces == 0 { statement.append(UInt8(ascii: " ")) }
        }
        return names
    }

    /// Returns lines without comments; those that go on behind a backslash are one.
    private static func lines(_ text: Data) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var isComment = false, last: UInt8 = 0
        for byte in text where byte != UInt8(ascii: "\r") {
            defer { last = byte }
            if isComment {
                if last == UInt8(ascii: "*"), byte == UInt8(ascii: "/") { isComment = false }
            } else if last == UInt8(ascii: "/"), byte == UInt8(ascii: "*") {
                isComment = true
                lines[lines.count - 1].removeLast()
            } else if byte != UInt8(ascii: "\n") {
                lines[lines.count - 1].append(byte == UInt8(ascii: "\t") ? UInt8(ascii: " ") : byte)
            } else if last == UInt8(ascii: "\\") {
                lines[lines.count - 1][lines[lines.count - 1].count - 1] = UInt8(ascii: " ")
            } else {
                lines.append([])
            }
        }
        return lines
    }

    private static func macro(_ line: [UInt8]) -> String? {
        let words = line.split { !$0.isOfWord }
        guard words.count > 1, words[0].elementsEqual("define".utf8) else { return nil }
        return String(decoding: words[1], as: UTF8.self)
    }

    /// Returns the name that a declaration declares; the text ends where its body begins.
    private static func name(_ statement: [UInt8]) -> String? {
        let statement = withoutAttributes(statement)
        let words = statement.split { !$0.isOfWord }
        guard let first = words.first.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
        guard let open = statement.firstIndex(of: UInt8(ascii: "(")) else {
            let isVariable = first == "extern" && words.count > 2
            return isVariable ? String(decoding: words.last!, as: UTF8.self) : nil
        }
        let before = statement[..<open].split { !$0.isOfWord }
        if before.count > 1, first != "typedef" {
            return String(decoding: before.last!, as: UTF8.self)
        }
        // DECLARE_PER_CPU(type, name)
        return first.hasPrefix("DECLARE_") ? String(decoding: words.last!, as: UTF8.self) : nil
    }

    /// Returns the text without `__attribute__((…))` and its like, whose parentheses hold no
    /// parameters.
    private static func withoutAttributes(_ statement: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var depth = 0
        for byte in statement {
            if depth > 0 {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
            } else if byte == UInt8(ascii: "("), let last = result.split(whereSeparator: { !$0.isOfWord }).last,
                attributes.contains(String(decoding: last, as: UTF8.self))
            {
                depth = 1
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static let attributes: Set = [
        "__attribute__", "__attribute", "__typeof__", "typeof", "__printf", "__aligned", "__section",
    ]
}
