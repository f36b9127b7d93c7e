// SPDX-License-Identifier: GPL-2.0-only
import Foundation

/// The branches of a search, by what the operations are about for which it branches: a
/// scenario with fewer of those is checked sooner.
///
/// A search by executions branches where a race has to be reversed, and the branch is that of
/// the later operation. A search of states branches where the operation of a CPU depends on
/// what another one can do, and the branch is that of the former.
public struct BranchProfile: Codable, Sendable, Equatable {
    /// An object, and the branches that operations on it make.
    public struct Object: Codable, Sendable, Equatable {
        /// As diagrams name it: `page->_mapcount`.
        public var object: String
        /// At least one.
        public var branches: UInt64

        /// An object with so many branches.
        public init(object: String, branches: UInt64) {
            self.object = object
            self.branches = branches
        }
    }

    /// A line of source, and the branches that its operations make.
    public struct Line: Codable, Sendable, Hashable {
        /// Empty where it is not known.
        public var function: String
        /// As the kernel names it; empty where it is not known.
        public var file: String
        /// 0 where it is not known.
        public var line: Int
        /// At least one.
        public var branches: UInt64

        /// A line with so many branches.
        public init(function: String, file: String, line: Int, branches: UInt64) {
            self.function = function
            self.file = file
            self.line = line
            self.branches = branches
        }

        fileprivate var name: String {
            file.isEmpty ? "a place that is not known" : "\(file):\(line) \(function)()"
        }
    }

    /// All branches.
    public var branches: UInt64
    /// The objects, that with the most branches first.
    public var objects: [Object]
    /// The lines, that with the most branches first.
    public var lines: [Line]

    /// A profile of so many branches.
    public init(branches: UInt64, objects: [Object], lines: [Line]) {
        self.branches = branches
        self.objects = objects
        self.lines = lines
    }

    /// Rows of a table that are of one object or line each.
    private static let mostRows = 12

    /// Two tables with shares; no line is longer than `width`, in characters.
    public func text(width: Int) -> String {
        guard branches > 0 else { return "  the search did not branch" }
        return table("object", objects.map { ($0.object, $0.branches) }, width)
            + "\n" + table("line", lines.map { ($0.name, $0.branches) }, width).dropLast()
    }

    private func table(_ title: String, _ rows: [(name: String, branches: UInt64)], _ width: Int) -> String {
        var shown = rows
        if rows.count > Self.mostRows {
            let others = rows[(Self.mostRows - 1)...]
            shown = rows.prefix(Self.mostRows - 1)
                + [("\(others.count) others", others.reduce(0) { $0 + $1.branches })]
        }
        return TextTable(
            header: [("  branches", .right), ("share", .right), (title, .left)],
            rows: shown.map { [TextReport.grouped($0.branches), share($0.branches), $0.name] }, width: width
        ).text
    }

    private func share(_ part: UInt64) -> String {
        String(format: "%.1f %%", 100 * Double(part) / Double(branches))
    }
}
