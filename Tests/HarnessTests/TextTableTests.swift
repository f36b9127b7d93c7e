// SPDX-License-Identifier: GPL-2.0-only
import Testing

@testable import Report

@Suite("Tables of text")
struct TextTableTests {
    static let header: [(title: String, alignment: TextTable.Alignment)] = [
        ("name", .left), ("count", .right), ("remark", .left),
    ]

    @Test func columnsAreAligned() {
        let table = TextTable(
            header: Self.header, rows: [["a", "1,234,567", "first"], ["long name", "8", ""]])
        #expect(
            table.text == """
                name           count  remark
                a          1,234,567  first
                long name          8

                """)
    }

    @Test func theLastColumnGoesOnBelow() {
        let table = TextTable(
            header: Self.header, rows: [["a", "1", "words that do not fit here"]], width: 28)
        #expect(
            table.text == """
                name  count  remark
                a         1  words that do
                             not fit here

                """)
    }

    @Test func aShortRowHasTheRestOfTheLine() {
        let table = TextTable(
            header: [("name", .left), ("x", .right), ("y", .right)],
            rows: [["a", "1", "2"], ["b", "nothing was counted"]], width: 20)
        #expect(
            table.text == """
                name  x  y
                a     1  2
                b     nothing was
                      counted

                """)
    }

    @Test func wordsAreCutAndNumbersAreNot() {
        let table = TextTable(
            header: [("name", .left), ("kind", .left), ("count", .right)],
            rows: [["a name that is long", "short", "1,234,567,890"]], width: 32)
        #expect(
            table.text == """
                name        kind           count
                a name th…  short  1,234,567,890

                """)
    }

    @Test func noTitlesNoHeader() {
        let table = TextTable(header: [("", .left), ("", .left)], rows: [["(1)", "one"]])
        #expect(table.text == "(1)  one\n")
    }

    @Test(arguments: [
        ("", [""]), ("one two", ["one", "two"]), ("a b c", ["a b", "c"]), ("abcdefgh", ["abcd", "efgh"]),
        ("a bcdefg h", ["a", "bcde", "fg h"]), ("1,2,3 4", ["1,2,", "3 4"]),
    ])
    func wrapped(text: String, lines: [String]) {
        #expect(text.wrapped(width: 4) == lines)
        let behind = lines.enumerated().map { ($0 == 0 ? "> " : "  ") + $1 }
        #expect(text.wrapped(behind: "> ", width: 6) == behind)
    }
}
