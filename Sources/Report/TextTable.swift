// SPDX-License-Identifier: GPL-2.0-only

/// Columns of text with two blanks between them, under a header.
///
/// In a table that is too wide, columns of words are cut with "…", the widest first.
/// Numbers are never cut.  The last cell of a row goes on in the next line
/// when it is one of words, or when the row is shorter than the header.
public struct TextTable {
    /// The side of a column to which its cells are moved.
    public enum Alignment: Sendable {
        /// For words.
        case left
        /// For numbers.
        case right
    }

    /// The table; no line ends in a blank, and each ends in a newline.
    public let text: String

    /// - Parameters:
    ///   - header: the title and the alignment of each column.
    ///   - rows: the last cell of a shorter row takes the place of the columns
    ///     that are missing.
    ///   - width: of the longest line, in characters.
    public init(
        header: [(title: String, alignment: Alignment)], rows: [[String]], width: Int = 80
    ) {
        let alignments = header.map(\.alignment)
        let titles = header.map(\.title)
        // A table without titles has no line for them.
        let lines = (titles.allSatisfy(\.isEmpty) ? [] : [titles]) + rows
        let widths = Self.widths(lines, alignments, width)
        text = lines.map { Self.draw($0, widths, alignments, width) }.joined()
    }

    private static let gap = 2
    /// Less of a word would say nothing.
    private static let narrowest = 6

    private static func widths(
        _ lines: [[String]], _ alignments: [Alignment], _ width: Int
    ) -> [Int] {
        var widths = Array(repeating: 0, count: alignments.count)
        for line in lines {
            for (column, cell) in line.enumerated() where !goesOn(line, column, alignments) {
                widths[column] = max(widths[column], cell.count)
            }
        }
        while widths.reduce(gap * (widths.count - 1), +) > width,
            let widest = widths.indices
                .filter({ alignments[$0] == .left && widths[$0] > narrowest })
                .max(by: { widths[$0] < widths[$1] })
        {
            widths[widest] -= 1
        }
        return widths
    }

    /// Whether a cell has the rest of the line for itself.
    private static func goesOn(
        _ line: [String], _ column: Int, _ alignments: [Alignment]
    ) -> Bool {
        column == line.count - 1
            && (line.count < alignments.count || alignments[column] == .left)
    }

    private static func draw(
        _ line: [String], _ widths: [Int], _ alignments: [Alignment], _ width: Int
    ) -> String {
        var result = ""
        for (column, cell) in line.enumerated() {
            if column > 0 { result += String(repeating: " ", count: gap) }
            if goesOn(line, column, alignments) {
                let indent = String(repeating: " ", count: result.count)
                result += cell.wrapped(width: max(narrowest, width - result.count))
                    .joined(separator: "\n" + indent)
                continue
            }
            let cell = cut(cell, width: widths[column], alignments[column])
            let blanks = String(repeating: " ", count: max(0, widths[column] - cell.count))
            result += alignments[column] == .left ? cell + blanks : blanks + cell
        }
        return result.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.reversed().drop { $0 == " " }.reversed() + "\n" }.joined()
    }

    private static func cut(_ cell: String, width: Int, _ alignment: Alignment) -> String {
        alignment == .right ? cell : cut(cell, width: width)
    }

    /// Text that is at most so wide: what is missing is shown as "…".
    public static func cut(_ text: String, width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }
}
