// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The variables that a Makefile of a tree sets.
///
/// It is read as make reads it: lines may end as on other systems, go on behind a
/// backslash, or have a comment at their end; its bytes are of any encoding.
struct MakefileText {
    private let assignments: [(variable: String, value: String)]

    /// Reads a file; nil where it cannot be read.
    init?(at path: String) {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        self.init(bytes)
    }

    init(_ bytes: Data) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes
        var lines: [[UInt8]] = []
        var goesOn = false
        for part in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
            if goesOn { lines[lines.count - 1] += [UInt8(ascii: " ")] + line } else { lines.append(Array(line)) }
            goesOn = line.last == UInt8(ascii: "\\")
            if goesOn { lines[lines.count - 1].removeLast() }
        }
        assignments = lines.compactMap { line in
            let line = line.prefix { $0 != UInt8(ascii: "#") }
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return (Self.trimmed(line[..<equals], " \t:?+"), Self.trimmed(line[(equals + 1)...], " \t"))
        }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>, _ bytes: StaticString) -> String {
        let isCut = { (byte: UInt8) in bytes.withUTF8Buffer { $0.contains(byte) } }
        let start = text.drop(while: isCut)
        let end = start.lastIndex { !isCut($0) } ?? start.startIndex - 1
        return String(decoding: start[..<(end + 1)], as: UTF8.self)
    }

    /// Returns the right sides of all assignments to the variable, in their order.
    func values(of variable: String) -> [String] {
        assignments.filter { $0.variable == variable }.map(\.value)
    }
}
