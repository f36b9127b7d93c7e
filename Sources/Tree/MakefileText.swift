// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The variables that a Makefile of a tree sets.
///
/// It is read as make reads it: lines may end as on other systems, go on behind a
/// backslash, or have a comment at their end; its bytes are of any encoding.
struct MakefileText {
    private let lines: [String]

    /// Reads a file; nil where it cannot be read.
    init?(at path: String) {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        self.init(bytes)
    }

    init(_ bytes: Data) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = String(
            decoding: bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes, as: UTF8.self)
        var lines: [String] = []
        var goesOn = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if goesOn { lines[lines.count - 1] += " " + line } else { lines.append(String(line)) }
            goesOn = line.hasSuffix("\\")
            if goesOn { lines[lines.count - 1].removeLast() }
        }
        self.lines = lines.map { String($0.prefix { $0 != "#" }) }
    }

    /// Returns the right sides of all assignments to the variable, in their order.
    func values(of variable: String) -> [String] {
        lines.compactMap { line in
            guard let equals = line.firstIndex(of: "=") else { return nil }
            let name = line[..<equals].trimmingCharacters(in: CharacterSet(charactersIn: " \t:?+"))
            guard name == variable else { return nil }
            return line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        }
    }
}
