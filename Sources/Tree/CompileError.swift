// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The error for a file that does not compile; it tells whether the tree or mmrace is at fault.
///
/// A header of mmrace stands in the place of the tree's: an error in it, or of a
/// name that only the tree's declares, is not to be looked for in the tree.
struct CompileError {
    let list: BuildList

    /// The lines of the compiler that are shown, at most.
    static let shown = 18

    /// Returns the error.
    ///
    /// - Parameters:
    ///   - said: the output of the compiler.
    ///   - file: the file that was compiled: its name in the tree, or an absolute path.
    func error(_ said: String, in file: String) -> TreeError {
        let lines = said.split(separator: "\n").map(String.init)
        let first = lines.firstIndex { $0.contains("error: ") } ?? 0
        return TreeError(
            description(lines.indices.contains(first) ? lines[first] : "", file) + ":",
            details: Self.excerpt(lines, first).joined(separator: "\n"))
    }

    private func description(_ error: String, _ file: String) -> String {
        let sources = list.toolchain.sources + "/"
        let name = file.replacing(sources, with: "")
        let what = "'\(name)' does not compile"
        if error.hasPrefix(sources) {
            let place = error.dropFirst(sources.count).prefix { $0 != ":" }
            let whose = name == place ? "it is mmrace's own" : "the error is in mmrace's own Sources/\(place)"
            return "\(what): \(whose), which does not fit this tree"
        }
        guard ["undeclared", "implicit declaration"].contains(where: error.contains) else { return what }
        for quoted in error.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        where quoted.offset % 2 == 1 {
            let name = String(quoted.element)
            guard let header = ReplacedHeader.declaring(name, of: list) else { continue }
            let ours = header.ours.replacing(sources, with: "Sources/")
            return "\(what): '\(name)' is declared in the tree's \(header.theirs), "
                + "in whose place mmrace compiles its own: add it to \(ours)"
        }
        return what
    }

    /// Returns the lines from the includes next to the first error on.
    private static func excerpt(_ lines: [String], _ first: Int) -> [String] {
        let includes = lines[..<first].reversed().prefix { $0.hasPrefix("In file included from") || $0.hasPrefix("  ") }
        let start = first - min(includes.count, 4)
        let excerpt = Array(lines[start...].prefix(shown))
        let left = lines.count - start - excerpt.count
        return left > 0 ? excerpt + ["(\(left) more lines)"] : excerpt
    }
}
