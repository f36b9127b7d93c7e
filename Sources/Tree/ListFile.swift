// SPDX-License-Identifier: GPL-2.0-only

/// A `build.list` of the fake architecture: one entry a line, a keyword and a value.
/// vendor-notes/tree-mode.md says why each is there.
struct ListFile: Sendable {
    /// The values by keyword, in their order; the names of folders are not put in yet.
    private var entries: [String: [String]] = [:]

    private static let keywords: Set = [
        "title", "mark", "fewest", "scenario", "cflag", "hook", "host", "tree", "need", "arch", "plain", "feature",
        "instead", "lflag", "extern",
    ]

    /// Reads a file.
    ///
    /// - Throws: `TreeError` where it cannot be read, or has a line that is not an entry.
    init(_ path: String) throws(TreeError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TreeError("'\(path)' cannot be read")
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, Self.keywords.contains(String(parts[0])) else {
                throw TreeError("'\(path)', line \(number + 1): no keyword and value")
            }
            entries[String(parts[0]), default: []].append(String(parts[1]))
        }
    }

    /// The values of a keyword; none where the file does not have it.
    subscript(keyword: String) -> [String] { entries[keyword] ?? [] }
}
