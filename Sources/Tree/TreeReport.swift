// SPDX-License-Identifier: GPL-2.0-only
import Harness

/// What `mmrace tree check` says; also as JSON.
public struct TreeReport: Codable, Sendable {
    public var tree: String
    public var version: String
    public var profile: String
    public var subpages: Int
    /// Of the tree, compiled as they are.
    public var files: [String]
    /// Headers of the tree that went in.
    public var headers: Int
    /// Objects that had to be compiled; the others were in the cache.
    public var compiled: Int
    public var seconds: Double
    public var traps: [TreeBuild.Trap]

    public init(_ build: TreeBuild, name: String) {
        tree = name
        version = "\(build.tree.version)"
        profile = build.tree.profile
        subpages = build.subpages
        files = build.files
        headers = build.headers
        compiled = build.compiled
        seconds = build.seconds
        traps = build.traps
    }
}

/// The same for a reader.
public struct TreeText {
    public let text: String

    public init(_ build: TreeBuild, name: String) {
        var lines = [
            "\(name): Linux \(build.tree.version)",
            "  profile: \(build.tree.profile), \(build.subpages) subpages",
            "  built in \(TextReport.seconds(build.seconds)), \(build.compiled) files compiled, the others as before",
            "", "Its own files, as they are, with \(build.headers) of its headers:",
        ]
        lines += build.files.map { "  \($0)" }
        lines.append("")
        if build.traps.isEmpty {
            lines.append("Every symbol that they use is provided.")
        } else {
            lines.append("Nobody provides these; an execution that uses one ends with its name:")
            let rows = build.traps.map { [$0.symbol, $0.users.first ?? ""] }
            lines += TextTable(
                header: [("symbol", .left), ("who refers to it", .left)], rows: rows
            ).text.split(separator: "\n").map(String.init)
            lines.append("")
            lines.append("To provide one: a function of its name in Sources/Tree/arch/runtime/kernel.c.")
        }
        text = lines.joined(separator: "\n") + "\n"
    }
}
