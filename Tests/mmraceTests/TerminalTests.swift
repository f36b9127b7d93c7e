// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Testing

@testable import mmrace

/// The progress line, on terminals of all kinds.
@Suite("Progress line", .serialized)
struct TerminalTests {
    /// It does not end by itself.
    private static let search = [
        "check", "split-vs-zap", "--revision", "b5a8cad376ee", "--set", "mappings=4", "--set", "subpages=8",
    ]

    private func count(_ text: String) -> Int { text.split(separator: "\r").count }

    /// Returns the lines that were shown, one after the other; nothing in them is for a
    /// terminal of one kind only.
    private func lines(_ text: String) -> [Substring] {
        #expect(!text.contains("\u{1b}"))
        #expect(!text.contains("\n"))
        return text.split(separator: "\r", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    }

    @Test(arguments: [
        (20, [:]), (79, ["TERM": "dumb"]), (200, ["NO_COLOR": "1"]), (200, ["TERM": "xterm-256color"]),
    ] as [(Int, [String: String])])
    func itFits(_ columns: Int, _ environment: [String: String]) throws {
        let text = try Terminal(columns: columns).run(Self.search, environment) { count($0) > 3 && $0.contains(" states") }
        let lines = lines(text)
        #expect(lines.contains { $0.contains(#/^[0-9]/#) && $0.contains(" states") }, "\(text)")
        #expect(lines.allSatisfy { $0.count < columns })
        // Nothing of it stays.
        #expect(text.hasSuffix("\r") && lines.last?.allSatisfy { $0 == " " } == true, "\(text)")
    }

    /// A window that is made smaller meanwhile.
    @Test func itFitsAgainWhenTheTerminalShrinks() throws {
        let terminal = try Terminal(columns: 200)
        var before: Int?
        let text = try terminal.run(Self.search) { text in
            if before == nil {
                before = count(text)
                terminal.resize(30)
            }
            return count(text) > before! + 3
        }
        // One may have been on its way.
        let later = lines(text).dropFirst(try #require(before) + 1)
        #expect(later.count > 1 && later.allSatisfy { $0.count < 30 }, "\(text)")
    }

    @Test(arguments: [
        ("abc", 0, 80, "\rabc"), ("abc", 5, 80, "\rabc  "), ("abcdef", 0, 5, "\rabcd"),
        ("abc", 9, 6, "\rabc  "), ("", 3, 80, "\r   \r"), ("", 9, 4, "\r   \r"), ("a\u{1b}\n\tä\u{7f}b", 0, 80, "\ra?????b"),
        ("abc", 7, 1, "\r\r"),
    ])
    func whatIsWritten(_ text: String, _ covered: Int, _ columns: Int, _ expected: String) {
        #expect(TerminalLine.line(text, over: covered, columns: columns) == expected)
    }
}
