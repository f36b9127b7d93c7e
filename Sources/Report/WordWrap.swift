// SPDX-License-Identifier: GPL-2.0-only

extension String {
    /// Returns lines of at most this width, in characters; at least one.
    ///
    /// They are broken at blanks. A word that is wider than a line is broken after a comma,
    /// as a list of CPUs is, or else anywhere.
    public func wrapped(width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
            while line.count > width {
                var part = line.prefix(width)
                if let comma = part.lastIndex(of: ",") { part = part[...comma] }
                lines.append(String(part))
                line.removeFirst(part.count)
            }
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }

    /// Returns the text behind a start; further lines begin below it.
    public func wrapped(behind start: String, width: Int) -> [String] {
        wrapped(width: max(1, width - start.count)).enumerated().map { index, line in
            (index == 0 ? start : String(repeating: " ", count: start.count)) + line
        }
    }
}
